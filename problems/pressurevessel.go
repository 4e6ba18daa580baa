package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// PressureVessel is the cheapest cylinder with hemispherical heads that holds
// 1,296,000 in^3 at 3000 psi: thickness of the shell Ts and of the heads Th,
// inner radius R and length L of the cylinder. shell_deficit = 0.0193 R - Ts and
// head_deficit = 0.00954 R - Th are what is missing of the thicknesses that the
// boiler code asks for.
//
// All three constraints and the upper bound on L are active at the optimum. The
// minimizer was computed from these four equations with 40 digits.
//
// The original asks for thicknesses in steps of 1/16 in; here, as usual for
// methods that work with partials, they are continuous.
//
// Source: E. Sandgren, Nonlinear integer and discrete programming in mechanical
// design optimization, Journal of Mechanical Design 112 (1990) 223-229; C. A. C.
// Coello, Use of a self-adaptive penalty approach for engineering optimization
// problems, Computers in Industry 41 (2000) 113-127.
func PressureVessel() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name: "pressurevessel",
			Variables: []sbo.Variable{
				{Name: "Ts", Unit: "in", Lower: 0.0625, Upper: 6.1875},
				{Name: "Th", Unit: "in", Lower: 0.0625, Upper: 6.1875},
				{Name: "R", Unit: "in", Lower: 10, Upper: 200},
				{Name: "L", Unit: "in", Lower: 10, Upper: 200},
			},
			Responses: []sbo.Response{
				unit(sbo.Minimize("cost"), "USD"),
				unit(sbo.AtMost("shell_deficit", 0), "in"),
				unit(sbo.AtMost("head_deficit", 0), "in"),
				unit(sbo.AtLeast("volume", 1296000), "in^3"),
			},
		},
		Source:     "Sandgren 1990; Coello, Computers in Industry 41 (2000) 113-127; continuous",
		Minimizers: [][]float64{{0.778168641375105272, 0.384649162627901777, 40.3196187240987188, 200}},
		Minimum:    5885.33277361645828,
		answer:     pressureVessel,
	}
}

func pressureVessel(y, dydx, x []float64) {
	ts, th, r, l := x[0], x[1], x[2], x[3]
	y[0] = 0.6224*ts*r*l + 1.7781*th*r*r + 3.1661*ts*ts*l + 19.84*ts*ts*r
	y[1] = 0.0193*r - ts
	y[2] = 0.00954*r - th
	y[3] = math.Pi * r * r * (l + 4.0/3*r)
	if dydx == nil {
		return
	}
	row(dydx, 0,
		0.6224*r*l+6.3322*ts*l+39.68*ts*r, 1.7781*r*r,
		0.6224*ts*l+3.5562*th*r+19.84*ts*ts, 0.6224*ts*r+3.1661*ts*ts)
	row(dydx, 1, -1, 0, 0.0193, 0)
	row(dydx, 2, 0, -1, 0.00954, 0)
	row(dydx, 3, 0, 0, 2*math.Pi*r*(l+2*r), math.Pi*r*r)
}
