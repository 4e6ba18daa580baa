package optimize_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/stretchr/testify/require"
)

// The same results, to the last bit, whatever the number of workers.
func TestWorkersChangeNothing(t *testing.T) {
	for _, c := range []testCase{gomez3(), weldedBeam(), rosenbrock(10)} {
		rows := starts(c, 16)
		want, err := optimize.Multistart(t.Context(), c.Problem, c, rows, optimize.Options{})
		require.NoError(t, err)
		for _, workers := range []int{2, 8, 100} {
			got, err := optimize.Multistart(t.Context(), c.Problem, c, rows, optimize.Options{Workers: workers})
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		seen := map[int]bool{}
		for i, r := range want {
			seen[r.Start] = true
			alone, err := optimize.Minimize(t.Context(), c.Problem, c, rows[r.Start*c.NX():(r.Start+1)*c.NX()], optimize.Options{})
			require.NoError(t, err)
			alone.Start = r.Start
			require.Equal(t, alone, r)
			if i > 0 {
				require.False(t, c.Better(r.Y, want[i-1].Y), "best first")
			}
		}
		require.Len(t, seen, 16)
	}
}

// Equal results keep the order of their starts; those that failed come last.
func TestMultistartOrder(t *testing.T) {
	c := testCase{Problem: problem("order", fill(1, 0), fill(1, 9), 0), formula: func(x []complex128) []complex128 {
		return []complex128{x[0]}
	}}
	e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		if x[0] > 8 {
			return sbo.ErrFailed
		}
		return c.Evaluate(ctx, y, dydx, x)
	})
	results, err := optimize.Multistart(t.Context(), c.Problem, e, []float64{9, 3, 8.5, 7, 1}, optimize.Options{Workers: 3})
	require.NoError(t, err)
	var order []int
	for _, r := range results {
		order = append(order, r.Start)
	}
	require.Equal(t, []int{1, 3, 4, 0, 2}, order)
	require.Equal(t, optimize.Converged, results[2].Status)
	require.Equal(t, optimize.StartFailed, results[3].Status)

	results, err = optimize.Multistart(t.Context(), c.Problem, e, nil, optimize.Options{})
	require.NoError(t, err)
	require.Empty(t, results)
}

// The error of the first start that has one is returned, whichever came first in time.
func TestMultistartErrors(t *testing.T) {
	c := rosenbrock(2)
	early, late := errors.New("early"), errors.New("late")
	e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		switch x[0] {
		case -2:
			return late
		case 2:
			time.Sleep(20 * time.Millisecond)
			return early
		}
		return c.Evaluate(ctx, y, dydx, x)
	})
	rows := []float64{0, 1, 2, 1, 0.5, 1, -2, 1, 1.5, 1}
	for _, workers := range []int{1, 2, 5} {
		results, err := optimize.Multistart(t.Context(), c.Problem, e, rows, optimize.Options{Workers: workers})
		require.ErrorIs(t, err, early)
		require.Len(t, results, 5)
		require.Equal(t, optimize.Converged, results[0].Status, "what was done before is kept")
	}
}

func TestMultistartIsCancelled(t *testing.T) {
	c := rosenbrock(2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	results, err := optimize.Multistart(ctx, c.Problem, c, starts(c, 4), optimize.Options{Workers: 2})
	require.ErrorIs(t, err, context.Canceled)
	for _, r := range results {
		require.Zero(t, r.Evaluations)
	}
}
