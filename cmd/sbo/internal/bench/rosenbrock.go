package bench

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/surrogate"
)

// demonstration is surrogate-based optimization of the Rosenbrock function as the
// paper shows it: one network is trained, and minimized from one start. The
// paper's program needs 280 s of one processor and ends at f = 0.39 with a plain
// network, 0.039 with partials and 0.0026 polished. Where in the flat valley such
// a minimum comes to lie is a matter of luck; so several networks are trained, and
// the median of each number is told.
type demonstration struct {
	problem     problems.Problem
	train, test sbo.Data
	jenn        []*surrogate.JENN // of the paper's settings, by seed, to be polished
}

const (
	referencePlain    = 0.38759
	referenceJENN     = 0.039386
	referencePolished = 0.0026116
)

func rosenbrock(o Options) []step {
	d := &demonstration{problem: problems.Rosenbrock(2)}
	seeds, iterations := 5, 3000
	if o.Quick {
		seeds, iterations = 3, 1500
	}
	// The paper's network and regularization, the same for all three; L-BFGS
	// instead of ADAM, so that its loss is reached in seconds.
	lambda := 1e-3
	paperNetwork := surrogate.Options{Hidden: []int{20, 20, 20}, Lambda: &lambda, Trainer: surrogate.LBFGS, Iterations: iterations, Restarts: 1}
	automatic := surrogate.Options{Workers: runtime.GOMAXPROCS(0)}
	if o.Quick {
		automatic.Restarts = 1
	}
	return []step{
		{"rosenbrock, values only", func(ctx context.Context, progress func(float64)) ([]Row, error) {
			r, _, err := d.oneShot(ctx, progress, "rosenbrock-389 nn", paperNetwork, seeds, referencePlain, func(t *surrogate.Task, _ int) { t.Data.Partials = nil })
			return r, err
		}},
		{"rosenbrock, values and partials", func(ctx context.Context, progress func(float64)) (r []Row, err error) {
			r, d.jenn, err = d.oneShot(ctx, progress, "rosenbrock-389 jenn", paperNetwork, seeds, referenceJENN, func(*surrogate.Task, int) {})
			return r, err
		}},
		{"rosenbrock, polished", func(ctx context.Context, progress func(float64)) ([]Row, error) {
			r, _, err := d.oneShot(ctx, progress, "rosenbrock-389 polished", paperNetwork, seeds, referencePolished, func(t *surrogate.Task, seed int) {
				t.Start = d.jenn[seed]
				t.Weights = polish.Weighting{Kind: polish.NearFlat}.Weights(d.problem.Problem, t.Data, nil)
			})
			return r, err
		}},
		{"rosenbrock, automatic", func(ctx context.Context, progress func(float64)) ([]Row, error) {
			r, _, err := d.oneShot(ctx, progress, "rosenbrock-389 jenn automatic", automatic, 1, referenceJENN, func(*surrogate.Task, int) {})
			return r, err
		}},
		{"rosenbrock, the loop", d.loop},
	}
}

// load evaluates the samples at the first step that needs them.
func (d *demonstration) load(ctx context.Context) (err error) {
	if d.train.Len() > 0 {
		return nil
	}
	if d.train, err = demo(ctx, "rosenbrock.csv", d.problem); err != nil {
		return err
	}
	d.test, err = answers(ctx, d.problem, scattered(d.problem.Box(), 1000, "test"))
	return err
}

// oneShot trains a network for every seed, as prepare asks, and minimizes it from
// the paper's start.
func (d *demonstration) oneShot(ctx context.Context, progress func(float64), name string, o surrogate.Options, seeds int, goal float64, prepare func(t *surrogate.Task, seed int)) ([]Row, []*surrogate.JENN, error) {
	if err := d.load(ctx); err != nil {
		return nil, nil, err
	}
	var models []*surrogate.JENN
	var truth, values, partials []float64
	began := time.Now()
	for seed := range seeds {
		task := surrogate.Task{Data: d.train}
		prepare(&task, seed)
		task.Progress = func(p surrogate.Progress) {
			network := (float64(p.Network) + float64(p.Iteration)/float64(p.Iterations)) / float64(p.Networks)
			progress((float64(seed) + network) / float64(seeds))
		}
		m, _, err := surrogate.Fit(ctx, task, sbo.Rand(uint64(seed), "bench"), o)
		if err != nil {
			return nil, nil, err
		}
		at, err := optimize.Minimize(ctx, d.problem.Problem, m, []float64{1.25, -1.75}, optimize.Options{})
		if err != nil {
			return nil, nil, err
		}
		y := make([]float64, 1)
		if err := d.problem.Evaluate(ctx, y, nil, at.X); err != nil {
			return nil, nil, err
		}
		v, p := worst(surrogate.Assess(m, d.test))
		models, truth, values, partials = append(models, m), append(truth, y[0]), append(values, v), append(partials, p)
	}
	r := &rows{name: name}
	r.add("true_f", "", lower, median(truth), goal)
	r.add("r2_values", "", higher, median(values))
	r.add("r2_partials", "", higher, median(partials))
	r.add("seconds", "s", lower, time.Since(began).Seconds()/float64(seeds))
	r.add("evaluations", "", lower, float64(d.train.Len()))
	return r.list, models, nil
}

func median(v []float64) float64 {
	sorted := slices.Sorted(slices.Values(v))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// loop runs all of sbo on the same problem: from a design of a few samples, with
// every candidate checked by the true function.
func (d *demonstration) loop(ctx context.Context, progress func(float64)) ([]Row, error) {
	const samples, budget = 8, 389
	p := d.problem
	began := time.Now()
	points := doe.LatinHypercube{Criterion: doe.ESE}.Sample(samples, p.NX(), sbo.Rand(1, "design"))
	for i := range samples {
		u := points[i*p.NX() : (i+1)*p.NX()]
		p.Box().Place(u, u)
	}
	design, err := answers(ctx, p, points)
	if err != nil {
		return nil, err
	}
	loop := polish.Loop{
		Problem: p.Problem, Evaluate: sbo.Workers(p.Problem, p, 1), Budget: budget, Seed: 1,
		Surrogate: surrogate.Options{Workers: runtime.GOMAXPROCS(0)}, Optimize: optimize.Options{Workers: runtime.GOMAXPROCS(0)},
	}
	var last polish.Round
	for round, err := range loop.Rounds(ctx, design) {
		if err != nil {
			return nil, err
		}
		last = round
		progress(float64(round.Data.Len()) / budget)
	}
	r := &rows{name: "rosenbrock loop"}
	r.add("true_f", "", lower, last.Data.Responses(last.Best)[0], 1e-6)
	r.add("seconds", "s", lower, time.Since(began).Seconds(), 20)
	r.add("evaluations", "", lower, float64(last.Data.Len()), budget)
	return r.list, nil
}
