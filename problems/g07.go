package problems

import "github.com/sbo-go/sbo"

// G07 is a convex quadratic in ten variables under three linear and five convex
// quadratic constraints, g1 <= 0 to g8 <= 0, in the box [-10, 10]^10. Six of them
// are active at the optimum, which was computed from its KKT conditions with 40
// digits.
//
// Source: W. Hock, K. Schittkowski, Test Examples for Nonlinear Programming
// Codes, Springer, 1981, problem 113; as a box-constrained problem: J. J. Liang et
// al., Problem definitions and evaluation criteria for the CEC 2006 special
// session on constrained real-parameter optimization, Nanyang Technological
// University, 2006, problem g07.
func G07() Problem {
	return Problem{
		Problem: sbo.Problem{Name: "g07", Variables: cube(10, -10, 10), Responses: objectiveUnder(8)},
		Source:  "Hock, Schittkowski 1981, problem 113; Liang et al., CEC 2006 special session, problem g07",
		Minimizers: [][]float64{{
			2.17199637125545526, 2.36368297369727982, 8.7739257384768504, 5.09598448794845276, 0.990654764963859159,
			1.43057397893631589, 1.3216442081617033, 9.82872580788632109, 8.28009167009834582, 8.37592666392132335,
		}},
		Minimum: 24.3062090681798093,
		answer:  g07,
	}
}

func g07(y, dydx, x []float64) {
	x1, x2, x3, x4, x5, x6, x7, x8, x9, x10 := x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9]
	y[0] = x1*x1 + x2*x2 + x1*x2 - 14*x1 - 16*x2 + square(x3-10) + 4*square(x4-5) + square(x5-3) +
		2*square(x6-1) + 5*x7*x7 + 7*square(x8-11) + 2*square(x9-10) + square(x10-7) + 45
	y[1] = -105 + 4*x1 + 5*x2 - 3*x7 + 9*x8
	y[2] = 10*x1 - 8*x2 - 17*x7 + 2*x8
	y[3] = -8*x1 + 2*x2 + 5*x9 - 2*x10 - 12
	y[4] = 3*square(x1-2) + 4*square(x2-3) + 2*x3*x3 - 7*x4 - 120
	y[5] = 5*x1*x1 + 8*x2 + square(x3-6) - 2*x4 - 40
	y[6] = x1*x1 + 2*square(x2-2) - 2*x1*x2 + 14*x5 - 6*x6
	y[7] = square(x1-8)/2 + 2*square(x2-4) + 3*x5*x5 - x6 - 30
	y[8] = -3*x1 + 6*x2 + 12*square(x9-8) - 7*x10
	if dydx == nil {
		return
	}
	row(dydx, 0, 2*x1+x2-14, 2*x2+x1-16, 2*(x3-10), 8*(x4-5), 2*(x5-3), 4*(x6-1), 10*x7, 14*(x8-11), 4*(x9-10), 2*(x10-7))
	row(dydx, 1, 4, 5, 0, 0, 0, 0, -3, 9, 0, 0)
	row(dydx, 2, 10, -8, 0, 0, 0, 0, -17, 2, 0, 0)
	row(dydx, 3, -8, 2, 0, 0, 0, 0, 0, 0, 5, -2)
	row(dydx, 4, 6*(x1-2), 8*(x2-3), 4*x3, -7, 0, 0, 0, 0, 0, 0)
	row(dydx, 5, 10*x1, 8, 2*(x3-6), -2, 0, 0, 0, 0, 0, 0)
	row(dydx, 6, 2*(x1-x2), 4*(x2-2)-2*x1, 0, 0, 14, -6, 0, 0, 0, 0)
	row(dydx, 7, x1-8, 4*(x2-4), 0, 0, 6*x5, -1, 0, 0, 0, 0)
	row(dydx, 8, -3, 6, 0, 0, 0, 0, 0, 0, 24*(x9-8), -7)
}

func square(v float64) float64 { return v * v }
