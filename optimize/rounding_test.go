package optimize_test

import (
	"context"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/stretchr/testify/require"
)

// Where rounding keeps the optimality conditions from holding, the search ends soon, close
// to the optimum.
func TestRoundingEndsTheSearch(t *testing.T) {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: -2, Upper: 3}, {Name: "b", Lower: -2, Upper: 3}, {Name: "c", Lower: -2, Upper: 3}},
		Responses: []sbo.Response{sbo.Minimize("f"), sbo.AtLeast("sum", 1), sbo.AtMost("ball", 2)},
	}
	rough := func(x []float64, k int) float64 { // of no order, as rounding is
		return 1e-6 * math.Sin(1e9*(x[0]+float64(k+2)*x[1]-x[2]))
	}
	e := sbo.EvaluatorFunc(func(_ context.Context, y, dydx, x []float64) error {
		y[0] = (x[0]-1)*(x[0]-1) + 2*x[1]*x[1] + 3*x[2]*x[2] + x[0]*x[1] + rough(x, 0)
		y[1], y[2] = x[0]+x[1]+x[2]+rough(x, 1), x[0]*x[0]+x[1]*x[1]+x[2]*x[2]
		copy(dydx, []float64{2*(x[0]-1) + x[1] + rough(x, 2), 4*x[1] + x[0] + rough(x, 3), 6 * x[2], 1, 1, 1, 2 * x[0], 2 * x[1], 2 * x[2]})
		return nil
	})
	smooth, err := optimize.Minimize(context.Background(), p, e, []float64{-1, 2, 1}, optimize.Options{Tolerance: 1e-4, Feasibility: 1e-6})
	require.NoError(t, err)
	r, err := optimize.Minimize(context.Background(), p, e, []float64{-1, 2, 1}, optimize.Options{})
	require.NoError(t, err)
	require.InDelta(t, smooth.Objective, r.Objective, 1e-4)
	require.Less(t, r.Evaluations, 3000)
}
