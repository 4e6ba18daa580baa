package polish

import (
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
)

// judge decides whether the loop is done, the only place where that is decided
// but for the budget.
func (s *state) judge(f findings) (stop Stop, why string) {
	if s.Budget > 0 && s.data.Len() >= s.Budget {
		return Budget, fmt.Sprintf("All %d evaluations of the budget are used.", s.Budget)
	}
	if !f.ended || f.expected != nil || f.probe != nil || f.unseen > s.Unseen {
		return "", ""
	}
	elsewhere := s.promise(f) != nil
	optimal, reason := s.optimal(f)
	switch {
	case !elsewhere && s.infeasible():
		return Stalled, "No sample keeps all limits, and descents come no closer to them: there may be no point that does."
	case !elsewhere && !optimal:
		return Stalled, "Descents bring nothing any more, though it cannot be shown that the best point is optimal."
	case !elsewhere:
		return Converged, reason + " The surrogate promises nothing better elsewhere."
	case s.trust.promises >= s.trust.patient && optimal:
		return Converged, fmt.Sprintf("%s The surrogate promised something better elsewhere %d times, but the truth did not keep it.", reason, s.trust.promises)
	case s.trust.promises >= s.trust.patient:
		return Stalled, fmt.Sprintf("Descents bring nothing any more, and %d times the truth did not keep what the surrogate promised elsewhere.", s.trust.promises)
	}
	return "", ""
}

// infeasible reports whether no sample keeps all limits.
func (s *state) infeasible() bool {
	row := best(s.Problem, s.data)
	return row < 0 || !s.Problem.Feasible(s.data.Responses(row))
}

// optimal reports whether the best sample is a local optimum as far as can be
// told: by its measured partials or, where those are missing or said to be noisy, by
// the corrected surrogate that finds nothing better around it.
func (s *state) optimal(f findings) (bool, string) {
	y := s.data.Responses(f.anchor)
	if !s.Problem.Feasible(y) {
		return false, ""
	}
	near := distance(s.Problem.Box(), f.local.X, s.data.Point(f.anchor))
	before := s.basins.ends[f.anchor] == atOptimum
	if kkt := s.merit.kkt(s.data, f.anchor); kkt.Known && s.noise() == nil {
		spent := before || s.region.idle >= s.trust.patient || f.gain <= negligible && near < s.region.radius()/2 // and not for want of room
		return kkt.Residual <= s.Tolerance || kkt.Residual <= 100*s.Tolerance && spent,
			fmt.Sprintf("The optimality conditions hold at the best point to %.1e of the objective's spread, by measured partials.", kkt.Residual)
	}
	return before || s.region.steps >= 2 && f.gain <= agreement && near <= 1e-2 || f.spent && f.gain <= agreement*s.lead(),
		fmt.Sprintf("Around the best point the surrogate sees no gain above %.1e of the objective's spread.", max(f.gain, 0))
}

// promise returns the best optimum of the surrogate in another basin than the
// best sample's, if it is worth a look; else nil.
func (s *state) promise(f findings) *Candidate {
	box := s.Problem.Box()
	row := s.merit.best(s.data)
	best := s.merit.of(s.data.Responses(row))
	for i, c := range f.broad {
		if distance(box, c.X, s.data.Point(row)) >= sameBasin && best-s.merit.of(c.Predicted) > broadPromise && s.isNew(c.X, f.anchor) {
			return &f.broad[i]
		}
	}
	return nil
}

// choose picks the candidates of a round. The main one is the surrogate's
// promise elsewhere if there is one and it is trusted, which after broken ones
// takes ever more descents, or if the best sample is optimal; else the descent
// around the best sample. Each is the other's substitute. A batch is filled
// with points that are not in one basin with those before.
func (s *state) choose(f findings) []Candidate {
	var cs []Candidate
	box := s.Problem.Box()
	add := func(c Candidate) {
		if len(cs) < s.Batch && s.isNew(c.X, f.anchor) &&
			!slices.ContainsFunc(cs, func(d Candidate) bool { return distance(box, c.X, d.X) < sameBasin }) {
			cs = append(cs, c)
		}
	}
	promise := s.promise(f)
	if f.probe != nil {
		add(*f.probe)
	}
	if f.expected != nil && !s.descends(f) {
		add(*f.expected)
	}
	if promise != nil && s.trust.wait <= 0 {
		add(*promise)
	}
	if f.useful && !f.ended {
		add(f.local)
	}
	if f.expected != nil {
		add(*f.expected)
	}
	if f.ended {
		add(s.newStart(f))
	}
	if promise != nil {
		add(*promise)
	}
	for _, c := range f.broad {
		if c.Reason = Basin; distance(box, c.X, s.data.Point(f.anchor)) >= sameBasin {
			add(c)
		}
	}
	for _, c := range f.rivals {
		add(c)
	}
	for len(cs) < s.Batch {
		cs = append(cs, s.farthest(cs))
	}
	if room := s.Budget - s.data.Len(); s.Budget > 0 && len(cs) > room {
		cs = cs[:room]
	}
	return cs
}

// isNew reports whether a candidate would tell something: it is apart from all
// samples, and not in the neighborhood of a failed one. The best sample is anchor.
func (s *state) isNew(x []float64, anchor int) bool {
	box := s.Problem.Box()
	for i := range s.data.Len() {
		if distance(box, x, s.data.Point(i)) < samePoint {
			return false
		}
	}
	return s.clearOfFailures(x, s.data.Point(anchor)) && s.success.of(x) >= hopeless
}

// farthest returns, of many scattered points, the one farthest from all samples
// and from the other candidates.
func (s *state) farthest(cs []Candidate) Candidate {
	const scattered = 200
	nx := s.data.NX
	box := s.Problem.Box()
	rng := sbo.Rand(s.Seed, fmt.Sprintf("space %d %d", s.number, len(cs)))
	points := doe.LatinHypercube{}.Sample(scattered, nx, rng)
	var best []float64
	farthest := -1.0
	for i := range scattered {
		x := box.Place(nil, points[i*nx:(i+1)*nx])
		nearest := math.Inf(1)
		for j := range s.data.Len() {
			nearest = min(nearest, distance(box, x, s.data.Point(j)))
		}
		for _, c := range cs {
			nearest = min(nearest, distance(box, x, c.X))
		}
		nearest *= s.success.of(x)
		if nearest > farthest {
			best, farthest = x, nearest
		}
	}
	return Candidate{X: best, Reason: Space, Predicted: s.model.Predict(nil, best)}
}
