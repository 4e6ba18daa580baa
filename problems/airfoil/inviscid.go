package airfoil

import "math"

// Inviscid returns the lift of the loaded section without boundary layers, and
// its moment, at the angle alpha, in degrees, and sets cp to the pressure
// coefficients at the nodes.
//
// Unless partials is nil, it is set to the partials of the pressures, a row for
// each node, by: the angle (per degree), the Mach number, the shape variables of
// the section. It panics if there is no section or a length is wrong; the Mach
// number is one that [Flow.Check] accepts.
func (s *Solver) Inviscid(mach, alpha float64, cp, partials []float64) (cl, cm float64) {
	s.expect("Inviscid", nil)
	if len(cp) != s.n || partials != nil && len(partials) != s.n*s.nd {
		panic("airfoil: room for the pressures of other sections")
	}
	nd := 0
	if partials != nil {
		s.follow()
		nd = s.nd
	}
	s.by(nd)
	s.alphaE.v[0] = alpha * degree
	turn := s.alphaE.of(0)
	clear(turn)
	if nd > 0 {
		turn[0] = degree
	}
	s.incline()
	sin, cos := math.Sincos(alpha * degree)
	s.forces.integrate(s.base.x.v, s.base.y.v, s.gamma.v.v, cos, sin, correction(mach))
	copy(cp, s.forces.cp)
	if partials != nil {
		for i := range s.n {
			row := partials[i*nd : (i+1)*nd]
			clear(row)
			axpy(row, s.forces.cpByQ[i], s.gamma.v.of(i))
			row[1] += s.forces.cpByMach[i]
		}
	}
	return s.forces.cl, s.forces.cm
}

// Pressures sets cp to the pressure coefficients at the nodes by the last
// analysis, the boundary layers included. It panics if the length is wrong.
func (s *Solver) Pressures(cp []float64) {
	s.expect("Pressures", nil)
	if len(cp) != s.n {
		panic("airfoil: room for the pressures of another section")
	}
	copy(cp, s.forces.cp)
}
