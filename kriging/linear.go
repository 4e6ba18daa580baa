package kriging

import (
	"github.com/sbo-go/sbo/internal/kernel"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// inverseBlock is how many columns of an inverse are computed at a time.
const inverseBlock = 96

// inverse writes the inverse of U'U into dst, n by n, and returns its upper triangle.
// U is lost: it is replaced by L = U^-1', and the inverse is L'L, to whose columns from j
// on only the rows of L from j on contribute.
func inverse(dst []float64, u blas64.Triangular) blas64.Symmetric {
	n := u.N
	kernel.Invert(u)
	for i := range n {
		for j := range i {
			u.Data[i*u.Stride+j], u.Data[j*u.Stride+i] = u.Data[j*u.Stride+i], 0
		}
	}
	for j := 0; j < n; j += inverseBlock {
		block, below := min(inverseBlock, n-j), u.Data[j*u.Stride:]
		kernel.Gemm(blas.Trans, blas.NoTrans, 1,
			blas64.General{Rows: n - j, Cols: j + block, Stride: u.Stride, Data: below},
			blas64.General{Rows: n - j, Cols: block, Stride: u.Stride, Data: below[j:]}, 0,
			blas64.General{Rows: j + block, Cols: block, Stride: n, Data: dst[j:]})
	}
	return blas64.Symmetric{N: n, Stride: n, Data: dst, Uplo: blas.Upper}
}

// forwardBlock is how many unknowns of forward are found one after the other.
const forwardBlock = 24

// forward replaces the columns of B by U'^-1 B. A product with the inverse of U would be
// as fast, but not as accurate: the variance of a prediction is a small difference.
func forward(u blas64.Triangular, b blas64.General) {
	for i := 0; i < u.N; i += forwardBlock {
		end := min(i+forwardBlock, u.N)
		for p := i; p < end; p++ {
			row := b.Data[p*b.Stride : p*b.Stride+b.Cols]
			for q := i; q < p; q++ {
				factor := u.Data[q*u.Stride+p]
				for c, v := range b.Data[q*b.Stride : q*b.Stride+b.Cols] {
					row[c] -= factor * v
				}
			}
			for c := range row {
				row[c] /= u.Data[p*u.Stride+p]
			}
		}
		if end == u.N {
			return
		}
		right := blas64.General{Rows: end - i, Cols: u.N - end, Stride: u.Stride, Data: u.Data[i*u.Stride+end:]}
		known := blas64.General{Rows: end - i, Cols: b.Cols, Stride: b.Stride, Data: b.Data[i*b.Stride:]}
		rest := blas64.General{Rows: u.N - end, Cols: b.Cols, Stride: b.Stride, Data: b.Data[end*b.Stride:]}
		if b.Cols == 1 && b.Stride == 1 {
			kernel.Gemv(blas.Trans, -1, right, known.Data[:known.Rows], 1, rest.Data)
		} else {
			kernel.Gemm(blas.Trans, blas.NoTrans, -1, right, known, 1, rest)
		}
	}
}

func dot(a, b []float64) float64 {
	return blas64.Dot(blas64.Vector{N: len(a), Inc: 1, Data: a}, blas64.Vector{N: len(b), Inc: 1, Data: b})
}
