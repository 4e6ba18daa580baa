package optimize

import (
	"math"
)

// differenceStep is the step of the differences in the unit box. The cube root
// of the machine epsilon balances truncation and rounding of central
// differences (Nocedal, Wright: Numerical Optimization, 2nd ed., section 8.1).
const differenceStep = 6e-6

// differences replaces the missing partials at s by central differences, or by
// one-sided ones of the same order where a bound is in the way, and reports
// whether all evaluations had an answer.
func (g *gate) differences(s *sample) bool {
	nx, ny := g.p.NX(), g.p.NY()
	u, x := make([]float64, nx), make([]float64, nx)
	ya, yb := make([]float64, ny), make([]float64, ny)
	for j := range nx {
		if !g.missingBy(j) {
			continue
		}
		copy(u, s.u)
		a, b := -differenceStep, differenceStep
		switch {
		case u[j]+a < 0:
			a, b = differenceStep, 2*differenceStep
		case u[j]+b > 1:
			a, b = -differenceStep, -2*differenceStep
		}
		for _, side := range []struct {
			h float64
			y []float64
		}{{a, ya}, {b, yb}} {
			u[j] = s.u[j] + side.h
			g.place(x, u)
			if !g.call(side.y, nil, x) {
				return false
			}
		}
		for k := range ny {
			// The parabola through 0, a and b has this slope at 0.
			slope := ((ya[k]-s.y[k])*b/a - (yb[k]-s.y[k])*a/b) / (b - a)
			if i := k*nx + j; math.IsNaN(g.dydx[i]) {
				g.dydx[i] = slope / g.width[j]
			}
		}
	}
	return true
}

// missingBy reports whether a needed partial with respect to variable j is missing.
func (g *gate) missingBy(j int) bool {
	for _, k := range g.needed {
		if math.IsNaN(g.dydx[k*g.p.NX()+j]) {
			return true
		}
	}
	return false
}
