package sbotest_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/sbotest"
)

// wavy is a problem of two variables of different size and two responses.
var wavy = sbo.Problem{
	Name:      "wavy",
	Variables: []sbo.Variable{{Name: "a", Lower: -1, Upper: 2}, {Name: "b", Lower: 100, Upper: 900}},
	Responses: []sbo.Response{sbo.Minimize("f"), sbo.AtMost("g", 1)},
}

// answer is a faultless evaluator of wavy. The others below break one rule each.
func answer(ctx context.Context, y, dydx, x []float64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a, b := x[0], x[1]/100
	y[0], y[1] = math.Sin(a)*b, a*a+b
	if dydx != nil {
		copy(dydx, []float64{math.Cos(a) * b, math.Sin(a) / 100, 2 * a, 0.01})
	}
	return nil
}

func check(t *testing.T, e sbo.EvaluatorFunc, o sbotest.Options) error {
	t.Helper()
	return sbotest.CheckEvaluator(t.Context(), e, wavy, sbo.Rand(1, "check"), o)
}

func TestCheckEvaluatorPassesAFaultlessOne(t *testing.T) {
	require.NoError(t, check(t, answer, sbotest.Options{AllPartials: true}))
}

func TestCheckEvaluatorPassesWhatTheRulesAllow(t *testing.T) {
	tests := map[string]sbo.EvaluatorFunc{
		"some evaluations fail": func(ctx context.Context, y, dydx, x []float64) error {
			if x[0] < 0 {
				return fmt.Errorf("no convergence: %w", sbo.ErrFailed)
			}
			return answer(ctx, y, dydx, x)
		},
		"every other evaluation fails": func(ctx context.Context, y, dydx, x []float64) error {
			if math.Sin(1e6*x[0]) < 0 {
				return fmt.Errorf("no convergence: %w", sbo.ErrFailed)
			}
			return answer(ctx, y, dydx, x)
		},
		"some partials are missing": func(ctx context.Context, y, dydx, x []float64) error {
			err := answer(ctx, y, dydx, x)
			if dydx != nil {
				dydx[1], dydx[2] = math.NaN(), math.Inf(1)
			}
			return err
		},
		"no partials": func(ctx context.Context, y, dydx, x []float64) error {
			err := answer(ctx, y, nil, x)
			for i := range dydx {
				dydx[i] = math.NaN()
			}
			return err
		},
		"rounding differs without partials": func(ctx context.Context, y, dydx, x []float64) error {
			err := answer(ctx, y, dydx, x)
			if dydx == nil {
				y[0] *= 1 + 1e-12
			}
			return err
		},
		"a constant response": func(ctx context.Context, y, dydx, x []float64) error {
			err := answer(ctx, y, dydx, x)
			y[1] = 3e7
			if dydx != nil {
				dydx[2], dydx[3] = 0, 1e-20
			}
			return err
		},
		"a late end of a context": func(ctx context.Context, y, dydx, x []float64) error {
			if _, hasDeadline := ctx.Deadline(); hasDeadline {
				<-ctx.Done()
			}
			return answer(ctx, y, dydx, x)
		},
	}
	for name, e := range tests {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, check(t, e, sbotest.Options{}))
		})
	}
}

func TestCheckEvaluatorCatches(t *testing.T) {
	var calls int
	var kept, keptY []float64
	tests := map[string]struct {
		evaluator sbo.EvaluatorFunc
		options   sbotest.Options
		says      string
	}{
		"an error": {
			evaluator: func(context.Context, []float64, []float64, []float64) error { return errors.New("license expired") },
			says:      "license expired",
		},
		"a panic": {
			evaluator: func(_ context.Context, _, _, x []float64) error { return fmt.Errorf("%v", x[2]) },
			says:      "panicked",
		},
		"x changed": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				defer func() { x[1] = math.Nextafter(x[1], 0) }()
				return answer(ctx, y, dydx, x)
			},
			says: "changed it: variable 2",
		},
		"a response that differs from call to call": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				calls++
				y[1] += 1e-13 * float64(calls)
				return err
			},
			says: "two evaluations of x",
		},
		"a partial that differs from call to call": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				calls++
				if dydx != nil {
					dydx[3] += 1e-13 * float64(calls)
				}
				return err
			},
			says: "partial of response 2 (g) by variable 2 (b)",
		},
		"a failure that differs from call to call": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				if calls++; calls == 15 {
					return sbo.ErrFailed
				}
				return answer(ctx, y, dydx, x)
			},
			says: "one of them failed",
		},
		"a response not filled": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				return answer(ctx, []float64{y[0], 0}, dydx, x)
			},
			says: "does not fill y and dydx wholly",
		},
		"a partial added to": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				before := slices.Clone(dydx)
				err := answer(ctx, y, dydx, x)
				if dydx != nil {
					dydx[0] = before[0] // a zero partial that was added to what was there
				}
				return err
			},
			says: "does not fill y and dydx wholly",
		},
		"x kept": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				if len(kept) > 0 && &kept[0] == &x[0] && dydx != nil { // "the point of last time"
					copy(y, keptY)
					return answer(ctx, make([]float64, 2), dydx, x)
				}
				err := answer(ctx, y, dydx, x)
				kept, keptY = x, slices.Clone(y)
				return err
			},
			says: "keeps the slice x",
		},
		"a nil dydx not accepted": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				dydx[0] += 0
				return err
			},
			says: "nil dydx",
		},
		"a nil dydx with other responses": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				if dydx == nil {
					y[1] += 1e-6
				}
				return err
			},
			says: "but",
		},
		"a nil dydx that fails": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				if dydx == nil {
					return sbo.ErrFailed
				}
				return answer(ctx, y, dydx, x)
			},
			says: "with or without partials, not both",
		},
		"a context that is not looked at": {
			evaluator: func(_ context.Context, y, dydx, x []float64) error {
				return answer(context.Background(), y, dydx, x)
			},
			says: "with a context that has ended",
		},
		"a context whose end is called a failure": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				if _, hasDeadline := ctx.Deadline(); hasDeadline {
					<-ctx.Done()
					return fmt.Errorf("killed: %w", sbo.ErrFailed)
				}
				return answer(ctx, y, dydx, x)
			},
			says: "when its context ends meanwhile",
		},
		"a partial that is 1% off": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				if dydx != nil {
					dydx[1] *= 1.01
				}
				return err
			},
			says: "10 of 40 partials are wrong",
		},
		"a partial in the wrong unit": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				if dydx != nil {
					dydx[3] *= 100
				}
				return err
			},
			says: "the partial of response 2 (g) by variable 2 (b) is 1, but differences give 0.0",
		},
		"partials transposed": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				if dydx != nil {
					dydx[1], dydx[2] = dydx[2], dydx[1]
				}
				return err
			},
			says: "partials are wrong",
		},
		"a missing partial where all are asked for": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				if dydx != nil {
					dydx[2] = math.NaN()
				}
				return err
			},
			options: sbotest.Options{AllPartials: true},
			says:    "not available",
		},
		"that every evaluation fails": {
			evaluator: func(context.Context, []float64, []float64, []float64) error { return sbo.ErrFailed },
			says:      "nothing could be checked",
		},
		"that every answer is not a number": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				y[0] = math.NaN()
				return err
			},
			says: "nothing could be checked",
		},
		"responses too rough for differences": {
			evaluator: func(ctx context.Context, y, dydx, x []float64) error {
				err := answer(ctx, y, dydx, x)
				for k := range y {
					y[k] = math.Sin(1e9 * (x[0] + x[1]))
				}
				return err
			},
			says: "could be checked: the responses are too rough",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			calls, kept = 0, nil
			var lock sync.Mutex // the broken ones count and keep without one
			e := func(ctx context.Context, y, dydx, x []float64) error {
				lock.Lock()
				defer lock.Unlock()
				return test.evaluator(ctx, y, dydx, x)
			}
			require.ErrorContains(t, check(t, e, test.options), test.says)
		})
	}
}

// An evaluator with one memory for all calls: each stays in it for a while. In
// the bubble of synctest, all callers are asleep at once.
func TestCheckEvaluatorCatchesMemoryShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lock sync.Mutex
		point := make([]float64, 2)
		err := check(t, func(ctx context.Context, y, dydx, x []float64) error {
			lock.Lock()
			copy(point, x)
			lock.Unlock()
			if ctx.Err() == nil && dydx != nil {
				time.Sleep(time.Microsecond)
			}
			lock.Lock()
			defer lock.Unlock()
			return answer(ctx, y, dydx, point)
		}, sbotest.Options{})
		require.ErrorContains(t, err, "several goroutines at once")
	})
}

func TestCheckEvaluatorCatchesOneThatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := check(t, func(ctx context.Context, y, dydx, x []float64) error {
			if _, hasDeadline := ctx.Deadline(); hasDeadline {
				time.Sleep(time.Hour)
			}
			return answer(ctx, y, dydx, x)
		}, sbotest.Options{Patience: time.Minute})
		require.ErrorContains(t, err, "nothing yet after 1m0s")
		time.Sleep(time.Hour) // until it has gone, as the bubble asks
	})
}

func TestCheckEvaluatorRefusesAnInvalidProblem(t *testing.T) {
	err := sbotest.CheckEvaluator(t.Context(), sbo.EvaluatorFunc(answer), sbo.Problem{}, sbo.Rand(1, "check"), sbotest.Options{})
	require.ErrorContains(t, err, "the problem is not valid")
}

func TestCheckEvaluatorStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := sbotest.CheckEvaluator(ctx, sbo.EvaluatorFunc(answer), wavy, sbo.Rand(1, "check"), sbotest.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

// Whichever evaluation ends with an error, it is reported.
func TestCheckEvaluatorReportsAnErrorAtAnyTime(t *testing.T) {
	expired := errors.New("license expired")
	const points = 2
	evaluations := 0
	for failing := 1; ; failing++ {
		var calls atomic.Int64
		err := check(t, func(ctx context.Context, y, dydx, x []float64) error {
			if calls.Add(1) == int64(failing) {
				return expired
			}
			return answer(ctx, y, dydx, x)
		}, sbotest.Options{Points: points})
		if err == nil {
			break
		}
		require.ErrorIs(t, err, expired)
		evaluations++
	}
	require.Equal(t, points*(9+8*wavy.NX())+2, evaluations, "as documented, and two for the context")
}

// A wider step sees through noise that a small one drowns in.
func TestCheckEvaluatorWithNoise(t *testing.T) {
	noisy := func(factor float64) sbo.EvaluatorFunc {
		return func(ctx context.Context, y, dydx, x []float64) error {
			err := answer(ctx, y, dydx, x)
			for k := range y {
				y[k] += 1e-6 * math.Sin(1e7*(x[0]+x[1]))
			}
			for i := range dydx {
				dydx[i] *= factor
			}
			return err
		}
	}
	require.NoError(t, check(t, noisy(1), sbotest.Options{Step: 0.02}))
	require.ErrorContains(t, check(t, noisy(1.02), sbotest.Options{Step: 0.02}), "partials are wrong")
}

// Faults of several rules are reported together.
func TestCheckEvaluatorJoinsFaults(t *testing.T) {
	err := check(t, func(_ context.Context, y, dydx, x []float64) error {
		err := answer(context.Background(), y, dydx, x)
		if dydx != nil {
			dydx[0] = 7
		}
		return err
	}, sbotest.Options{Points: 1})
	require.ErrorContains(t, err, "with a context that has ended")
	require.ErrorContains(t, err, "2 of 8 partials are wrong") // a single point is raised to two
}
