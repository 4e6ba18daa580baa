package kriging

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// cholesky replaces the upper triangle of A by U with A = U'U, and reports whether
// there is one.
func cholesky(a blas64.Symmetric) (blas64.Triangular, bool) {
	u, ok := lapack64.Potrf(a)
	for i := 0; i < a.N && ok; i++ {
		ok = !math.IsNaN(u.Data[i*u.Stride+i])
	}
	return u, ok
}

// inverse replaces U by the upper triangle of the inverse of U'U.
func inverse(u blas64.Triangular) blas64.Symmetric {
	lapack64.Potri(u)
	return blas64.Symmetric{N: u.N, Stride: u.Stride, Data: u.Data, Uplo: blas.Upper}
}

// solve replaces b by the solution x of U'U x = b.
func solve(u blas64.Triangular, b []float64) {
	v := blas64.Vector{N: len(b), Inc: 1, Data: b}
	blas64.Trsv(blas.Trans, u, v)
	blas64.Trsv(blas.NoTrans, u, v)
}

// half replaces b by U'^-1 b, whose square is b'(U'U)^-1 b.
func half(u blas64.Triangular, b []float64) {
	blas64.Trsv(blas.Trans, u, blas64.Vector{N: len(b), Inc: 1, Data: b})
}
