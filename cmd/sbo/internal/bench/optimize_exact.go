package bench

import (
	"context"
	"math"
	"slices"
)

// exact is the part with exact partials.
type exact struct {
	*tournament
	ratios, threefold []float64
	regrets, losses   int
	successes         []float64
}

// compare makes the rows of a problem.
func (e *exact) compare(ctx context.Context, c field, progress func(float64)) ([]Row, error) {
	nx := c.problem.NX()
	entries := []entry{
		{solver: solverLoop, run: runLoop, budget: budgetPerVariable * nx, last: 2},
		{solver: solverDirect, run: runMultistart, budget: directBudgetPerVariable * nx, last: 2},
	}
	courses, err := e.start(ctx, partExact, c, entries, progress)
	if err != nil {
		return nil, err
	}
	ours := standing(courses[0], entries[0], reached)
	e.standings = append(e.standings, ours, standing(courses[1], entries[1], reached))
	e.cite(partExact, c.Name, e.figures.Solvers, gradientSolvers)
	r := &rows{name: c.Name}
	r.add("median_1e-2", "evaluations", lower, float64(ours.Median[0]))
	r.add("median_1e-3", "evaluations", lower, float64(ours.Median[1]), goals(c.Wanted[0])...)
	r.add("median_1e-6", "evaluations", lower, float64(ours.Median[2]), goals(c.Wanted[1])...)
	share := goalSuccess
	rival, ok := e.figures.best(gradientSolvers, c.Name, 1)
	if ok {
		share = min(share, rival.Success[1])
		r.add("success_1e-3", "share", higher, ours.Success[1], share)
		r.add("over_best_direct", "ratio", lower, float64(ours.Median[1]/rival.Median[1]), goalNoRegret)
	} else {
		r.add("success_1e-3", "share", higher, ours.Success[1])
	}
	r.add("ert_1e-3", "evaluations", lower, float64(ours.ERT[1]))
	e.count(c, ours, rival, ok, share)
	return r.list, nil
}

func goals(v *float64) []float64 {
	if v == nil {
		return nil
	}
	return []float64{*v}
}

// Goals of the part exact.
const (
	goalSuccess   = 0.9
	goalNoRegret  = 1.25
	goalGeomean   = 0.6
	goalThreefold = 1.0 / 3
)

// threefold are problems with several basins, or scales that differ, where a model
// should save most.
var threefold = []string{"styblinski5", "spring3", "gomez3", "G08", "hartmann6", "rastrigin2"}

// count gathers what the rows of all problems together are made of.
func (e *exact) count(c field, ours, rival Standing, ok bool, share float64) {
	e.successes = append(e.successes, ours.Success[1])
	if !ok {
		return // whatever we do is no regret, and no ratio
	}
	e.regrets++
	ratio, _ := over(ours, rival, 1)
	if ours.Median[1] > goalNoRegret*rival.Median[1] || ours.Success[1] < share {
		e.losses++
	}
	e.ratios = append(e.ratios, ratio)
	if slices.Contains(threefold, c.Name) {
		e.threefold = append(e.threefold, ratio)
	}
}

// together makes the rows over all problems that ran.
func (e *exact) together(context.Context, func(float64)) ([]Row, error) {
	r := &rows{name: together}
	if len(e.ratios) > 0 {
		r.add("geomean_over_best_direct", "ratio", lower, geomean(e.ratios), goalGeomean)
		r.add("noregret_share", "share", higher, 1-float64(e.losses)/float64(e.regrets), 1)
	}
	if len(e.threefold) > 0 {
		r.add("threefold_worst_over_best_direct", "ratio", lower, slices.Max(e.threefold), goalThreefold)
	}
	if len(e.successes) > 0 {
		r.add("success_1e-3", "share", higher, mean(e.successes))
	}
	return r.list, nil
}

func geomean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(v)))
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
