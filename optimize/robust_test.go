package optimize_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/stretchr/testify/require"
)

// Where the evaluation fails, answers NaN or has no slope, the search turns
// around: the other points count.
func TestFailingRegions(t *testing.T) {
	quadratic := testCase{Problem: problem("failing", fill(2, -1), fill(2, 2), 0), formula: func(x []complex128) []complex128 {
		return []complex128{x[0] - 0.1*cmplx.Log(x[0]) + x[1]*x[1]}
	}}
	regions := map[string]func(y, dydx []float64) error{
		"fails":         func(y, _ []float64) error { return fmt.Errorf("%w: no mesh", sbo.ErrFailed) },
		"NaN":           func(y, _ []float64) error { y[0] = math.NaN(); return nil },
		"-Inf":          func(y, _ []float64) error { y[0] = math.Inf(-1); return nil },
		"NaN partial":   func(_, dydx []float64) error { dydx[1] = math.NaN(); return nil },
		"infinite step": func(_, dydx []float64) error { dydx[0] = math.Inf(1); return nil },
	}
	for name, region := range regions {
		t.Run(name, func(t *testing.T) {
			visits := 0
			e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
				if x[0] > 0 {
					return quadratic.Evaluate(ctx, y, dydx, x)
				}
				visits++
				clear(y)
				clear(dydx)
				return region(y, dydx)
			})
			r, err := optimize.Minimize(t.Context(), quadratic.Problem, e, []float64{2, 2}, optimize.Options{})
			require.NoError(t, err)
			require.Positive(t, visits, "the region was never met")
			require.Equal(t, optimize.Converged, r.Status)
			require.InDeltaSlice(t, []float64{0.1, 0}, r.X, 1e-7)
		})
	}
}

// At the edge of a region that fails there is no optimum in the sense of KKT.
// The search ends at the edge and says that it is stuck.
func TestEdgeOfFailure(t *testing.T) {
	c := rosenbrock(2)
	e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		if x[0] > 0.5 {
			return sbo.ErrFailed
		}
		return c.Evaluate(ctx, y, dydx, x)
	})
	r, err := optimize.Minimize(t.Context(), c.Problem, e, []float64{-1, 1}, optimize.Options{})
	require.NoError(t, err)
	require.Equal(t, optimize.Stalled, r.Status)
	require.InDeltaSlice(t, []float64{0.5, 0.25}, r.X, 1e-2)
	require.Less(t, r.Evaluations, 5000)
}

func TestStartFails(t *testing.T) {
	c := rosenbrock(2)
	e := sbo.EvaluatorFunc(func(context.Context, []float64, []float64, []float64) error { return sbo.ErrFailed })
	r, err := optimize.Minimize(t.Context(), c.Problem, e, []float64{0, 1}, optimize.Options{})
	require.NoError(t, err)
	require.Equal(t, optimize.StartFailed, r.Status)
	require.Equal(t, []float64{0, 1}, r.X)
	require.True(t, math.IsNaN(r.Y[0]))
	require.True(t, math.IsInf(r.Objective, 1))
	require.True(t, math.IsInf(r.Violation, 1))
	require.False(t, r.KKT.Known)
	require.Equal(t, 1, r.Evaluations)
}

// after returns an evaluator that does something else from the n-th call on.
func after(c testCase, n int, then func(ctx context.Context) error) sbo.Evaluator {
	var calls atomic.Int64
	return sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		if calls.Add(1) >= int64(n) {
			return then(ctx)
		}
		return c.Evaluate(ctx, y, dydx, x)
	})
}

func TestPanicsAndErrorsEndTheRun(t *testing.T) {
	boom := errors.New("license server is down")
	for _, c := range []testCase{rosenbrock(5), g07()} {
		for _, n := range []int{1, 2, 9, 18} {
			start := starts(c, 1)
			r, err := optimize.Minimize(t.Context(), c.Problem, after(c, n, func(context.Context) error { return boom }), start, optimize.Options{})
			require.ErrorIs(t, err, boom)
			require.Equal(t, optimize.Broken, r.Status)
			require.Equal(t, n, r.Evaluations, "not called again")
			require.Equal(t, n == 1, math.IsNaN(r.Y[0]), "the best point until then")

			r, err = optimize.Minimize(t.Context(), c.Problem, after(c, n, func(context.Context) error { panic("index out of range") }), start, optimize.Options{})
			require.ErrorContains(t, err, "the evaluator panicked at x = [")
			require.ErrorContains(t, err, "index out of range")
			require.Equal(t, optimize.Broken, r.Status)
		}
	}
}

func TestCancellation(t *testing.T) {
	c := g07()
	for _, n := range []int{1, 2, 15} {
		reason := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		e := after(c, n, func(ctx context.Context) error {
			cancel(reason)
			return ctx.Err()
		})
		r, err := optimize.Minimize(ctx, c.Problem, e, starts(c, 1), optimize.Options{})
		require.ErrorIs(t, err, reason)
		require.Equal(t, optimize.Interrupted, r.Status)
		require.Equal(t, n, r.Evaluations)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	began := time.Now()
	slow := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		time.Sleep(time.Millisecond)
		return c.Evaluate(context.Background(), y, dydx, x) // one that does not look at its context
	})
	r, err := optimize.Minimize(ctx, c.Problem, slow, starts(c, 1), optimize.Options{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, optimize.Interrupted, r.Status)
	require.True(t, c.Box().Contains(r.X))
	require.Less(t, time.Since(began), 30*time.Second)
}

func TestEvaluationLimit(t *testing.T) {
	for _, c := range []testCase{rosenbrock(10), cantilever(5)} {
		for _, limit := range []int{1, 2, 3, 10, 15} {
			calls := 0
			e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
				calls++
				return c.Evaluate(ctx, y, dydx, x)
			})
			r, err := optimize.Minimize(t.Context(), c.Problem, e, c.Box().Lower, optimize.Options{MaxEvaluations: limit})
			require.NoError(t, err)
			require.Equal(t, optimize.EvaluationLimit, r.Status)
			require.Equal(t, limit, r.Evaluations)
			require.Equal(t, limit, calls)
			y := make([]float64, c.NY())
			require.NoError(t, c.Evaluate(t.Context(), y, nil, c.Box().Lower))
			require.False(t, c.Better(y, r.Y), "worse than the start")
		}
	}
}

// without returns the case with the partials by variable j not known.
func without(c testCase, j int) sbo.Evaluator {
	return sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		if err := c.Evaluate(ctx, y, dydx, x); err != nil || dydx == nil {
			return err
		}
		for k := range y {
			dydx[k*len(x)+j] = math.NaN()
		}
		return nil
	})
}

func TestMissingPartials(t *testing.T) {
	for _, c := range []testCase{rosenbrock(5), wingWeight(), g07(), pressureVessel(), speedReducer()} {
		start := starts(c, 1)
		_, err := optimize.Minimize(t.Context(), c.Problem, without(c, 1), start, optimize.Options{})
		require.ErrorIs(t, err, optimize.ErrMissingPartials)
		require.ErrorContains(t, err, `of response "f" with respect to variable "x2"`)

		r, err := optimize.Minimize(t.Context(), c.Problem, without(c, 1), start, optimize.Options{Differences: true, Tolerance: 1e-6})
		require.NoError(t, err)
		require.Equal(t, optimize.Converged, r.Status, c.Name)
		require.InDelta(t, c.cost, r.Objective, 1e-7*max(1, math.Abs(c.cost)), c.Name)
	}
}

// The partials of a response that is only monitored are not missed.
func TestMonitorsNeedNoPartials(t *testing.T) {
	c := constrained(fill(2, -2), fill(2, 2), func(x []complex128) []complex128 {
		return []complex128{x[0]*x[0] + x[1]*x[1], complex(math.NaN(), 0)}
	}, sbo.Monitored("m"))
	e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		err := c.Evaluate(ctx, y, dydx, x)
		y[1] = 7
		return err
	})
	r, err := optimize.Minimize(t.Context(), c.Problem, e, []float64{1, 1}, optimize.Options{})
	require.NoError(t, err)
	require.Equal(t, optimize.Converged, r.Status)
	require.True(t, r.KKT.Known)
}

// A kink has no gradient to vanish, so nothing is certified, but the point is found.
func TestKink(t *testing.T) {
	c := testCase{Problem: problem("kink", fill(2, -1), fill(2, 2), 0), formula: func(x []complex128) []complex128 {
		a := x[0] - 0.3
		if real(a) < 0 {
			a = -a
		}
		return []complex128{a + x[1]*x[1]}
	}}
	r, err := optimize.Minimize(t.Context(), c.Problem, c, []float64{1, 1}, optimize.Options{})
	require.NoError(t, err)
	require.Equal(t, optimize.Stalled, r.Status)
	require.InDeltaSlice(t, []float64{0.3, 0}, r.X, 1e-6)
}
