package polish

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/surrogate"
)

// Rounds refines the design round by round. The design holds the samples known
// at the start, failed ones included. The sequence ends after a round with a
// Stop, after an error, or when the caller breaks off; it is a pure function of
// the loop's settings, the design and the answers. An error comes with a zero
// Round; [surrogate.ErrNoData] says that no sample of the design has an answer.
// It panics if the design has other numbers of variables or responses than the
// problem.
func (l Loop) Rounds(ctx context.Context, design sbo.Data) iter.Seq2[Round, error] {
	return func(yield func(Round, error) bool) {
		if nx, ny := l.Problem.NX(), l.Problem.NY(); design.Len() > 0 && (design.NX != nx || design.NY != ny) {
			panic(fmt.Sprintf("polish: a design of %d variables and %d responses for a problem of %d and %d", design.NX, design.NY, nx, ny))
		}
		if err := l.Validate(); err != nil {
			yield(Round{}, err)
			return
		}
		s := newState(l, design)
		for {
			r, err := s.round(ctx)
			if err != nil {
				yield(Round{}, err)
				return
			}
			if !yield(r, nil) || r.Stop != "" {
				return
			}
		}
	}
}

// state is what the loop carries from round to round.
type state struct {
	Loop
	data   sbo.Data // all samples
	number int
	merit  merit
	region region // of the present descent
	trust  trust
	basins basins

	success success
	margins margins // of descents

	model    *stack          // of the round, for the whole box: one of those below for each response
	near     *stack          // the same for descents
	network  *surrogate.JENN // the last one; nil: none yet
	krige    *kriging.Model  // the last one; nil: none yet
	vicinity *kriging.Model  // the last one; nil: none yet, or krige is that
	record   record          // of all candidates
	steps    record          // of descents
	coldAt   map[Model]int   // samples when a model was last trained anew
	optimum  []float64       // of the surrogate; nil if not known
}

func newState(l Loop, design sbo.Data) *state {
	if l.Batch == 0 {
		l.Batch = 1
	}
	if l.Tolerance == 0 {
		l.Tolerance = 1e-6
	}
	if l.Unseen == 0 {
		l.Unseen = 0.1
	}
	if l.Fit == nil {
		l.Fit = surrogate.Fit
	}
	if l.Krige == nil {
		l.Krige = kriging.Fit
	}
	return &state{
		Loop: l, data: design, merit: newMerit(l.Problem, design),
		coldAt: map[Model]int{}, region: newRegion(), trust: newTrust(l.Problem.NX()), basins: newBasins(design.Len()),
		margins: newMargins(l.Problem.NY()),
	}
}

// round is the loop's body: imitate, optimize, check, judge.
func (s *state) round(ctx context.Context) (Round, error) {
	s.number++
	r := Round{Number: s.number, Disagreement: math.NaN()}

	began := time.Now()
	summary, err := s.imitate(ctx) // 1 learn values and partials
	if err != nil {
		return Round{}, err
	}
	r.Fit, r.Model, r.Network, r.FitTime = summary, s.model, s.network, time.Since(began)

	s.success = newSuccess(s.Problem.Box(), s.data)
	began = time.Now()
	found, err := s.search(ctx) // 2 best feasible points of the surrogate
	if err != nil {
		return Round{}, err
	}
	r.OptimizeTime = time.Since(began)

	if r.Stop, r.Why = s.judge(found); r.Stop == "" {
		began = time.Now()
		if r.Candidates, err = s.check(ctx, s.choose(found), found.anchor); err != nil { // 3 ask the truth
			return Round{}, err
		}
		r.EvaluateTime = time.Since(began)
	}
	s.learn(&r, found) // 4 what the answers mean for the next round
	return r, nil
}

// imitate fits the surrogates, and chooses for each response.
func (s *state) imitate(ctx context.Context) (summary surrogate.Summary, err error) {
	s.model = &stack{nx: s.data.NX, ny: s.data.NY, by: make([]int, s.data.NY)}
	if s.Model != Network {
		err = s.fitKriging(ctx)
		if err != nil && (s.Model == Kriging || ctx.Err() != nil) {
			return summary, err
		}
		if err == nil { // else numbers that kriging can't tell apart; the network can
			s.model.models[onKriging] = s.krige
		}
	}
	if s.Model == Network || s.Model != Kriging && !s.kriged() {
		if summary, err = s.fitNetwork(ctx); err != nil {
			return summary, err
		}
		s.model.models[onNetwork] = s.network
	}
	for k := range s.model.by {
		if s.model.models[onKriging] != nil && (s.model.models[onNetwork] == nil || !s.record.prefers(onNetwork, onKriging, k)) {
			s.model.by[k] = onKriging
		}
	}
	return summary, s.approach(ctx)
}

// kriged reports whether kriging alone answers: networks have nothing to add where only
// values are known, and not many.
func (s *state) kriged() bool {
	const many = 500 // as Foretelling says
	return s.model.models[onKriging] != nil && s.valuesAlone() && s.data.Len() <= many
}

// approach finds what answers descents: the same as everywhere, or kriging on the
// samples around the best one, which neither hyperparameters nor rounding have to
// reconcile with those far away, where that has foretold the last steps better.
func (s *state) approach(ctx context.Context) error {
	near := *s.model
	near.by = slices.Clone(s.model.by)
	last := s.vicinity
	s.near, s.vicinity = &near, nil
	rows := s.neighbors(s.anchor())
	if s.model.models[onKriging] == nil || len(rows) == s.data.Len() || s.noise() != nil {
		return nil // of few samples noise is not averaged out
	}
	task := kriging.Task{Data: s.data.Subset(rows), Problem: s.Problem, Start: s.krige}
	if last != nil {
		task.Start = last
	}
	o := kriging.Options{Workers: s.Surrogate.Workers, Restarts: vicinityRestarts}
	krige, _, err := s.Krige(ctx, task, sbo.Rand(s.Seed, fmt.Sprintf("vicinity %d", s.number)), o)
	if err != nil {
		return ctx.Err() // too few numbers here for one of the responses
	}
	s.vicinity, near.models[onVicinity] = krige, krige
	for k, kind := range near.by {
		if s.steps.prefers(onVicinity, kind, k) {
			near.by[k] = onVicinity
		}
	}
	return nil
}

// neighbors returns the rows of the samples nearest to sample i, itself included, in
// the order of the data: as many as have half again the values and partials that a
// quadratic polynomial has coefficients, in which a curved valley can be followed.
func (s *state) neighbors(i int) []int {
	nx, box := s.data.NX, s.Problem.Box()
	rows := upTo(s.data.Len())
	if i < 0 {
		return rows
	}
	away := make([]float64, len(rows))
	for row := range away {
		for j, v := range s.data.Point(row) {
			away[row] += math.Pow((v-s.data.Point(i)[j])/(box.Upper[j]-box.Lower[j]), 2)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return compare(away[a], away[b]) })
	numbers, wanted := 0, max(6*(1+nx), 3*nx*(1+nx)/2)
	for n, row := range rows {
		if numbers >= wanted {
			rows = rows[:n]
			break
		}
		numbers += s.numbers(row)
	}
	slices.Sort(rows)
	return rows
}

// numbers returns how many values and partials of the objective a sample has.
func (s *state) numbers(row int) (n int) {
	k := s.Problem.Objective()
	if !math.IsNaN(s.data.Responses(row)[k]) {
		n++
	}
	if s.data.Partials == nil {
		return n
	}
	for j := range s.data.NX {
		if !math.IsNaN(s.data.Partials[s.data.Partial(row, k, j)]) {
			n++
		}
	}
	return n
}

// restarts is from how many places, besides the last hyperparameters, a search for those of
// kriging begins that is to find others; the samples of a vicinity change less from round to
// round. What is foretold exactly keeps its own anyway.
const (
	restarts         = 4
	vicinityRestarts = 1
)

// fitKriging conditions kriging on the samples, with hyperparameters found anew or
// from the last ones.
func (s *state) fitKriging(ctx context.Context) error {
	task := kriging.Task{Data: s.data, Problem: s.Problem, Start: s.krige}
	o := kriging.Options{Workers: s.Surrogate.Workers}
	if s.anew(Kriging) {
		s.coldAt[Kriging] = s.data.Len()
		o.Restarts = restarts
	}
	krige, _, err := s.Krige(ctx, task, sbo.Rand(s.Seed, fmt.Sprintf("kriging %d", s.number)), o)
	if errors.Is(err, kriging.ErrNoData) {
		err = fmt.Errorf("%w: %w", surrogate.ErrNoData, err)
	}
	s.krige = krige
	return err
}

// anew reports whether a kind of surrogate is to be trained from scratch: while the
// samples are few, so that a network that was too small for them doesn't linger, and
// when they have grown by a quarter since.
func (s *state) anew(kind Model) bool {
	at, before := s.coldAt[kind]
	return !before || s.fewNumbers() || 4*s.data.Len() >= 5*at
}

// fitNetwork trains a network, anew or from where it stood. A fit anew has the present
// networks as rivals. From the second round on the weights around the best point are
// raised.
func (s *state) fitNetwork(ctx context.Context) (surrogate.Summary, error) {
	task := surrogate.Task{Data: s.data, Problem: s.Problem}
	if s.Progress != nil {
		task.Progress = func(p surrogate.Progress) { s.Progress(s.number, p) }
	}
	o := s.Surrogate
	if s.network != nil {
		task.Weights = s.Weighting.Weights(s.Problem, s.data, s.data.Point(s.merit.best(s.data)))
	}
	cold := s.anew(Network)
	if !cold {
		task.Start = s.network
	}
	if o.FitTime == 0 && o.Restarts == 0 && o.Iterations == 0 && o.Trainer != surrogate.ADAM {
		o.FitTime = laterFits / time.Duration(s.Problem.NY())
		if s.network == nil {
			o.FitTime = firstFit / time.Duration(s.Problem.NY())
		}
	}
	task.Rival = s.network // which a warm start does not look at
	network, summary, err := s.Fit(ctx, task, sbo.Rand(s.Seed, fmt.Sprintf("fit %d", s.number)), o)
	if err != nil {
		return summary, err
	}
	s.network = network
	if cold {
		s.coldAt[Network] = s.data.Len()
	}
	return summary, nil
}

// fewNumbers reports whether a fit from scratch takes no more than about a
// second: by the values and partials, at most, of a response and of all.
func (s *state) fewNumbers() bool {
	perResponse := s.data.Len() * (1 + s.data.NX)
	return perResponse <= 150 && perResponse*s.data.NY <= 600
}

// How long the fits of the networks of all responses take on one core, about: the
// first, and those that go on from the networks of the round before or have them as
// rivals. What the first doesn't find, one of the others may.
const (
	firstFit  = time.Second
	laterFits = 300 * time.Millisecond
)

// noise returns how far the partials of each response are off, as the options of the
// surrogate say; nil if they say nothing.
func (s *state) noise() []float64 {
	var noise []float64
	for _, r := range s.Surrogate.Responses {
		noise = append(noise, r.PartialNoise)
	}
	if !slices.ContainsFunc(noise, func(v float64) bool { return v > 0 }) {
		return nil
	}
	return noise
}

// check evaluates the candidates and appends their answers to the data.
func (s *state) check(ctx context.Context, cs []Candidate, anchor int) ([]Candidate, error) {
	x := make([]float64, 0, len(cs)*s.data.NX)
	for _, c := range cs {
		x = append(x, c.X...)
	}
	answers, err := s.Evaluate(ctx, x)
	if err != nil {
		return nil, err
	}
	if answers.Len() != len(cs) {
		return nil, fmt.Errorf("polish: Evaluate gave %d answers for %d points", answers.Len(), len(cs))
	}
	for i := range cs {
		cs[i].Index = s.data.Len() + i
		cs[i].True = answers.Responses(i)
		if cs[i].Reason == Descent {
			s.margins.note(s.Problem, cs[i].Predicted, cs[i].True)
		}
		for kind, m := range s.near.models {
			if m == nil {
				continue
			}
			foretold := s.foretold(m, cs[i], anchor)
			if kind != onVicinity {
				s.record.note(kind, foretold, cs[i].True)
			}
			if cs[i].Reason == Descent {
				s.steps.note(kind, foretold, cs[i].True)
			}
		}
	}
	s.data = s.data.Append(answers)
	return cs, nil
}

// foretold returns what a model says of a candidate, as it would have been used: for
// a descent, corrected at its anchor.
func (s *state) foretold(m surrogate.Model, c Candidate, row int) []float64 {
	if c.Reason != Descent {
		return m.Predict(nil, c.X)
	}
	y := make([]float64, s.data.NY)
	_ = anchor(m, s.data, row, s.noise()).Evaluate(context.Background(), y, nil, c.X) // a model fails for its context only
	return y
}

// learn moves the trust region by what the candidates turned out to be, and
// fills in what the round says of the best point.
func (s *state) learn(r *Round, f findings) {
	r.Data = s.data
	r.Best, r.KKT = best(s.Problem, s.data), optimize.KKT{Residual: math.NaN()}
	if r.Stop == Converged {
		r.Best = s.merit.best(s.data)
	}
	if r.Best >= 0 {
		y := s.data.Responses(r.Best)
		r.Feasible, r.Violation = s.Problem.Feasible(y), s.Problem.Violation(y)
		r.KKT = s.merit.kkt(s.data, r.Best)
	}
	if len(r.Candidates) > 0 {
		c := r.Candidates[0]
		r.Disagreement = math.Abs(s.Problem.Cost(c.Predicted)-s.Problem.Cost(c.True)) / s.merit.spread
		s.move(r.Candidates, f)
	}
	r.Radius, r.Basins, r.Unseen = s.region.radius(), f.basins, f.unseen
	if r.Stop == "" && s.Budget > 0 && s.data.Len() >= s.Budget {
		r.Stop, r.Why = Budget, fmt.Sprintf("All %d evaluations of the budget are used.", s.Budget)
	}
}
