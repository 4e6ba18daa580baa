package airfoil

import (
	"fmt"
	"math"
)

// Solver analyzes sections. It keeps its room from one analysis to the next, so
// that further ones allocate next to nothing; the zero value is ready. A solver is
// for one goroutine at a time.
type Solver struct {
	section *Section
	n, nd   int // nodes, and all partials: by angle, Mach number and shape

	// Of the section as it is; the partials are those by the shape alone.
	base     *potential
	arc      jets   // arc length of the nodes
	nx, ny   jets   // normals at the nodes
	zero, up spline // speeds of the flows at 0 and 90 degrees
	followed bool   // the partials are known
	still    []float64

	// Of an analysis.
	alphaE    jets   // one number: the angle that gives the undisturbed section the lift of the displaced one
	gamma     spline // speeds of the undisturbed flow at that angle
	layer     *layer
	thickness jets       // one number: the displacement thickness at a node
	moved     *potential // the displaced section
	speeds    jets       // around it
	plain     *forces    // without the Mach number
	forces    *forces
	lift      []float64 // partials of the lift without the Mach number
	cl        []float64 // and of the forces
	cd, cm    []float64
	work      splineWork
}

// Load sets the section to be analyzed, and factors its equations. The section
// must not change while it is loaded. The error wraps [ErrGeometry].
func (s *Solver) Load(section *Section) error {
	s.section = nil
	if err := section.Check(); err != nil {
		return err
	}
	if n, nd := len(section.X), len(section.Shape)+2; n != s.n || nd != s.nd {
		s.allocate(n, nd)
	}
	s.followed = false
	copy(s.base.x.v, section.X)
	copy(s.base.y.v, section.Y)
	if !s.base.factor() {
		return fmt.Errorf("airfoil: %w: the equations of its panels have no solution", ErrGeometry)
	}
	s.base.flow(s.zero.v.v, 1, 0)
	s.base.flow(s.up.v.v, 0, 1)
	s.section = section
	s.outline(0)
	return nil
}

func (s *Solver) allocate(n, nd int) {
	*s = Solver{n: n, nd: nd}
	s.still = make([]float64, n*nd)
	s.base, s.moved = newPotential(n, nd), newPotential(n, nd)
	s.arc = newJets(n, nd)
	s.zero = spline{s: s.arc, v: newJets(n, nd), m: newJets(n, nd)}
	s.up = spline{s: s.arc, v: newJets(n, nd), m: newJets(n, nd)}
	s.gamma = spline{s: s.arc, v: newJets(n, nd), m: newJets(n, nd)}
	s.nx, s.ny, s.speeds, s.thickness = newJets(n, nd), newJets(n, nd), newJets(n, nd), newJets(1, nd)
	s.layer, s.plain, s.forces = newLayer(nd), newForces(n), newForces(n)
	s.work = newSplineWork(n)
	s.alphaE = newJets(1, nd)
	for _, row := range []*[]float64{&s.cl, &s.cm, &s.cd, &s.lift} {
		*row = make([]float64, nd)
	}
}

// follow finds the partials of the undisturbed flow by the shape.
func (s *Solver) follow() {
	if s.followed {
		return
	}
	for _, j := range []*jets{&s.base.x, &s.base.y, &s.zero.v, &s.up.v} {
		j.by(s.nd)
	}
	shape := s.nd - 2
	for i := range s.n {
		x, y := s.base.x.of(i), s.base.y.of(i)
		clear(x[:2])
		clear(y[:2])
		copy(x[2:], s.section.DX[i*shape:(i+1)*shape])
		copy(y[2:], s.section.DY[i*shape:(i+1)*shape])
	}
	s.base.follow(s.zero.v, 1, 0, 0, 0)
	s.base.follow(s.up.v, 0, 1, 0, 0)
	s.outline(s.nd)
	s.followed = true
}

// outline finds arc lengths, normals and the splines of the undisturbed speeds.
func (s *Solver) outline(nd int) {
	for _, j := range []*jets{&s.arc, &s.zero.m, &s.up.m, &s.nx, &s.ny, &s.base.x, &s.base.y, &s.zero.v, &s.up.v} {
		j.by(nd)
	}
	x, y := s.base.x, s.base.y
	clear(s.arc.of(0))
	for i := 1; i < s.n; i++ {
		h := s.base.ds[i-1]
		s.arc.v[i] = s.arc.v[i-1] + h
		ax, ay := (x.v[i]-x.v[i-1])/h, (y.v[i]-y.v[i-1])/h
		row, before := s.arc.of(i), s.arc.of(i-1)
		x0, x1, y0, y1 := x.of(i-1), x.of(i), y.of(i-1), y.of(i)
		for k := range row {
			row[k] = before[k] + ax*(x1[k]-x0[k]) + ay*(y1[k]-y0[k])
		}
	}
	for i := range s.n { // across the line from the node before to the one after
		a, b := max(i-1, 0), min(i+1, s.n-1)
		tx, ty := x.v[b]-x.v[a], y.v[b]-y.v[a]
		l := math.Sqrt(tx*tx + ty*ty)
		nx, ny := ty/l, -tx/l
		s.nx.v[i], s.ny.v[i] = nx, ny
		dx, dy := s.nx.of(i), s.ny.of(i)
		xa, xb, ya, yb := x.of(a), x.of(b), y.of(a), y.of(b)
		for k := range dx {
			turn := (nx*(xb[k]-xa[k]) + ny*(yb[k]-ya[k])) / l
			dx[k], dy[k] = ny*turn, -nx*turn
		}
	}
	s.zero.s, s.up.s, s.gamma.s = s.arc, s.arc, s.arc
	s.zero.solve(s.work)
	s.up.solve(s.work)
}

// view returns base numbers with nd partials: all that are known, or zeros, as
// angle and Mach number don't change them.
func (s *Solver) view(j jets, nd int) jets {
	if nd < s.nd {
		j.nd, j.d = nd, s.still[:len(j.v)*nd]
	}
	return j
}
