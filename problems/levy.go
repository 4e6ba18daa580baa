package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Levy is a long-waved ripple on a bowl in dim >= 1 variables,
//
//	w_i = 1 + (x_i - 1)/4,
//	f   = sin(pi w_1)^2 + sum_{i<d} (w_i - 1)^2 [1 + 10 sin(pi w_i + 1)^2]
//	      + (w_d - 1)^2 [1 + sin(2 pi w_d)^2],
//
// a sum of squares with its only zero at (1, ..., 1), in the box [-10, 10]^d.
//
// Source: A. V. Levy, A. Montalvo, The tunneling algorithm for the global
// minimization of functions, SIAM Journal on Scientific and Statistical
// Computing 6 (1985) 15-29; this form: M. Laguna, R. Martí, Journal of Global
// Optimization 33 (2005) 235-255.
func Levy(dim int) Problem {
	return Problem{
		Problem:    sbo.Problem{Name: sized("levy", dim, 2, 1), Variables: cube(dim, -10, 10), Responses: objective()},
		Source:     "Levy, Montalvo 1985; Laguna, Martí, Journal of Global Optimization 33 (2005) 235-255",
		Minimizers: [][]float64{repeat(1, dim)},
		Minimum:    0,
		everywhere: true,
		answer:     levy,
	}
}

// The formula is written in v = w - 1: sin(pi w)^2 = sin(pi v)^2, so f is
// exactly 0 at the minimizer.
func levy(y, dydx, x []float64) {
	clear(dydx)
	y[0] = 0
	add := func(i int, value, slope float64) {
		y[0] += value
		if dydx != nil {
			dydx[i] += slope / 4 // dv/dx
		}
	}
	last := len(x) - 1
	s := math.Sin(math.Pi * (x[0] - 1) / 4)
	add(0, s*s, math.Pi*math.Sin(math.Pi*(x[0]-1)/2))
	for i := range last {
		v := (x[i] - 1) / 4
		s, c := math.Sincos(math.Pi*(v+1) + 1)
		add(i, v*v*(1+10*s*s), 2*v*(1+10*s*s)+v*v*20*math.Pi*s*c)
	}
	v := (x[last] - 1) / 4
	s, c := math.Sincos(2 * math.Pi * v)
	add(last, v*v*(1+s*s), 2*v*(1+s*s)+v*v*4*math.Pi*s*c)
}
