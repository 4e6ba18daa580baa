package polish

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// What counts as told of a direction around the best sample.
const (
	probeLength = sameBasin // how far a probe goes, in the unit box
	probed      = 0.25      // of that, what samples lie apart in a direction of which they tell
)

// probe returns a point beside the best sample in the direction of which the samples
// around it tell least; nil if they tell of all. Where slopes are not measured, an optimum
// is one only if some sample has been seen in every direction; what the surrogate says of
// the others is its prior. Derivative-free methods call that a criticality step (Conn,
// Scheinberg and Vicente, Introduction to Derivative-Free Optimization, 2009, section 10.3).
func (s *state) probe(row int) *Candidate {
	box := s.Problem.Box()
	best := s.data.Point(row)
	center := box.Unit(nil, best)
	free := s.free(row, center)
	if len(free) == 0 {
		return nil
	}
	spread := mat.NewSymDense(len(free), nil) // sum of products of displacements, in lengths of a probe
	for i := range s.data.Len() {
		if x := s.data.Point(i); i != row && !s.data.Failed(i) && distance(box, x, best) <= 2*probeLength {
			u, apart := box.Unit(nil, x), make([]float64, len(free))
			for n, j := range free {
				apart[n] = (u[j] - center[j]) / probeLength
			}
			spread.SymRankOne(spread, 1, mat.NewVecDense(len(free), apart))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(spread, true) {
		return nil
	}
	var directions mat.Dense
	eigen.VectorsTo(&directions)
	for k, square := range eigen.Values(nil) {
		if square >= probed*probed {
			break
		}
		direction := make([]float64, len(center))
		for n, j := range free {
			direction[j] = directions.At(n, k)
		}
		if c := s.aside(center, direction); c != nil && s.isNew(c.X, row) {
			return c
		}
	}
	return nil
}

// free returns the variables of a sample that are not held by a bound: on one and, as the
// surrogate has it, better there than beside it.
func (s *state) free(row int, center []float64) (free []int) {
	here := s.merit.of(s.data.Responses(row))
	for j, v := range center {
		if v > 0 && v < 1 {
			free = append(free, j)
			continue
		}
		u := slices.Clone(center)
		u[j] += probeLength * (1 - 2*v)
		if s.merit.of(s.model.Predict(nil, s.Problem.Box().Place(nil, u))) <= here {
			free = append(free, j)
		}
	}
	return free
}

// aside returns the better of the two points, by the surrogate, that lie beside a point of
// the unit box in a direction of length 1, and on the sides that the box has room for; nil
// if there is no room on either.
func (s *state) aside(center, direction []float64) (better *Candidate) {
	least := math.Inf(1)
	for _, step := range []float64{probeLength, -probeLength} {
		u, along := make([]float64, len(center)), 0.0
		for j, v := range center {
			u[j] = min(max(v+step*direction[j], 0), 1)
			along += (u[j] - v) * direction[j]
		}
		if math.Abs(along) < 2*probed*probeLength {
			continue
		}
		x := s.Problem.Box().Place(nil, u)
		y := s.model.Predict(nil, x)
		if m := s.merit.of(y); m < least || better == nil {
			least, better = m, &Candidate{X: x, Reason: Probe, Predicted: y}
		}
	}
	return better
}
