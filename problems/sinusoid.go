package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Sinusoid is the curve
//
//	f = x sin x
//
// on [-3.14, 3.14], with its minimum 0 at the origin: sine has the sign of x as
// far as the box goes. With four samples and their slopes it is the first
// demonstration of Jacobian-enhanced neural networks.
//
// Source: S. H. Berguin, Jacobian-enhanced neural networks, arXiv 2406.09132,
// 2024, and its Python package.
func Sinusoid() Problem {
	return Problem{
		Problem:    sbo.Problem{Name: "sinusoid", Variables: cube(1, -3.14, 3.14), Responses: objective()},
		Source:     "Berguin, Jacobian-enhanced neural networks, arXiv 2406.09132, 2024",
		Minimizers: [][]float64{{0}},
		Minimum:    0,
		answer:     sinusoid,
	}
}

func sinusoid(y, dydx, x []float64) {
	sin, cos := math.Sincos(x[0])
	y[0] = x[0] * sin
	if dydx == nil {
		return
	}
	row(dydx, 0, sin+x[0]*cos)
}
