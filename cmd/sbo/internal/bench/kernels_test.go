package bench

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/surrogate"
)

// requireClose requires numbers to agree within a fraction of the largest.
func requireClose(t *testing.T, want, got []float64, tolerance float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	largest := 0.0
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	require.Positive(t, largest, what)
	for i := range want {
		require.InDelta(t, want[i], got[i], tolerance*largest, "%s %d", what, i)
	}
}

// What is compared does the same.
func TestContestantsAgree(t *testing.T) {
	few := []shape{{name: "one layer", sizes: []int{3, 5, 1}, samples: 7}, {name: "three responses", sizes: []int{4, 6, 5, 3}, samples: 21}}
	for _, s := range shapes()[:4] {
		s.samples = min(s.samples, 150)
		few = append(few, s)
	}
	for _, s := range few {
		k, err := newContestants(s)
		require.NoError(t, err)
		for range 2 { // nothing is left over from the last step
			k.step()
			k.gonum.step()
			requireClose(t, k.gonum.gradient, k.gradient, 1e-12, "gradient of "+s.name)
		}
		k.point()
		y, dydx := slices.Clone(k.y), slices.Clone(k.dydx)
		clear(k.y)
		clear(k.dydx)
		k.plain()
		requireClose(t, k.y, y, 1e-12, "responses of "+s.name)
		requireClose(t, k.dydx, dydx, 1e-12, "partials of "+s.name)
		k.batch()
	}
}

// The counts counted by hand, in megaflops.
func TestGemmFlops(t *testing.T) {
	for i, want := range []float64{0.206, 3.95, 3.74, 59.9, 1074} {
		s := shapes()[i]
		require.InEpsilon(t, want*1e6, s.gemmFlops(), 2e-3, s.name)
	}
}

func TestKernelsOfATinyShape(t *testing.T) {
	s := shape{"tiny", []int{2, 4, 1}, 16, kernelGoals{1e9, 1e9, 0}}
	last := 0.0
	rows, err := s.measure(t.Context(), 20*time.Millisecond, func(f float64) {
		require.GreaterOrEqual(t, f, last)
		last = f
	})
	require.NoError(t, err)
	require.Positive(t, last)
	for _, metric := range []string{"step_us", "step_over_gonum", "roofline_share", "point_us", "point_over_go", "batch_ns", "peak_gflops"} {
		r := value(t, rows, "tiny", metric)
		require.Positive(t, r.Value, metric)
		if goal := surrogate.InstructionSet() == "avx512" && (metric == "step_over_gonum" || metric == "roofline_share"); goal {
			require.False(t, r.Reached())
		}
	}
	require.Less(t, value(t, rows, "tiny", "roofline_share").Value, 100.0)

	rows, err = s.grow(t.Context())
	require.NoError(t, err)
	require.Positive(t, value(t, rows, "tiny", "step_us").Value)
	require.InDelta(t, 0, value(t, rows, "tiny", "memory_mb").Value, 1)
}

func TestKernelsHasItsCases(t *testing.T) {
	require.Equal(t, []string{"A", "B", "C", "D", "E"}, Cases("kernels", Options{Quick: true}))
	require.Equal(t, []string{"A", "B", "C", "D", "E", "samples", "width", "depth", "inputs", "large"}, Cases("kernels", Options{}))
}

// A fit of many samples needs little memory besides.
func TestLargeFits(t *testing.T) {
	const samples, inputs = 100_000, 16
	rows, err := fitLarge(t.Context(), samples, inputs, func(float64) {})
	require.NoError(t, err)
	require.InDelta(t, samples*(2*inputs+1)*8/1e6, value(t, rows, "large", "samples_mb").Value, 1e-9)
	for _, fit := range []string{"epoch", "step"} {
		require.Positive(t, value(t, rows, "large", fit+"_s").Value)
		require.Less(t, value(t, rows, "large", fit+"_extra_mb").Value, 0.75*value(t, rows, "large", "samples_mb").Value, "no copy")
	}
}

func TestAlternate(t *testing.T) {
	var order []string
	work := func(name string, d time.Duration) func() {
		return func() {
			for began := time.Now(); time.Since(began) < d; {
				math.Sqrt(2)
			}
			order = append(order, name)
		}
	}
	a, b := &run{do: work("a", roundTime)}, &run{do: work("b", roundTime)}
	require.NoError(t, alternate(t.Context(), 0, func(float64) {}, a, b))
	// Once to warm up, once to calibrate, then in turns.
	require.Equal(t, []string{"a", "a", "b", "b", "a", "b", "a", "b", "a", "b"}, order)
	require.Len(t, a.times, fewestRounds)
	require.Positive(t, a.best())
	require.GreaterOrEqual(t, b.median(), b.best())

	asleep := &run{do: func() { time.Sleep(5 * time.Millisecond) }, repeat: 1}
	if _, known := processorTime(); known {
		require.Less(t, asleep.sample(), 4*time.Millisecond, "waiting for the processor does not count")
	}

	quick := &run{do: func() {}}
	quick.calibrate()
	require.Greater(t, quick.repeat, 1000, "many calls take as long as the clock can tell")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, alternate(ctx, time.Hour, func(float64) {}, quick), context.Canceled)
}
