package problems

import "github.com/sbo-go/sbo"

// G09 is a polynomial of degree six in seven variables under four constraints, g1 <= 0
// to g4 <= 0, in the box [-10, 10]^7, over which its values differ by seven orders of
// magnitude. The first and the last constraint are active at the optimum, which was
// computed from its KKT conditions with 40 digits.
//
// Source: W. Hock, K. Schittkowski, Test Examples for Nonlinear Programming Codes,
// Springer, 1981, problem 100; as a box-constrained problem: J. J. Liang et al.,
// Problem definitions and evaluation criteria for the CEC 2006 special session on
// constrained real-parameter optimization, Nanyang Technological University, 2006,
// problem g09.
func G09() Problem {
	return Problem{
		Problem: sbo.Problem{Name: "g09", Variables: cube(7, -10, 10), Responses: objectiveUnder(4)},
		Source:  "Hock, Schittkowski 1981, problem 100; Liang et al., CEC 2006 special session, problem g09",
		Minimizers: [][]float64{{
			2.33049937287957, 1.95137237289688897, -0.477541392388871628, 4.36572623365581015,
			-0.62448697052681741, 1.03813101860795834, 1.59422671161186845,
		}},
		Minimum: 680.630057374402149,
		answer:  g09,
	}
}

func g09(y, dydx, x []float64) {
	x1, x2, x3, x4, x5, x6, x7 := x[0], x[1], x[2], x[3], x[4], x[5], x[6]
	fifth := x5 * x5 * x5 * x5 * x5
	y[0] = square(x1-10) + 5*square(x2-12) + x3*x3*x3*x3 + 3*square(x4-11) + 10*fifth*x5 + 7*x6*x6 + x7*x7*x7*x7 -
		4*x6*x7 - 10*x6 - 8*x7
	y[1] = -127 + 2*x1*x1 + 3*x2*x2*x2*x2 + x3 + 4*x4*x4 + 5*x5
	y[2] = -282 + 7*x1 + 3*x2 + 10*x3*x3 + x4 - x5
	y[3] = -196 + 23*x1 + x2*x2 + 6*x6*x6 - 8*x7
	y[4] = 4*x1*x1 + x2*x2 - 3*x1*x2 + 2*x3*x3 + 5*x6 - 11*x7
	if dydx == nil {
		return
	}
	row(dydx, 0, 2*(x1-10), 10*(x2-12), 4*x3*x3*x3, 6*(x4-11), 60*fifth, 14*x6-4*x7-10, 4*x7*x7*x7-4*x6-8)
	row(dydx, 1, 4*x1, 12*x2*x2*x2, 1, 8*x4, 5, 0, 0)
	row(dydx, 2, 7, 3, 20*x3, 1, -1, 0, 0)
	row(dydx, 3, 23, 2*x2, 0, 0, 0, 12*x6, -8)
	row(dydx, 4, 8*x1-3*x2, 2*x2-3*x1, 4*x3, 0, 0, 5, -11)
}
