package bench

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

var errFake = errors.New("fake")

func TestNoiseHasTheAskedSize(t *testing.T) {
	d, err := answers(t.Context(), problems.OTL(), scattered(problems.OTL().Box(), 500, "noise test"))
	require.NoError(t, err)
	d.Partials[d.Partial(7, 0, 2)] = math.NaN()
	before := slices.Clone(d.Partials)
	for _, relative := range []float64{0, 0.05, 1} {
		noisy := spoiled(d, relative, sbo.Rand(1, "noise"))
		require.Equal(t, d.X, noisy.X)
		require.Equal(t, d.Y, noisy.Y)
		require.True(t, math.IsNaN(noisy.Partials[d.Partial(7, 0, 2)]), "what is not known stays so")
		for j := range d.NX {
			size, length, product := 0.0, 0.0, 0.0
			for i := range d.Len() {
				v, e := d.PartialsOf(i)[j], noisy.PartialsOf(i)[j]-d.PartialsOf(i)[j]
				if !math.IsNaN(v) {
					size, length, product = size+e*e, length+v*v, product+v*e
				}
			}
			require.InDelta(t, relative, math.Sqrt(size/length), 1e-12)
			// Errors and partials have nothing to do with each other: 5 standard deviations.
			require.Less(t, math.Abs(product), relative*length*5/math.Sqrt(500)+1e-300)
		}
	}
	for i, v := range before {
		require.True(t, v == d.Partials[i] || math.IsNaN(v), "the samples themselves are left alone")
	}
}

func TestRatiosAreToAPlainNetwork(t *testing.T) {
	hasty(t)
	ratios, err := trial{ofTestProblem("rosenbrock2", problems.Rosenbrock(2)), 10, []int{0, 100}, 1}.ratios(t.Context(), func(float64) {})
	require.NoError(t, err)
	require.Len(t, ratios, 2)
	require.Less(t, ratios[0], 0.1, "exact partials are worth much")
	require.Greater(t, ratios[1], ratios[0])
}

func TestInParallel(t *testing.T) {
	var ran atomic.Int64
	job := func() error {
		ran.Add(1)
		return nil
	}
	last := 0.0
	require.NoError(t, inParallel(t.Context(), slices.Repeat([]func() error{job}, 20), func(share float64) { last = share }))
	require.EqualValues(t, 20, ran.Load())
	require.InDelta(t, 1, last, 0)

	ran.Store(0)
	jobs := append([]func() error{func() error { return errFake }}, slices.Repeat([]func() error{job}, 10000)...)
	require.ErrorIs(t, inParallel(t.Context(), jobs, func(float64) {}), errFake)
	require.Less(t, ran.Load(), int64(10000), "no further ones begin")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, inParallel(ctx, []func() error{job}, func(float64) {}), context.Canceled)
}
