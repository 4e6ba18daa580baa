package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// G08 is a rippled function of two variables that is tiny where it is feasible,
// and four orders of magnitude larger near x1 = 0, where it is not,
//
//	f  = -sin(2 pi x1)^3 sin(2 pi x2) / (x1^3 (x1 + x2))
//	g1 = x1^2 - x2 + 1 <= 0
//	g2 = 1 - x1 + (x2 - 4)^2 <= 0
//
// Less than 1 % of the box [0.001, 10]^2 is feasible; the suite's lower bound is
// 0, where f has a pole. The optimum lies inside the feasible region; it was
// computed by solving grad f = 0 with 40 digits.
//
// Source: J. J. Liang et al., Problem definitions and evaluation criteria for the
// CEC 2006 special session on constrained real-parameter optimization, Nanyang
// Technological University, 2006, problem g08.
func G08() Problem {
	return Problem{
		Problem:    sbo.Problem{Name: "g08", Variables: cube(2, 0.001, 10), Responses: objectiveUnder(2)},
		Source:     "Liang et al., CEC 2006 special session, problem g08",
		Minimizers: [][]float64{{1.22797135276384428, 4.24537336645841824}},
		Minimum:    -0.0958250414180358189,
		answer:     g08,
	}
}

func g08(y, dydx, x []float64) {
	a, b := x[0], x[1]
	sinA, cosA := math.Sincos(2 * math.Pi * a)
	sinB, cosB := math.Sincos(2 * math.Pi * b)
	sum := a + b
	amplitude := -sinA * sinA * sinA / (a * a * a * sum)
	y[0] = amplitude * sinB
	y[1] = a*a - b + 1
	y[2] = 1 - a + (b-4)*(b-4)
	if dydx == nil {
		return
	}
	byA := -6*math.Pi*sinA*sinA*cosA/(a*a*a*sum) - amplitude*(3/a+1/sum)
	row(dydx, 0, byA*sinB, amplitude*(2*math.Pi*cosB-sinB/sum))
	row(dydx, 1, 2*a, -1)
	row(dydx, 2, -1, 2*(b-4))
}
