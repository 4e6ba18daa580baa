package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/report"
	"github.com/sbo-go/sbo/study"
)

// A page on a section has its pictures before and after, unless somebody else
// evaluates it.
func TestDesign(t *testing.T) {
	p := problems.AirfoilAF1()
	x, y, partials := p.Minimizers[0], make([]float64, p.NY()), make([]float64, p.NY()*p.NX())
	require.NoError(t, p.Evaluate(t.Context(), y, partials, x))
	result := func(evaluator study.EvaluatorPlan) *study.Result {
		d := sbo.NewData(p.NX(), p.NY(), 1)
		copy(d.X, x)
		copy(d.Y, y)
		return &study.Result{
			Problem: p.Problem, Plan: study.PlanFor(p.Problem, true, study.Plan{Evaluator: evaluator}), Data: d, IDs: []int{1},
			Best:        &study.Best{ID: 1, X: x, Y: y, Partials: partials, Feasible: true},
			Certificate: optimize.ComputeKKT(p.Problem, x, y, partials),
			History:     []study.Evaluation{{ID: 1, X: x, Y: y, State: study.Done}},
		}
	}
	source := page(t, result(study.EvaluatorPlan{Problem: "airfoil-af1"}), report.Options{})
	require.Contains(t, source, "The best design")
	require.Contains(t, source, "Pressures at CL 0.5, Polar at Mach 0.15, Reynolds 3 million")
	require.Contains(t, source, "NACA 2412")
	for _, other := range []study.EvaluatorPlan{{Command: []string{"true"}}, {Problem: "rosenbrock"}, {Problem: "rosenbrock14"}} {
		require.NotContains(t, page(t, result(other), report.Options{}), "The best design")
	}
	broken := result(study.EvaluatorPlan{Problem: "airfoil-af1"})
	broken.Best.X = make([]float64, p.NX()) // no section at all
	require.NotContains(t, page(t, broken, report.Options{}), "The best design")
}
