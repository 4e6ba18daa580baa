package bench

import (
	"context"
	"math"
	"runtime"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/surrogate"
)

// paper is the demonstrations of S. Berguin, Jacobian-Enhanced Neural Networks,
// arXiv 2406.09132, and of its program, the Python package jenn. The goals are
// what that program, version 2.0.1, was measured to reach with the settings of its
// notebooks (seeds 123, 0, 1, 2, 3), or what sbo promises beyond it.
func paper(o Options) []step {
	seeds := 5
	if o.Quick {
		seeds = 2
	}
	steps := []step{
		{"sinusoid", func(ctx context.Context, progress func(float64)) ([]Row, error) {
			p := problems.Sinusoid()
			train, err := answers(ctx, p, grid(p.Box(), 4))
			if err != nil {
				return nil, err
			}
			test, err := answers(ctx, p, grid(p.Box(), 201))
			if err != nil {
				return nil, err
			}
			// jenn: R2 0.981 to 0.995 of y and 0.992 to 0.997 of dy/dx.
			return contest(ctx, "sinusoid-4", train, test, seeds, 0.98, 0.98, progress)
		}},
		{"rastrigin", func(ctx context.Context, progress func(float64)) ([]Row, error) {
			p := problems.Rastrigin(2).WithBox([]float64{-1, -1}, []float64{1.5, 1.5})
			train, err := demo(ctx, "rastrigin.csv", p)
			if err != nil {
				return nil, err
			}
			test, err := answers(ctx, p, grid(p.Box(), 10))
			if err != nil {
				return nil, err
			}
			// jenn: R2 0.980 to 0.995 of y, 0.89 to 0.98 of the partials.
			return contest(ctx, "rastrigin-100", train, test, seeds, 0.995, 0.98, progress)
		}},
	}
	return append(steps, rosenbrock(o)...)
}

// contest trains networks with and without partials, for several seeds, and
// compares them with held-out samples. What is told is the worst of the seeds.
func contest(ctx context.Context, name string, train, test sbo.Data, seeds int, goalValues, goalPartials float64, progress func(float64)) ([]Row, error) {
	with, without := &rows{name: name + " jenn"}, &rows{name: name + " nn"}
	for i, r := range []*rows{with, without} {
		d := train
		if r == without {
			d.Partials = nil
		}
		values, partials := math.Inf(1), math.Inf(1)
		began := time.Now()
		for seed := range seeds {
			m, _, err := surrogate.Fit(ctx, surrogate.Task{Data: d}, sbo.Rand(uint64(seed), "bench"), surrogate.Options{Workers: runtime.GOMAXPROCS(0)})
			if err != nil {
				return nil, err
			}
			v, p := worst(surrogate.Assess(m, test))
			values, partials = min(values, v), min(partials, p)
			progress((float64(i) + float64(seed+1)/float64(seeds)) / 2)
		}
		seconds := time.Since(began).Seconds() / float64(seeds)
		if r == with {
			r.add("r2_values", "", higher, values, goalValues)
			r.add("r2_partials", "", higher, partials, goalPartials)
		} else {
			r.add("r2_values", "", higher, values)
			r.add("r2_partials", "", higher, partials)
		}
		r.add("seconds", "s", lower, seconds)
	}
	return append(with.list, without.list...), nil
}

// worst returns the smallest R2 of the values and of the partials.
func worst(a surrogate.Assessment) (values, partials float64) {
	values, partials = math.Inf(1), math.Inf(1)
	for k := range a.Values {
		values = min(values, a.Values[k].R2)
		for _, p := range a.Partials[k] {
			partials = min(partials, p.R2)
		}
	}
	return values, partials
}
