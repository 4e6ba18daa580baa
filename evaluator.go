package sbo

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sync"
)

// Evaluator answers points. A simulation, a test problem and a fitted surrogate
// are evaluators.
//
// The rules, which sbotest checks:
//
//   - Evaluate writes the responses at x into y and, unless dydx is nil, their
//     partials into dydx: entry k*nx+j is the partial of response k by variable j.
//   - It neither keeps nor changes x, and fills y and dydx wholly.
//   - NaN in dydx means that this partial is not available.
//   - An error that wraps [ErrFailed] means that there is no answer to be had at
//     this x. Any other error means that something else is wrong, and stops the study.
//   - It returns promptly with ctx.Err() when ctx ends.
//   - It may be called from several goroutines at once.
type Evaluator interface {
	Evaluate(ctx context.Context, y, dydx, x []float64) error
}

// EvaluatorFunc is a function used as an [Evaluator].
type EvaluatorFunc func(ctx context.Context, y, dydx, x []float64) error

// Evaluate calls f.
func (f EvaluatorFunc) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	return f(ctx, y, dydx, x)
}

// ErrFailed says that an evaluation has no answer at this point: the simulation
// crashed, did not converge, or answered with numbers that are not finite. Wrap
// it to say why.
var ErrFailed = errors.New("evaluation failed")

// Guard wraps e with the checks that every answer passes before it is used: a
// panic becomes an error, a response that is not finite makes the evaluation
// [ErrFailed], and a partial that is not finite becomes NaN, that is, missing.
func Guard(e Evaluator) Evaluator { return guarded{e} }

type guarded struct{ inner Evaluator }

func (g guarded) Evaluate(ctx context.Context, y, dydx, x []float64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("sbo: the evaluator panicked at x = %v: %v\n%s", x, r, debug.Stack())
		}
	}()
	if err := g.inner.Evaluate(ctx, y, dydx, x); err != nil {
		return err
	}
	for k, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: response %d is %v", ErrFailed, k+1, v)
		}
	}
	for i, v := range dydx {
		if math.IsInf(v, 0) {
			dydx[i] = math.NaN()
		}
	}
	return nil
}

// Batch answers several points: the rows of x, n by nx. It returns one sample a
// row, in their order; an evaluation that failed is a sample whose responses are
// all NaN. An error means that the batch as a whole could not be answered.
type Batch func(ctx context.Context, x []float64) (Data, error)

// Workers makes a [Batch] of an evaluator: up to n evaluations at a time, each
// passed through [Guard], with partials. The result does not depend on n. The
// first error other than [ErrFailed] stops the batch.
func Workers(p Problem, e Evaluator, n int) Batch {
	e = Guard(e)
	nx, ny := p.NX(), p.NY()
	return func(ctx context.Context, x []float64) (Data, error) {
		d := NewData(nx, ny, len(x)/nx)
		d.X = append(d.X[:0], x...)
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		rows := make(chan int)
		var wg sync.WaitGroup
		for range min(max(n, 1), max(d.Len(), 1)) {
			wg.Go(func() {
				for i := range rows {
					err := e.Evaluate(ctx, d.Responses(i), d.PartialsOf(i), d.Point(i))
					if errors.Is(err, ErrFailed) {
						d.Forget(i)
					} else if err != nil {
						cancel(err)
					}
				}
			})
		}
		for i := range d.Len() {
			if ctx.Err() != nil {
				break
			}
			rows <- i
		}
		close(rows)
		wg.Wait()
		if ctx.Err() != nil {
			return Data{}, context.Cause(ctx)
		}
		return d, nil
	}
}
