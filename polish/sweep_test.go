package polish

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/problems"
)

// perfect is a surrogate that is always right.
type perfect struct{ problems.Problem }

func (p perfect) Dims() (nx, ny int) { return p.NX(), p.NY() }

func (p perfect) Predict(_, x []float64) []float64 {
	y := make([]float64, p.NY())
	_ = p.Evaluate(context.Background(), y, nil, x)
	return y
}

func (p perfect) PredictPartials(_, x []float64) []float64 {
	y, dydx := make([]float64, p.NY()), make([]float64, p.NY()*p.NX())
	_ = p.Evaluate(context.Background(), y, dydx, x)
	return dydx
}

// A sweep of a sum of functions of one variable each comes to the basin of its optimum, one of
// 10^5 here, from anywhere.
func TestSweepFindsTheBasinOfASum(t *testing.T) {
	p := problems.Rastrigin(5)
	s := &state{
		Loop: Loop{Problem: p.Problem}, merit: newMerit(p.Problem, table(5, 1, 1, 2, 3)), data: table(5, 1),
		model: &stack{nx: 5, ny: 1, by: []int{onKriging}},
	}
	s.model.models[onKriging] = perfect{p}
	for seed := range uint64(5) {
		rng := sbo.Rand(seed, "sweep")
		x := make([]float64, 5)
		for j := range x {
			x[j] = p.Variables[j].Lower + rng.Float64()*(p.Variables[j].Upper-p.Variables[j].Lower)
		}
		swept, err := s.sweep(t.Context(), x)
		require.NoError(t, err)
		r, err := optimize.Minimize(t.Context(), p.Problem, p, swept, optimize.Options{})
		require.NoError(t, err)
		require.InDelta(t, p.Minimum, r.Objective, 1e-9)
	}
}

// Where the surrogate of the objective is flat, what is farthest inside the limits comes first.
func TestClearest(t *testing.T) {
	p := square(sbo.Minimize("f"), sbo.AtMost("g", 1))
	s := &state{Loop: Loop{Problem: p}, merit: newMerit(p, table(2, 2, 0, 3, 1, 0))}
	results := []optimize.Result{
		{Objective: -1e-20, Y: []float64{0, 1}, Feasible: true, Start: 0},
		{Objective: 0, Y: []float64{0, -2}, Feasible: true, Start: 1},
		{Objective: 0, Y: []float64{0, 0.5}, Feasible: true, Start: 2},
		{Objective: 0.1, Y: []float64{0.1, -9}, Feasible: true, Start: 3},
		{Objective: 0, Y: []float64{0, 4}, Start: 4},
	}
	s.clearest(results)
	var order []int
	for _, r := range results {
		order = append(order, r.Start)
	}
	require.Equal(t, []int{1, 2, 0, 3, 4}, order)
}
