package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRows(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(11, 12))
		random := func(n int) []float64 { return matrix(rng, 1, n, 0).Data }
		for n := 1; n <= 40; n++ {
			for _, m := range []int{1, 2, 5} {
				x, q, g, h, u := random(m*n), random(m*n), random(n), random(n), random(n)
				want, got := make([]float64, m*n), make([]float64, m*n)
				scaleRowsGo(want, x, g, m, n)
				ScaleRows(got, x, g)
				require.Equal(t, want, got)

				want, got = append([]float64(nil), q...), append([]float64(nil), q...)
				curveRowsGo(want, x, g, h, u, m, n)
				CurveRows(got, x, g, h, u)
				require.InDeltaSlice(t, want, got, 1e-13)

				s, r := random(m), random(m)
				outerGo(want, s, g, r, h, m, n, 3)
				Outer(got, s, g, r, h, 3)
				require.InDeltaSlice(t, want, got, 1e-13)
			}
		}
		ScaleRows(nil, nil, []float64{1})
		CurveRows(nil, nil, []float64{1}, []float64{1}, []float64{1})
		Outer(nil, nil, nil, nil, nil, 1)
	}
}

func TestRowsThatDontFitPanic(t *testing.T) {
	one, two, three := make([]float64, 1), make([]float64, 2), make([]float64, 3)
	require.Panics(t, func() { ScaleRows(three, three, two) })
	require.Panics(t, func() { ScaleRows(three, two, one) })
	require.Panics(t, func() { CurveRows(two, two, one, two, one) })
	require.Panics(t, func() { Outer(three, one, two, one, two, 1) })
}
