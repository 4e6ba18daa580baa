package problems

import "github.com/sbo-go/sbo"

// Styblinski is the Styblinski-Tang function in dim >= 1 variables,
//
//	f = 1/2 sum x_i^4 - 16 x_i^2 + 5 x_i,
//
// in the box [-5, 5]^d. Each variable has its own two wells, so there are 2^d
// minima. The deeper well of each lies at the least root of 4 x^3 - 32 x + 5.
//
// Source: M. A. Styblinski, T.-S. Tang, Experiments in nonconvex optimization:
// stochastic approximation with function smoothing and simulated annealing,
// Neural Networks 3 (1990) 467-483.
func Styblinski(dim int) Problem {
	const well, depth = -2.9035340277711771, -39.1661657037714155 // the root, with 40 digits
	return Problem{
		Problem:    sbo.Problem{Name: sized("styblinski", dim, 2, 1), Variables: cube(dim, -5, 5), Responses: objective()},
		Source:     "Styblinski, Tang, Neural Networks 3 (1990) 467-483",
		Minimizers: [][]float64{repeat(well, dim)},
		Minimum:    depth * float64(dim),
		everywhere: true,
		answer:     styblinski,
	}
}

func styblinski(y, dydx, x []float64) {
	y[0] = 0
	for i, v := range x {
		y[0] += ((v*v-16)*v + 5) * v / 2
		if dydx != nil {
			dydx[i] = (2*v*v-16)*v + 2.5
		}
	}
}
