package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Gemv computes y = alpha op(A) x + beta y, where op transposes or doesn't; beta is
// 0 or 1, and without transposition alpha is 1 and beta 0.
func Gemv(ta blas.Transpose, alpha float64, a blas64.General, x []float64, beta float64, y []float64) {
	check(a)
	if ta == blas.NoTrans {
		if len(x) != a.Cols || len(y) != a.Rows || alpha != 1 || beta != 0 {
			panic("kernel: the shapes of a product don't fit, or it isn't y = A x")
		}
		switch {
		case a.Rows == 0:
		case a.Cols == 0:
			clear(y)
		default:
			gemvRows(y, a.Data, a.Stride, x, a.Rows, a.Cols)
		}
		return
	}
	if len(x) != a.Rows || len(y) != a.Cols || beta != 0 && beta != 1 {
		panic("kernel: the shapes of a product don't fit, or beta is not 0 or 1")
	}
	if beta == 0 {
		clear(y)
	}
	if a.Rows > 0 && a.Cols > 0 {
		addRows(y, a.Data, a.Stride, x, a.Rows, a.Cols, alpha)
	}
}

// narrow is up to how many columns y is better kept in registers.
const narrow = 72

// addRows computes y += alpha A'x, a sum of the m rows of A.
func addRows(y, a []float64, lda int, x []float64, m, n int, alpha float64) {
	if n > narrow {
		gemvTRows(y, a, lda, x, m, n, alpha)
		return
	}
	panel(y, n, x, strides{depth: 1}, a, lda, 1, m, n, alpha, true)
}

func gemvGo(y, a []float64, lda int, x []float64, m, n int) {
	for i := range m {
		sum := 0.0
		row := a[i*lda:][:n]
		for j, v := range x[:n] {
			sum += row[j] * v
		}
		y[i] = sum
	}
}

func gemvTGo(y, a []float64, lda int, x []float64, m, n int, alpha float64) {
	y = y[:n]
	for i, v := range x[:m] {
		v *= alpha
		for j, e := range a[i*lda:][:n] {
			y[j] += v * e
		}
	}
}

// solveRowsGo writes X := U'^-1 X for an upper triangle U of 8 by 8, whose inverse
// diagonal is given, and 8 rows of n columns.
func solveRowsGo(x []float64, ldx int, u []float64, ldu int, inverse *[8]float64, n int) {
	for k, scale := range inverse {
		row := x[k*ldx:][:n]
		for j := range row {
			row[j] *= scale
		}
		for i := k + 1; i < len(inverse); i++ {
			to, factor := x[i*ldx:][:n], u[k*ldu+i]
			for j, v := range row {
				to[j] -= factor * v
			}
		}
	}
}

// Dot returns the inner product of two vectors.
func Dot(a, b []float64) float64 {
	if len(a) != len(b) {
		panic("kernel: vectors of different lengths")
	}
	var sum [1]float64
	if len(a) < short {
		for i, v := range a {
			sum[0] += v * b[i]
		}
	} else {
		gemvRows(sum[:], a, len(a), b, 1, len(a))
	}
	return sum[0]
}

// short is up to how many elements a loop is done before a kernel is called.
const short = 16

// AddScaled computes y += alpha x.
func AddScaled(y []float64, alpha float64, x []float64) {
	if len(x) != len(y) {
		panic("kernel: vectors of different lengths")
	}
	if len(x) < short {
		for i, v := range x {
			y[i] += alpha * v
		}
	} else {
		gemvTRows(y, x, len(x), ones, 1, len(x), alpha)
	}
}

// AddSums adds the sum of each row of A to the elements of y.
func AddSums(y []float64, a blas64.General) {
	check(a)
	if len(y) != a.Rows {
		panic("kernel: AddSums needs a place for every row")
	}
	if a.Rows > 0 && a.Cols > 0 {
		addSums(y, a.Data, a.Stride, a.Rows, a.Cols)
	}
}

func addSumsGo(y, a []float64, lda, m, n int) {
	for i := range m {
		sum := 0.0
		for _, v := range a[i*lda:][:n] {
			sum += v
		}
		y[i] += sum
	}
}

var ones = []float64{1}
