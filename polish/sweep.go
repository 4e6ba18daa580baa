package polish

import (
	"context"
	"slices"
)

const (
	sweepPoints = 64 // on the range of a variable
	sweeps      = 2
)

// sweep goes from a point along one variable after the other, each time to where on its whole range
// the surrogate has the least merit. A sum of functions of one variable each, however many optima
// these have, is minimized by one sweep, where descents from scattered points would have to begin in
// the right one of their product.
func (s *state) sweep(ctx context.Context, from []float64) ([]float64, error) {
	x, y := slices.Clone(from), make([]float64, s.data.NY)
	if err := s.model.Evaluate(ctx, y, nil, x); err != nil {
		return nil, err
	}
	least := s.merit.of(y)
	for range sweeps {
		before := least
		for j, v := range s.Problem.Variables {
			best := x[j]
			for i := range sweepPoints {
				x[j] = v.Lower + (float64(i)+0.5)/sweepPoints*(v.Upper-v.Lower)
				if err := s.model.Evaluate(ctx, y, nil, x); err != nil {
					return nil, err
				}
				if m := s.merit.of(y); m < least {
					least, best = m, x[j]
				}
			}
			x[j] = best
		}
		if least == before {
			break
		}
	}
	return x, nil
}
