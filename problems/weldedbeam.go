package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// WeldedBeam is the cheapest bar, welded to a support at one end, that carries
// 6000 lbf at 14 in from it: thickness h and length l of the weld, height t and
// width b of the bar. The constraints limit the shear stress in the weld, the
// bending stress and deflection of the bar, its buckling load, and the sizes.
// Four are active at the optimum: both stresses, weld_excess = h - b <= 0 and the
// buckling load. The minimizer was computed from their KKT conditions with 40
// digits.
//
// The literature holds several variants of the weld's moment of inertia. This is
// Coello's, whose optimum is 1.72485, with his stock cost of 0.10471 h^2.
//
// Source: K. M. Ragsdell, D. T. Phillips, Optimal design of a class of welded
// structures using geometric programming, Journal of Engineering for Industry 98
// (1976) 1021-1025; C. A. C. Coello, Use of a self-adaptive penalty approach for
// engineering optimization problems, Computers in Industry 41 (2000) 113-127.
func WeldedBeam() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name: "weldedbeam",
			Variables: []sbo.Variable{
				{Name: "h", Unit: "in", Lower: 0.1, Upper: 2},
				{Name: "l", Unit: "in", Lower: 0.1, Upper: 10},
				{Name: "t", Unit: "in", Lower: 0.1, Upper: 10},
				{Name: "b", Unit: "in", Lower: 0.1, Upper: 2},
			},
			Responses: []sbo.Response{
				unit(sbo.Minimize("cost"), "USD"),
				unit(sbo.AtMost("shear_stress", 13600), "psi"),
				unit(sbo.AtMost("bending_stress", 30000), "psi"),
				unit(sbo.AtMost("weld_excess", 0), "in"),
				unit(sbo.AtMost("stock_cost", 5), "USD"),
				unit(sbo.AtLeast("weld_size", 0.125), "in"),
				unit(sbo.AtMost("deflection", 0.25), "in"),
				unit(sbo.AtLeast("buckling_load", 6000), "lbf"),
			},
		},
		Source:     "Ragsdell, Phillips 1976; Coello, Computers in Industry 41 (2000) 113-127",
		Minimizers: [][]float64{{0.205729639786079456, 3.47048866562800203, 9.03662391035763367, 0.205729639786079456}},
		Minimum:    1.72485230859736498,
		answer:     weldedBeam,
	}
}

const (
	beamLoad   = 6000.0 // lbf, at the free end
	beamLength = 14.0   // in, from the support to the load
	beamE      = 30e6   // psi, Young's modulus
	beamG      = 12e6   // psi, shear modulus
)

func weldedBeam(y, dydx, x []float64) {
	h, l, t, b := x[0], x[1], x[2], x[3]
	bar := 0.04811 * t * b * (beamLength + l)
	y[0] = 1.10471*h*h*l + bar
	bending := 6 * beamLoad * beamLength / (b * t * t)
	y[2] = bending
	y[3] = h - b
	y[4] = 0.10471*h*h + bar
	y[5] = h
	deflection := 4 * beamLoad * beamLength * beamLength * beamLength / (beamE * t * t * t * b)
	y[6] = deflection
	slender := math.Sqrt(beamE/(4*beamG)) / (2 * beamLength)
	buckling := 4.013 * beamE / (6 * beamLength * beamLength) * b * b
	y[7] = buckling * b * t * (1 - slender*t)
	if dydx == nil {
		y[1] = weldStress(nil, h, l, t)
		return
	}
	barL, barT, barB := 0.04811*t*b, bar/t, bar/b
	row(dydx, 0, 2.20942*h*l, 1.10471*h*h+barL, barT, barB)
	y[1] = weldStress(dydx[4:7], h, l, t)
	dydx[7] = 0
	row(dydx, 2, 0, 0, -2*bending/t, -bending/b)
	row(dydx, 3, 1, 0, 0, -1)
	row(dydx, 4, 0.20942*h, barL, barT, barB)
	row(dydx, 5, 1, 0, 0, 0)
	row(dydx, 6, 0, 0, -3*deflection/t, -deflection/b)
	row(dydx, 7, 0, 0, buckling*b*(1-2*slender*t), 3*buckling*t*(1-slender*t))
}

// weldStress returns the shear stress in the weld and writes its partials by h,
// l and t into grad unless that is nil. It combines the direct stress P/throat
// with that of the moment of the load, M R/J, where J = 2 throat q is the weld's
// polar moment of inertia: with s = M/J,
//
//	stress^2 = direct^2 + direct s l + s^2 R^2.
func weldStress(grad []float64, h, l, t float64) float64 {
	half := (h + t) / 2
	throat := math.Sqrt2 * h * l
	direct := beamLoad / throat
	moment := beamLoad * (beamLength + l/2)
	radius2 := l*l/4 + half*half
	q := l*l/12 + half*half
	s := moment / (2 * throat * q)
	stress := math.Sqrt(direct*direct + direct*s*l + s*s*radius2)
	if grad == nil {
		return stress
	}
	combine := func(dDirect, ds, dl, dRadius2 float64) float64 {
		return (2*direct*dDirect + (dDirect*s+direct*ds)*l + direct*s*dl + 2*s*ds*radius2 + s*s*dRadius2) / (2 * stress)
	}
	grad[0] = combine(-direct/h, -s*(1/h+half/q), 0, half)
	grad[1] = combine(-direct/l, s*(beamLoad/(2*moment)-1/l-l/(6*q)), 1, l/2)
	grad[2] = combine(0, -s*half/q, 0, half)
	return stress
}
