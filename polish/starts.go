package polish

import (
	"context"
	"fmt"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/optimize"
)

// Where new starts are made, by turns.
const (
	inGap       = iota // the widest between the samples
	whereBest          // the surrogate could be, within its standard deviations
	wherePoints        // the surrogate to; or, if it makes no sense of the samples, their outline
	turns
)

// newStart returns where to look for another basin.
func (s *state) newStart(f findings) Candidate {
	candidates := slices.Concat(f.outline, f.broad)
	switch s.basins.starts % turns {
	case inGap:
		return s.farthest(nil)
	case whereBest:
		candidates = s.optimistic(f)
	}
	for _, c := range candidates {
		if !s.known(c.X) && s.isNew(c.X, f.anchor) && distance(s.Problem.Box(), c.X, s.data.Point(f.anchor)) >= sameBasin {
			c.Reason = NewStart
			return c
		}
	}
	return s.farthest(nil)
}

// outline returns where the samples in outline are lowest, best first: the optimum of
// kriging of the values alone, of the lowest sample in each neighborhood, and scattered
// points in its order. Where there are more bumps than samples can tell apart, partials
// are those of the bumps, and close samples too; the others tell of the ground on which
// the bumps stand.
func (s *state) outline(ctx context.Context) ([]Candidate, error) {
	const (
		scattered = 300
		descents  = 10
	)
	if s.krige == nil {
		return nil, nil
	}
	d := s.data.Subset(s.lows())
	d.Partials = nil
	krige, _, err := s.Krige(ctx, kriging.Task{Data: d, Problem: s.Problem}, sbo.Rand(s.Seed, fmt.Sprintf("values %d", s.number)), kriging.Options{Workers: s.Surrogate.Workers})
	if err != nil {
		return nil, ctx.Err() // else too few numbers
	}
	box, all := s.Problem.Box(), make([]Candidate, scattered)
	points := doe.LatinHypercube{}.Sample(scattered, s.data.NX, sbo.Rand(s.Seed, fmt.Sprintf("outline %d", s.number)))
	merits := make([]float64, scattered)
	for i := range all {
		all[i].X = box.Place(nil, points[i*s.data.NX:(i+1)*s.data.NX])
		merits[i] = s.merit.of(krige.Predict(nil, all[i].X))
	}
	all = sorted(all, merits)
	var starts []float64
	for _, c := range all[:descents] {
		starts = append(starts, c.X...)
	}
	results, err := optimize.Multistart(ctx, s.merit.problem(), s.merit.scaling(krige), starts, s.Optimize)
	if err != nil {
		return nil, err
	}
	all = slices.Insert(all, 0, Candidate{X: results[0].X})
	for i, c := range all {
		all[i].Predicted = s.model.Predict(nil, c.X)
	}
	return all, nil
}

// lows returns the rows of the samples that have no better one in their neighborhood.
func (s *state) lows() (rows []int) {
	order := upTo(s.data.Len())
	slices.SortStableFunc(order, func(a, b int) int { return compare(s.merit.of(s.data.Responses(a)), s.merit.of(s.data.Responses(b))) })
	for _, row := range order {
		if !s.data.Failed(row) && !slices.ContainsFunc(rows, func(low int) bool {
			return distance(s.Problem.Box(), s.data.Point(row), s.data.Point(low)) < sameBasin
		}) {
			rows = append(rows, row)
		}
	}
	return rows
}

// optimistic returns scattered points and the optima of the surrogate, in the order of
// how good they could be: with kriging's responses off by two standard deviations to
// the better. Without kriging there are none.
func (s *state) optimistic(f findings) []Candidate {
	const (
		scattered = 300
		reach     = 2
	)
	if s.krige == nil {
		return nil
	}
	all := slices.Clone(f.broad)
	box, p := s.Problem.Box(), s.Problem
	points := doe.LatinHypercube{}.Sample(scattered, s.data.NX, sbo.Rand(s.Seed, fmt.Sprintf("optimism %d", s.number)))
	for u := range slices.Chunk(points, s.data.NX) {
		x := box.Place(nil, u)
		all = append(all, Candidate{X: x, Predicted: s.model.Predict(nil, x)})
	}
	merits := make([]float64, len(all))
	for i, c := range all {
		y := slices.Clone(c.Predicted)
		for k, std := range s.krige.PredictStd(nil, c.X) {
			r := p.Responses[k]
			switch {
			case r.Role == sbo.Objective && r.Maximize:
				y[k] += reach * std
			case r.Role == sbo.Objective:
				y[k] -= reach * std
			case r.Role == sbo.Constraint && y[k] < r.Lower:
				y[k] = min(y[k]+reach*std, r.Lower)
			case r.Role == sbo.Constraint && y[k] > r.Upper:
				y[k] = max(y[k]-reach*std, r.Upper)
			}
		}
		merits[i] = s.merit.of(y)
	}
	return sorted(all, merits)
}

// sorted returns the candidates in the order of their merits.
func sorted(cs []Candidate, merits []float64) []Candidate {
	order := upTo(len(cs))
	slices.SortStableFunc(order, func(a, b int) int { return compare(merits[a], merits[b]) })
	list := make([]Candidate, len(cs))
	for i, n := range order {
		list[i] = cs[n]
	}
	return list
}
