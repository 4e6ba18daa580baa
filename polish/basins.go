package polish

import (
	"math"
	"slices"
)

// basins is what is known of the problem's basins, and of the descent that explores
// one of them.
type basins struct {
	// from is the best sample of a descent from a new start; -1: the descent is that
	// of the best sample of all.
	from int
	// hoped tells that its start was chosen for what was to be expected there.
	hoped bool
	// ends are the rows of samples in which descents have ended, and how.
	ends map[int]end
	// blind are the rows of the samples that were chosen without looking for low
	// ground: the design, and new starts in the widest gaps.
	blind []int
	// starts is the number of new starts so far, surprises how far the surrogate was
	// off at each that was chosen blindly, in merit.
	starts    int
	surprises []float64
}

func newBasins(design int) basins { return basins{from: -1, blind: upTo(design), ends: map[int]end{}} }

// end is how a descent has ended.
type end int

const (
	goesOn    end = iota // it has not ended
	atOptimum            // at an optimum
	givenUp              // on the word of the surrogate, or because it didn't get on
)

// anchor returns the row of the best sample of the present descent.
func (s *state) anchor() int {
	if s.basins.from >= 0 {
		return s.basins.from
	}
	return s.merit.best(s.data)
}

// ended returns how the present descent has ended: it is at an optimum, does not get
// on, or, away from the best sample, leads to where a descent has ended already or would
// not become worthwhile if it gained several times what the surrogate foretells.
func (s *state) ended(f findings) end {
	const generous = 5 // gains may be that many times what is foretold
	if optimal, _ := s.optimal(f); optimal {
		return atOptimum
	}
	if s.region.idle >= s.trust.patient {
		return givenUp
	}
	if s.basins.from < 0 {
		return s.basins.ends[f.anchor]
	}
	best := s.merit.of(s.data.Responses(s.merit.best(s.data)))
	behind := s.merit.of(s.data.Responses(f.anchor)) - best
	switch {
	case s.basins.mapped() && (s.known(f.end.X) || s.merit.of(f.end.Predicted) > best):
		return givenUp // no need to go there to know
	case !f.useful, s.known(f.local.X), (s.region.made > 0 || s.basins.hoped) && behind+broadPromise > generous*f.gain:
		return givenUp
	}
	return goesOn
}

// end notes how the present descent has ended at its anchor, and goes back to the best
// sample.
func (s *state) end(anchor int, how end) {
	if s.basins.from < 0 || s.region.made > 0 || !s.basins.hoped {
		s.basins.ends[anchor] = how
	}
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
		s.basins.from, s.basins.hoped, s.region = cs[0].Index, false, newRegion()
		s.basins.starts++
	case s.basins.from < 0 && cs[0].Reason == Expected && !s.data.Failed(cs[0].Index) && distance(s.Problem.Box(), cs[0].X, s.data.Point(best)) > firstRadius:
		s.basins.from, s.basins.hoped, s.region = cs[0].Index, true, newRegion()
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
