package airfoil

import "math"

// smoothStep rises from 0 at u = 0 to 1 at u = 1 with two continuous
// derivatives. It returns its slope, too.
func smoothStep(u float64) (v, slope float64) {
	switch {
	case u <= 0:
		return 0, 0
	case u >= 1:
		return 1, 0
	}
	return u * u * u * (10 - 15*u + 6*u*u), 30 * u * u * (1 - u) * (1 - u)
}

// smoothPositive is max(x, 0) with its corner rounded over the width w, and its
// slope.
func smoothPositive(x, w float64) (v, slope float64) {
	r := math.Sqrt(x*x + w*w)
	return (x + r) / 2, (1 + x/r) / 2
}

// Limits of the pressure gradient between which White's polynomial is used.
const (
	lambdaLow  = -0.09
	lambdaHigh = 0.1
)

// laminarShape returns the shape factor H of a laminar layer with the pressure
// gradient lambda = theta^2 Ue'/nu, and its slope: White's polynomial for
// Thwaites's tables (F. M. White, Viscous Fluid Flow, 2nd ed. 1991, chapter 4),
// continued smoothly towards separation, where it rises to at most 5.0, and
// towards strong acceleration, where it falls to 2.
func laminarShape(lambda float64) (h, slope float64) {
	switch {
	case lambda < lambdaLow:
		const low, rise, steepness = 3.5179, 1.5, 24.65 // value and minus slope of the polynomial there
		t := math.Tanh(steepness * (lambdaLow - lambda) / rise)
		return low + rise*t, -steepness * (1 - t*t)
	case lambda > lambdaHigh:
		const above, steepness = 0.28263375, 3.2685 // the polynomial less 2, and minus its slope
		e := above * math.Exp(-(lambda-lambdaHigh)*steepness/above)
		return 2 + e, -e * steepness / above
	}
	z := 0.25 - lambda
	h = 2 + z*(4.14+z*(-83.5+z*(854+z*(-3337+z*4576))))
	return h, -(4.14 + z*(-2*83.5+z*(3*854+z*(-4*3337+z*5*4576))))
}

// amplification is the growth of the logarithm n of the largest
// Tollmien-Schlichting wave per arc length in momentum thicknesses: dn/ds times
// theta, with its partials by H and by the natural logarithm of Re_theta.
//
// It is the envelope of M. Drela, M. B. Giles, AIAA Journal 25(10), 1987, p.
// 1347, in the form with dn/ds directly from H that XFOIL came to use (M. Drela,
// XFOIL: An Analysis and Design System for Low Reynolds Number Airfoils, 1989):
// none below the critical Reynolds number, with a ramp over a sixth of a decade.
func amplification(h, logRe float64) (rate, byH, byLogRe float64) {
	k := 1 / (h - 1)
	dk := -k * k
	power, tanh := math.Pow(k, 0.43), math.Tanh(14*k-9.24)
	critical := 2.492*power + 0.7*(tanh+1)
	dCritical := (2.492*0.43*power/k + 0.7*14*(1-tanh*tanh)) * dk
	const width = 0.16 // decades
	ramp, slope := smoothStep((logRe/math.Ln10 - critical + width/2) / width)
	if ramp == 0 {
		return 0, 0, 0
	}
	growth := -0.05 + k*(2.7+k*(-5.5+k*3)) // per Re_theta along the layer
	dGrowth := (2.7 + k*(-11+k*9)) * dk
	bump := 0.0345 * math.Exp(-(3.87*k-2.52)*(3.87*k-2.52))
	along := 0.028*(h-1) - bump // theta dRe_theta/ds of a similar layer
	dAlong := 0.028 + bump*2*(3.87*k-2.52)*3.87*dk
	rate = ramp * growth * along
	byH = ramp*(dGrowth*along+growth*dAlong) - slope/width*dCritical*growth*along
	return rate, byH, slope / (width * math.Ln10) * growth * along
}

// turbulentStart is H1 of a turbulent layer with H = 1.6, by the branch of
// [turbulentShape]'s source for H > 1.6.
var turbulentStart = 3.3 + 1.5501*math.Pow(1.6-0.6778, -3.064)

// turbulentShape returns the shape factor H of a turbulent layer from Head's
// entrainment shape factor H1 = (delta - delta*)/theta, and its slope: the fits
// of T. Cebeci, P. Bradshaw, Momentum Transfer in Boundary Layers, 1977,
// inverted, with a smooth change from one to the other at H = 1.6 and a smooth
// floor at H1 = 3.4, where the layer separates.
func turbulentShape(h1 float64) (h, slope float64) {
	e, de := smoothPositive(h1-3.4, 0.06)
	e += 0.1 // H1 - 3.3, at least 0.1
	tanh := math.Tanh((e - 2) / 0.3)
	w, dw := (1+tanh)/2, (1-tanh*tanh)/(2*0.3)
	logE := math.Log(e)
	low, high := 0.86*math.Exp(-0.777*logE), 1.1536*math.Exp(-0.326*logE)
	h = w*(1.1+low) + (1-w)*(0.6778+high)
	slope = dw*(1.1+low-0.6778-high) - (w*0.777*low+(1-w)*0.326*high)/e
	return h, slope * de
}

// entrainment is Head's rate F = 0.0306 (H1 - 3)^-0.6169 at which a turbulent
// layer takes in fluid, with H1 - 3 kept above 0.1, and its slope (M. R. Head,
// ARC R&M 3152, 1958, in the fit of Cebeci and Bradshaw).
func entrainment(h1 float64) (f, slope float64) {
	e, de := smoothPositive(h1-3.1, 0.06)
	e += 0.1
	f = 0.0306 * math.Pow(e, -0.6169)
	return f, -0.6169 * f / e * de
}

// turbulentFriction is the skin friction coefficient of T. W. Swafford (AIAA
// Journal 21(6), 1983, p. 923), as the XFOIL paper gives it, with its partials by
// H and by the natural logarithm of Re_theta, which is rounded off below 20.
func turbulentFriction(h, re float64) (cf, byH, byLogRe float64) {
	const floor = 20 * 20
	square := re*re + floor
	log := math.Log(square) / (2 * math.Ln10)
	dLog := re * re / square / math.Ln10
	logLog := math.Log(log)
	power := -1.74 - 0.31*h
	main := 0.3 * math.Exp(-1.33*h+power*logLog)
	tanh := math.Tanh(4 - h/0.875)
	cf = main + 0.00011*(tanh-1)
	byH = main*(-1.33-0.31*logLog) - 0.00011*(1-tanh*tanh)/0.875
	return cf, byH, main * power / log * dLog
}
