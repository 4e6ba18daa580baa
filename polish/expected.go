package polish

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
)

// Without partials a surrogate of few samples knows next to nothing of what lies between
// them, and says so: a descent from a new start would follow slopes that nobody has
// measured. Where to look next is then where the greatest improvement on the best sample
// is to be expected, be that a corner that nobody has seen or the last digits of the best.

// unexpected is the improvement, as a share of what the best sample has over a random one,
// below which it is not worth an evaluation.
const unexpected = 1e-5

// valuesAlone reports whether no partial of any sample is known.
func (s *state) valuesAlone() bool {
	return !slices.ContainsFunc(s.data.Partials, func(v float64) bool { return !math.IsNaN(v) })
}

// lead returns how much better the best sample is than most others that keep the limits,
// in spreads: of those that were chosen blindly or, if none of these does, of all. What lies
// beyond the limits may be larger by orders of magnitude than anything that counts.
func (s *state) lead() float64 {
	best := s.merit.of(s.data.Responses(s.merit.best(s.data)))
	for _, rows := range [][]int{s.basins.blind, upTo(s.data.Len())} {
		var ahead []float64
		for _, row := range rows {
			if y := s.data.Responses(row); s.Problem.Feasible(y) && s.merit.of(y) > best {
				ahead = append(ahead, s.merit.of(y)-best)
			}
		}
		if len(ahead) > 0 {
			return median(ahead)
		}
	}
	return 0
}

// descends reports whether the next step of the descent gains more than the last digits.
func (s *state) descends(f findings) bool {
	return f.useful && f.gain > agreement*s.lead() && s.region.idle < s.trust.patient
}

// returns reports whether the next step of the descent is worth an evaluation because the
// best sample is beyond a limit.
func (s *state) returns(f findings) bool {
	return f.useful && !s.Problem.Feasible(s.data.Responses(f.anchor)) && s.region.idle < s.trust.patient
}

// consider looks for what is worth an evaluation besides the next step of the descent of
// the best sample: a probe once that gains little, and then the greatest improvement to be
// expected.
func (s *state) consider(ctx context.Context, f *findings) error {
	if !s.descends(*f) {
		if f.probe = s.probe(f.anchor); f.probe != nil || s.returns(*f) {
			return nil
		}
	}
	return s.expect(ctx, f)
}

// expect finds where the greatest improvement on the best sample is to be expected: the
// expected improvement of the objective times the probability that the constraints hold
// (Schonlau, Welch and Jones, Global versus local search in constrained optimization of
// computer models, 1998). Of samples that are all alike nobody can tell.
func (s *state) expect(ctx context.Context, f *findings) error {
	if s.krige == nil || s.alike() {
		return nil
	}
	expectation := s.expectation()
	p := sbo.Problem{Variables: s.Problem.Variables, Responses: []sbo.Response{{Name: "doubt", Role: sbo.Objective}}}
	o := s.Optimize
	o.Tolerance, o.MaxEvaluations = 1e-4, 100
	doubt := func(_ context.Context, y, dydx, x []float64) error {
		y[0] = -expectation(dydx, x)
		for i := range dydx {
			dydx[i] = -dydx[i]
		}
		return nil // what is not finite counts as failed
	}
	results, err := optimize.Multistart(ctx, p, sbo.EvaluatorFunc(doubt), s.hopes(f, expectation), o)
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Status == optimize.StartFailed || !s.isNew(r.X, f.anchor) {
			continue
		}
		if expected := math.Exp(-r.Y[0]) / s.merit.spread; expected > unexpected*s.lead() {
			f.expected = &Candidate{X: slices.Clone(r.X), Reason: Expected, Predicted: s.model.Predict(nil, r.X)}
		}
		break
	}
	f.spent = f.expected == nil
	return nil
}

// alike reports whether all samples have the same objective.
func (s *state) alike() bool {
	k := s.Problem.Objective()
	first := s.data.Responses(s.merit.best(s.data))[k]
	for i := range s.data.Len() {
		if y := s.data.Responses(i)[k]; y != first && !math.IsNaN(y) {
			return false
		}
	}
	return true
}

// expectation returns the logarithm of the improvement to be expected on the best sample,
// as a function of the point, with its partials. What that sample is beyond the limits counts as in its
// merit: a point that keeps them improves on the cost and the penalties.
func (s *state) expectation() func(grad, x []float64) float64 {
	k := s.Problem.Objective()
	above := s.Problem.Responses[k].Maximize
	level := s.merit.origin + s.merit.spread*s.merit.of(s.data.Responses(s.merit.best(s.data)))
	if above {
		level = -level
	}
	return func(grad, x []float64) float64 {
		var more []float64
		if grad != nil {
			more = make([]float64, len(grad))
		}
		log := s.krige.LogImprovement(grad, x, k, level, above)
		for _, c := range s.Problem.Constraints() {
			log += s.krige.LogChance(more, x, c, s.Problem.Responses[c].Lower, s.Problem.Responses[c].Upper)
			for j, v := range more {
				grad[j] += v
			}
		}
		return log
	}
}

// hopes returns where the search for the greatest expectation begins: at the best of
// points scattered over the box, of others around the best sample, and of what the surrogate
// has found.
func (s *state) hopes(f *findings, expectation func(grad, x []float64) float64) (starts []float64) {
	const (
		scattered = 500
		around    = 100
		farthest  = 0.3 // standard deviations of these in the unit box
		closest   = 1e-3
		descents  = 5
	)
	box, nx := s.Problem.Box(), s.data.NX
	rng := sbo.Rand(s.Seed, fmt.Sprintf("expected %d", s.number))
	points := doe.LatinHypercube{}.Sample(scattered, nx, rng)
	center := box.Unit(nil, s.data.Point(s.merit.best(s.data)))
	for i := range around {
		size := farthest * math.Pow(closest/farthest, float64(i)/around)
		for _, v := range center {
			points = append(points, min(max(v+size*rng.NormFloat64(), 0), 1))
		}
	}
	for u := range slices.Chunk(points, nx) {
		box.Place(u, u)
	}
	for _, c := range append(slices.Clone(f.broad), f.local) {
		points = append(points, c.X...)
	}
	var all []Candidate
	var merits []float64
	for x := range slices.Chunk(points, nx) {
		all, merits = append(all, Candidate{X: x}), append(merits, -expectation(nil, x))
	}
	var chosen []Candidate
	for _, c := range sorted(all, merits) {
		if len(chosen) < descents && !slices.ContainsFunc(chosen, func(d Candidate) bool { return distance(box, c.X, d.X) < sameBasin }) {
			chosen, starts = append(chosen, c), append(starts, c.X...)
		}
	}
	return starts
}
