package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Griewank is a flat bowl with many ripples in dim >= 1 variables,
//
//	f = 1 + sum x_i^2/4000 - prod cos(x_i/sqrt(i)),
//
// with its minimum 0 at the origin, as no product of cosines exceeds 1.
//
// The box is [-40, 60]^d, so that the middle of the box is not the answer, as it
// would be in Griewank's [-600, 600]^d.
//
// Source: A. O. Griewank, Generalized descent for global optimization, Journal
// of Optimization Theory and Applications 34 (1981) 11-39.
func Griewank(dim int) Problem {
	return Problem{
		Problem:    sbo.Problem{Name: sized("griewank", dim, 2, 1), Variables: cube(dim, -40, 60), Responses: objective()},
		Source:     "Griewank, Journal of Optimization Theory and Applications 34 (1981) 11-39",
		Minimizers: [][]float64{repeat(0, dim)},
		Minimum:    0,
		everywhere: true,
		answer:     griewank,
	}
}

func griewank(y, dydx, x []float64) {
	squares, product := 0.0, 1.0
	for i, v := range x {
		squares += v * v
		product *= math.Cos(v / math.Sqrt(float64(i+1)))
	}
	y[0] = 1 + squares/4000 - product
	// A partial has the product of the other cosines. Dividing the product by one
	// cosine would fail where that is zero, so the others are multiplied: those
	// before i on the way up, those behind it on the way down.
	before := 1.0
	for i := range dydx {
		dydx[i] = before
		before *= math.Cos(x[i] / math.Sqrt(float64(i+1)))
	}
	behind := 1.0
	for i := len(dydx) - 1; i >= 0; i-- {
		root := math.Sqrt(float64(i + 1))
		sin, cos := math.Sincos(x[i] / root)
		dydx[i] = x[i]/2000 + dydx[i]*behind*sin/root
		behind *= cos
	}
}
