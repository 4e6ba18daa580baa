package kriging

import (
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/internal/kernel"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

func TestLinearAlgebraAgreesWithGonum(t *testing.T) {
	rng := sbo.Rand(1, "matrix")
	for _, n := range []int{1, 7, 24, 60, 213} {
		a := mat.NewSymDense(n, nil)
		for i := range n {
			for j := i; j < n; j++ {
				a.SetSym(i, j, rng.Float64())
			}
			a.SetSym(i, i, float64(n))
		}
		var c mat.Cholesky
		require.True(t, c.Factorize(a))
		var want mat.SymDense
		require.NoError(t, c.InverseTo(&want))
		for _, columns := range []int{1, 5} {
			raw := append([]float64(nil), a.RawSymmetric().Data...)
			u, ok := kernel.Cholesky(blas64.Symmetric{N: n, Stride: n, Data: raw, Uplo: blas.Upper})
			require.True(t, ok)
			b := mat.NewDense(n, columns, nil)
			for i := range n {
				for j := range columns {
					b.Set(i, j, rng.Float64())
				}
			}
			var solved mat.Dense
			require.NoError(t, c.SolveTo(&solved, b))
			product := mat.NewDense(columns, columns, nil)
			product.Mul(b.T(), &solved)
			forward(u, b.RawMatrix())
			for j := range columns {
				column := mat.Col(nil, j, b)
				require.InDelta(t, product.At(j, j), dot(column, column), 1e-12)
			}
			got := inverse(make([]float64, n*n), u)
			for i := range n {
				require.InDeltaSlice(t, want.RawSymmetric().Data[i*n+i:(i+1)*n], got.Data[i*n+i:(i+1)*n], 1e-12)
			}
		}
	}
}
