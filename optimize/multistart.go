package optimize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/sbo-go/sbo"
)

// Multistart runs [Minimize] from every row of starts, n by nx, and returns the
// n results, the best first: in the order of sbo.Problem.Better, equals in the
// order of their starts. Options.Workers starts run at a time; their number
// does not change the results.
//
// A start whose evaluation fails has the status [StartFailed] and comes last.
// An error, in the sense of Minimize, ends the later starts, whose status is
// then [NotRun] or [Interrupted]; the error of the first such start is returned
// with the results. Multistart panics if starts is not made of whole rows.
func Multistart(ctx context.Context, p sbo.Problem, e sbo.Evaluator, starts []float64, o Options) ([]Result, error) {
	if err := errors.Join(p.Validate(), o.Validate()); err != nil {
		return nil, err
	}
	nx := p.NX()
	if len(starts)%nx != 0 {
		panic(fmt.Sprintf("optimize: starts of %d numbers for %d variables", len(starts), nx))
	}
	o = o.withDefaults()
	m := newFleet(ctx, len(starts)/nx)
	m.sail(o.Workers, func(ctx context.Context, i int) (Result, error) {
		return minimize(ctx, p, e, starts[i*nx:(i+1)*nx], o)
	})
	for i := range m.results {
		m.results[i].Start = i
	}
	slices.SortStableFunc(m.results, func(a, b Result) int {
		switch {
		case ahead(p, a, b):
			return -1
		case ahead(p, b, a):
			return 1
		}
		return 0
	})
	for _, err := range m.errs {
		if err != nil {
			return m.results, err
		}
	}
	return m.results, nil
}

// ahead is sbo.Problem.Better for results, of which those that were not run have no responses.
func ahead(p sbo.Problem, a, b Result) bool {
	if a.Y == nil || b.Y == nil {
		return a.Y != nil && b.Y == nil
	}
	return p.Better(a.Y, b.Y)
}

// fleet is a number of runs of which an error ends the later ones, but not the
// earlier ones: so that which error comes first does not depend on the timing.
type fleet struct {
	contexts []context.Context
	cancels  []context.CancelFunc
	results  []Result
	errs     []error
}

func newFleet(ctx context.Context, n int) *fleet {
	f := &fleet{results: make([]Result, n), errs: make([]error, n)}
	for range n {
		c, cancel := context.WithCancel(ctx)
		f.contexts, f.cancels = append(f.contexts, c), append(f.cancels, cancel)
	}
	return f
}

// sail runs all, several at a time.
func (f *fleet) sail(workers int, run func(ctx context.Context, i int) (Result, error)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(max(workers, 1), max(len(f.results), 1)) {
		wg.Go(func() {
			for i := range next {
				if f.errs[i] = f.contexts[i].Err(); f.errs[i] != nil {
					continue
				}
				if f.results[i], f.errs[i] = run(f.contexts[i], i); f.errs[i] != nil {
					for _, cancel := range f.cancels[i+1:] {
						cancel()
					}
				}
			}
		})
	}
	for i := range f.results {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, cancel := range f.cancels {
		cancel()
	}
}
