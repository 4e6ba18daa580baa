package sbotest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// askers is how many goroutines ask at once.
const askers = 4

// answersTogether checks that several goroutines get the answers that one gets.
func (c *checker) answersTogether(ctx context.Context) error {
	faults := make([]error, askers)
	var wg sync.WaitGroup
	for g := range askers {
		wg.Go(func() {
			for n := range c.points {
				// Each starts elsewhere, so that different points are asked together.
				i := (n + g) % len(c.points)
				a, err := c.ask(ctx, c.points[i], junk)
				if err != nil {
					faults[g] = err
					return
				}
				if what := c.difference(c.answers[i], a); what != "" {
					faults[g] = fmt.Errorf("sbotest: several goroutines at once get another answer for x = %v: %s", c.points[i], what)
					return
				}
			}
		})
	}
	wg.Wait()
	for _, fault := range faults {
		if fault != nil {
			return fault
		}
	}
	return nil
}

// stops checks that an evaluation ends with its context: with one that has ended
// before, and with one that ends meanwhile, when there may also be an answer yet.
func (c *checker) stops(ctx context.Context) error {
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := c.asked(ended); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("sbotest: with a context that has ended, the evaluation should return its error, but returns %w", orNil(err))
	}
	ending, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	if err := c.asked(ending); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("sbotest: when its context ends meanwhile, the evaluation should return its error, but returns %w", err)
	}
	return nil
}

// errNothing stands for a nil error in a sentence.
var errNothing = errors.New("no error")

func orNil(err error) error {
	if err == nil {
		return errNothing
	}
	return err
}

// errLate says that an evaluation outlived its context.
var errLate = errors.New("nothing yet")

// asked evaluates an answered point and returns its error as it is, or errLate if
// it takes longer than the context and the patience.
func (c *checker) asked(ctx context.Context) error {
	at := 0
	for c.answers[at].failed {
		at++
	}
	returned := make(chan error, 1)
	go func() {
		y, dydx := make([]float64, c.problem.NY()), make([]float64, c.problem.NY()*c.problem.NX())
		returned <- c.evaluator.Evaluate(ctx, y, dydx, append([]float64(nil), c.points[at]...))
	}()
	<-ctx.Done()
	select {
	case err := <-returned:
		return err
	case <-time.After(c.options.Patience):
		return fmt.Errorf("%w after %v", errLate, c.options.Patience)
	}
}
