package kernel

import (
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
			step := NewStep(w, b, got, e)
			step.Do(parameters, some)
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
	step := NewStep(w, m(3, 4), m(2, 8), e)
	parameters := make([]float64, 9)
	require.NotPanics(t, func() { step.Do(parameters, 4) })
	require.Panics(t, func() { step.Do(parameters[:8], 4) }, "no second bias")
	require.Panics(t, func() { step.Do(parameters, 5) })
	require.Panics(t, func() { step.Do(parameters, 0) })
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
