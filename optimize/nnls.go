package optimize

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// nonnegative solves min ‖A z - b‖₂ subject to z >= 0, for an A of m rows and n
// columns, by the active set method of Lawson and Hanson: Solving Least Squares
// Problems (1974), chapter 23. Columns of size near one are expected.
func nonnegative(a *mat.Dense, b []float64) []float64 {
	m, n := a.Dims()
	z, w := make([]float64, n), make([]float64, n)
	rest := make([]float64, m)
	scale := 0.0
	for _, v := range b {
		scale = max(scale, math.Abs(v))
	}
	var passive []int
	banned := make([]bool, n)
	for range 3 * n {
		residual(rest, a, z, b)
		mat.NewVecDense(n, w).MulVec(a.T(), mat.NewVecDense(m, rest))
		enter := -1
		for i := range n {
			if z[i] == 0 && !banned[i] && w[i] > 1e-14*scale && (enter < 0 || w[i] > w[enter]) {
				enter = i
			}
		}
		if enter < 0 {
			break
		}
		passive = settle(a, b, z, append(passive, enter))
		// A column that depends on the others enters with rounding alone and leaves at once.
		banned[enter] = z[enter] == 0
	}
	return z
}

// settle solves the least squares problem over the passive columns and, as long
// as that makes one negative, moves only as far as they stay nonnegative and
// drops those that became zero. It returns the columns that remain.
func settle(a *mat.Dense, b, z []float64, passive []int) []int {
	m, _ := a.Dims()
	for len(passive) > 0 {
		sub := mat.NewDense(m, len(passive), nil)
		for c, i := range passive {
			sub.SetCol(c, mat.Col(nil, i, a))
		}
		s := leastSquares(sub, b)
		step, block := 1.0, -1
		for c, i := range passive {
			if s[c] <= 0 {
				t := 0.0
				if z[i] > 0 {
					t = z[i] / (z[i] - s[c])
				}
				if block < 0 || t < step {
					step, block = t, c
				}
			}
		}
		for c, i := range passive {
			z[i] += step * (s[c] - z[i])
		}
		if block < 0 {
			return passive
		}
		keep := passive[:0]
		for c, i := range passive {
			if c == block || z[i] <= 0 {
				z[i] = 0
				continue
			}
			keep = append(keep, i)
		}
		passive = keep
	}
	return passive
}

// leastSquares returns the solution of least norm of min ‖A z - b‖₂.
func leastSquares(a *mat.Dense, b []float64) []float64 {
	_, n := a.Dims()
	z := make([]float64, n)
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return z
	}
	rank := svd.Rank(1e-13)
	if rank == 0 {
		return z
	}
	var x mat.VecDense
	svd.SolveVecTo(&x, mat.NewVecDense(len(b), b), rank)
	copy(z, x.RawVector().Data)
	return z
}

// residual writes b - A z.
func residual(dst []float64, a *mat.Dense, z, b []float64) {
	r := mat.NewVecDense(len(dst), dst)
	r.MulVec(a, mat.NewVecDense(len(z), z))
	r.SubVec(mat.NewVecDense(len(b), b), r)
}
