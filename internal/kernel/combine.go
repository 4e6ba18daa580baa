package kernel

import "math"

// Lanes is of what the length of vectors must be a multiple in [Combine].
const Lanes = 8

// Combine writes y = by * A'x + plus for the product, element by element, with `by`:
// a matrix with a row for each element of x, as many columns as y has, and no gaps.
func Combine(y, x, a, by, plus []float64) {
	n, k := len(y), len(x)
	if n == 0 || k == 0 || n%Lanes != 0 || len(a) != n*k || len(by) < n || len(plus) < n {
		panic("kernel: the shapes of a combination don't fit")
	}
	combine(y, x, a, n, k, n, by, plus)
}

func combineGo(y, x, a []float64, lda, k, n int, by, plus []float64) {
	y, by, plus = y[:n], by[:n], plus[:n]
	clear(y)
	for d, v := range x[:k] {
		for j, e := range a[d*lda:][:n] {
			y[j] += v * e
		}
	}
	for j, v := range y {
		y[j] = v*by[j] + plus[j]
	}
}

// CombineTanh writes tanh(A'x + plus) into y and its derivative into d1, with A as in
// [Combine].
func CombineTanh(y, d1, x, a, plus []float64) {
	n, k := len(y), len(x)
	if n == 0 || k == 0 || n%Lanes != 0 || len(a) != n*k || len(d1) < n || len(plus) < n {
		panic("kernel: the shapes of a combination don't fit")
	}
	combineTanh(y, d1, x, a, n, k, n, plus)
}

func combineTanhGo(y, d1, x, a []float64, lda, k, n int, plus []float64) {
	y, d1 = y[:n], d1[:n]
	copy(y, plus)
	for d, v := range x[:k] {
		for j, e := range a[d*lda:][:n] {
			y[j] += v * e
		}
	}
	for j, z := range y {
		y[j] = math.Tanh(z)
		d1[j] = 1 - y[j]*y[j]
	}
}
