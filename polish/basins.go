package polish

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
)

// basins is what is known of the problem's basins, and of the descent that explores
// one of them.
type basins struct {
	// from is the best sample of a descent from a new start; -1: the descent is that
	// of the best sample of all.
	from int
	// ends are the rows of samples in which descents have ended, and whether because
	// they were optimal.
	ends map[int]bool
	// descents is how many have ended.
	descents int
	// blind are the rows of the samples that were chosen without looking for low
	// ground: the design, and new starts in the widest gaps.
	blind []int
	// starts is the number of new starts so far, surprises how far the surrogate was
	// off at each that was chosen blindly, in merit.
	starts    int
	surprises []float64
}

func newBasins(design int) basins { return basins{from: -1, blind: upTo(design), ends: map[int]bool{}} }

// anchor returns the row of the best sample of the present descent.
func (s *state) anchor() int {
	if s.basins.from >= 0 {
		return s.basins.from
	}
	return s.merit.best(s.data)
}

// ended reports whether the present descent has nothing more to bring: it is at an
// optimum, does not get on, or, away from the best sample, leads to where a descent
// has ended already or could not reach the best even if it gained several times what
// the surrogate foretells.
func (s *state) ended(f findings) bool {
	const generous = 5 // gains may be that many times what is foretold
	if optimal, _ := s.optimal(f); optimal || s.region.idle >= s.trust.patient {
		return true
	}
	if s.basins.from < 0 {
		_, before := s.basins.ends[f.anchor]
		return before
	}
	best := s.merit.of(s.data.Responses(s.merit.best(s.data)))
	if s.basins.mapped() && (s.known(f.end.X) || s.merit.of(f.end.Predicted) > best) {
		return true // no need to go there to know
	}
	behind := s.merit.of(s.data.Responses(f.anchor)) - best
	return !f.useful || s.known(f.local.X) || s.region.made > 0 && behind > generous*f.gain
}

// end notes that the present descent has ended at its anchor, and goes back to the
// best sample.
func (s *state) end(f findings) {
	optimal, _ := s.optimal(f)
	if _, before := s.basins.ends[f.anchor]; !before {
		s.basins.descents++
	}
	s.basins.ends[f.anchor] = optimal
	if s.basins.from >= 0 {
		s.basins.from, s.region = -1, newRegion()
	}
}

// known reports whether x is in the neighborhood of a sample in which a descent ended.
func (s *state) known(x []float64) bool {
	for row := range s.basins.ends {
		if distance(s.Problem.Box(), x, s.data.Point(row)) < sameBasin {
			return true
		}
	}
	return false
}

// mapped reports whether the surrogate knows the whole box by now: it has foretold
// what the last samples that were chosen blindly came to.
func (b basins) mapped() bool {
	const samples, within = 2, 0.01 // spreads
	n := len(b.surprises)
	return n >= samples && slices.Max(b.surprises[n-samples:]) <= within
}

// survey counts the basins in which descents end, and estimates the chance that there
// is another: w (w + 1) / (n (n - 1)) for n starts that ended in w basins (Boender and
// Rinnooy Kan, Bayesian stopping rules for multistart global optimization methods,
// Mathematical Programming 37, 1987). The surrogate is descended from all samples that
// were chosen blindly; once it has proved to know the box, from points that were not
// sampled as well. Where it does not even make sense of the samples, the descents that
// were made must not leave more of a chance.
func (s *state) survey(ctx context.Context) (found int, unseen float64, err error) {
	const (
		most = 100 // of imported samples there may be thousands
		more = 30
	)
	var starts []float64
	for i := 0; i < len(s.basins.blind); i += 1 + (len(s.basins.blind)-1)/most {
		if row := s.basins.blind[i]; !s.data.Failed(row) {
			starts = append(starts, s.data.Point(row)...)
		}
	}
	if s.basins.mapped() {
		points := doe.LatinHypercube{}.Sample(more, s.data.NX, sbo.Rand(s.Seed, fmt.Sprintf("survey %d", s.number)))
		for u := range slices.Chunk(points, s.data.NX) {
			starts = append(starts, s.Problem.Box().Place(nil, u)...)
		}
	}
	results, err := optimize.Multistart(ctx, s.merit.problem(), s.merit.scaling(s.model), starts, s.Optimize)
	if err != nil {
		return 0, 1, err
	}
	var ends [][]float64
	for _, r := range results {
		if !slices.ContainsFunc(ends, func(x []float64) bool { return s.sameBasin(x, r.X) }) {
			ends = append(ends, r.X)
		}
	}
	found, unseen = len(ends), chance(len(ends), len(starts)/s.data.NX)
	if !s.basins.mapped() && !s.sensible() {
		made := s.optima()
		found, unseen = max(found, made), max(unseen, chance(made, s.basins.descents))
	}
	return found, unseen, nil
}

// sensible reports whether kriging foretells half of the samples that were chosen
// blindly from the others, to a tenth of the spread.
func (s *state) sensible() bool {
	const within = 0.1
	if s.krige == nil {
		return false
	}
	predicted, _ := s.krige.LeaveOneOut()
	var off []float64
	for _, row := range s.basins.blind {
		if e := math.Abs(s.merit.of(predicted.Responses(row)) - s.merit.of(s.data.Responses(row))); !math.IsNaN(e) {
			off = append(off, e)
		}
	}
	slices.Sort(off)
	return len(off) > 0 && off[len(off)/2] <= within
}

// optima returns in how many basins descents have ended at an optimum, at least one.
func (s *state) optima() int {
	var rows []int
	for _, row := range slices.Sorted(maps.Keys(s.basins.ends)) {
		if s.basins.ends[row] && !slices.ContainsFunc(rows, func(other int) bool { return s.sameBasin(s.data.Point(row), s.data.Point(other)) }) {
			rows = append(rows, row)
		}
	}
	return max(1, len(rows))
}

// chance is the estimate that another basin is unseen after n starts that ended in w.
func chance(w, n int) float64 {
	if n < 2 {
		return 1
	}
	return min(1, float64(w*(w+1))/float64(n*(n-1)))
}

// sameBasin reports whether two points where the surrogate's descents end lie in one
// basin: they are close, or there is no ridge on the way from one to the other.
func (s *state) sameBasin(a, b []float64) bool {
	const parts = 8
	if distance(s.Problem.Box(), a, b) < sameBasin {
		return true
	}
	merit := func(x []float64) float64 { return s.merit.of(s.model.Predict(nil, x)) }
	higher := max(merit(a), merit(b)) + worthwhile
	x := make([]float64, len(a))
	for i := 1; i < parts; i++ {
		for j, v := range a {
			x[j] = v + (b[j]-v)*float64(i)/parts
		}
		if !(merit(x) <= higher) {
			return false
		}
	}
	return true
}

// newStart returns where to look for another basin: by turns in the widest gap
// between the samples, where the surrogate, within its standard deviations, could be
// best, and at the best optimum of the surrogate that is not known.
func (s *state) newStart(f findings) Candidate {
	candidates := f.broad
	switch s.basins.starts % 3 {
	case 0:
		return s.farthest(nil)
	case 1:
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
	order := upTo(len(all))
	slices.SortStableFunc(order, func(a, b int) int { return compare(merits[a], merits[b]) })
	sorted := make([]Candidate, len(all))
	for i, n := range order {
		sorted[i] = all[n]
	}
	return sorted
}

// move goes on with the present descent, or to the next, by what the candidates
// turned out to be.
func (s *state) move(cs []Candidate, f findings) {
	before := s.data.Subset(upTo(cs[0].Index))
	old := s.merit.best(before)
	best := s.merit.best(s.data)
	kept := s.trust.weigh(s.merit, s.merit.of(s.data.Responses(old)), cs)
	for _, c := range cs {
		if c.Reason == Space {
			s.basins.blind = append(s.basins.blind, c.Index)
			if off := math.Abs(s.merit.of(c.Predicted) - s.merit.of(c.True)); !math.IsNaN(off) {
				s.basins.surprises = append(s.basins.surprises, off)
			}
		}
	}
	switch {
	case best >= cs[0].Index: // better than all: go on from there
		if s.basins.from >= 0 || kept || f.ended {
			s.region = newRegion()
		}
		s.basins.from = -1
	case f.ended && (cs[0].Reason == NewStart || cs[0].Reason == Space) && !s.data.Failed(cs[0].Index):
		s.basins.from, s.region = cs[0].Index, newRegion()
		s.basins.starts++
	case s.basins.from >= 0:
		for _, c := range cs {
			if (c.Reason == Descent || c.Reason == Rival) && s.merit.of(c.True) < s.merit.of(s.data.Responses(s.basins.from)) {
				s.basins.from = c.Index
			}
		}
	}
	if s.region.update(s.Problem.Box(), s.merit, s.data, f.anchor, s.anchor(), cs, f.useful) {
		s.trust.promises = 0
	}
}
