package problems

import "github.com/sbo-go/sbo"

// Trid is a convex quadratic in dim >= 1 variables with a tridiagonal Hessian,
// badly conditioned for large dim,
//
//	f = sum_i (x_i - 1)^2 - sum_{i>1} x_i x_{i-1}.
//
// grad f = 0 is the difference equation x_{i-1} - 2 x_i + x_{i+1} = -2 with
// x_0 = x_{d+1} = 0, so x_i = i (d + 1 - i), and f = -d (d + 4) (d - 1)/6 there.
// The box is [-d^2, d^2]^d.
//
// Source: A.-R. Hedar, Test functions for unconstrained global optimization,
// Kyoto University, 2005, who attributes it to A. Neumaier.
func Trid(dim int) Problem {
	d := float64(dim)
	minimizer := make([]float64, max(dim, 0))
	for i := range minimizer {
		minimizer[i] = float64(i+1) * (d - float64(i))
	}
	return Problem{
		Problem:    sbo.Problem{Name: sized("trid", dim, 2, 1), Variables: cube(dim, -d*d, d*d), Responses: objective()},
		Source:     "Neumaier, after Hedar, Test functions for unconstrained global optimization, 2005",
		Minimizers: [][]float64{minimizer},
		Minimum:    -d * (d + 4) * (d - 1) / 6,
		everywhere: true,
		answer:     trid,
	}
}

func trid(y, dydx, x []float64) {
	y[0] = 0
	for i, v := range x {
		y[0] += (v - 1) * (v - 1)
		if dydx != nil {
			dydx[i] = 2 * (v - 1)
		}
	}
	for i := range len(x) - 1 {
		y[0] -= x[i] * x[i+1]
		if dydx != nil {
			dydx[i] -= x[i+1]
			dydx[i+1] -= x[i]
		}
	}
}
