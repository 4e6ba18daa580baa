package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Mystery is Sasena's function of two variables in the box [0, 5]^2,
//
//	f  = 2 + 0.01 (x2 - x1^2)^2 + (1 - x1)^2 + 2 (2 - x2)^2 + 7 sin(x1/2) sin(0.7 x1 x2),
//	g1 = -sin(x1 - x2 - pi/8) <= 0,
//
// with several local minima, and feasible in separate bands. The optimum lies at
// the edge of one; it was computed from its KKT conditions with 40 digits.
//
// Source: M. J. Sasena, Flexibility and efficiency enhancements for constrained
// global design optimization with kriging approximations, PhD thesis, University
// of Michigan, 2002.
func Mystery() Problem {
	return Problem{
		Problem:    sbo.Problem{Name: "mystery", Variables: cube(2, 0, 5), Responses: objectiveUnder(1)},
		Source:     "Sasena, PhD thesis, University of Michigan, 2002",
		Minimizers: [][]float64{{2.74495104655226273, 2.35225196485353858}},
		Minimum:    -1.17427432886634804,
		answer:     mystery,
	}
}

func mystery(y, dydx, x []float64) {
	a, b := x[0], x[1]
	valley := b - a*a
	sinA, cosA := math.Sincos(a / 2)
	sinP, cosP := math.Sincos(0.7 * a * b)
	sinG, cosG := math.Sincos(a - b - math.Pi/8)
	y[0] = 2 + 0.01*valley*valley + (1-a)*(1-a) + 2*(2-b)*(2-b) + 7*sinA*sinP
	y[1] = -sinG
	if dydx == nil {
		return
	}
	row(dydx, 0,
		-0.04*a*valley-2*(1-a)+3.5*cosA*sinP+4.9*b*sinA*cosP,
		0.02*valley-4*(2-b)+4.9*a*sinA*cosP)
	row(dydx, 1, -cosG, cosG)
}
