package kernel

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Rows of the blocks in which triangles are worked on.
const (
	smallRows  = 8  // by scalars
	mediumRows = 24 // one after the other
	largeRows  = 96 // above it, by halves
)

// Cholesky replaces the upper triangle of A by the factor U of A = U'U and what
// lies below by zeros. It returns U, and whether A is positive definite; if not,
// A is left in pieces.
func Cholesky(a blas64.Symmetric) (u blas64.Triangular, ok bool) {
	if a.Uplo != blas.Upper {
		panic("kernel: Cholesky needs an upper triangle")
	}
	check(blas64.General{Rows: a.N, Cols: a.N, Stride: a.Stride, Data: a.Data})
	ok = factor(a.Data, a.Stride, a.N)
	for i := 1; i < a.N; i++ {
		clear(a.Data[i*a.Stride : i*a.Stride+i])
	}
	return blas64.Triangular{N: a.N, Stride: a.Stride, Data: a.Data, Uplo: blas.Upper, Diag: blas.NonUnit}, ok
}

// factor is Cholesky's recursion: of the halves of A = [A11 A12; . A22],
// U11'U11 = A11, U12 = U11'^-1 A12, U22'U22 = A22 - U12'U12.
func factor(a []float64, lda, n int) bool {
	if n <= largeRows {
		return factorRows(a, lda, n)
	}
	half := (n/2 + mediumRows - 1) / mediumRows * mediumRows
	if !factor(a, lda, half) {
		return false
	}
	right, below := a[half:], a[half*lda+half:]
	solveLeft(a, lda, half, right, lda, n-half)
	off := blas64.General{Rows: half, Cols: n - half, Stride: lda, Data: right}
	p := product{
		a: off, b: off, c: blas64.General{Rows: n - half, Cols: n - half, Stride: lda, Data: below},
		ta: true, m: n - half, n: n - half, k: half, alpha: -1, add: true, upper: true,
	}
	p.run()
	return factor(below, lda, n-half)
}

// factorRows factorizes by blocks of 8 rows, from the top.
func factorRows(a []float64, lda, n int) bool {
	var inverse [smallRows]float64
	for i := 0; i < n; i += smallRows {
		rows := min(smallRows, n-i)
		subtract(a[i*lda+i:], lda, a[i:], lda, a[i:], lda, rows, i, n-i)
		if !factorSmall(a[i*lda+i:], lda, rows, &inverse) {
			return false
		}
		if rest := n - i - smallRows; rest > 0 {
			solveRows(a[i*lda+i+smallRows:], lda, a[i*lda+i:], lda, &inverse, rest)
		}
	}
	return true
}

// factorSmall factorizes up to 8 rows, and returns the inverse of the diagonal.
func factorSmall(a []float64, lda, n int, inverse *[smallRows]float64) bool {
	for k := range n {
		row := a[k*lda : k*lda+n]
		if !(row[k] > 0) || math.IsInf(row[k], 1) { // NaN too
			return false
		}
		root := math.Sqrt(row[k])
		scale := 1 / root
		row[k], inverse[k] = root, scale
		for j := k + 1; j < n; j++ {
			row[j] *= scale
		}
		for i := k + 1; i < n; i++ {
			to, factor := a[i*lda:i*lda+n], row[i]
			for j := i; j < n; j++ {
				to[j] -= factor * row[j]
			}
		}
	}
	return true
}

// solveLeft replaces X, n by cols with n a multiple of 8, by U'^-1 X.
func solveLeft(u []float64, ldu, n int, x []float64, ldx, cols int) {
	if n > largeRows {
		half := (n/2 + mediumRows - 1) / mediumRows * mediumRows
		solveLeft(u, ldu, half, x, ldx, cols)
		p := product{
			a:  blas64.General{Rows: half, Cols: n - half, Stride: ldu, Data: u[half:]},
			b:  blas64.General{Rows: half, Cols: cols, Stride: ldx, Data: x},
			c:  blas64.General{Rows: n - half, Cols: cols, Stride: ldx, Data: x[half*ldx:]},
			ta: true, m: n - half, n: cols, k: half, alpha: -1, add: true,
		}
		p.run()
		solveLeft(u[half*ldu+half:], ldu, n-half, x[half*ldx:], ldx, cols)
		return
	}
	var inverse [smallRows]float64
	for i := 0; i < n; i += smallRows {
		subtract(x[i*ldx:], ldx, u[i:], ldu, x, ldx, smallRows, i, cols)
		diagonal := u[i*ldu+i:]
		for k := range inverse {
			inverse[k] = 1 / diagonal[k*ldu+k]
		}
		solveRows(x[i*ldx:], ldx, diagonal, ldu, &inverse, cols)
	}
}

// subtract computes C -= A'B for k by m A and k by n B, where they lie.
func subtract(c []float64, ldc int, a []float64, lda int, b []float64, ldb, m, k, n int) {
	if k == 0 {
		return
	}
	panel(c, ldc, a, strides{row: 1, depth: lda, tile: tiles[active].rows}, b, ldb, m, k, n, -1, true)
}

// Solve replaces b by the solution x of U'U x = b.
func Solve(u blas64.Triangular, b []float64) {
	if u.Uplo != blas.Upper || len(b) != u.N {
		panic("kernel: Solve needs an upper triangle as large as b")
	}
	n, ld := u.N, u.Stride
	for i := 0; i < n; i += smallRows { // U'y = b
		end := min(i+smallRows, n)
		forward(u.Data[i*ld+i:], ld, b[i:end])
		if end < n {
			addRows(b[end:], u.Data[i*ld+end:], ld, b[i:], end-i, n-end, -1)
		}
	}
	var known [smallRows]float64
	for i := (n - 1) / smallRows * smallRows; i >= 0; i -= smallRows { // U x = y
		end := min(i+smallRows, n)
		if end < n {
			gemvRows(known[:], u.Data[i*ld+end:], ld, b[end:], end-i, n-end)
			for r := i; r < end; r++ {
				b[r] -= known[r-i]
			}
		}
		backward(u.Data[i*ld+i:], ld, b[i:end])
	}
}

// forward solves U'y = b for a few rows.
func forward(u []float64, ld int, b []float64) {
	for i := range b {
		row := u[i*ld:][:len(b)]
		y := b[i] / row[i]
		b[i] = y
		for j := i + 1; j < len(b); j++ {
			b[j] -= row[j] * y
		}
	}
}

// backward solves U x = b for a few rows.
func backward(u []float64, ld int, b []float64) {
	for i := len(b) - 1; i >= 0; i-- {
		row := u[i*ld:][:len(b)]
		sum := b[i]
		for j := i + 1; j < len(b); j++ {
			sum -= row[j] * b[j]
		}
		b[i] = sum / row[i]
	}
}

// Invert replaces an upper triangle U, with zeros below the diagonal, by its
// inverse, and returns whether there is one.
func Invert(u blas64.Triangular) bool {
	if u.Uplo != blas.Upper {
		panic("kernel: Invert needs an upper triangle")
	}
	for i := range u.N {
		if u.Data[i*u.Stride+i] == 0 {
			return false
		}
	}
	invert(u.Data, u.Stride, u.N, mediumRows)
	return true
}

// invert goes through blocks of columns from the left. Where V11 = U11^-1 is known
// and V22 = U22^-1, V12 = -V11 U12 V22. Rows of U12 are overwritten from the top,
// since V11 needs only those below.
func invert(u []float64, ld, n, block int) {
	t := tiles[active]
	var product [smallRows * mediumRows]float64
	for j := 0; j < n; j += block {
		cols := min(block, n-j)
		corner := u[j*ld+j:]
		if block > smallRows {
			invert(corner, ld, cols, smallRows)
		} else {
			invertSmall(corner, ld, cols)
		}
		for i := 0; i < j; i += smallRows {
			left := strides{row: ld, depth: 1, tile: t.rows * ld}
			middle := strides{row: mediumRows, depth: 1, tile: t.rows * mediumRows}
			panel(product[:], mediumRows, u[i*ld+i:], left, u[i*ld+j:], ld, smallRows, j-i, cols, -1, false)
			panel(u[i*ld+j:], ld, product[:], middle, corner, ld, smallRows, cols, cols, 1, false)
		}
	}
}

// invertSmall inverts up to 8 rows.
func invertSmall(u []float64, ld, n int) {
	for j := range n {
		d := 1 / u[j*ld+j]
		u[j*ld+j] = d
		for i := range j { // column j above the diagonal: -d times V11 of the column
			sum := 0.0
			for k := i; k < j; k++ {
				sum += u[i*ld+k] * u[k*ld+j]
			}
			u[i*ld+j] = -d * sum
		}
	}
}
