package problems

import "github.com/sbo-go/sbo"

// Camel6 is the six-hump camel back in two variables,
//
//	f = (4 - 2.1 x1^2 + x1^4/3) x1^2 + x1 x2 + (4 x2^2 - 4) x2^2.
//
// Of its six minima two are global. They mirror each other in the origin and
// were computed by solving grad f = 0 with 40 digits. The box is [-3, 3] x [-2, 2].
//
// Source: L. C. W. Dixon, G. P. Szegö, The global optimization problem: an
// introduction, Towards Global Optimization 2, North-Holland, 1978, 1-15.
func Camel6() Problem {
	const x1, x2 = 0.0898420131003180624, -0.712656403020739633
	return Problem{
		Problem: sbo.Problem{
			Name:      "camel6",
			Variables: []sbo.Variable{{Name: "x1", Lower: -3, Upper: 3}, {Name: "x2", Lower: -2, Upper: 2}},
			Responses: objective(),
		},
		Source:     "Dixon, Szegö, Towards Global Optimization 2, 1978, 1-15",
		Minimizers: [][]float64{{x1, x2}, {-x1, -x2}},
		Minimum:    -1.03162845348987735,
		answer:     camel6,
	}
}

func camel6(y, dydx, x []float64) {
	a, b := x[0]*x[0], x[1]*x[1]
	y[0] = (4-2.1*a+a*a/3)*a + x[0]*x[1] + (4*b-4)*b
	if dydx == nil {
		return
	}
	row(dydx, 0, (8-8.4*a+2*a*a)*x[0]+x[1], x[0]+(16*b-8)*x[1])
}
