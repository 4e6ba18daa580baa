package optimize

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// The solution of a nonnegative least squares problem is the best of the
// unconstrained ones over all subsets of columns that happen to be nonnegative.
func TestNonnegative(t *testing.T) {
	rng := sbo.Rand(1, "nonnegative least squares")
	inner := 0
	for range 300 {
		m, n := 1+rng.IntN(6), 1+rng.IntN(5)
		a, b := mat.NewDense(m, n, nil), make([]float64, m)
		for i := range m {
			b[i] = rng.NormFloat64()
			for j := range n {
				a.Set(i, j, rng.NormFloat64())
			}
		}
		if n > 1 && rng.IntN(4) == 0 {
			a.SetCol(0, mat.Col(nil, 1, a)) // columns that depend on each other
		}
		best := misfit(a, make([]float64, n), b)
		for subset := 1; subset < 1<<n; subset++ {
			z := make([]float64, n)
			cols := columns(subset, n)
			sub := mat.NewDense(m, len(cols), nil)
			for c, j := range cols {
				sub.SetCol(c, mat.Col(nil, j, a))
			}
			least := math.Inf(1)
			for c, v := range leastSquares(sub, b) {
				z[cols[c]] = v
				least = min(least, v)
			}
			if least >= -1e-12 {
				best = min(best, misfit(a, z, b))
			}
		}
		z := nonnegative(a, b)
		require.InDelta(t, best, misfit(a, z, b), 1e-9)
		for _, v := range z {
			require.GreaterOrEqual(t, v, 0.0)
			if v > 0 {
				inner++
			}
		}
	}
	require.Greater(t, inner, 100, "the cases must not be trivial")
}

func TestNonnegativeScales(t *testing.T) {
	for _, unit := range []float64{1e-200, 1e-9, 1, 1e9, 1e200} {
		z := nonnegative(mat.NewDense(2, 2, []float64{1, 1, 0, 1}), []float64{3 * unit, 2 * unit})
		require.InDeltaSlice(t, []float64{1, 2}, []float64{z[0] / unit, z[1] / unit}, 1e-12)
	}
	require.Equal(t, []float64{0}, nonnegative(mat.NewDense(2, 1, nil), []float64{1, 1}), "a column of zeros")
}

func columns(subset, n int) []int {
	var cols []int
	for j := range n {
		if subset>>j&1 == 1 {
			cols = append(cols, j)
		}
	}
	return cols
}

func misfit(a *mat.Dense, z, b []float64) float64 {
	r := make([]float64, len(b))
	residual(r, a, z, b)
	return mat.Norm(mat.NewVecDense(len(r), r), 2)
}
