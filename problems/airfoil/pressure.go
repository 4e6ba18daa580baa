package airfoil

import "math"

// compressible is the correction for a subsonic Mach number by von Karman and
// Tsien (H.-S. Tsien, Journal of the Aeronautical Sciences 6(10), 1939, p. 399).
type compressible struct {
	beta, dBeta     float64 // sqrt(1 - M^2), and its partial by M
	factor, dFactor float64 // M^2/(2 (1 + beta))
	l, dl           float64 // (M/(1 + beta))^2
}

func correction(mach float64) compressible {
	c := compressible{beta: math.Sqrt(1 - mach*mach)}
	c.dBeta = -mach / c.beta
	b1 := 1 + c.beta
	c.factor = mach * mach / (2 * b1)
	c.dFactor = mach/b1 - c.factor/b1*c.dBeta
	c.l = mach * mach / (b1 * b1)
	c.dl = 2*mach/(b1*b1) - 2*c.l/b1*c.dBeta
	return c
}

// pressure returns the pressure coefficient for the incompressible speed q,
//
//	Cp = Ci/(beta + Ci M^2/(2 (1 + beta)))    Ci = 1 - q^2
//
// with its partials by q and by the Mach number.
func (c compressible) pressure(q float64) (cp, byQ, byMach float64) {
	i := 1 - q*q
	r := 1 / (c.beta + i*c.factor)
	return i * r, -2 * q * c.beta * r * r, -i * r * r * (c.dBeta + i*c.dFactor)
}

// speed turns the incompressible speed q and its slope dq along the surface into
// those of the compressible flow, q (1 - l)/(1 - l q^2), with their partials.
func (c compressible) speed(q, dq float64) (s corrected) {
	r := 1 / (1 - c.l*q*q)
	s.u = q * (1 - c.l) * r
	s.byQ = (1 - c.l) * (1 + c.l*q*q) * r * r
	s.byMach = (-q*r + q*(1-c.l)*q*q*r*r) * c.dl
	s.du = s.byQ * dq
	second := (1 - c.l) * r * r * (2*c.l*q + 4*c.l*q*(1+c.l*q*q)*r)
	s.duByQ, s.duByDQ = second*dq, s.byQ
	byL := r * r * (-(1 + c.l*q*q) + (1-c.l)*q*q + 2*(1-c.l)*(1+c.l*q*q)*q*q*r)
	s.duByMach = byL * c.dl * dq
	return s
}

// corrected is a speed u and its slope du with their partials.
type corrected struct {
	u, byQ, byMach              float64
	du, duByQ, duByDQ, duByMach float64
}

// localMach is the Mach number where the compressible speed is u, in units of the
// free stream with the given Mach number, of a gas with a ratio of heats of 1.4.
func localMach(u, mach float64) float64 {
	sound := 1 + 0.2*mach*mach*(1-u*u) // squared, in units of that of the free stream
	return mach * u / math.Sqrt(max(sound, 1e-9))
}

// forces are lift and moment of the pressures around an outline, with their
// gradients by speeds and nodes, angle and Mach number.
type forces struct {
	cl, cm              float64
	clByMach, cmByMach  float64
	clByAlpha           float64   // with the speeds held, per radian
	clG, clX, clY       []float64 // by the speed gamma, x and y of each node
	cmG, cmX, cmY       []float64
	cp, cpByQ, cpByMach []float64
}

func newForces(n int) *forces {
	f := &forces{}
	for _, s := range []*[]float64{&f.clG, &f.clX, &f.clY, &f.cmG, &f.cmX, &f.cmY, &f.cp, &f.cpByQ, &f.cpByMach} {
		*s = make([]float64, n)
	}
	return f
}

// quarter is the place of the axis of the moment.
const quarter = 0.25

// integrate sums up the pressures, linear on each panel, the one across the
// trailing edge included. With X across the stream's normal, R the distance from
// the quarter chord, bars for means and d for differences over a panel,
//
//	CL = sum  Cp dX          CM = -sum (Cp d(R^2)/2 + dCp |dr|^2/12)
func (f *forces) integrate(x, y, gamma []float64, cos, sin float64, c compressible) {
	n := len(x)
	for i, q := range gamma {
		f.cp[i], f.cpByQ[i], f.cpByMach[i] = c.pressure(q)
	}
	f.cl, f.cm, f.clByMach, f.cmByMach, f.clByAlpha = 0, 0, 0, 0, 0
	square := func(i int) float64 { return (x[i]-quarter)*(x[i]-quarter) + y[i]*y[i] }
	length := func(i, k int) float64 {
		return (x[k]-x[i])*(x[k]-x[i]) + (y[k]-y[i])*(y[k]-y[i])
	}
	for at := range n {
		i, after := at-1, next(at, n)
		if at == 0 {
			i = n - 1
		}
		byCp := ((x[after]-x[i])*cos + (y[after]-y[i])*sin) / 2
		byX := (f.cp[i] - f.cp[after]) / 2
		f.cl += f.cp[at] * byCp
		f.clByMach += f.cpByMach[at] * byCp
		f.clByAlpha += f.cp[at] * ((y[after]-y[i])*cos - (x[after]-x[i])*sin) / 2
		f.clG[at], f.clX[at], f.clY[at] = f.cpByQ[at]*byCp, byX*cos, byX*sin

		byCp = -((square(after)-square(i))/4 + (length(i, at)-length(at, after))/12)
		rise, fall := (f.cp[at]-f.cp[i])/6, (f.cp[after]-f.cp[at])/6
		f.cm += f.cp[at] * byCp
		f.cmByMach += f.cpByMach[at] * byCp
		f.cmG[at] = f.cpByQ[at] * byCp
		f.cmX[at] = -(byX*(x[at]-quarter) + rise*(x[at]-x[i]) - fall*(x[after]-x[at]))
		f.cmY[at] = -(byX*y[at] + rise*(y[at]-y[i]) - fall*(y[after]-y[at]))
	}
}

// follow sets dcl and dcm to the partials of lift and moment by what moves speeds
// and nodes. What angle and Mach number do with these held is for the caller to
// add.
func (f *forces) follow(dcl, dcm []float64, x, y, gamma jets) {
	clear(dcl)
	clear(dcm)
	if len(dcl) == 0 {
		return
	}
	for i := range gamma.v {
		axpy(dcl, f.clG[i], gamma.of(i))
		axpy(dcl, f.clX[i], x.of(i))
		axpy(dcl, f.clY[i], y.of(i))
		axpy(dcm, f.cmG[i], gamma.of(i))
		axpy(dcm, f.cmX[i], x.of(i))
		axpy(dcm, f.cmY[i], y.of(i))
	}
}
