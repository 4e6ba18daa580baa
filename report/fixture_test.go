package report_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/study"
	"github.com/sbo-go/sbo/surrogate"
	"github.com/stretchr/testify/require"
)

// run runs a study in a folder of its own.
func run(dir, plan string) (*study.Result, error) {
	if err := os.WriteFile(filepath.Join(dir, study.FileName), []byte(plan), 0o600); err != nil {
		return nil, err
	}
	s, err := study.Open(context.Background(), dir, study.Options{})
	if err != nil {
		return nil, err
	}
	return s.Run(context.Background())
}

const bowlPlan = `
study: bowl
seed: 3
variables:
  - {name: x1, lower: -2, upper: 3, unit: mm}
  - {name: x2, lower: -2, upper: 3}
responses:
  - {name: f, minimize: true, unit: kg}
evaluator: {problem: sphere}
surrogate: {hidden: [4], restarts: 1, iterations: 60}
design: {samples: 12}
budget: {evaluations: 24}
`

// bowl is the result of a real study. It is run once, as it takes a second.
var bowl = sync.OnceValues(func() (*study.Result, error) {
	dir, err := os.MkdirTemp("", "report")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return run(dir, bowlPlan)
})

func bowlResult(t *testing.T) *study.Result {
	t.Helper()
	r, err := bowl()
	require.NoError(t, err)
	return r
}

// fence builds a result by hand: minimize weight = 2 a + b where the load a b
// must be at least 2, the share a/10 at most 0 less than a limit that is zero, and
// the sum of both is watched. The best point lies at a = 1, b = 2 with multiplier
// 1 of the load. Evaluation 3 failed.
func fence(t *testing.T) *study.Result {
	t.Helper()
	p := sbo.Problem{
		Name:      "fence",
		Variables: []sbo.Variable{{Name: "a", Unit: "m", Lower: 0.5, Upper: 4}, {Name: "b", Lower: 0.5, Upper: 4}},
		Responses: []sbo.Response{
			{Name: "weight", Unit: "kg", Role: sbo.Objective, Lower: math.Inf(-1), Upper: math.Inf(1)},
			{Name: "load", Unit: "kN", Role: sbo.Constraint, Lower: 2, Upper: math.Inf(1)},
			sbo.AtMost("share", 0),
			sbo.Monitored("sum"),
		},
	}
	points := [][2]float64{{0.6, 0.7}, {3, 3.5}, {2, 1}, {1.5, 3}, {3.5, 0.8}, {0.8, 3.8}, {1, 2}, {1.05, 1.8}}
	r := &study.Result{
		Problem: p, Data: sbo.NewData(2, 4, len(points)), Stopped: study.Converged, Why: "All is well.", Seed: 7, Version: "v1.2.3",
		Evaluations: study.Counts{Total: 8, Done: 7, Failed: 1, WithPartials: 7}, Seconds: study.Seconds{Evaluate: 7300, Fit: 100, Optimize: 0.01},
		Certificate: optimize.KKT{Residual: 1e-9, Known: true, Bounds: []float64{0, 0}, Multipliers: []float64{0, 1, 0, 0}},
	}
	for i, x := range points {
		e := study.Evaluation{ID: i + 1, X: x[:], Phase: "design", State: study.Done}
		copy(r.Data.Point(i), x[:])
		r.IDs = append(r.IDs, i+1)
		if i == 2 {
			e.State, e.Cause, e.Dir = study.Failed, "exit status 3\nmore", "evals/3-1"
		} else {
			a, b := x[0], x[1]
			copy(r.Data.Responses(i), []float64{2*a + b, a * b, a/10 - 0.5, a + b})
			copy(r.Data.PartialsOf(i), []float64{2, 1, b, a, 0.1, 0, 1, 1})
			e.Y = r.Data.Responses(i)
		}
		if i >= 6 {
			e.Phase, e.Round, e.Reason = "infill", i-5, "best of the surrogate"
		}
		r.History = append(r.History, e)
	}
	const best = 6
	r.Best = &study.Best{ID: best + 1, X: r.Data.Point(best), Y: r.Data.Responses(best), Partials: r.Data.PartialsOf(best), Feasible: true}
	return r
}

// trained adds a network and rounds to a result.
func trained(t *testing.T, r *study.Result) *study.Result {
	t.Helper()
	model, summary, err := surrogate.Fit(t.Context(), surrogate.Task{Data: r.Data, Problem: r.Problem}, sbo.Rand(1, "test"),
		surrogate.Options{Hidden: []int{3}, Restarts: 1, Iterations: 30})
	require.NoError(t, err)
	r.Model = model
	for n, row := range []int{6, 7} {
		r.Rounds = append(r.Rounds, polish.Round{
			Number: n + 1, Fit: summary, Model: model, KKT: r.Certificate, Disagreement: 0.1,
			Candidates: []polish.Candidate{{X: r.Data.Point(row), Predicted: model.Predict(nil, r.Data.Point(row)), Index: row}},
		})
	}
	return r
}

// failed is a result in which nothing was answered.
func failed(t *testing.T) *study.Result {
	t.Helper()
	r := fence(t)
	for i := range r.Data.Len() {
		r.Data.Forget(i)
		r.History[i].State, r.History[i].Y, r.History[i].Cause = study.Failed, nil, "no license"
	}
	r.Best, r.Certificate = nil, optimize.KKT{}
	r.Evaluations = study.Counts{Total: 8, Failed: 8}
	r.Stopped, r.Why = study.AllFailed, "No evaluation of the design has an answer."
	r.History[2].Cause = "exit status 3"
	return r
}

// withModel adds a network that a single round trained.
func withModel(r *study.Result, model *surrogate.JENN, summary surrogate.Summary) *study.Result {
	r.Model = model
	r.Rounds = []polish.Round{{Number: 1, Model: model, Fit: summary, Disagreement: math.NaN()}}
	return r
}
