package airfoil

import "sort"

// spline is a natural cubic spline: values v at the increasing knots s, second
// derivatives m there, all with their partials.
type spline struct {
	s, v, m jets
}

// splineWork is the room in which splines of up to n knots are solved.
type splineWork struct{ upper, diagonal []float64 }

func newSplineWork(n int) splineWork {
	return splineWork{upper: make([]float64, n), diagonal: make([]float64, n)}
}

// solve finds the second derivatives m. At each inner knot, with h the intervals
// and v' the slopes of the chords beside it,
//
//	h0 m- + 2 (h0 + h1) m + h1 m+ = 6 (v1' - v0')
//
// and m = 0 at both ends. Differentiated, the same matrix has the partials of m
// as its solution.
func (p spline) solve(w splineWork) {
	s, v, m, nd := p.s, p.v, p.m, p.s.nd
	last := len(s.v) - 1
	m.v[0], m.v[last] = 0, 0
	w.upper[0] = 0
	for i := 1; i < last; i++ { // elimination
		h0, h1 := s.v[i]-s.v[i-1], s.v[i+1]-s.v[i]
		w.diagonal[i] = 2*(h0+h1) - h0*w.upper[i-1]
		w.upper[i] = h1 / w.diagonal[i]
		m.v[i] = (6*((v.v[i+1]-v.v[i])/h1-(v.v[i]-v.v[i-1])/h0) - h0*m.v[i-1]) / w.diagonal[i]
	}
	for i := last - 1; i > 0; i-- {
		m.v[i] -= w.upper[i] * m.v[i+1]
	}
	if nd == 0 {
		return
	}
	clear(m.of(0))
	clear(m.of(last))
	for i := 1; i < last; i++ {
		h0, h1 := s.v[i]-s.v[i-1], s.v[i+1]-s.v[i]
		c0, c1 := (v.v[i]-v.v[i-1])/h0, (v.v[i+1]-v.v[i])/h1
		// What a longer interval on either side does to the equation.
		by0 := 6*c0/h0 - m.v[i-1] - 2*m.v[i]
		by1 := -6*c1/h1 - 2*m.v[i] - m.v[i+1]
		row, before := m.of(i), m.of(i-1)
		vm, v0, vp := v.of(i-1), v.of(i), v.of(i+1)
		sm, s0, sp := s.of(i-1), s.of(i), s.of(i+1)
		a, r := 1/w.diagonal[i], 6/h0+6/h1
		for k := range row {
			rhs := 6/h0*vm[k] - r*v0[k] + 6/h1*vp[k] + by0*(s0[k]-sm[k]) + by1*(sp[k]-s0[k])
			row[k] = (rhs - h0*before[k]) * a
		}
	}
	for i := last - 1; i > 0; i-- {
		m.add(i, -w.upper[i], m.of(i+1))
	}
}

// interval returns the index of the knot at or before the place t.
func (p spline) interval(t float64) int {
	i := sort.SearchFloat64s(p.s.v, t) - 1
	return min(max(i, 0), len(p.s.v)-2)
}

// at returns value and slope of the spline at the place t.
func (p spline) at(t float64) (v, slope float64) {
	c := p.cubic(p.interval(t), t)
	return c.v, c.slope
}

// piece is the spline at one place of one interval.
type piece struct {
	v, slope, curvature    float64
	a, b, h                float64 // shares of the left and right knot, length of the interval
	a3, b3, da3, db3       float64 // what m at either knot adds: times h^2/6 to v, times h/6 to the slope
	longer, slopeForLonger float64 // partials of v and slope by h with the shares held
}

func (p spline) cubic(i int, t float64) piece {
	h := p.s.v[i+1] - p.s.v[i]
	a, b := (p.s.v[i+1]-t)/h, (t-p.s.v[i])/h
	c := piece{a: a, b: b, h: h, a3: a*a*a - a, b3: b*b*b - b, da3: 1 - 3*a*a, db3: 3*b*b - 1}
	m0, m1, rise := p.m.v[i], p.m.v[i+1], p.v.v[i+1]-p.v.v[i]
	c.v = a*p.v.v[i] + b*p.v.v[i+1] + (c.a3*m0+c.b3*m1)*h*h/6
	c.slope = rise/h + (c.da3*m0+c.db3*m1)*h/6
	c.curvature = a*m0 + b*m1
	c.longer = (c.a3*m0 + c.b3*m1) * h / 3
	c.slopeForLonger = -rise/(h*h) + (c.da3*m0+c.db3*m1)/6
	return c
}

// follow writes value and slope at the place t, whose partials are dt, to number
// k of v and, unless it has no numbers, of slope.
func (p spline) follow(v, slope jets, k int, t float64, dt []float64) {
	i := p.interval(t)
	c := p.cubic(i, t)
	v.v[k] = c.v
	v0, v1, m0, m1, s0, s1 := p.v.of(i), p.v.of(i+1), p.m.of(i), p.m.of(i+1), p.s.of(i), p.s.of(i+1)
	row, h26, h6 := v.of(k), c.h*c.h/6, c.h/6
	for j := range row {
		dh := s1[j] - s0[j]
		move := dt[j] - s0[j] - c.b*dh
		row[j] = c.a*v0[j] + c.b*v1[j] + h26*(c.a3*m0[j]+c.b3*m1[j]) + c.slope*move + c.longer*dh
	}
	if len(slope.v) == 0 {
		return
	}
	slope.v[k] = c.slope
	row = slope.of(k)
	for j := range row {
		dh := s1[j] - s0[j]
		move := dt[j] - s0[j] - c.b*dh
		row[j] = (v1[j]-v0[j])/c.h + h6*(c.da3*m0[j]+c.db3*m1[j]) + c.curvature*move + c.slopeForLonger*dh
	}
}
