package airfoil

import (
	"errors"
	"fmt"
	"math"
)

// trimTolerance is the largest error of a trimmed lift coefficient.
const trimTolerance = 1e-11

// Trim returns the forces on the loaded section at the angle at which it has the
// lift coefficient cl, found by Newton's method.
//
// Unless partials is nil, it is set to the partials of the angle (in degrees), CD
// and CM, one row each, by: cl, the Mach number, the shape variables. With the
// lift kept, the angle follows the shape, so that
//
//	dCD/dp = CD_p - CD_alpha CL_p/CL_alpha
//
// It panics if there is no section or a length is wrong. The error wraps
// [ErrNotConverged] or is that of [Flow.Check].
func (s *Solver) Trim(f Flow, cl float64, partials []float64) (Result, error) {
	s.expect("Trim", partials)
	if err := f.Check(); err != nil {
		return Result{}, err
	}
	alpha, err := s.trim(f, cl)
	if err != nil {
		return Result{}, err
	}
	if partials == nil {
		return s.run(f, alpha, 0)
	}
	nd := s.nd
	r, err := s.run(f, alpha, nd)
	if err != nil {
		return r, err
	}
	byAlpha := s.cl[0]
	for k, row := range [][]float64{partials[:nd], partials[nd : 2*nd], partials[2*nd:]} {
		var by []float64 // partials of the response, with the angle free
		switch k {
		case 0: // the angle itself
			clear(row)
			row[0] = 1 / (byAlpha * degree)
			for j := 1; j < nd; j++ {
				row[j] = -s.cl[j] * row[0]
			}
			continue
		case 1:
			by = s.cd
		case 2:
			by = s.cm
		}
		row[0] = by[0] / byAlpha
		for j := 1; j < nd; j++ {
			row[j] = by[j] - row[0]*s.cl[j]
		}
	}
	return r, nil
}

// trim finds the angle with the lift cl, in degrees.
func (s *Solver) trim(f Flow, cl float64) (float64, error) {
	if math.IsNaN(cl) || math.Abs(cl) > 5 {
		return 0, fmt.Errorf("airfoil: %w: a lift coefficient of %g is out of reach", ErrNotConverged, cl)
	}
	alpha := s.inviscidAngle(cl)
	for range 30 {
		r, err := s.run(f, alpha, 1)
		if err != nil {
			return alpha, err
		}
		miss := cl - r.CL
		step := miss / (s.cl[0] * degree)
		if math.Abs(miss) < trimTolerance {
			return alpha, nil
		}
		if s.cl[0] <= 0 || math.IsNaN(step) {
			break // past the largest lift
		}
		alpha += min(max(step, -3), 3)
	}
	return alpha, s.failed(alpha, errors.New("no angle was found at which its lift coefficient is "+fmt.Sprint(cl)))
}

// inviscidAngle is the angle, in degrees, at which the section without its layers
// has the lift cl.
func (s *Solver) inviscidAngle(cl float64) float64 {
	s.by(0)
	s.alphaE.v[0] = 0
	if s.match(cl) != nil {
		return 0
	}
	return s.alphaE.v[0] / degree
}
