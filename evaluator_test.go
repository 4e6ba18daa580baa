package sbo_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// bowl answers f = x1^2 + 3 x2 with its partials.
func bowl(_ context.Context, y, dydx, x []float64) error {
	y[0] = x[0]*x[0] + 3*x[1]
	if dydx != nil {
		dydx[0], dydx[1] = 2*x[0], 3
	}
	return nil
}

var bowlProblem = sbo.Problem{
	Variables: []sbo.Variable{{Name: "x1", Lower: -1, Upper: 1}, {Name: "x2", Lower: -1, Upper: 1}},
	Responses: []sbo.Response{sbo.Minimize("f")},
}

func TestGuard(t *testing.T) {
	broken := errors.New("no license")
	tests := []struct {
		name     string
		e        sbo.EvaluatorFunc
		want     string // of the error
		failed   bool
		partials []float64
	}{
		{name: "a good answer passes", e: bowl, partials: []float64{2, 3}},
		{name: "an error passes", e: func(context.Context, []float64, []float64, []float64) error { return broken }, want: "no license"},
		{
			name: "a panic becomes an error that says where",
			e:    func(context.Context, []float64, []float64, []float64) error { panic("index out of range") },
			want: "sbo: the evaluator panicked at x = [1 2]: index out of range",
		},
		{
			name: "a response that is not a number",
			e:    func(_ context.Context, y, _, _ []float64) error { y[0] = math.NaN(); return nil },
			want: "evaluation failed: response 1 is NaN", failed: true,
		},
		{
			name: "a response that is infinite",
			e:    func(_ context.Context, y, _, _ []float64) error { y[0] = math.Inf(-1); return nil },
			want: "evaluation failed: response 1 is -Inf", failed: true,
		},
		{
			name: "a partial that is infinite is missing",
			e: func(_ context.Context, _, dydx, _ []float64) error {
				dydx[0], dydx[1] = math.Inf(1), 4
				return nil
			},
			partials: []float64{math.NaN(), 4},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dydx := make([]float64, 2)
			err := sbo.Guard(tt.e).Evaluate(t.Context(), make([]float64, 1), dydx, []float64{1, 2})
			require.Equal(t, tt.failed, errors.Is(err, sbo.ErrFailed))
			if tt.want != "" {
				require.ErrorContains(t, err, tt.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, bitsOf(tt.partials), bitsOf(dydx))
		})
	}
	require.NoError(t, sbo.Guard(sbo.EvaluatorFunc(bowl)).Evaluate(t.Context(), make([]float64, 1), nil, []float64{1, 2}), "partials not wanted")
}

func TestWorkersAnswerTheSameWhateverTheirNumber(t *testing.T) {
	e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		if x[0] < 0 {
			_ = bowl(ctx, y, dydx, x) // what a failed evaluation leaves behind does not count
			return fmt.Errorf("%w: mesh did not close", sbo.ErrFailed)
		}
		return bowl(ctx, y, dydx, x)
	})
	x := []float64{1, 2, -1, 0, 0.5, 0.25, 0, 0}
	want := sbo.NewData(2, 1, 4)
	copy(want.X, x)
	copy(want.Y, []float64{7, nan, 1, 0})
	copy(want.Partials, []float64{2, 3, nan, nan, 1, 3, 0, 3})
	for _, n := range []int{-1, 1, 2, 8} {
		got, err := sbo.Workers(bowlProblem, e, n)(t.Context(), x)
		require.NoError(t, err)
		requireSame(t, want, got)
	}
	require.Equal(t, []float64{1, 2, -1, 0, 0.5, 0.25, 0, 0}, x)
}

func TestWorkersOnNoPoints(t *testing.T) {
	d, err := sbo.Workers(bowlProblem, sbo.EvaluatorFunc(bowl), 2)(t.Context(), nil)
	require.NoError(t, err)
	require.Zero(t, d.Len())
}

func TestWorkersKeepToTheirNumber(t *testing.T) {
	var mu sync.Mutex
	var now, most int
	count := func(change int) {
		mu.Lock()
		defer mu.Unlock()
		now += change
		most = max(most, now)
	}
	meet := make(chan struct{})
	e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		count(+1)
		defer count(-1)
		select { // two at a time meet here, or nobody gets on
		case meet <- struct{}{}:
		case <-meet:
		}
		return bowl(ctx, y, dydx, x)
	})
	_, err := sbo.Workers(bowlProblem, e, 2)(t.Context(), make([]float64, 2*40))
	require.NoError(t, err)
	require.Equal(t, 2, most)
}

func TestWorkersStopAtTheFirstError(t *testing.T) {
	broken := errors.New("no license")
	var calls atomic.Int32
	e := sbo.EvaluatorFunc(func(ctx context.Context, _, _, _ []float64) error {
		if calls.Add(1) == 3 {
			return broken
		}
		return nil
	})
	_, err := sbo.Workers(bowlProblem, e, 1)(t.Context(), make([]float64, 2*1000))
	require.ErrorIs(t, err, broken)
	require.LessOrEqual(t, calls.Load(), int32(4))
}

func TestWorkersStopWithTheirContext(t *testing.T) {
	stopped := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	var calls atomic.Int32
	e := sbo.EvaluatorFunc(func(ctx context.Context, _, _, _ []float64) error {
		calls.Add(1)
		cancel(stopped)
		<-ctx.Done()
		return ctx.Err()
	})
	_, err := sbo.Workers(bowlProblem, e, 2)(ctx, make([]float64, 2*1000))
	require.ErrorIs(t, err, stopped)
	require.LessOrEqual(t, calls.Load(), int32(4))
}
