package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Borehole is the flow of water through a borehole between two aquifers, in m^3
// a year, from eight variables:
//
//	2 pi Tu (Hu - Hl) / (ln(r/rw) [1 + 2 L Tu/(ln(r/rw) rw^2 Kw) + Tu/Tl])
//
// with the radius of the borehole rw and of influence r, the transmissivity of
// the upper and lower aquifer Tu and Tl, their potentiometric heads Hu and Hl,
// and the borehole's length L and hydraulic conductivity Kw.
//
// Divided through by Tu ln(r/rw), this is a head that drives a flow through three
// resistances in series,
//
//	2 pi (Hu - Hl) / (ln(r/rw)/Tu + 2 L/(rw^2 Kw) + ln(r/rw)/Tl),
//
// so it is monotone in every variable. The least flow has the least head and the
// largest resistances: rw, Tu, Tl, Hu and Kw at their lower bounds, r, Hl and L
// at their upper.
//
// Source: W. V. Harper, S. K. Gupta, Sensitivity/uncertainty analysis of a
// borehole scenario comparing Latin hypercube sampling and deterministic
// sensitivity approaches, report BMI/ONWI-516, Battelle, 1983; bounds: M. D.
// Morris, T. J. Mitchell, D. Ylvisaker, Bayesian design and analysis of computer
// experiments: use of derivatives in surface prediction, Technometrics 35 (1993)
// 243-255.
func Borehole() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name: "borehole",
			Variables: []sbo.Variable{
				{Name: "rw", Unit: "m", Lower: 0.05, Upper: 0.15},
				{Name: "r", Unit: "m", Lower: 100, Upper: 50000},
				{Name: "Tu", Unit: "m^2/yr", Lower: 63070, Upper: 115600},
				{Name: "Hu", Unit: "m", Lower: 990, Upper: 1110},
				{Name: "Tl", Unit: "m^2/yr", Lower: 63.1, Upper: 116},
				{Name: "Hl", Unit: "m", Lower: 700, Upper: 820},
				{Name: "L", Unit: "m", Lower: 1120, Upper: 1680},
				{Name: "Kw", Unit: "m/yr", Lower: 9855, Upper: 12045},
			},
			Responses: []sbo.Response{unit(sbo.Minimize("flow"), "m^3/yr")},
		},
		Source:     "Harper, Gupta 1983; Morris, Mitchell, Ylvisaker, Technometrics 35 (1993) 243-255",
		Minimizers: [][]float64{{0.05, 50000, 63070, 990, 63.1, 820, 1680, 9855}},
		Minimum:    7.81967632875523056,
		answer:     borehole,
	}
}

func borehole(y, dydx, x []float64) {
	rw, r, tu, hu, tl, hl, length, kw := x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]
	log := math.Log(r / rw)
	well := 2 * length / (rw * rw * kw)
	resistance := log/tu + well + log/tl
	flow := 2 * math.Pi * (hu - hl) / resistance
	y[0] = flow
	if dydx == nil {
		return
	}
	slope := -flow / resistance // of the flow by the resistance
	aquifers := 1/tu + 1/tl
	row(dydx, 0,
		slope*(-aquifers/rw-2*well/rw), slope*aquifers/r,
		-slope*log/(tu*tu), 2*math.Pi/resistance,
		-slope*log/(tl*tl), -2*math.Pi/resistance,
		slope*well/length, -slope*well/kw)
}
