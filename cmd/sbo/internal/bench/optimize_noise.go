package bench

import (
	"context"
	"math"

	"github.com/sbo-go/sbo"
)

// The errors of the part noise: normal, those of values in spreads of the objective
// and scales of the constraints, those of partials relative to each of them.
const (
	noiseOfValues   = 1e-4
	noiseOfPartials = 0.1
)

// noise is the part in which values and partials are wrong. Scores are those of the
// true values. It ends at a regret of 1e-3.
type noise struct {
	*tournament
	solved, accurate, n int
}

// disturb equips a referee with errors.
func disturb(r *referee, seed uint64) {
	rng := sbo.Rand(seed, "noise")
	size := make([]float64, r.problem.NY())
	size[0] = noiseOfValues * r.Spread
	limit := 0
	for _, k := range r.problem.Constraints() {
		size[k] = noiseOfValues * r.Scales[limit]
		if limit++; r.problem.Responses[k].Lower > math.Inf(-1) && r.problem.Responses[k].Upper < math.Inf(1) {
			limit++ // it has two
		}
	}
	r.spoil = func(y, dydx []float64) {
		for k := range y {
			y[k] += size[k] * rng.NormFloat64()
		}
		for i := range dydx {
			dydx[i] *= 1 + noiseOfPartials*rng.NormFloat64()
		}
	}
}

func (e *noise) compare(ctx context.Context, c field, progress func(float64)) ([]Row, error) {
	budget := budgetPerVariable * c.problem.NX()
	entries := []entry{
		{solver: solverLoop, run: runLoop, budget: budget, last: 1, equip: disturb},
		{solver: solverDirect, run: runMultistart, budget: budget, last: 1, equip: disturb},
	}
	courses, err := e.start(ctx, partNoise, c, entries, progress)
	if err != nil {
		return nil, err
	}
	ours := standing(courses[0], entries[0], reached)
	e.standings = append(e.standings, ours, standing(courses[1], entries[1], reached))
	e.cite(partNoise, c.Name, e.figures.Noise, gradientSolvers)

	// What L-BFGS-B hardly ever solves with these errors is to be solved.
	var accurate []float64
	if p, ok := e.figures.Noise["L-BFGS-B"][c.Name]; ok && p.Success[1] <= 0.1 {
		accurate = []float64{goalSuccess}
	}
	r := &rows{name: c.Name + " " + partNoise}
	r.add("median_1e-2", "evaluations", lower, float64(ours.Median[0]))
	r.add("median_1e-3", "evaluations", lower, float64(ours.Median[1]))
	r.add("success_1e-2", "share", higher, ours.Success[0], goalSuccess)
	r.add("success_1e-3", "share", higher, ours.Success[1], accurate...)
	e.n++
	if ours.Success[0] >= goalSuccess {
		e.solved++
	}
	if ours.Success[1] >= goalSuccess {
		e.accurate++
	}
	return r.list, nil
}

// together tells the shares of problems that are solved in at least 90 percent of
// the runs.
func (e *noise) together(context.Context, func(float64)) ([]Row, error) {
	r := &rows{name: together + " " + partNoise}
	if e.n > 0 {
		r.add("solved_1e-2", "share", higher, float64(e.solved)/float64(e.n), 1)
		r.add("solved_1e-3", "share", higher, float64(e.accurate)/float64(e.n))
	}
	return r.list, nil
}
