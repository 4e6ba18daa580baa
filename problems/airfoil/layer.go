package airfoil

import (
	"errors"
	"math"
)

const (
	steps  = 100         // of the boundary layer on one side
	points = 2*steps + 1 // stations, and a point within each step

	// beyond is the share of a side from where on the speed at the edge of the
	// layer continues on its tangent, which stands for what wake and layer do to
	// the flow at the trailing edge.
	beyond = 0.96
)

// places are the stations of a side, as shares of its length from the stagnation
// point: equal angles on a circle. Between two of them is the point of the angle
// in the middle, which integrals take for the middle of the step; it is off by a
// share of the step that vanishes with its length.
var places = stations(points - 1)

// layer is the boundary layer around a section.
type layer struct {
	stagnation jets // arc length of the stagnation point: one number
	sides      [2]side
	displaced  spline // the displacement thickness over the arc length, both sides
	work       splineWork
}

// side is the boundary layer from the stagnation point to the trailing edge, on
// the upper or the lower side. Of the points, those with even numbers are the
// stations.
type side struct {
	direction float64 // of the arc length: -1 on the upper side, 1 on the lower
	length    jets    // one number
	place     jets    // arc length of each station
	u, du     jets    // speed at the edge and its slope, at the points
	g         jets    // intermittency, at the points: 0 laminar, 1 turbulent

	integral jets // of u^5, at the stations
	shape    jets // laminar shape factor, at the stations
	rate, n  jets // dn/ds and n of the largest wave, at the stations
	y, h1    jets // theta^2 u^6/nu and Head's H1, at the stations
	drag     jets // one number
	scratch  jets
}

func newLayer(nd int) *layer {
	l := &layer{stagnation: newJets(1, nd), work: newSplineWork(points)}
	l.displaced = spline{s: newJets(points, nd), v: newJets(points, nd), m: newJets(points, nd)}
	for k := range l.sides {
		s := &l.sides[k]
		s.direction = float64(2*k - 1)
		for _, part := range s.parts() {
			*part.jets = newJets(part.n, nd)
		}
	}
	return l
}

// part is something that has partials, with its size.
type part struct {
	jets *jets
	n    int
}

func (s *side) parts() []part {
	const at = steps + 1
	return []part{
		{&s.length, 1},
		{&s.place, at},
		{&s.u, points},
		{&s.du, points},
		{&s.g, points},
		{&s.integral, at},
		{&s.shape, at},
		{&s.rate, at},
		{&s.n, at},
		{&s.y, at},
		{&s.h1, at},
		{&s.drag, 1},
		{&s.scratch, 8},
	}
}

// by sets the number of partials.
func (l *layer) by(nd int) {
	for _, j := range []*jets{&l.stagnation, &l.displaced.s, &l.displaced.v, &l.displaced.m} {
		j.by(nd)
	}
	for k := range l.sides {
		for _, part := range l.sides[k].parts() {
			part.jets.by(nd)
		}
	}
}

var errStagnation = errors.New("there is no stagnation point near the leading edge")

// develop finds the boundary layer under the speeds gamma along the outline.
func (l *layer) develop(gamma spline, f Flow, c compressible) error {
	if err := l.stagnate(gamma); err != nil {
		return err
	}
	for k := range l.sides {
		s := &l.sides[k]
		s.edge(gamma, l.stagnation, c)
		s.laminar(f)
		s.transition(f)
		s.march(f)
	}
	l.displace(f)
	return nil
}

// stagnate finds where the speed along the outline changes its sign.
func (l *layer) stagnate(gamma spline) error {
	first := -1
	for i := range len(gamma.v.v) - 1 {
		if gamma.v.v[i] > 0 && gamma.v.v[i+1] <= 0 {
			first = i
			break
		}
	}
	if first < 0 {
		return errStagnation
	}
	low, high := gamma.s.v[first], gamma.s.v[first+1]
	t := (low + high) / 2
	for range 60 { // Newton's method, kept between the bounds by bisection
		v, slope := gamma.at(t)
		if v > 0 {
			low = t
		} else {
			high = t
		}
		newton := t - v/slope
		if !(newton >= low && newton <= high) {
			newton = (low + high) / 2
		}
		if math.Abs(newton-t) < 1e-16 {
			break
		}
		t = newton
	}
	l.stagnation.v[0] = t
	// With the place held, the speed there changes by its partials, and the root
	// moves by minus that over the slope.
	row := l.stagnation.of(0)
	clear(row)
	value, slope := l.sides[0].scratch, jets{}
	value.v = value.v[:1]
	gamma.follow(value, slope, 0, t, row)
	_, s := gamma.at(t)
	l.stagnation.set(0, -1/s, value.of(0))
	return nil
}

// edge finds the speed at the edge of the layer and its slope, by the distance
// from the stagnation point, along the points.
func (s *side) edge(gamma spline, stagnation jets, c compressible) {
	end := 0
	if s.direction > 0 {
		end = len(gamma.s.v) - 1
	}
	s.length.v[0] = s.direction * (gamma.s.v[end] - stagnation.v[0])
	s.length.set(0, s.direction, gamma.s.of(end))
	s.length.add(0, -s.direction, stagnation.of(0))

	dt := s.scratch.of(0)
	locate := func(share float64) float64 {
		copy(dt, stagnation.of(0))
		axpy(dt, s.direction*share, s.length.of(0))
		return stagnation.v[0] + s.direction*share*s.length.v[0]
	}
	last := 0 // point of the tangent: the first one beyond, until it is overwritten
	for q, share := range places {
		if share > beyond {
			last = q
			break
		}
		gamma.follow(s.u, s.du, q, locate(share), dt)
	}
	gamma.follow(s.u, s.du, points-1, locate(beyond), dt)
	for q := last; q < points; q++ {
		s.tangent(q)
	}
	for q, share := range places {
		if q%2 == 0 {
			s.place.v[q/2] = locate(share)
			copy(s.place.of(q/2), dt)
		}
		// The speed is counted away from the stagnation point.
		s.u.v[q] *= -s.direction
		scale(s.u.of(q), -s.direction)
		s.du.v[q] = -s.du.v[q]
		scale(s.du.of(q), -1)
		s.compress(q, c)
	}
}

// tangent continues the speed from the place beyond, which is stored as the last
// point, to point q. The last point itself comes last.
func (s *side) tangent(q int) {
	const from = points - 1
	share := s.direction * (places[q] - beyond)
	slope := s.du.v[from]
	s.u.v[q] = s.u.v[from] + slope*share*s.length.v[0]
	row, u, du, l := s.u.of(q), s.u.of(from), s.du.of(from), s.length.of(0)
	for k := range row {
		row[k] = u[k] + share*(slope*l[k]+s.length.v[0]*du[k])
	}
	s.du.v[q] = slope
	copy(s.du.of(q), du)
}

// compress corrects speed and slope at point q for the Mach number.
func (s *side) compress(q int, c compressible) {
	r := c.speed(s.u.v[q], s.du.v[q])
	s.u.v[q], s.du.v[q] = r.u, r.du
	u, du := s.u.of(q), s.du.of(q)
	for k := range u {
		u[k], du[k] = r.byQ*u[k], r.duByQ*u[k]+r.duByDQ*du[k]
	}
	if len(u) > 1 {
		u[1] += r.byMach
		du[1] += r.duByMach
	}
}

// step returns the length of step k, from station k to the next, and its share of
// that of the side.
func (s *side) step(k int) (h, share float64) {
	share = places[2*k+2] - places[2*k]
	return s.length.v[0] * share, share
}
