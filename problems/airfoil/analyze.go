package airfoil

import (
	"errors"
	"fmt"
	"math"
)

// ErrNotConverged says that the analysis came to no answer: no stagnation point,
// a separated layer that it can't follow, an angle that doesn't exist.
var ErrNotConverged = errors.New("the analysis of the section came to no answer")

// Analyze returns the forces on the loaded section at the angle alpha, in degrees.
//
// Unless partials is nil, it is set to the partials of CL, CD and CM, one row
// each, by: the angle (per degree), the Mach number, the shape variables of the
// section. It panics if there is no section or a length is wrong. The error wraps
// [ErrNotConverged] or is that of [Flow.Check].
func (s *Solver) Analyze(f Flow, alpha float64, partials []float64) (Result, error) {
	s.expect("Analyze", partials)
	if err := f.Check(); err != nil {
		return Result{}, err
	}
	nd := 0
	if partials != nil {
		nd = s.nd
	}
	r, err := s.run(f, alpha, nd)
	if err != nil || partials == nil {
		return r, err
	}
	for k, row := range [][]float64{s.cl, s.cd, s.cm} {
		copy(partials[k*nd:(k+1)*nd], row)
		partials[k*nd] *= degree
	}
	return r, nil
}

func (s *Solver) expect(what string, partials []float64) {
	switch {
	case s.section == nil:
		panic("airfoil: " + what + " without a section: call Load, and check its error")
	case partials != nil && len(partials) != 3*s.nd:
		panic(fmt.Sprintf("airfoil: room for %d partials, not for %d", len(partials), 3*s.nd))
	}
}

// run analyzes the section at an angle in degrees, with nd partials by variables,
// none, the angle alone or all, in s.cl, s.cd and s.cm, that by the angle per
// radian.
//
// The viscous flow is found by two corrections. The layer under the undisturbed
// flow displaces the section. The lift of the displaced section is that of the
// undisturbed one at a smaller angle, alphaE, which is taken for the angle under
// which the layer develops. That is done twice; lift and moment are those of the
// second displaced section, drag is that of a third layer. So the analysis is a
// sequence of steps of fixed length, and can be differentiated one by one.
// Repeated to the end, it would diverge: a layer and a stream that just answer
// each other don't converge where the layer separates.
func (s *Solver) run(f Flow, alpha float64, nd int) (Result, error) {
	if nd == s.nd {
		s.follow()
	}
	s.by(nd)
	sin, cos := math.Sincos(alpha * degree)
	c := correction(f.Mach)
	s.alphaE.v[0] = alpha * degree
	clear(s.alphaE.of(0))
	if nd > 0 {
		s.alphaE.of(0)[0] = 1
	}
	for range 2 {
		if err := s.pass(f, c, cos, sin); err != nil {
			return Result{}, s.failed(alpha, err)
		}
	}
	s.forces.integrate(s.moved.x.v, s.moved.y.v, s.speeds.v, cos, sin, c)
	s.forces.follow(s.cl[:nd], s.cm[:nd], s.moved.x, s.moved.y, s.speeds)
	if nd > 0 {
		s.cl[0] += s.forces.clByAlpha
	}
	if nd > 1 {
		s.cl[1] += s.forces.clByMach
		s.cm[1] += s.forces.cmByMach
	}
	s.incline()
	if err := s.layer.develop(s.gamma, f, c); err != nil {
		return Result{}, s.failed(alpha, err)
	}
	r := Result{Alpha: alpha, CL: s.forces.cl, CM: s.forces.cm}
	clear(s.cd[:nd])
	for k := range s.layer.sides {
		side := &s.layer.sides[k]
		r.CD += side.drag.v[0]
		axpy(s.cd[:nd], 1, side.drag.of(0))
		r.Transition[k] = s.transition(side)
		for _, u := range side.u.v {
			r.PeakMach = max(r.PeakMach, localMach(u, f.Mach))
		}
	}
	if sum := r.CL + r.CD + r.CM; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return Result{}, s.failed(alpha, errors.New("the boundary layer has no solution"))
	}
	return r, nil
}

// pass lets the layer develop at alphaE, displaces the section by it, solves for
// the speeds around that at the true angle, and finds the next alphaE.
func (s *Solver) pass(f Flow, c compressible, cos, sin float64) error {
	s.incline()
	if err := s.layer.develop(s.gamma, f, c); err != nil {
		return err
	}
	s.displace()
	if !s.moved.factor() {
		return errors.New("the equations of the displaced section have no solution")
	}
	s.moved.flow(s.speeds.v, cos, sin)
	s.moved.follow(s.speeds, cos, sin, -sin, cos)
	nd := s.speeds.nd
	s.plain.integrate(s.moved.x.v, s.moved.y.v, s.speeds.v, cos, sin, correction(0))
	s.plain.follow(s.lift[:nd], s.cm[:nd], s.moved.x, s.moved.y, s.speeds)
	if nd > 0 {
		s.lift[0] += s.plain.clByAlpha
	}
	return s.match(s.plain.cl)
}

func (s *Solver) failed(alpha float64, why error) error {
	return fmt.Errorf("airfoil: %w: %s at %g degrees: %w", ErrNotConverged, s.section.Name, alpha, why)
}

// by sets the number of partials of what depends on the angle.
func (s *Solver) by(nd int) {
	for _, j := range []*jets{&s.gamma.v, &s.gamma.m, &s.speeds, &s.alphaE, &s.thickness, &s.moved.x, &s.moved.y} {
		j.by(nd)
	}
	s.gamma.s = s.view(s.arc, nd)
	s.layer.by(nd)
}

// incline sets gamma to the undisturbed flow at the angle alphaE.
func (s *Solver) incline() {
	nd := s.gamma.v.nd
	sin, cos := math.Sincos(s.alphaE.v[0])
	turn := s.alphaE.of(0)
	for _, part := range []struct{ to, zero, up jets }{{s.gamma.v, s.zero.v, s.up.v}, {s.gamma.m, s.zero.m, s.up.m}} {
		zero, up := s.view(part.zero, nd), s.view(part.up, nd)
		for i := range part.to.v {
			a, b := zero.v[i], up.v[i]
			part.to.v[i] = cos*a + sin*b
			row, da, db := part.to.of(i), zero.of(i), up.of(i)
			for k := range row {
				row[k] = cos*da[k] + sin*db[k] + (cos*b-sin*a)*turn[k]
			}
		}
	}
}

// displace moves the nodes outward by the displacement thickness.
func (s *Solver) displace() {
	nd := s.gamma.v.nd
	x, y, nx, ny := s.view(s.base.x, nd), s.view(s.base.y, nd), s.view(s.nx, nd), s.view(s.ny, nd)
	d := s.thickness
	row := d.of(0)
	for i := range s.n {
		s.layer.displaced.follow(d, jets{}, 0, s.gamma.s.v[i], s.gamma.s.of(i))
		t := d.v[0]
		s.moved.x.v[i], s.moved.y.v[i] = x.v[i]+nx.v[i]*t, y.v[i]+ny.v[i]*t
		mx, my, dx, dy, dnx, dny := s.moved.x.of(i), s.moved.y.of(i), x.of(i), y.of(i), nx.of(i), ny.of(i)
		for k := range mx {
			mx[k] = dx[k] + nx.v[i]*row[k] + t*dnx[k]
			my[k] = dy[k] + ny.v[i]*row[k] + t*dny[k]
		}
	}
}

// match finds the angle alphaE at which the undisturbed section has the lift cl,
// whose partials are in s.lift, by Newton's method.
func (s *Solver) match(cl float64) error {
	nd := s.gamma.v.nd
	x, y := s.view(s.base.x, nd), s.view(s.base.y, nd)
	for range 30 {
		sin, cos := math.Sincos(s.alphaE.v[0])
		for i := range s.n {
			s.gamma.v.v[i] = cos*s.zero.v.v[i] + sin*s.up.v.v[i]
		}
		s.plain.integrate(x.v, y.v, s.gamma.v.v, cos, sin, correction(0))
		slope := s.plain.clByAlpha
		for i, g := range s.plain.clG {
			slope += g * (cos*s.up.v.v[i] - sin*s.zero.v.v[i])
		}
		step := (cl - s.plain.cl) / slope
		s.alphaE.v[0] += step
		if math.Abs(step) > 1e-13 {
			continue
		}
		if nd > 0 {
			zero, up := s.view(s.zero.v, nd), s.view(s.up.v, nd)
			for i := range s.n {
				row, da, db := s.gamma.v.of(i), zero.of(i), up.of(i)
				for k := range row {
					row[k] = cos*da[k] + sin*db[k]
				}
			}
			row := s.alphaE.of(0)
			s.plain.follow(row, s.cd[:nd], x, y, s.gamma.v)
			for k := range row {
				row[k] = (s.lift[k] - row[k]) / slope
			}
		}
		return nil
	}
	return errors.New("no angle gives the undisturbed section the lift of the displaced one")
}

// transition returns x where the layer of a side is half turbulent.
func (s *Solver) transition(side *side) float64 {
	for q := 1; q < points; q++ {
		a, b := side.g.v[q-1], side.g.v[q]
		if b < 0.5 {
			continue
		}
		share := places[q-1] + (places[q]-places[q-1])*(0.5-a)/(b-a)
		t := s.layer.stagnation.v[0] + side.direction*share*side.length.v[0]
		i := s.gamma.interval(t)
		w := (t - s.arc.v[i]) / (s.arc.v[i+1] - s.arc.v[i])
		return (1-w)*s.base.x.v[i] + w*s.base.x.v[i+1]
	}
	return 1
}
