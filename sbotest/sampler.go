package sbotest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
)

// CheckSampler checks s against the rules of [doe.Sampler], with designs of n
// points in dim dimensions drawn from streams of seed:
//
//   - it returns n rows of dim numbers between 0 and 1, and none for n = 0;
//   - the same stream gives the same bits, to several goroutines at once too;
//   - the design belongs to the caller: it shares no memory with another one.
//
// If s is a [doe.Extender], its Extend has to keep the same rules, and leave the
// existing points alone. How good a design is, is not checked. The error names
// the rule that is broken first; a panic of s is one.
func CheckSampler(s doe.Sampler, n, dim int, seed uint64) error {
	draws := map[string]draw{"Sample": func(n int, rng *rand.Rand) []float64 { return s.Sample(n, dim, rng) }}
	if e, ok := s.(doe.Extender); ok {
		existing, err := drawn(draws["Sample"], n, seed)
		if err != nil {
			return fmt.Errorf("sbotest: Sample: %w", err)
		}
		before := slices.Clone(existing)
		draws["Extend"] = func(n int, rng *rand.Rand) []float64 {
			// Clipped, so that an append by mistake is not to our memory.
			more := e.Extend(slices.Clip(existing), n, dim, rng)
			if firstDifference(existing, before) >= 0 {
				panic("it changes the existing points")
			}
			return more
		}
	}
	for _, name := range []string{"Sample", "Extend"} {
		if d, ok := draws[name]; ok {
			if err := d.check(n, dim, seed); err != nil {
				return fmt.Errorf("sbotest: %s: %w", name, err)
			}
		}
	}
	return nil
}

// A draw makes a design of n points.
type draw func(n int, rng *rand.Rand) []float64

// drawn draws from a new stream of the seed, with a panic as an error.
func drawn(d draw, n int, seed uint64) (points []float64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%d points: panic: %v", n, r)
		}
	}()
	return d(n, sbo.Rand(seed, "sbotest")), nil
}

func (d draw) check(n, dim int, seed uint64) error {
	none, err := drawn(d, 0, seed)
	if err != nil {
		return err
	}
	if len(none) != 0 {
		return fmt.Errorf("no points are %d numbers", len(none))
	}
	points, err := drawn(d, n, seed)
	if err != nil {
		return err
	}
	if len(points) != n*dim {
		return fmt.Errorf("%d points of %d dimensions are %d numbers", n, dim, len(points))
	}
	for i, v := range points {
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("coordinate %d of point %d is %v, outside [0, 1]", i%dim+1, i/dim+1, v)
		}
	}
	if err := d.repeats(points, n, seed); err != nil {
		return err
	}
	return d.repeatsTogether(points, n, seed)
}

var (
	errUnrepeatable = errors.New("the same stream gives different designs")
	errShared       = errors.New("two designs share memory")
	errTogether     = errors.New("several goroutines at once get other designs than one")
)

// repeats checks that a second design is equal but elsewhere.
func (d draw) repeats(points []float64, n int, seed uint64) error {
	want := slices.Clone(points)
	again, err := drawn(d, n, seed)
	switch {
	case err != nil:
		return err
	case len(again) != len(want) || firstDifference(want, again) >= 0:
		return errUnrepeatable
	}
	for i := range again {
		again[i] = junk
	}
	if firstDifference(want, points) >= 0 {
		return errShared
	}
	return nil
}

// repeatsTogether checks that several goroutines get the design that one gets.
func (d draw) repeatsTogether(points []float64, n int, seed uint64) error {
	faults := make([]error, askers)
	var wg sync.WaitGroup
	for g := range askers {
		wg.Go(func() {
			again, err := drawn(d, n, seed)
			if err == nil && (len(again) != len(points) || firstDifference(points, again) >= 0) {
				err = errTogether
			}
			faults[g] = err
		})
	}
	wg.Wait()
	return errors.Join(faults...)
}
