package bench

import (
	"context"
	"fmt"
	"math"
)

// goalRounds is what share of the rounds of parallel multistarts is to do.
const goalRounds = 0.6

// sides are how many evaluations run side by side in the part batch, in the order of
// the figures after those of a single one.
var sides = []int{4, 8}

// batch is the part that counts rounds of evaluations side by side, to a regret of
// 1e-3.
type batch struct {
	*tournament
	ratios [2][]float64 // for each of the sides
}

func (e *batch) compare(ctx context.Context, c field, progress func(float64)) ([]Row, error) {
	var entries []entry
	for _, q := range sides {
		entries = append(entries, entry{solver: fmt.Sprintf("%s q=%d", solverLoop, q), run: runLoop, budget: budgetPerVariable * c.problem.NX(), last: 1, side: q})
	}
	courses, err := e.start(ctx, partBatch, c, entries, progress)
	if err != nil {
		return nil, err
	}
	r := &rows{name: c.Name + " " + partBatch}
	for i, q := range sides {
		ours := standing(courses[i], entries[i], sideBySide)
		ours.Median, ours.Success, ours.ERT = ours.Median[1:], ours.Success[1:], ours.ERT[1:]
		e.standings = append(e.standings, ours)
		r.add(fmt.Sprintf("rounds_q%d", q), "evaluations", lower, float64(ours.Median[0]))
		r.add(fmt.Sprintf("success_q%d", q), "share", higher, ours.Success[0], goalSuccess)
		if rival := e.parallel(c.Name, i, q); !math.IsInf(rival, 1) {
			ratio := float64(ours.Median[0]) / rival
			r.add(fmt.Sprintf("over_parallel_q%d", q), "ratio", lower, ratio, goalRounds)
			if math.IsInf(ratio, 1) {
				ratio = 2 * float64(ours.Budget) / float64(q) / rival
			}
			e.ratios[i] = append(e.ratios[i], ratio)
		}
	}
	return r.list, nil
}

// parallel adds the standings of multistarts side by side, and returns the rounds
// of the best of them.
func (e *batch) parallel(name string, i, q int) float64 {
	best := never
	for _, solver := range gradientSolvers {
		if p, ok := e.figures.Rounds[solver][name]; ok {
			rounds := orNever(p[1+i])
			best = min(best, rounds)
			e.standings = append(e.standings, Standing{
				Part: partBatch, Case: name, Solver: fmt.Sprintf("%s q=%d", solver, q), Published: true,
				Median: []Evaluations{Evaluations(rounds)},
			})
		}
	}
	return best
}

func (e *batch) together(context.Context, func(float64)) ([]Row, error) {
	r := &rows{name: together + " " + partBatch}
	for i, q := range sides {
		if len(e.ratios[i]) > 0 {
			r.add(fmt.Sprintf("geomean_over_parallel_q%d", q), "ratio", lower, geomean(e.ratios[i]), goalRounds)
		}
	}
	return r.list, nil
}
