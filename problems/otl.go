package problems

import "github.com/sbo-go/sbo"

// OTL is the midpoint voltage, in V, of a push-pull circuit without an output
// transformer, from five resistances and a current gain:
//
//	Vb = 12 Rb2/(Rb1 + Rb2),  D = beta (Rc2 + 9)
//	Vm = (Vb + 0.74) D/(D + Rf) + 11.35 Rf/(D + Rf) + 0.74 Rf D/((D + Rf) Rc1)
//
// The minimum is at a corner of the box, as Vm is monotone in every variable:
//
//   - it rises with Vb, so Rb1 is at its upper bound and Rb2 at its lower;
//   - it falls with Rc1, which is at its upper bound;
//   - its partial by Rf is D (10.61 - Vb + 0.74 D/Rc1)/(D + Rf)^2, positive since
//     Vb <= 7 in the box: Rf is at its lower bound;
//   - its partial by D is Rf (Vb - 10.61 + 0.74 Rf/Rc1)/(D + Rf)^2, negative since
//     Vb <= 7 and 0.74 Rf/Rc1 <= 1.85: Rc2 and beta are at their upper bounds.
//
// Source: E. N. Ben-Ari, D. M. Steinberg, Modeling data from computer
// experiments: an empirical comparison of kriging with MARS and projection
// pursuit regression, Quality Engineering 19 (2007) 327-338.
func OTL() Problem {
	return Problem{
		Problem: sbo.Problem{
			Name: "otl",
			Variables: []sbo.Variable{
				{Name: "Rb1", Unit: "kOhm", Lower: 50, Upper: 150},
				{Name: "Rb2", Unit: "kOhm", Lower: 25, Upper: 70},
				{Name: "Rf", Unit: "kOhm", Lower: 0.5, Upper: 3},
				{Name: "Rc1", Unit: "kOhm", Lower: 1.2, Upper: 2.5},
				{Name: "Rc2", Unit: "kOhm", Lower: 0.25, Upper: 1.2},
				{Name: "beta", Lower: 50, Upper: 300},
			},
			Responses: []sbo.Response{unit(sbo.Minimize("Vm"), "V")},
		},
		Source:     "Ben-Ari, Steinberg, Quality Engineering 19 (2007) 327-338",
		Minimizers: [][]float64{{150, 25, 0.5, 2.5, 1.2, 300}},
		Minimum:    2.60371484584685042,
		answer:     otl,
	}
}

func otl(y, dydx, x []float64) {
	rb1, rb2, rf, rc1, rc2, beta := x[0], x[1], x[2], x[3], x[4], x[5]
	base := 12 * rb2 / (rb1 + rb2)
	d := beta * (rc2 + 9)
	sum := d + rf
	y[0] = ((base+0.74)*d + 11.35*rf + 0.74*rf*d/rc1) / sum
	if dydx == nil {
		return
	}
	byBase := d / sum
	byD := rf * (base - 10.61 + 0.74*rf/rc1) / (sum * sum)
	row(dydx, 0,
		-byBase*base/(rb1+rb2), byBase*12*rb1/((rb1+rb2)*(rb1+rb2)),
		d*(10.61-base+0.74*d/rc1)/(sum*sum), -0.74*rf*d/(rc1*rc1*sum),
		byD*beta, byD*(rc2+9))
}
