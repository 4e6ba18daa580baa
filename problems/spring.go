package problems

import "github.com/sbo-go/sbo"

// Spring is the lightest coil spring under tension: diameter of the wire d and of
// the coil D, in in, and number of active turns N (here continuous),
//
//	weight = (N + 2) D d^2.
//
// The constraints are on the deflection, the shear stress and the surge frequency,
// each as a ratio to its limit, and on the outer diameter D + d in in. Deflection
// and shear are active at the optimum; the minimizer was computed from its KKT
// conditions with 40 digits. In the box the wire can be as thick as the coil:
// there the shear has a pole, and no value.
//
// The variables are called wire, coil and turns, as d and D are one name to those
// who don't tell cases apart, such as SQL.
//
// Source: A. D. Belegundu, A study of mathematical programming methods for
// structural optimization, PhD thesis, University of Iowa, 1982; J. S. Arora,
// Introduction to Optimum Design, McGraw-Hill, 1989.
func Spring() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name: "spring",
			Variables: []sbo.Variable{
				{Name: "wire", Unit: "in", Lower: 0.05, Upper: 2},
				{Name: "coil", Unit: "in", Lower: 0.25, Upper: 1.3},
				{Name: "turns", Lower: 2, Upper: 15},
			},
			Responses: []sbo.Response{
				sbo.Minimize("weight"),
				sbo.AtLeast("deflection", 1),
				sbo.AtMost("shear", 1),
				sbo.AtLeast("surge", 1),
				unit(sbo.AtMost("outer_diameter", 1.5), "in"),
			},
		},
		Source:     "Belegundu 1982; Arora, Introduction to Optimum Design, 1989",
		Minimizers: [][]float64{{0.0516890610827634562, 0.356717739799440843, 11.2889657516133399}},
		Minimum:    0.0126652327883194166,
		answer:     spring,
	}
}

func spring(y, dydx, x []float64) {
	wire, coil, turns := x[0], x[1], x[2]
	wire3 := wire * wire * wire
	y[0] = (turns + 2) * coil * wire * wire
	y[1] = coil * coil * coil * turns / (71785 * wire3 * wire)
	// The shear stress: curvature of the coil, then direct shear.
	curved := coil * (4*coil - wire) / (12566 * wire3 * (coil - wire))
	direct := 1 / (5108 * wire * wire)
	y[2] = curved + direct
	y[3] = 140.45 * wire / (coil * coil * turns)
	y[4] = wire + coil
	if dydx == nil {
		return
	}
	row(dydx, 0, 2*y[0]/wire, (turns+2)*wire*wire, coil*wire*wire)
	row(dydx, 1, -4*y[1]/wire, 3*y[1]/coil, y[1]/turns)
	row(dydx, 2,
		-coil/(12566*wire3*(coil-wire))+curved/(coil-wire)-3*curved/wire-2*direct/wire,
		(8*coil-wire)/(12566*wire3*(coil-wire))-curved/(coil-wire), 0)
	row(dydx, 3, y[3]/wire, -2*y[3]/coil, -y[3]/turns)
	row(dydx, 4, 1, 1, 0)
}
