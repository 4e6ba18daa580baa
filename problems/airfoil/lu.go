package airfoil

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"github.com/sbo-go/sbo/internal/kernel"
)

// block is how many columns of a matrix are eliminated at a time. The rest of the
// matrix then changes by a product, on which the factorization spends its time.
const block = 8

// eliminate factors a square matrix in place into P L U, as lapack64.Getrf does: with
// partial pivoting, the ones of L left out, row i exchanged with row pivots[i] in step
// i. It reports whether no pivot vanished.
func eliminate(a blas64.General, pivots []int) bool {
	n := a.Rows
	part := func(row, column, rows, columns int) blas64.General {
		return blas64.General{Rows: rows, Cols: columns, Stride: a.Stride, Data: a.Data[row*a.Stride+column:]}
	}
	for from := 0; from < n; from += block {
		width := min(block, n-from)
		if !panel(a, pivots, from, from+width) {
			return false
		}
		to := from + width
		if to == n {
			break
		}
		for i := from + 1; i < to; i++ { // U beside the block: L^-1 times what is there
			row := a.Data[i*a.Stride+to : i*a.Stride+n]
			for k := from; k < i; k++ {
				floats.AddScaled(row, -a.Data[i*a.Stride+k], a.Data[k*a.Stride+to:k*a.Stride+n])
			}
		}
		kernel.Gemm(blas.NoTrans, blas.NoTrans, -1, part(to, from, n-to, width), part(from, to, width, n-to), 1, part(to, to, n-to, n-to))
	}
	return true
}

// panel eliminates columns from to end below the diagonal, and exchanges whole rows.
func panel(a blas64.General, pivots []int, from, end int) bool {
	n := a.Rows
	for k := from; k < end; k++ {
		best, largest := k, 0.0
		for i := k; i < n; i++ {
			if v := math.Abs(a.Data[i*a.Stride+k]); v > largest {
				best, largest = i, v
			}
		}
		if largest == 0 {
			return false
		}
		pivots[k] = best
		top := a.Data[k*a.Stride : k*a.Stride+n]
		if best != k {
			other := a.Data[best*a.Stride : best*a.Stride+n]
			for j, v := range other {
				other[j], top[j] = top[j], v
			}
		}
		inverse := 1 / top[k]
		right := top[k+1 : end]
		for i := k + 1; i < n; i++ {
			row := a.Data[i*a.Stride+k : i*a.Stride+end]
			row[0] *= inverse
			factor := row[0]
			for j, v := range right {
				row[1+j] -= factor * v
			}
		}
	}
	return true
}
