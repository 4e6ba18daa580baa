package problems

import "github.com/sbo-go/sbo"

// G04 is Himmelblau's problem in five variables: a bilinear objective under three
// bilinear responses with limits on both sides,
//
//	f  = 5.3578547 x3^2 + 0.8356891 x1 x5 + 37.293239 x1 - 40792.141
//	0  <= g1 = 85.334407 + 0.0056858 x2 x5 + 0.0006262 x1 x4 - 0.0022053 x3 x5 <= 92
//	90 <= g2 = 80.51249 + 0.0071317 x2 x5 + 0.0029955 x1 x2 + 0.0021813 x3^2 <= 110
//	20 <= g3 = 9.300961 + 0.0047026 x3 x5 + 0.0012547 x1 x3 + 0.0019085 x3 x4 <= 25
//
// The suites count them as six inequalities. Active at the optimum: the upper
// limit of g1, the lower of g3, and the bounds of x1, x2 and x4; the minimizer was
// computed from these five equations with 40 digits.
//
// Source: D. M. Himmelblau, Applied Nonlinear Programming, McGraw-Hill, 1972; in
// this form: J. J. Liang et al., Problem definitions and evaluation criteria for
// the CEC 2006 special session on constrained real-parameter optimization,
// Nanyang Technological University, 2006, problem g04.
func G04() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name: "g04",
			Variables: []sbo.Variable{
				{Name: "x1", Lower: 78, Upper: 102},
				{Name: "x2", Lower: 33, Upper: 45},
				{Name: "x3", Lower: 27, Upper: 45},
				{Name: "x4", Lower: 27, Upper: 45},
				{Name: "x5", Lower: 27, Upper: 45},
			},
			Responses: []sbo.Response{sbo.Minimize("f"), sbo.Between("g1", 0, 92), sbo.Between("g2", 90, 110), sbo.Between("g3", 20, 25)},
		},
		Source:     "Himmelblau 1972; Liang et al., CEC 2006 special session, problem g04",
		Minimizers: [][]float64{{78, 33, 29.9952560256815988, 45, 36.7758129057882049}},
		Minimum:    -30665.5386717833159,
		answer:     g04,
	}
}

func g04(y, dydx, x []float64) {
	x1, x2, x3, x4, x5 := x[0], x[1], x[2], x[3], x[4]
	y[0] = 5.3578547*x3*x3 + 0.8356891*x1*x5 + 37.293239*x1 - 40792.141
	y[1] = 85.334407 + 0.0056858*x2*x5 + 0.0006262*x1*x4 - 0.0022053*x3*x5
	y[2] = 80.51249 + 0.0071317*x2*x5 + 0.0029955*x1*x2 + 0.0021813*x3*x3
	y[3] = 9.300961 + 0.0047026*x3*x5 + 0.0012547*x1*x3 + 0.0019085*x3*x4
	if dydx == nil {
		return
	}
	row(dydx, 0, 0.8356891*x5+37.293239, 0, 10.7157094*x3, 0, 0.8356891*x1)
	row(dydx, 1, 0.0006262*x4, 0.0056858*x5, -0.0022053*x5, 0.0006262*x1, 0.0056858*x2-0.0022053*x3)
	row(dydx, 2, 0.0029955*x2, 0.0071317*x5+0.0029955*x1, 0.0043626*x3, 0, 0.0071317*x2)
	row(dydx, 3, 0.0012547*x3, 0, 0.0047026*x5+0.0012547*x1+0.0019085*x4, 0.0019085*x3, 0.0047026*x3)
}
