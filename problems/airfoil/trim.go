package airfoil

import (
	"errors"
	"fmt"
	"math"
)

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
	nd := 1
	if partials != nil {
		nd = s.nd
	}
	r, err := s.run(f, alpha, nd)
	if err != nil {
		return r, err
	}
	// What the last step left over is so little that the partials bridge it.
	byAlpha := s.cl[0]
	left := (cl - r.CL) / byAlpha
	r.CL, r.CD, r.CM, r.Alpha = cl, r.CD+s.cd[0]*left, r.CM+s.cm[0]*left, r.Alpha+left/degree
	if partials == nil {
		return r, nil
	}
	angle, drag, moment := partials[:nd], partials[nd:2*nd], partials[2*nd:]
	angle[0], drag[0], moment[0] = 1/(byAlpha*degree), s.cd[0]/byAlpha, s.cm[0]/byAlpha
	for j := 1; j < nd; j++ {
		angle[j] = -s.cl[j] * angle[0]
		drag[j] = s.cd[j] - s.cl[j]*drag[0]
		moment[j] = s.cm[j] - s.cl[j]*moment[0]
	}
	return r, nil
}

// trim finds the angle with the lift cl, in degrees, to about 1e-10.
func (s *Solver) trim(f Flow, cl float64) (float64, error) {
	if math.IsNaN(cl) || math.Abs(cl) > 5 {
		return 0, fmt.Errorf("airfoil: %w: a lift coefficient of %g is out of reach", ErrNotConverged, cl)
	}
	const (
		near    = 1e-6 // error of the lift from where on one more step of Newton's method ends it
		longest = 3    // degrees that a step may go
	)
	alpha := s.inviscidAngle(cl)
	for range 30 {
		r, err := s.run(f, alpha, 1)
		if err != nil {
			return alpha, err
		}
		miss := cl - r.CL
		if !(s.cl[0] > 0) {
			break // past the largest lift
		}
		alpha += min(max(miss/(s.cl[0]*degree), -longest), longest)
		if math.Abs(miss) < near {
			return alpha, nil
		}
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
