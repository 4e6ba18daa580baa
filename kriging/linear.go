package kriging

import (
	"github.com/sbo-go/sbo/internal/kernel"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// inverseBlock is how many columns of an inverse are computed at a time.
const inverseBlock = 96

// inverse writes the inverse of U'U into dst, n by n, and returns its upper triangle.
// U is lost: it is replaced by V = U^-1, and the inverse is V V', of whose columns from
// j on only those of V from j on matter.
func inverse(dst []float64, u blas64.Triangular) blas64.Symmetric {
	n := u.N
	kernel.Invert(u)
	for j := 0; j < n; j += inverseBlock {
		block := min(inverseBlock, n-j)
		kernel.Gemm(blas.NoTrans, blas.Trans, 1,
			blas64.General{Rows: j + block, Cols: n - j, Stride: u.Stride, Data: u.Data[j:]},
			blas64.General{Rows: block, Cols: n - j, Stride: u.Stride, Data: u.Data[j*u.Stride+j:]}, 0,
			blas64.General{Rows: j + block, Cols: block, Stride: n, Data: dst[j:]})
	}
	return blas64.Symmetric{N: n, Stride: n, Data: dst, Uplo: blas.Upper}
}

func dot(a, b []float64) float64 {
	return blas64.Dot(blas64.Vector{N: len(a), Inc: 1, Data: a}, blas64.Vector{N: len(b), Inc: 1, Data: b})
}
