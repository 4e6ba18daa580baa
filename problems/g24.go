package problems

import "github.com/sbo-go/sbo"

// G24 is a linear objective in two variables over a region of two separate parts,
//
//	f  = -x1 - x2
//	g1 = -2 x1^4 + 8 x1^3 - 8 x1^2 + x2 - 2 <= 0
//	g2 = -4 x1^4 + 32 x1^3 - 88 x1^2 + 96 x1 + x2 - 36 <= 0
//
// in the box [0, 3] x [0, 4]. Both constraints are active at the optimum, which
// was computed from these two equations with 40 digits.
//
// Source: J. J. Liang et al., Problem definitions and evaluation criteria for the
// CEC 2006 special session on constrained real-parameter optimization, Nanyang
// Technological University, 2006, problem g24.
func G24() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name:      "g24",
			Variables: []sbo.Variable{{Name: "x1", Lower: 0, Upper: 3}, {Name: "x2", Lower: 0, Upper: 4}},
			Responses: objectiveUnder(2),
		},
		Source:     "Liang et al., CEC 2006 special session, problem g24",
		Minimizers: [][]float64{{2.32952019747760553, 3.17849307411766839}},
		Minimum:    -5.50801327159527391,
		answer:     g24,
	}
}

func g24(y, dydx, x []float64) {
	a, b := x[0], x[1]
	y[0] = -a - b
	y[1] = ((-2*a+8)*a-8)*a*a + b - 2
	y[2] = (((-4*a+32)*a-88)*a+96)*a + b - 36
	if dydx == nil {
		return
	}
	row(dydx, 0, -1, -1)
	row(dydx, 1, ((-8*a+24)*a-16)*a, 1)
	row(dydx, 2, ((-16*a+96)*a-176)*a+96, 1)
}
