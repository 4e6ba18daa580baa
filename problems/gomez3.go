package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Gomez3 is the six-hump camel back [Camel6] in the box [-1, 1]^2 under
//
//	g1 = -sin(4 pi x1) + 2 sin(2 pi x2)^2 <= 0,
//
// which leaves a fifth of the box, in separate islands. The optimum lies at the
// edge of one; it was computed from its KKT conditions with 40 digits.
//
// Source: S. Gómez, A. V. Levy, Lecture Notes in Mathematics 909 (1982) 34-47,
// problem 3; M. J. Sasena, Flexibility and efficiency enhancements for constrained
// global design optimization with kriging approximations, PhD thesis, University
// of Michigan, 2002.
func Gomez3() Problem {
	return Problem{
		Problem:    sbo.Problem{Name: "gomez3", Variables: cube(2, -1, 1), Responses: objectiveUnder(1)},
		Source:     "Gómez, Levy, Lecture Notes in Mathematics 909 (1982) 34-47; Sasena 2002",
		Minimizers: [][]float64{{0.109260138547385156, -0.623448353226512303}},
		Minimum:    -0.971104067282403867,
		answer:     gomez3,
	}
}

func gomez3(y, dydx, x []float64) {
	sin1, cos1 := math.Sincos(4 * math.Pi * x[0])
	sin2, cos2 := math.Sincos(2 * math.Pi * x[1])
	y[1] = -sin1 + 2*sin2*sin2
	if dydx == nil {
		camel6(y[:1], nil, x)
		return
	}
	camel6(y[:1], dydx[:2], x)
	row(dydx, 1, -4*math.Pi*cos1, 8*math.Pi*sin2*cos2)
}
