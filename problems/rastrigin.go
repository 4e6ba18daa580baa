package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Rastrigin is a bowl with a ripple in dim >= 1 variables,
//
//	f = 10 d + sum x_i^2 - 10 cos(2 pi x_i),
//
// with its minimum 0 at the origin and a local minimum near every point of
// whole numbers.
//
// The box is [-4, 6]^d, so that the middle of the box is not the answer, as it
// would be in the usual [-5.12, 5.12]^d. The paper on Jacobian-enhanced neural
// networks (Berguin, arXiv 2406.09132, 2024) uses [-1, 1.5]^2.
//
// Source: L. A. Rastrigin, Systems of Extremal Control, Nauka, Moscow, 1974, in
// 2-D; any dimension: H. Mühlenbein, M. Schomisch, J. Born, The parallel genetic
// algorithm as function optimizer, Parallel Computing 17 (1991) 619-632.
func Rastrigin(dim int) Problem {
	return Problem{
		Problem:    sbo.Problem{Name: sized("rastrigin", dim, 2, 1), Variables: cube(dim, -4, 6), Responses: objective()},
		Source:     "Rastrigin 1974; Mühlenbein, Schomisch, Born, Parallel Computing 17 (1991) 619-632",
		Minimizers: [][]float64{repeat(0, dim)},
		Minimum:    0,
		everywhere: true,
		answer:     rastrigin,
	}
}

func rastrigin(y, dydx, x []float64) {
	y[0] = 0
	for i, v := range x {
		s := math.Sin(math.Pi * v)
		y[0] += v*v + 20*s*s // 10 - 10 cos(2 pi v) = 20 sin(pi v)^2, without cancellation
		if dydx != nil {
			dydx[i] = 2*v + 20*math.Pi*math.Sin(2*math.Pi*v)
		}
	}
}
