package problems

import "github.com/sbo-go/sbo"

// Sphere is the simplest bowl in dim >= 1 variables,
//
//	f = sum x_i^2,
//
// with its minimum 0 at the origin.
//
// The box is [-4, 6]^d, so that the middle of the box is not the answer, as it
// would be in De Jong's [-5.12, 5.12]^d.
//
// Source: K. A. De Jong, An analysis of the behavior of a class of genetic
// adaptive systems, PhD thesis, University of Michigan, 1975, function F1.
func Sphere(dim int) Problem {
	return Problem{
		Problem:    sbo.Problem{Name: sized("sphere", dim, 2, 1), Variables: cube(dim, -4, 6), Responses: objective()},
		Source:     "De Jong, PhD thesis, University of Michigan, 1975, function F1",
		Minimizers: [][]float64{repeat(0, dim)},
		Minimum:    0,
		everywhere: true,
		answer:     sphere,
	}
}

func sphere(y, dydx, x []float64) {
	y[0] = 0
	for i, v := range x {
		y[0] += v * v
		if dydx != nil {
			dydx[i] = 2 * v
		}
	}
}
