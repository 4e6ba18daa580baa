package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// WingWeight estimates the weight of a light aircraft's wing, in lb, from ten
// variables:
//
//	0.036 Sw^0.758 Wfw^0.0035 (A/cos^2 sweep)^0.6 q^0.006 taper^0.04
//	      (100 tc/cos sweep)^-0.3 (Nz Wdg)^0.49 + Sw Wp
//
// with the wing's area Sw, the fuel in it Wfw, aspect ratio A, quarter-chord
// sweep, dynamic pressure q at cruise, taper ratio, thickness to chord ratio tc,
// ultimate load factor Nz, design gross weight Wdg and paint weight Wp.
//
// The weight rises with every variable but two: it falls with tc, and has its
// lowest point at no sweep, as it goes with cos(sweep)^-0.9. So the minimum is at
// the lower bounds, except for the largest tc and a sweep of 0.
//
// Source: A. I. J. Forrester, A. Sóbester, A. J. Keane, Wiley, 2008, doi
// 10.1002/9780470770801, chapter 1, after D. P. Raymer, Aircraft Design: A
// Conceptual Approach, AIAA.
func WingWeight() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name: "wingweight",
			Variables: []sbo.Variable{
				{Name: "Sw", Unit: "ft^2", Lower: 150, Upper: 200},
				{Name: "Wfw", Unit: "lb", Lower: 220, Upper: 300},
				{Name: "A", Lower: 6, Upper: 10},
				{Name: "sweep", Unit: "deg", Lower: -10, Upper: 10},
				{Name: "q", Unit: "lb/ft^2", Lower: 16, Upper: 45},
				{Name: "taper", Lower: 0.5, Upper: 1},
				{Name: "tc", Lower: 0.08, Upper: 0.18},
				{Name: "Nz", Lower: 2.5, Upper: 6},
				{Name: "Wdg", Unit: "lb", Lower: 1700, Upper: 2500},
				{Name: "Wp", Unit: "lb/ft^2", Lower: 0.025, Upper: 0.08},
			},
			Responses: []sbo.Response{unit(sbo.Minimize("weight"), "lb")},
		},
		Source:     "Forrester, Sóbester, Keane, Wiley 2008, doi 10.1002/9780470770801, chapter 1",
		Minimizers: [][]float64{{150, 220, 6, 0, 16, 0.5, 0.18, 2.5, 1700, 0.025}},
		Minimum:    123.253671700917845,
		answer:     wingWeight,
	}
}

func wingWeight(y, dydx, x []float64) {
	const degree = math.Pi / 180
	area, fuel, aspect, sweep, q := x[0], x[1], x[2], x[3], x[4]
	taper, tc, load, gross, paint := x[5], x[6], x[7], x[8], x[9]
	sin, cos := math.Sincos(sweep * degree)
	bare := 0.036 * math.Pow(area, 0.758) * math.Pow(fuel, 0.0035) * math.Pow(aspect, 0.6) *
		math.Pow(cos, -0.9) * math.Pow(q, 0.006) * math.Pow(taper, 0.04) *
		math.Pow(100*tc, -0.3) * math.Pow(load*gross, 0.49)
	y[0] = bare + area*paint
	if dydx == nil {
		return
	}
	// bare is a product of powers, so each partial is bare * exponent / variable.
	row(dydx, 0,
		0.758*bare/area+paint, 0.0035*bare/fuel, 0.6*bare/aspect, 0.9*bare*sin/cos*degree, 0.006*bare/q,
		0.04*bare/taper, -0.3*bare/tc, 0.49*bare/load, 0.49*bare/gross, area)
}
