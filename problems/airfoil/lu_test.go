package airfoil

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"github.com/sbo-go/sbo"
)

// Factors and pivots are those of LAPACK.
func TestEliminate(t *testing.T) {
	rng := sbo.Rand(1, "matrix")
	for _, n := range []int{1, 2, block - 1, block, block + 1, 2*block + 5, 162} {
		ours := blas64.General{Rows: n, Cols: n, Stride: n + 3, Data: make([]float64, n*(n+3))}
		for i := range ours.Data {
			ours.Data[i] = rng.NormFloat64()
		}
		theirs := ours
		theirs.Data = append([]float64(nil), ours.Data...)
		pivots, expected := make([]int, n), make([]int, n)
		require.True(t, eliminate(ours, pivots))
		require.True(t, lapack64.Getrf(theirs, expected))
		require.Equal(t, expected, pivots)
		require.InDeltaSlice(t, theirs.Data, ours.Data, 1e-11, "of %d columns", n)
	}
	singular := blas64.General{Rows: 2, Cols: 2, Stride: 2, Data: []float64{1, 2, 2, 4}}
	require.False(t, eliminate(singular, make([]int, 2)))
}

func BenchmarkEliminate(b *testing.B) {
	const n = Panels + 2
	rng := sbo.Rand(1, "matrix")
	a := make([]float64, n*n)
	for i := range a {
		a[i] = rng.NormFloat64()
	}
	work, pivots := make([]float64, n*n), make([]int, n)
	m := blas64.General{Rows: n, Cols: n, Stride: n, Data: work}
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			copy(work, a)
			eliminate(m, pivots)
		}
	})
	b.Run("lapack", func(b *testing.B) {
		for b.Loop() {
			copy(work, a)
			lapack64.Getrf(m, pivots)
		}
	})
}
