package surrogate

import (
	"sync"
	"sync/atomic"
)

// The samples of a large step are divided into as many shares as this, always the same,
// whose sums are added in their order: so the result doesn't depend on who works on
// which. Each has leastBlocks blocks, which take far longer than starting a goroutine.
const (
	shares      = 16
	leastBlocks = 4
)

// cores counts those of a fit that have nothing to do, because fewer networks are left
// to train than there are workers. They help with large steps. Nil has none.
type cores struct{ idle atomic.Int32 }

func newCores(workers int) *cores {
	c := &cores{}
	c.idle.Store(int32(min(max(workers, 1), 1<<16) - 1)) // one is the caller's
	return c
}

// take reports whether there was one, which is now taken.
func (c *cores) take() bool {
	if c == nil {
		return false
	}
	for n := c.idle.Load(); n > 0; n = c.idle.Load() {
		if c.idle.CompareAndSwap(n, n-1) {
			return true
		}
	}
	return false
}

// put gives some back, or takes -n away.
func (c *cores) put(n int32) {
	if c != nil {
		c.idle.Add(n)
	}
}

// share is a part of the samples with its part of the loss and its gradient.
type share struct {
	from, to         int
	values, partials float64
	gradient         []float64
}

// newShares divides the samples, unless it isn't worth it: those that are copied are too
// few, and networks share the cores.
func newShares(set trainingSet, columns, parameters int) []share {
	blocks := (set.m + columns - 1) / columns
	if set.source == nil || blocks < leastBlocks*shares {
		return nil
	}
	all := make([]share, shares)
	for i := range all {
		all[i] = share{from: i * blocks / shares * columns, to: min((i+1)*blocks/shares*columns, set.m), gradient: make([]float64, parameters)}
	}
	return all
}

// evaluateShares is the sum over all samples of what block returns. The caller works
// through the shares, and who else has time takes some: nobody waits for a helper to
// begin.
func (o *objective) evaluateShares(parameters, grad []float64) (values, partials float64) {
	var next atomic.Int32
	work := func(s *station) {
		for i := next.Add(1) - 1; i < shares; i = next.Add(1) - 1 {
			part := &o.shares[i]
			var gradient []float64
			if grad != nil {
				gradient = part.gradient
				clear(gradient)
			}
			part.values, part.partials = o.run(s, part.from, part.to, parameters, gradient)
		}
	}
	var helpers sync.WaitGroup
	n := 0
	for ; n < shares-1 && o.cores.take(); n++ {
		if n == len(o.helpers) {
			o.helpers = append(o.helpers, newStation(o.net, o.forward, o.set, o.columns))
		}
		s := o.helpers[n]
		helpers.Go(func() { work(s) })
	}
	work(o.station)
	helpers.Wait()
	o.cores.put(int32(n))
	for _, part := range o.shares {
		values += part.values
		partials += part.partials
		if grad != nil {
			axpy(grad, 1, part.gradient)
		}
	}
	return values, partials
}
