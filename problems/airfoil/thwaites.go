package airfoil

import "math"

// laminar finds the laminar layer by Thwaites's method (B. Thwaites, Aeronautical
// Quarterly 1, 1949, p. 245), everywhere, as if it never turned turbulent:
//
//	theta^2 = 0.45 nu/u^6 int u^5 ds
//
// and with it the shape factor and the growth of waves at each station.
func (s *side) laminar(f Flow) {
	nu := 1 / f.Reynolds
	s.integral.v[0], s.rate.v[0] = 0, 0
	clear(s.integral.of(0))
	clear(s.rate.of(0))
	s.shape.v[0], _ = laminarShape(stagnationLambda)
	clear(s.shape.of(0))
	for k := range steps {
		s.integrate(k)
		s.station(k+1, nu)
	}
}

// stagnationLambda is theta^2 u'/nu at a stagnation point, 0.45/6.
const stagnationLambda = 0.075

func pow5(x float64) float64 { return x * x * x * x * x }

// integrate adds step k to the integral of u^5: Simpson's rule, and in the first
// step, where the speed is linear, h u^5/6.
func (s *side) integrate(k int) {
	h, share := s.step(k)
	a, m, b := s.u.v[2*k], s.u.v[2*k+1], s.u.v[2*k+2]
	row, da, dm, db, dl := s.integral.of(k+1), s.u.of(2*k), s.u.of(2*k+1), s.u.of(2*k+2), s.length.of(0)
	sum, wa, wm := pow5(b), 0.0, 0.0 // and the slopes of the sum by the speeds
	wb := 5 * b * b * b * b
	if k > 0 {
		sum += pow5(a) + 4*pow5(m)
		wa, wm = 5*a*a*a*a, 20*m*m*m*m
	}
	s.integral.v[k+1] = s.integral.v[k] + h/6*sum
	before := s.integral.of(k)
	for j := range row {
		row[j] = before[j] + (share*sum*dl[j]+h*(wa*da[j]+wm*dm[j]+wb*db[j]))/6
	}
}

// station finds shape factor and growth of waves at station k.
func (s *side) station(k int, nu float64) {
	u, du, i := s.u.v[2*k], s.du.v[2*k], s.integral.v[k]
	u6 := pow5(u) * u
	lambda := 0.45 * i * du / u6
	h, slope := laminarShape(lambda)
	theta := math.Sqrt(0.45 * nu * i / u6)
	rate, byH, byLogRe := amplification(h, math.Log(u*theta/nu))
	s.shape.v[k], s.rate.v[k] = h, rate/theta

	byI, byDU, byU := 0.45*du/u6, 0.45*i/u6, -6*lambda/u // of lambda
	shape, growth, di, ddu, dv := s.shape.of(k), s.rate.of(k), s.integral.of(k), s.du.of(2*k), s.u.of(2*k)
	for j := range shape {
		dLog := di[j]/(2*i) - 3*dv[j]/u // of theta
		shape[j] = slope * (byI*di[j] + byDU*ddu[j] + byU*dv[j])
		growth[j] = (byH*shape[j] + byLogRe*(dLog+dv[j]/u) - rate*dLog) / theta
	}
}

// transition sums up the growth of waves to n (trapezoidal rule), and turns it
// into the intermittency: laminar up to n = Ncrit - 2, turbulent from Ncrit + 2
// on. As no point moves, drag is a smooth function of the shape.
func (s *side) transition(f Flow) {
	ncrit := f.ncrit()
	s.n.v[0] = 0
	clear(s.n.of(0))
	for k := range steps {
		h, share := s.step(k)
		sum := s.rate.v[k] + s.rate.v[k+1]
		s.n.v[k+1] = s.n.v[k] + h/2*sum
		row, before, ra, rb, dl := s.n.of(k+1), s.n.of(k), s.rate.of(k), s.rate.of(k+1), s.length.of(0)
		for j := range row {
			row[j] = before[j] + (h*(ra[j]+rb[j])+share*sum*dl[j])/2
		}
	}
	for q, share := range places {
		a, b := q/2, (q+1)/2 // the same station, or those beside a point between
		const width = 4
		g, slope := smoothStep(((s.n.v[a]+s.n.v[b])/2 - (ncrit - width/2)) / width)
		trip, _ := smoothStep((share - f.Trip.From) / (f.Trip.To - f.Trip.From))
		if f.Trip.To <= 0 {
			trip = 0
		}
		s.g.v[q] = 1 - (1-g)*(1-trip)
		s.g.set(q, (1-trip)*slope/(2*width), s.n.of(a))
		s.g.add(q, (1-trip)*slope/(2*width), s.n.of(b))
	}
}
