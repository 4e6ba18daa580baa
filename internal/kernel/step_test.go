package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// A step does what a product does, with weights out of a vector, on some of the columns.
func TestSteps(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(31, 32))
		const m, k, n, at, some = 7, 5, 30, 3, 19
		parameters := matrix(rng, 1, at+m*k+m, 0).Data
		for _, transposed := range []bool{false, true} {
			w := Weights{At: at, Rows: m, Cols: k, Stride: k, Transposed: transposed, BiasAt: at + m*k}
			a := blas64.General{Rows: m, Cols: k, Stride: k, Data: parameters[at:]}
			rows, depth, op := m, k, blas.NoTrans
			if transposed {
				rows, depth, op = k, m, blas.Trans
			}
			b, c := matrix(rng, depth, n, 1), matrix(rng, rows, 3*n, 2)
			e := Epilogue{Mode: WithBias, C: n}
			want, got := clone(c), clone(c)
			Do([]Step{NewStep(w, b, got, e)}, parameters, some)
			e.Bias = parameters[at+m*k:][:rows]
			few := b
			few.Cols = some
			Product(op, a, few, want, e)
			requireClose(t, want, got, 1e-14, transposed)
		}
	}
}

func TestStepsThatDontFitPanic(t *testing.T) {
	m := func(r, c int) blas64.General {
		return blas64.General{Rows: r, Cols: c, Stride: c, Data: make([]float64, r*c)}
	}
	w := Weights{At: 1, Rows: 2, Cols: 3, Stride: 3, BiasAt: 7}
	e := Epilogue{Mode: WithBias, C: 4}
	steps := []Step{NewStep(w, m(3, 4), m(2, 8), e)}
	parameters := make([]float64, 9)
	require.NotPanics(t, func() { Do(steps, parameters, 4) })
	require.Panics(t, func() { Do(steps, parameters[:8], 4) }, "no second bias")
	require.Panics(t, func() { Do(steps, parameters, 5) })
	require.Panics(t, func() { Do(steps, parameters, 0) })
	require.Panics(t, func() { NewStep(w, m(2, 4), m(2, 8), e) })
	require.Panics(t, func() { NewStep(w, m(3, 4), m(3, 8), e) })
	require.Panics(t, func() { NewStep(w, m(3, 4), m(2, 7), e) }, "C ends beyond the matrix")
	require.Panics(t, func() { NewStep(w, m(3, 0), m(2, 8), e) })
	e.To = -1
	require.Panics(t, func() { NewStep(w, m(3, 4), m(2, 8), e) })
	w.At = -1
	require.Panics(t, func() { NewStep(w, m(3, 4), m(2, 8), Epilogue{}) })
	require.Panics(t, func() {
		Product(blas.NoTrans, m(2, 3), m(3, 4), m(2, 4), Epilogue{Mode: WithBias, Bias: make([]float64, 1)})
	})
}

// TestEpiloguesOfOddNumbers gives every mode, in every place of a tile, what is not
// a usual number, as the product and as what it meets.
func TestEpiloguesOfOddNumbers(t *testing.T) {
	const n = 45 // every width of a tile, the last one masked
	odd := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, -3e-310, 1e300, 19.9, -800}
	for range eachLevel(t) {
		mine := active
		for _, m := range []int{1, 2, 4, 6} {
			one := blas64.General{Rows: m, Cols: 1, Stride: 1, Data: make([]float64, m)}
			for i := range one.Data {
				one.Data[i] = 1
			}
			for mode := Over; mode <= TanhDown; mode++ {
				for shift := 0; shift < len(odd); shift += 3 {
					b := blas64.General{Rows: 1, Cols: n, Stride: n, Data: make([]float64, n)}
					c := blas64.General{Rows: m, Cols: 5 * n, Stride: 5 * n, Data: make([]float64, m*5*n)}
					for i := range b.Data {
						b.Data[i] = odd[(i+shift)%len(odd)]
					}
					for i := range c.Data {
						c.Data[i] = 0.5
						if i%7 == 0 {
							c.Data[i] = odd[(i/7+2*shift)%len(odd)]
						}
						if part := i % (5 * n) / n; mode >= TanhScaled && (part == 2 || part == 4) && math.Abs(c.Data[i]) > 1 {
							c.Data[i] = 1 // there are no larger values of tanh; and what is infinite times what is nearly 0 depends on the order
						}
					}
					e := Epilogue{Mode: mode, Alpha: 1, Bias: c.Data[n : n+m], To: n, D1: 2 * n, D2: 3 * n, T: 4 * n}
					e.Bias = append([]float64(nil), e.Bias...)
					want, got := clone(c), clone(c)
					active = levelGo
					Product(blas.NoTrans, one, b, want, e)
					active = mine
					Product(blas.NoTrans, one, b, got, e)
					for i, w := range want.Data {
						if math.Abs(w) > 1e290 && !math.IsInf(w, 0) { // rounding counts relative to the value
							require.InEpsilon(t, w, got.Data[i], 1e-13)
						} else {
							requireSame(t, w, got.Data[i], "mode %d, %d rows, element %d", mode, m, i)
						}
					}
				}
			}
		}
	}
}
