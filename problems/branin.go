package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Branin is smooth, in two variables, and has three global minima:
//
//	f = (x2 - 5.1 x1^2/(4 pi^2) + 5 x1/pi - 6)^2 + 10 (1 - 1/(8 pi)) cos x1 + 10.
//
// The minimum 10/(8 pi) is where the square is zero and the cosine -1: at x1 =
// -pi, pi and 3 pi, all in the box [-5, 10] x [0, 15].
//
// Source: F. H. Branin, Widely convergent method for finding multiple solutions
// of simultaneous nonlinear equations, IBM Journal of Research and Development
// 16 (1972) 504-522; as a test problem: L. C. W. Dixon, G. P. Szegö, The global
// optimization problem: an introduction, Towards Global Optimization 2,
// North-Holland, 1978, 1-15.
func Branin() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name:      "branin",
			Variables: []sbo.Variable{{Name: "x1", Lower: -5, Upper: 10}, {Name: "x2", Lower: 0, Upper: 15}},
			Responses: objective(),
		},
		Source:     "Branin 1972; Dixon, Szegö, Towards Global Optimization 2, 1978, 1-15",
		Minimizers: [][]float64{{-math.Pi, 12.275}, {math.Pi, 2.275}, {3 * math.Pi, 2.475}},
		Minimum:    10 / (8 * math.Pi),
		answer:     branin,
	}
}

func branin(y, dydx, x []float64) {
	const (
		bend      = 5.1 / (4 * math.Pi * math.Pi)
		amplitude = 10 * (1 - 1/(8*math.Pi))
	)
	valley := x[1] - bend*x[0]*x[0] + 5/math.Pi*x[0] - 6
	sin, cos := math.Sincos(x[0])
	y[0] = valley*valley + amplitude*cos + 10
	if dydx == nil {
		return
	}
	row(dydx, 0, 2*valley*(5/math.Pi-2*bend*x[0])-amplitude*sin, 2*valley)
}
