package bench

import (
	"context"
	"fmt"
	"runtime"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/study"
)

// goalSeconds is what an infill may take of the loop's own time, with at most
// goalVariables and goalSamples.
const (
	goalSeconds   = 0.3
	goalVariables = 10
	goalSamples   = 100
)

// pace is how long the loop thinks: about a problem, with so many samples.
type pace struct {
	problem problems.Problem
	samples int
}

// paces returns the steps of the part time: how the time grows with the samples,
// the variables, and the responses.
func paces(quick bool) []step {
	var all []pace
	for _, nx := range []int{2, 5, 10, 20} {
		for _, n := range []int{10, 20, 50, 100, 200} {
			if !quick || nx <= 5 && n <= 50 {
				all = append(all, pace{problems.Rosenbrock(nx), n})
			}
		}
	}
	if !quick {
		for _, n := range []int{20, 50, 100} {
			all = append(all, pace{problems.G07(), n})
		}
	}
	steps := make([]step, len(all))
	for i, p := range all {
		steps[i] = step{fmt.Sprintf("%s-%d, %s", p.problem.Name, p.samples, partTime), p.measure}
	}
	return steps
}

// measure runs rounds from a design of so many samples until there are a quarter
// more: what is done only now and then, such as training from nothing, is then done
// once. The first round, which has no model to begin with, is told apart.
func (p pace) measure(ctx context.Context, progress func(float64)) ([]Row, error) {
	infills := max(5, p.samples/4+1)
	plan := study.PlanFor(p.problem.Problem, true, study.Plan{
		Budget: study.BudgetPlan{Evaluations: p.samples + infills}, Design: study.DesignPlan{Samples: p.samples},
	})
	x, err := plan.DesignPoints()
	if err != nil {
		return nil, err
	}
	design, err := answers(ctx, p.problem, x)
	if err != nil {
		return nil, err
	}
	loop := plan.Loop()
	loop.Evaluate = func(ctx context.Context, x []float64) (sbo.Data, error) { return answers(ctx, p.problem, x) }
	loop.Surrogate.Workers, loop.Optimize.Workers = runtime.GOMAXPROCS(0), runtime.GOMAXPROCS(0)
	var seconds []float64
	for round, err := range loop.Rounds(ctx, design) {
		if err != nil {
			return nil, err
		}
		seconds = append(seconds, thought(round))
		progress(min(1, float64(len(seconds))/float64(infills)))
	}
	nx := p.problem.NX()
	r := &rows{name: fmt.Sprintf("%s-%d %s", p.problem.Name, p.samples, partTime)}
	r.add("first_s", "s", lower, seconds[0])
	if rest := seconds[1:]; len(rest) > 0 {
		var goal []float64
		if nx <= goalVariables && p.samples <= goalSamples {
			goal = []float64{goalSeconds}
		}
		r.add("infill_s", "s", lower, mean(rest), goal...)
	}
	return r.list, nil
}

// thought returns the seconds of a round without those of the evaluations.
func thought(r polish.Round) float64 { return (r.FitTime + r.OptimizeTime).Seconds() }
