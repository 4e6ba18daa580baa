package kernel

import (
	"math"
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

func TestCombine(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(19, 20))
		for n := Lanes; n <= 9*Lanes; n += Lanes {
			for k := 1; k < 12; k++ {
				random := func(n int) []float64 { return matrix(rng, 1, n, 0).Data }
				x, a, by, plus := random(k), random(k*n), random(n), random(n)
				want, got := make([]float64, n), make([]float64, n)
				slope, slopes := make([]float64, n), make([]float64, n)
				after, afters := make([]float64, n), make([]float64, n) // what begins with what others end with
				combinations := func(y, slope, after []float64) []Combination {
					return []Combination{NewCombination(y, x, a, by, plus), NewTanhCombination(after, slope, y[:1], a[:n], plus)}
				}
				for _, c := range combinations(want, slope, after) {
					c.do()
				}
				Combine(combinations(got, slopes, afters))
				require.InDeltaSlice(t, want, got, 1e-13, "%dx%d", k, n)
				require.InDeltaSlice(t, after, afters, 1e-13, "%dx%d", k, n)
				require.InDeltaSlice(t, slope, slopes, 1e-13, "%dx%d", k, n)
			}
		}
		odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 5e-324, -1e-310, 800}
		got, slopes := make([]float64, 8), make([]float64, 8)
		Combine([]Combination{NewTanhCombination(got, slopes, []float64{1}, odd, make([]float64, 8))})
		for i, v := range odd {
			requireSame(t, math.Tanh(v), got[i], "tanh %v", v)
			requireSame(t, 1-math.Tanh(v)*math.Tanh(v), slopes[i], "its slope at %v", v)
		}
	}
	require.Panics(t, func() {
		NewTanhCombination(make([]float64, 8), make([]float64, 7), make([]float64, 1), make([]float64, 8), make([]float64, 8))
	})
	require.Panics(t, func() {
		NewCombination(make([]float64, 7), make([]float64, 1), make([]float64, 7), make([]float64, 7), make([]float64, 7))
	})
}

func TestResiduals(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(21, 22))
		for n := 1; n < 40; n++ {
			x, target, weight := matrix(rng, 3, n, 2), matrix(rng, 3, n, 5), matrix(rng, 3, n, 5)
			want, got := clone(x), clone(x)
			sum := residualsGo(want.Data, x.Data, x.Stride, target.Data, weight.Data, target.Stride, 3, n, 0.25)
			require.InDelta(t, sum, Residuals(got.Data, x.Data, x.Stride, target.Data, weight.Data, target.Stride, 3, n, 0.25), 1e-12)
			requireClose(t, want, got, 1e-13, n)
		}
	}
	require.Zero(t, Residuals(nil, nil, 0, nil, nil, 0, 0, 3, 1))
}

func TestAddSums(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(23, 24))
		for _, size := range [][2]int{{1, 1}, {70, 3}, {3, 200}, {12, 128}} {
			a := matrix(rng, size[0], size[1], 1)
			y := make([]float64, size[0])
			y[0] = 1
			AddSums(y, a)
			for i := range y {
				sum := 0.0
				for _, v := range a.Data[i*a.Stride:][:a.Cols] {
					sum += v
				}
				if i == 0 {
					sum++
				}
				require.InDelta(t, sum, y[i], 1e-12)
			}
		}
	}
}

func TestRowsThatDontFitPanic(t *testing.T) {
	one, two, three := make([]float64, 1), make([]float64, 2), make([]float64, 3)
	require.Panics(t, func() { ScaleRows(three, three, two) })
	require.Panics(t, func() { ScaleRows(three, two, one) })
	require.Panics(t, func() { CurveRows(two, two, one, two, one) })
	require.Panics(t, func() { Outer(three, one, two, one, two, 1) })
}
