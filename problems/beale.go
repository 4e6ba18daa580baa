package problems

import "github.com/sbo-go/sbo"

// Beale is the sum of the squares of
//
//	1.5 - x1 (1 - x2),  2.25 - x1 (1 - x2^2)  and  2.625 - x1 (1 - x2^3)
//
// in the box [-4.5, 4.5]^2: four orders of magnitude between its corners and its
// middle, and valleys that end at the bounds. It vanishes at (3, 0.5).
//
// Source: E. M. L. Beale, On an iterative method of finding a local minimum of a
// function of more than one variable, Technical Report 25, Statistical Techniques
// Research Group, Princeton University, 1958.
func Beale() Problem {
	return Problem{
		Problem:    sbo.Problem{Name: "beale", Variables: cube(2, -4.5, 4.5), Responses: objective()},
		Source:     "Beale 1958, Technical Report 25, Statistical Techniques Research Group, Princeton University",
		Minimizers: [][]float64{{3, 0.5}},
		everywhere: true,
		answer:     beale,
	}
}

func beale(y, dydx, x []float64) {
	y[0] = 0
	clear(dydx)
	power, rise := 1.0, 0.0 // x2^i and its derivative
	for i, wanted := range []float64{1.5, 2.25, 2.625} {
		power, rise = power*x[1], float64(i+1)*power
		e := wanted - x[0]*(1-power)
		y[0] += e * e
		if dydx != nil {
			dydx[0] -= 2 * e * (1 - power)
			dydx[1] += 2 * e * x[0] * rise
		}
	}
}
