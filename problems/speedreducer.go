package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// SpeedReducer is Golinski's gearbox of the least volume, in cm^3: face width b
// of the gears, module m of the teeth, number of teeth z of the pinion (here
// continuous), and the lengths l1, l2 and diameters d1, d2 of the two shafts. The
// eleven constraints are ratios of a load or size to its limit, at most 1:
// bending and contact stress of the teeth, deflection and stress of each shaft,
// size of the pinion, the face width in modules from both sides, and the length
// of each shaft in diameters.
//
// Active at the optimum: the stress of both shafts, the face width's lower limit,
// the length of the second shaft, and the lower bounds of m, z and l1. The
// minimizer was computed from these seven equations with 40 digits.
//
// Source: J. Golinski, Optimal synthesis problems solved by means of nonlinear
// programming and random methods, Journal of Mechanisms 5 (1970) 287-309; in this
// form, with l2 >= 7.3: E. Mezura-Montes, C. A. C. Coello, Useful infeasible
// solutions in engineering optimization with evolutionary algorithms, Lecture
// Notes in Computer Science 3789 (2005) 652-662.
func SpeedReducer() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name: "speedreducer",
			Variables: []sbo.Variable{
				{Name: "b", Unit: "cm", Lower: 2.6, Upper: 3.6},
				{Name: "m", Unit: "cm", Lower: 0.7, Upper: 0.8},
				{Name: "z", Lower: 17, Upper: 28},
				{Name: "l1", Unit: "cm", Lower: 7.3, Upper: 8.3},
				{Name: "l2", Unit: "cm", Lower: 7.3, Upper: 8.3},
				{Name: "d1", Unit: "cm", Lower: 2.9, Upper: 3.9},
				{Name: "d2", Unit: "cm", Lower: 5, Upper: 5.5},
			},
			Responses: []sbo.Response{
				unit(sbo.Minimize("volume"), "cm^3"),
				sbo.AtMost("tooth_bending", 1), sbo.AtMost("tooth_contact", 1),
				sbo.AtMost("shaft1_deflection", 1), sbo.AtMost("shaft2_deflection", 1),
				sbo.AtMost("shaft1_stress", 1), sbo.AtMost("shaft2_stress", 1),
				sbo.AtMost("pinion_size", 1),
				sbo.AtMost("face_narrow", 1), sbo.AtMost("face_wide", 1),
				sbo.AtMost("shaft1_length", 1), sbo.AtMost("shaft2_length", 1),
			},
		},
		Source:     "Golinski 1970; Mezura-Montes, Coello, LNCS 3789 (2005) 652-662",
		Minimizers: [][]float64{{3.5, 0.7, 17, 7.3, 7.71531991147824409, 3.35021466609644731, 5.2866544649802219}},
		Minimum:    2994.47106614682004,
		answer:     speedReducer,
	}
}

func speedReducer(y, dydx, x []float64) {
	b, m, z, l1, l2, d1, d2 := x[0], x[1], x[2], x[3], x[4], x[5], x[6]
	gear := 3.3333*z*z + 14.9334*z - 43.0934
	y[0] = 0.7854*b*m*m*gear - 1.508*b*(d1*d1+d2*d2) + 7.4777*(d1*d1*d1+d2*d2*d2) + 0.7854*(l1*d1*d1+l2*d2*d2)
	y[1] = 27 / (b * m * m * z)
	y[2] = 397.5 / (b * m * m * z * z)
	y[3] = 1.93 * l1 * l1 * l1 / (m * z * d1 * d1 * d1 * d1)
	y[4] = 1.93 * l2 * l2 * l2 / (m * z * d2 * d2 * d2 * d2)
	// The stress of a shaft combines bending, which goes with its length, and torsion.
	bending1, bending2 := 745*l1/(m*z), 745*l2/(m*z)
	load1, load2 := math.Sqrt(bending1*bending1+16.9e6), math.Sqrt(bending2*bending2+157.5e6)
	y[5] = load1 / (110 * d1 * d1 * d1)
	y[6] = load2 / (85 * d2 * d2 * d2)
	y[7] = m * z / 40
	y[8] = 5 * m / b
	y[9] = b / (12 * m)
	y[10] = (1.5*d1 + 1.9) / l1
	y[11] = (1.1*d2 + 1.9) / l2
	if dydx == nil {
		return
	}
	row(dydx, 0,
		0.7854*m*m*gear-1.508*(d1*d1+d2*d2), 1.5708*b*m*gear, 0.7854*b*m*m*(6.6666*z+14.9334),
		0.7854*d1*d1, 0.7854*d2*d2,
		(1.5708*l1-3.016*b)*d1+22.4331*d1*d1, (1.5708*l2-3.016*b)*d2+22.4331*d2*d2)
	row(dydx, 1, -y[1]/b, -2*y[1]/m, -y[1]/z, 0, 0, 0, 0)
	row(dydx, 2, -y[2]/b, -2*y[2]/m, -2*y[2]/z, 0, 0, 0, 0)
	row(dydx, 3, 0, -y[3]/m, -y[3]/z, 3*y[3]/l1, 0, -4*y[3]/d1, 0)
	row(dydx, 4, 0, -y[4]/m, -y[4]/z, 0, 3*y[4]/l2, 0, -4*y[4]/d2)
	share1 := y[5] * bending1 * bending1 / (load1 * load1) // what a relative change of the bending does
	share2 := y[6] * bending2 * bending2 / (load2 * load2)
	row(dydx, 5, 0, -share1/m, -share1/z, share1/l1, 0, -3*y[5]/d1, 0)
	row(dydx, 6, 0, -share2/m, -share2/z, 0, share2/l2, 0, -3*y[6]/d2)
	row(dydx, 7, 0, z/40, m/40, 0, 0, 0, 0)
	row(dydx, 8, -y[8]/b, 5/b, 0, 0, 0, 0, 0)
	row(dydx, 9, 1/(12*m), -y[9]/m, 0, 0, 0, 0, 0)
	row(dydx, 10, 0, 0, 0, -y[10]/l1, 0, 1.5/l1, 0)
	row(dydx, 11, 0, 0, 0, 0, -y[11]/l2, 0, 1.1/l2)
}
