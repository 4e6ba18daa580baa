package bench

import (
	"context"
	"errors"
	"runtime"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/problems/airfoil"
	"github.com/sbo-go/sbo/problems/airfoil/xfoil"
	"github.com/sbo-go/sbo/study"
	"github.com/sbo-go/sbo/surrogate"
)

// worth tells what the optima of surrogates are worth: their drag by the surrogate, in
// truth, and by XFOIL. The problem is AF1. As many evaluations go into a design, of
// which networks without partials, with them, and polished around their optimum are
// made, as into a course of the loop.
type worth struct {
	problem     problems.Problem
	evaluations int
	options     surrogate.Options
	program     *xfoil.Program // nil: there is none

	design    sbo.Data
	jenn      *surrogate.JENN // of all partials
	predicted []float64       // its optimum
}

// way is a way to find a design, with its drag by the surrogate, 0 without one.
type way func(ctx context.Context) (x []float64, predicted float64, err error)

func airfoilWorth(ctx context.Context, progress func(float64)) ([]Row, error) {
	w := &worth{problem: problems.AirfoilAF1(), evaluations: 150, options: surrogate.Options{Workers: runtime.GOMAXPROCS(0)}}
	program, err := xfoil.Find(ctx, "")
	if err != nil && !errors.Is(err, xfoil.ErrNotFound) {
		return nil, err
	}
	w.program = program
	list, err := w.compare(ctx, progress)
	return list, errors.Join(err, program.Close())
}

// compare makes the rows of all designs.
func (w *worth) compare(ctx context.Context, progress func(float64)) ([]Row, error) {
	x := doe.LatinHypercube{}.Sample(w.evaluations, w.problem.NX(), sbo.Rand(1, "worth"))
	for i := 0; i < len(x); i += w.problem.NX() {
		at := x[i : i+w.problem.NX()]
		w.problem.Box().Place(at, at)
	}
	var err error
	if w.design, err = sbo.Workers(w.problem.Problem, w.problem, runtime.GOMAXPROCS(0))(ctx, x); err != nil {
		return nil, err
	}
	var list []Row
	ways := []struct {
		name string
		find way
	}{
		{"worth naca2412", func(context.Context) ([]float64, float64, error) { return naca2412, 0, nil }},
		{"worth design", w.best},
		{"worth nn", w.network(false)},
		{"worth jenn", w.network(true)},
		{"worth polished", w.polished},
		{"worth loop", w.loop},
		{"worth known", func(context.Context) ([]float64, float64, error) { return w.problem.Minimizers[0], 0, nil }},
	}
	for i, way := range ways {
		x, predicted, err := way.find(ctx)
		if err != nil {
			return nil, err
		}
		rows, err := w.judge(ctx, way.name, x, predicted)
		if err != nil {
			return nil, err
		}
		list = append(list, rows...)
		progress(float64(i+1) / float64(len(ways)))
	}
	return list, nil
}

// best is the best sample of the design.
func (w *worth) best(context.Context) (x []float64, predicted float64, err error) {
	return w.design.Point(w.design.Best(w.problem.Problem)), 0, nil
}

// network returns what finds the optimum of networks with or without partials.
func (w *worth) network(partials bool) way {
	return func(ctx context.Context) (x []float64, predicted float64, err error) {
		task := surrogate.Task{Data: w.design, Problem: w.problem.Problem}
		if !partials {
			task.Data.Partials = nil
		}
		m, _, err := surrogate.Fit(ctx, task, sbo.Rand(1, "worth fit"), w.options)
		if err != nil {
			return nil, 0, err
		}
		x, predicted, err = w.optimum(ctx, m)
		if partials {
			w.jenn, w.predicted = m, x
		}
		return x, predicted, err
	}
}

// polished finds the optimum of the network with partials once it has been trained on
// with weights near its optimum.
func (w *worth) polished(ctx context.Context) (x []float64, predicted float64, err error) {
	task := surrogate.Task{Data: w.design, Problem: w.problem.Problem, Start: w.jenn}
	task.Weights = polish.Weighting{}.Weights(w.problem.Problem, w.design, w.predicted)
	m, _, err := surrogate.Fit(ctx, task, sbo.Rand(1, "worth fit"), w.options)
	if err != nil {
		return nil, 0, err
	}
	return w.optimum(ctx, m)
}

// optimum returns the best feasible point of a model, from the best samples and many
// other starts, and its drag there.
func (w *worth) optimum(ctx context.Context, m *surrogate.JENN) (x []float64, predicted float64, err error) {
	starts := append(hypercube(w.problem.Box(), 40, 1), w.design.Point(w.design.Best(w.problem.Problem))...)
	results, err := optimize.Multistart(ctx, w.problem.Problem, m, starts, optimize.Options{Workers: runtime.GOMAXPROCS(0)})
	if err != nil {
		return nil, 0, err
	}
	return results[0].X, results[0].Objective, nil
}

// loop is a course of sbo run, from NACA 2412 and a small design.
func (w *worth) loop(ctx context.Context) (x []float64, predicted float64, err error) {
	plan := study.PlanFor(w.problem.Problem, true, study.Plan{Budget: study.BudgetPlan{Evaluations: w.evaluations}})
	points, err := plan.DesignPoints()
	if err != nil {
		return nil, 0, err
	}
	l := plan.Loop()
	l.Surrogate.Workers, l.Optimize.Workers = runtime.GOMAXPROCS(0), runtime.GOMAXPROCS(0)
	l.Evaluate = sbo.Workers(w.problem.Problem, w.problem, 1)
	design, err := l.Evaluate(ctx, append(append([]float64(nil), naca2412...), points...))
	if err != nil {
		return nil, 0, err
	}
	var last polish.Round
	for round, err := range l.Rounds(ctx, design) {
		if err != nil {
			return nil, 0, err
		}
		last = round
	}
	return last.Data.Point(last.Best), 0, nil
}

// judge makes the rows of a design: its drag by the surrogate, if there was one; by
// the truth, with its violation of the limits; and by XFOIL, with the moment there.
func (w *worth) judge(ctx context.Context, name string, x []float64, predicted float64) ([]Row, error) {
	y := make([]float64, w.problem.NY())
	if err := w.problem.Evaluate(ctx, y, nil, x); err != nil {
		return nil, err
	}
	r := &rows{name: name}
	if predicted != 0 {
		r.add("cd_predicted", "1", lower, predicted)
	}
	r.add("cd", "1", lower, y[0])
	r.add("cm", "1", higher, y[1])
	r.add("violation", "1", lower, w.problem.Violation(y))
	if w.program == nil {
		return r.list, nil
	}
	at := airfoil.AF1().Conditions[0]
	theirs, err := w.program.Trim(ctx, airfoil.Design(x).Section(airfoil.Panels), at.Flow(), at.Lift)
	if errors.Is(err, airfoil.ErrNotConverged) {
		return r.list, nil
	}
	if err != nil {
		return nil, err
	}
	r.add("cd_xfoil", "1", lower, theirs.CD)
	r.add("cm_xfoil", "1", higher, theirs.CM)
	return r.list, nil
}
