package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Ackley is a deep funnel in a rippled plain, in dim >= 1 variables,
//
//	f = 20 + e - 20 exp(-0.2 sqrt(sum x_i^2 / d)) - exp(sum cos(2 pi x_i) / d),
//
// with its minimum 0 at the origin. There it has a kink like that of a norm, and
// no partials; the least of its subgradients, 0, is given instead.
//
// The box is Hedar's [-15, 30]^d, whose middle is not the answer.
//
// Source: D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing,
// Kluwer, 1987, in 2-D; box: A.-R. Hedar, Test functions for unconstrained
// global optimization, Kyoto University, 2005.
func Ackley(dim int) Problem {
	return Problem{
		Problem:    sbo.Problem{Name: sized("ackley", dim, 2, 1), Variables: cube(dim, -15, 30), Responses: objective()},
		Source:     "Ackley, A Connectionist Machine for Genetic Hillclimbing, 1987; box of Hedar 2005",
		Minimizers: [][]float64{repeat(0, dim)},
		Minimum:    0,
		everywhere: true,
		answer:     ackley,
	}
}

func ackley(y, dydx, x []float64) {
	n := float64(len(x))
	squares, ripple := 0.0, 0.0
	for _, v := range x {
		s := math.Sin(math.Pi * v)
		squares += v * v
		ripple += s * s
	}
	// With cos(2 pi v) = 1 - 2 sin(pi v)^2 and expm1, f is exactly 0 at the
	// origin and keeps its digits near it.
	radius := math.Sqrt(squares / n)
	funnel, plain := math.Expm1(-0.2*radius), math.Expm1(-2*ripple/n)
	y[0] = -20*funnel - math.E*plain
	if dydx == nil {
		return
	}
	slope := 0.0
	if radius > 0 {
		slope = 4 * (funnel + 1) / (n * radius)
	}
	for i, v := range x {
		dydx[i] = slope*v + 2*math.Pi/n*math.E*(plain+1)*math.Sin(2*math.Pi*v)
	}
}
