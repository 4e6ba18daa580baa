package bench

import (
	"context"
	"math"
)

// valueSolvers are solvers without partials.
var valueSolvers = []string{"BOBYQA", "COBYLA", "CMA-ES", "DIRECT", "EGO", "EGO (SMT)"}

// toBeat are those of them that the loop without partials is meant to be better
// than on every problem that they solve.
var toBeat = []string{"BOBYQA", "COBYLA", "EGO", "EGO (SMT)"}

// noPartials is the part in which only values come. It ends at a regret of 1e-3.
type noPartials struct {
	*tournament
	ratios []float64
	beaten int
}

func (e *noPartials) compare(ctx context.Context, c field, progress func(float64)) ([]Row, error) {
	ours := entry{
		solver: solverLoop, run: runLoop, budget: budgetPerVariable * c.problem.NX(), last: 1,
		equip: func(r *referee, _ uint64) { r.partials = false },
	}
	courses, err := e.start(ctx, partNoPartials, c, []entry{ours}, progress)
	if err != nil {
		return nil, err
	}
	s := standing(courses[0], ours, reached)
	e.standings = append(e.standings, s)
	e.cite(partNoPartials, c.Name, e.figures.Solvers, valueSolvers)
	rival := never
	for _, solver := range toBeat {
		if p, ok := e.figures.Solvers[solver][c.Name]; ok {
			rival = min(rival, orNever(p.Median[1]))
		}
	}
	r := &rows{name: c.Name + " " + partNoPartials}
	r.add("median_1e-2", "evaluations", lower, float64(s.Median[0]))
	r.add("median_1e-3", "evaluations", lower, float64(s.Median[1]))
	r.add("success_1e-3", "share", higher, s.Success[1])
	if !math.IsInf(rival, 1) {
		ratio := float64(s.Median[1]) / rival
		r.add("over_best_of_values", "ratio", lower, ratio, 1)
		if ratio <= 1 {
			e.beaten++
		}
		if math.IsInf(ratio, 1) {
			ratio = 2 * float64(s.Budget) / rival
		}
		e.ratios = append(e.ratios, ratio)
	}
	return r.list, nil
}

func (e *noPartials) together(context.Context, func(float64)) ([]Row, error) {
	r := &rows{name: together + " " + partNoPartials}
	if len(e.ratios) > 0 {
		r.add("geomean_over_best_of_values", "ratio", lower, geomean(e.ratios), 1)
		r.add("beaten", "share", higher, float64(e.beaten)/float64(len(e.ratios)), 1)
	}
	return r.list, nil
}
