package sbotest_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/sbotest"
)

// sampler is a function used as a doe.Sampler.
type sampler func(n, dim int, rng *rand.Rand) []float64

func (s sampler) Sample(n, dim int, rng *rand.Rand) []float64 { return s(n, dim, rng) }

// extender is a good sampler with an Extend of its own.
type extender func(existing []float64, n, dim int, rng *rand.Rand) []float64

func (e extender) Sample(n, dim int, rng *rand.Rand) []float64 { return uniform(n, dim, rng) }

func (e extender) Extend(existing []float64, n, dim int, rng *rand.Rand) []float64 {
	return e(existing, n, dim, rng)
}

// both samples and extends with the same function.
type both struct{ sampler }

func (b both) Extend(_ []float64, n, dim int, rng *rand.Rand) []float64 {
	return b.sampler(n, dim, rng)
}

// uniform is a faultless sampler. The others below break one rule each.
func uniform(n, dim int, rng *rand.Rand) []float64 {
	points := make([]float64, n*dim)
	for i := range points {
		points[i] = rng.Float64()
	}
	return points
}

func TestCheckSamplerPassesEverySamplerOfDoe(t *testing.T) {
	require.NotEmpty(t, doe.Names())
	for _, name := range doe.Names() {
		t.Run(name, func(t *testing.T) {
			s, err := doe.Lookup(name)
			require.NoError(t, err)
			require.NoError(t, sbotest.CheckSampler(s, 9, 2, 1))
			require.NoError(t, sbotest.CheckSampler(s, 8, 3, 2))
		})
	}
}

func TestCheckSamplerCatches(t *testing.T) {
	calls := 0
	memory := make([]float64, 21)
	tests := map[string]struct {
		sampler doe.Sampler
		says    string
	}{
		"points for none": {
			sampler(func(n, dim int, rng *rand.Rand) []float64 { return uniform(max(n, 1), dim, rng) }),
			"no points are 3 numbers",
		},
		"too few points": {
			sampler(func(n, dim int, rng *rand.Rand) []float64 { return uniform(n, dim, rng)[:n*dim/2] }),
			"7 points of 3 dimensions are 10 numbers",
		},
		"a number outside the cube": {
			sampler(func(n, dim int, rng *rand.Rand) []float64 {
				points := uniform(n, dim, rng)
				if n > 0 {
					points[4] = 1.5
				}
				return points
			}),
			"coordinate 2 of point 2 is 1.5, outside [0, 1]",
		},
		"a panic": {
			sampler(func(_, _ int, _ *rand.Rand) []float64 { panic("no direction numbers") }),
			"no direction numbers",
		},
		"randomness from elsewhere": {
			sampler(func(n, dim int, rng *rand.Rand) []float64 {
				points := uniform(n, dim, rng)
				if calls++; n > 0 {
					points[0] = 1 / float64(calls)
				}
				return points
			}),
			"the same stream gives different designs",
		},
		"one memory for all": {
			sampler(func(n, dim int, rng *rand.Rand) []float64 { return memory[:copy(memory, uniform(n, dim, rng))] }),
			"two designs share memory",
		},
		"an extension with the existing points": {
			extender(func(existing []float64, n, dim int, rng *rand.Rand) []float64 {
				return append(existing, uniform(n, dim, rng)...)
			}),
			"Extend: no points are 21 numbers",
		},
		"an extension that changes the existing points": {
			extender(func(existing []float64, n, dim int, rng *rand.Rand) []float64 {
				existing[20] = 0
				return uniform(n, dim, rng)
			}),
			"it changes the existing points",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, sbotest.CheckSampler(test.sampler, 7, 3, 1), test.says)
		})
	}
}

// Whichever call panics, it is an error.
func TestCheckSamplerReportsAPanicAtAnyTime(t *testing.T) {
	calls := 0
	for panicking := 1; ; panicking++ {
		var made atomic.Int64
		call := func(n, dim int, rng *rand.Rand) []float64 {
			if made.Add(1) == int64(panicking) {
				panic("no direction numbers")
			}
			return uniform(n, dim, rng)
		}
		err := sbotest.CheckSampler(both{call}, 7, 3, 1)
		if err == nil {
			break
		}
		require.ErrorContains(t, err, "no direction numbers")
		calls++
	}
	require.Equal(t, 1+2*(3+4), calls, "the existing points; none, some, again, and four goroutines")
}

// In the bubble of synctest, all goroutines have written to the one scratch
// before any reads it.
func TestCheckSamplerCatchesScratchShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lock sync.Mutex
		scratch := 0
		err := sbotest.CheckSampler(sampler(func(n, dim int, rng *rand.Rand) []float64 {
			lock.Lock()
			scratch++
			lock.Unlock()
			time.Sleep(time.Microsecond)
			lock.Lock()
			defer lock.Unlock()
			points := uniform(n, dim, rng)
			if n > 0 {
				points[0] = float64(scratch) / 10
			}
			scratch = 0
			return points
		}), 7, 3, 1)
		require.ErrorContains(t, err, "several goroutines at once")
	})
}
