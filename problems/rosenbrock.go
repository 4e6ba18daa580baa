package problems

import "github.com/sbo-go/sbo"

// Rosenbrock is the curved valley in dim >= 2 variables,
//
//	f = sum_{i<d} 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2,
//
// a sum of squares with its only zero at (1, ..., 1). From four variables on
// there is a local minimum near (-1, 1, ..., 1), where f is about 4.
//
// The box is [-2, 2]^d, that of the paper on Jacobian-enhanced neural networks
// (Berguin, arXiv 2406.09132, 2024). De Jong's is [-2.048, 2.048]^d.
//
// Source: H. H. Rosenbrock, An automatic method for finding the greatest or
// least value of a function, The Computer Journal 3 (1960) 175-184, in 2-D; the
// chain of d variables is the usual extension of it.
func Rosenbrock(dim int) Problem {
	return Problem{
		Problem:    sbo.Problem{Name: sized("rosenbrock", dim, 2, 2), Variables: cube(dim, -2, 2), Responses: objective()},
		Source:     "Rosenbrock, The Computer Journal 3 (1960) 175-184",
		Minimizers: [][]float64{repeat(1, dim)},
		Minimum:    0,
		everywhere: true,
		answer:     rosenbrock,
	}
}

func rosenbrock(y, dydx, x []float64) {
	y[0] = 0
	clear(dydx)
	for i := range len(x) - 1 {
		bend, gap := x[i+1]-x[i]*x[i], 1-x[i]
		y[0] += 100*bend*bend + gap*gap
		if dydx != nil {
			dydx[i] -= 400*x[i]*bend + 2*gap
			dydx[i+1] += 200 * bend
		}
	}
}
