package problems

import "github.com/sbo-go/sbo"

// Zakharov is a plate-shaped bowl in dim >= 1 variables,
//
//	f = sum x_i^2 + s^2 + s^4,   s = sum i x_i / 2,
//
// a sum of squares with its only zero at the origin. Across the box [-5, 10]^d it
// spans many orders of magnitude.
//
// Source: A.-R. Hedar, Test functions for unconstrained global optimization,
// Kyoto University, 2005.
func Zakharov(dim int) Problem {
	return Problem{
		Problem:    sbo.Problem{Name: sized("zakharov", dim, 2, 1), Variables: cube(dim, -5, 10), Responses: objective()},
		Source:     "Zakharov, after Hedar, Test functions for unconstrained global optimization, 2005",
		Minimizers: [][]float64{repeat(0, dim)},
		Minimum:    0,
		everywhere: true,
		answer:     zakharov,
	}
}

func zakharov(y, dydx, x []float64) {
	squares, s := 0.0, 0.0
	for i, v := range x {
		squares += v * v
		s += float64(i+1) * v / 2
	}
	y[0] = squares + s*s*(1+s*s)
	slope := s * (2 + 4*s*s)
	for i := range dydx {
		dydx[i] = 2*x[i] + slope*float64(i+1)/2
	}
}
