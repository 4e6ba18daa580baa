package polish

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/surrogate"
)

// findings is what a search of the surrogate came to.
type findings struct {
	anchor int         // row of the best sample of the present descent
	broad  []Candidate // optima of the surrogate over the whole box, best first, one per basin
	local  Candidate   // optimum of the corrected surrogate within the trust region
	gain   float64     // of merit that local promises
	useful bool        // local promises a gain and would tell something
	rivals []Candidate // steps and optima of the surrogates that don't answer the objective; for batches
	end    Candidate   // where the surrogate leads from the anchor if it is not corrected
	ended  bool        // the descent has nothing more to bring

	expected *Candidate // of the greatest improvement to be expected, where no partials are known; nil: of none
	probe    *Candidate // beside the best sample, in a direction of which no sample tells; nil: there is none
	spent    bool       // it was looked for, and none is worth an evaluation

	outline []Candidate // where the samples in outline are lowest, if that is where to look next

	basins int     // if it has ended: in how many basins blind samples end,
	unseen float64 // and the chance that there is another; else 0 and NaN
}

// Distances in the unit box.
const (
	sameBasin = 0.05 // optima closer than this count as one
	samePoint = 1e-9 // samples closer than this would tell nothing new
	nearFail  = 0.02 // candidates keep this far from failed evaluations, if the best sample is not near
)

// search optimizes the surrogate, from many starts over the whole box and from
// the best sample within the trust region, and sets the penalties by what it finds.
func (s *state) search(ctx context.Context) (findings, error) {
	f := findings{unseen: math.NaN()}
	if s.merit.best(s.data) < 0 {
		return f, fmt.Errorf("polish: no sample has the objective and all constraints: %w", surrogate.ErrNoData)
	}
	s.merit.rescale(s.data.Subset(s.basins.blind))
	starts, err := s.starts(ctx)
	if err != nil {
		return f, err
	}
	first := s.anchor()
	starts = append(starts, s.data.Point(first)...)
	results, err := optimize.Multistart(ctx, s.merit.problem(), s.merit.scaling(s.model), starts, s.Optimize)
	if err != nil {
		return f, err
	}
	s.clearest(results)
	box := s.Problem.Box()
	for _, r := range results {
		if r.Start == len(starts)/s.data.NX-1 {
			f.end = Candidate{X: r.X, Predicted: s.model.Predict(nil, r.X)}
		}
		if r.Status == optimize.StartFailed || slices.ContainsFunc(f.broad, func(c Candidate) bool { return distance(box, c.X, r.X) < sameBasin }) {
			continue
		}
		f.broad = append(f.broad, Candidate{X: r.X, Reason: Promised, Predicted: s.model.Predict(nil, r.X)})
	}
	if results[0].Status != optimize.StartFailed {
		s.optimum = results[0].X
		s.merit.penalize(results[0].KKT.Multipliers)
	}
	if err = s.steepen(ctx, &f); err != nil {
		return f, err
	}
	if err = s.conclude(ctx, &f); err != nil {
		return f, err
	}
	if f.ended {
		f.basins, f.unseen, err = s.survey(ctx)
	}
	if err == nil && f.ended && s.basins.starts%turns == wherePoints && !s.sensible() {
		f.outline, err = s.outline(ctx)
	}
	if err == nil && s.Batch > 1 {
		f.rivals, err = s.rivals(ctx, f.anchor, starts)
	}
	return f, err
}

// conclude finds out whether the present descent has ended. One away from the best sample
// gives way to that of the best, which without partials has not ended as long as there is
// something to look at.
func (s *state) conclude(ctx context.Context, f *findings) error {
	how, away := s.ended(*f), s.basins.from >= 0
	if away && how == goesOn {
		return nil
	}
	if away {
		s.end(f.anchor, how)
		if err := s.steepen(ctx, f); err != nil {
			return err
		}
	}
	if s.valuesAlone() {
		if err := s.consider(ctx, f); err != nil || f.expected != nil || f.probe != nil {
			return err
		}
	}
	how = s.ended(*f)
	if f.ended = how != goesOn; f.ended && !away {
		s.end(f.anchor, how)
	}
	return nil
}

// clearest brings those of the feasible results that are as good as the best, but for rounding, into
// the order of how far they are inside of the limits: where the surrogate of the objective is flat,
// it is those of the constraints that say where to look, and they may be wrong by a little.
func (s *state) clearest(results []optimize.Result) {
	const flat = 1e-9 // of the spread
	same := 0
	for same < len(results) && results[same].Feasible && results[same].Objective <= results[0].Objective+flat {
		same++
	}
	inside := func(r optimize.Result) float64 {
		least := math.Inf(1)
		for _, k := range s.Problem.Constraints() {
			limits := s.Problem.Responses[k]
			least = min(least, min(r.Y[k]-limits.Lower, limits.Upper-r.Y[k])/s.merit.size[k])
		}
		return least
	}
	slices.SortStableFunc(results[:same], func(a, b optimize.Result) int { return -compare(inside(a), inside(b)) })
}

// rivals returns where the surrogates that don't answer the objective would go: steps
// from the anchor, each within its own trust region, then optima over the whole box.
func (s *state) rivals(ctx context.Context, anchor int, starts []float64) (steps []Candidate, err error) {
	led := s.region.kind
	defer func() { s.region.kind = led }()
	var optima []Candidate
	for kind, m := range s.near.models {
		if m == nil || kind == led {
			continue
		}
		s.region.kind = kind
		step, err := s.descend(ctx, m, anchor)
		if err != nil {
			return nil, err
		}
		step.Reason = Rival
		steps = append(steps, step)
		if s.model.models[kind] == nil {
			continue // it knows the vicinity only
		}
		results, err := optimize.Multistart(ctx, s.merit.problem(), s.merit.scaling(m), starts, s.Optimize)
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			if r.Status != optimize.StartFailed {
				optima = append(optima, Candidate{X: r.X, Reason: Rival, Predicted: m.Predict(nil, r.X)})
			}
		}
	}
	return append(steps, optima...), nil
}

// steepen finds the next point of the present descent, with penalties that are large
// enough for it to lead to where the constraints hold.
func (s *state) steepen(ctx context.Context, f *findings) (err error) {
	for again := true; again; {
		f.anchor = s.anchor()
		s.region.kind = s.near.by[s.Problem.Objective()]
		if f.local, err = s.descend(ctx, s.near, f.anchor); err != nil {
			return err
		}
		again = s.merit.toughen(s.data.Responses(f.anchor), f.local.Predicted)
	}
	f.gain = s.gain(f)
	f.useful = f.gain > 0 && s.isNew(f.local.X, f.anchor)
	first := s.region.kind
	for kind, other := range s.model.models {
		if f.useful && f.gain > negligible {
			break
		}
		if other == nil || kind == first { // is that so? Another opinion
			continue
		}
		g, before := *f, s.region.kind
		s.region.kind = kind
		if g.local, err = s.descend(ctx, other, f.anchor); err != nil {
			return err
		}
		if g.gain = s.gain(&g); g.gain > max(f.gain, negligible) && s.isNew(g.local.X, f.anchor) {
			g.useful = true
			*f = g
		} else {
			s.region.kind = before
		}
	}
	return nil
}

// gain returns how much merit the next point of a descent promises.
func (s *state) gain(f *findings) float64 {
	return s.merit.of(s.data.Responses(f.anchor)) - s.merit.of(f.local.Predicted)
}

// descend minimizes a model, corrected at sample i, within the trust region around it.
func (s *state) descend(ctx context.Context, model surrogate.Model, i int) (Candidate, error) {
	truth := anchor(model, s.data, i, s.noise())
	p := s.merit.problem()
	s.margins.tighten(p)
	p.Variables = slices.Clone(p.Variables)
	for j, v := range p.Variables {
		reach := s.region.radius() * (v.Upper - v.Lower)
		p.Variables[j].Lower = max(v.Lower, truth.x[j]-reach)
		p.Variables[j].Upper = min(v.Upper, truth.x[j]+reach)
	}
	r, err := optimize.Minimize(ctx, p, s.merit.scaling(truth), truth.x, s.Optimize)
	if err != nil {
		return Candidate{}, err
	}
	c := Candidate{X: slices.Clone(r.X), Reason: Descent, Predicted: slices.Clone(r.Y)}
	s.merit.restore(c.Predicted)
	if !s.clearOfFailures(c.X, truth.x) || s.success.of(c.X) < likely {
		return s.detour(ctx, p, truth, i, c)
	}
	return c, nil
}

// clearOfFailures reports whether x is not in the neighborhood of a failed
// evaluation: within nearFail of it or, where the best sample is closer than
// that, within a quarter of the distance between the two.
func (s *state) clearOfFailures(x, best []float64) bool {
	box := s.Problem.Box()
	for i := range s.data.Len() {
		if failed := s.data.Point(i); s.data.Failed(i) && distance(box, x, failed) < min(nearFail, distance(box, best, failed)/4) {
			return false
		}
	}
	return true
}

// starts returns where the search of the whole box begins: at the best samples
// and the last optimum, where a sweep from the best sample leads, and at scattered
// points, half of them the best by the surrogate's merit, half from all over the order.
func (s *state) starts(ctx context.Context) ([]float64, error) {
	nx := s.data.NX
	count := s.Starts
	if count == 0 {
		count = min(12+2*nx, 24)
	}
	rows := upTo(s.data.Len())
	slices.SortStableFunc(rows, func(a, b int) int { return compare(s.merit.of(s.data.Responses(a)), s.merit.of(s.data.Responses(b))) })
	var starts []float64
	for _, i := range rows[:min(3, len(rows), count)] {
		starts = append(starts, s.data.Point(i)...)
	}
	if len(starts)/nx < count {
		starts = append(starts, s.optimum...)
	}
	if len(starts)/nx < count {
		swept, err := s.sweep(ctx, s.data.Point(rows[0]))
		if err != nil {
			return nil, err
		}
		starts = append(starts, swept...)
	}
	points, err := s.scattered(ctx, max(10*count, 200))
	if err != nil {
		return nil, err
	}
	rest := count - len(starts)/nx
	for i := range rest {
		at := i / 2 // the best
		if i%2 == 1 {
			at = i * (len(points)/nx - 1) / max(rest-1, 1) // and some of all
		}
		starts = append(starts, points[at*nx:(at+1)*nx]...)
	}
	return starts, nil
}

// scattered returns n points all over the box, the best by the surrogate's merit first.
func (s *state) scattered(ctx context.Context, n int) ([]float64, error) {
	nx := s.data.NX
	box := s.Problem.Box()
	points := doe.LatinHypercube{}.Sample(n, nx, sbo.Rand(s.Seed, fmt.Sprintf("search %d", s.number)))
	merits := make([]float64, n)
	y := make([]float64, s.data.NY)
	for i := range merits {
		u := points[i*nx : (i+1)*nx]
		box.Place(u, u)
		if err := s.model.Evaluate(ctx, y, nil, u); err != nil {
			return nil, err
		}
		merits[i] = s.merit.of(y)
	}
	order := upTo(n)
	slices.SortStableFunc(order, func(a, b int) int { return compare(merits[a], merits[b]) })
	sorted := make([]float64, 0, len(points))
	for _, i := range order {
		sorted = append(sorted, points[i*nx:(i+1)*nx]...)
	}
	return sorted, nil
}

// compare orders numbers with NaN last.
func compare(a, b float64) int {
	switch {
	case a < b || (math.IsNaN(b) && !math.IsNaN(a)):
		return -1
	case b < a || (math.IsNaN(a) && !math.IsNaN(b)):
		return 1
	}
	return 0
}
