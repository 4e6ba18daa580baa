package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
)

func TestNothingIsAllocated(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(25, 26))
		const n = 17 // what is larger uses a pool, which the race detector empties at will
		spd, h := definite(rng, n, 0), definite(rng, n, 0)
		a, c := matrix(rng, n, n, 0), matrix(rng, n, n, 0)
		x, y, z := make([]float64, n), make([]float64, n), make([]float64, n)
		allocations := testing.AllocsPerRun(10, func() {
			copy(h.Data, spd.Data)
			u, ok := Cholesky(h)
			require.True(t, ok)
			Solve(u, x)
			Invert(u)
			MulUpper(c, a, u)
			Syrk(1, a, 0, h)
			Gemm(blas.NoTrans, blas.Trans, 1, a, a, 0, c)
			Gemv(blas.NoTrans, 1, a, x, 0, y)
			Gemv(blas.Trans, 1, a, x, 0, y)
			AddSums(y, a)
			Tanh(x, y, z, x)
			Sine(x, y, z, x)
			Sine(x, nil, nil, x)
		})
		require.Zero(t, allocations)
	}
}
