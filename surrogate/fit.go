package surrogate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/sbo-go/sbo"
)

// Task is what to learn now.
type Task struct {
	// Data are the samples; NaN marks what is missing. Failed evaluations are skipped.
	// They are not changed. Of more than half a million numbers no copy is made: these
	// must not be changed during the fit.
	Data sbo.Data
	// Weights of the loss, per entry of Data.
	Weights Weights
	// Start is a model to start from, with its architecture and scaling: a warm
	// start. Nil: start anew.
	Start *JENN
	// Rival is a model of earlier samples whose networks are trained along with new
	// ones and may win: what it has learned is not lost to a fit from scratch. Nil:
	// none. Not used with a Start, nor if its networks answer other responses.
	Rival *JENN
	// Problem names the variables and responses in the model, if known.
	Problem sbo.Problem
	// Progress, if not nil, hears of every iteration, one call at a time.
	Progress func(Progress)
}

// ErrNoData says that there is nothing to learn from.
var ErrNoData = errors.New("surrogate: no sample has a known response, or none has a weight")

// Fit trains on the values and partials of the task, a network for each response
// unless the options want one for all. The result depends on task, rng and
// options only, not on the number of workers. A warm start keeps its
// architecture whatever the options say. The errors are [ErrNoData], faulty
// options, mismatched lengths, infinite data and ctx.Err().
func Fit(ctx context.Context, task Task, rng *rand.Rand, o Options) (*JENN, Summary, error) {
	if err := errors.Join(o.Validate(), task.validate()); err != nil {
		return nil, Summary{}, fmt.Errorf("surrogate: %w", err)
	}
	if newSource(task.Data, Weights{}, 0, task.Data.NY).samples() == 0 {
		return nil, Summary{}, ErrNoData
	}
	shared := o.Shared || task.Data.NY == 1
	if task.Start != nil {
		shared = task.Start.shared()
	}
	if err := o.fits(task.Data, shared); err != nil {
		return nil, Summary{}, fmt.Errorf("surrogate: %w", err)
	}
	o.Shared = shared
	weights := task.Weights.scaled(task.Data, o.Responses)
	parts := []part{{data: task.Data, weights: weights, responses: task.Data.NY, start: task.Start.answer(0), rival: task.Rival.answer(0), rng: rng}}
	if !shared {
		parts = parts[:0]
		for k := range task.Data.NY {
			one := part{data: task.Data, weights: weights, first: k, responses: 1, start: task.Start.answer(k), rival: task.Rival.answer(k)}
			one.rng = rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64()))
			parts = append(parts, one)
		}
	}
	progress := task.parallelProgress(len(parts))
	answers, summaries, faults := make([]*answer, len(parts)), make([]Summary, len(parts)), make([]error, len(parts))
	outer := min(max(o.Workers, 1), len(parts))
	o.Workers = max(o.Workers/outer, 1)
	each(len(parts), outer, func(k int) {
		answers[k], summaries[k], faults[k] = parts[k].fit(ctx, o.of(k), progress(k))
		if faults[k] != nil && !shared && ctx.Err() == nil {
			faults[k] = fmt.Errorf("response %d: %w", k+1, faults[k])
		}
	})
	if err := errors.Join(ctx.Err(), errors.Join(faults...)); err != nil {
		return nil, Summary{}, err
	}
	summary := total(summaries, task.Data.NX)
	return newJENN(task.facts(summary, answers), answers...), summary, nil
}

// answer returns what a model says of response k, nil for no model.
func (m *JENN) answer(k int) *answer {
	if m == nil {
		return nil
	}
	return m.answers[min(k, len(m.answers)-1)]
}

// part is the share of a task that one answer learns.
type part struct {
	data             sbo.Data
	weights          Weights
	first, responses int     // of the data: from the first on
	start            *answer // nil: anew
	rival            *answer // nil: none
	rng              *rand.Rand
}

// fit trains the networks of the answer.
func (p part) fit(ctx context.Context, o Options, progress func(Progress)) (*answer, Summary, error) {
	all := newSource(p.data, p.weights, p.first, p.responses)
	samples := all
	if o.Robust || !all.large() {
		samples = all.copied()
	}
	scaling := samples.newScaling()
	if o.Robust {
		scaling = newScaling(withoutFarOut(samples.data))
	}
	if p.start != nil {
		best := p.start.members[0]
		scaling = best.scaling
		sizes := best.network.Sizes
		o.Hidden, o.Activation = sizes[1:len(sizes)-1], best.network.Hidden
	}
	train, held := split(samples.set(scaling), o.Validation, p.rng)
	if train.residuals() == 0 {
		return nil, Summary{}, ErrNoData
	}
	asked := o
	if p.start == nil && p.rival == nil && o.hasty(train) {
		return p.hastily(ctx, train, scaling, o)
	}
	o = o.withDefaults(train)
	if o.Trainer == LM { // its matrices are far larger than the samples
		train = train.copied()
	}
	random, drawn := p.rng, (*tape)(nil)
	if train.gamma != nil && o.Trainer == LM && p.start == nil {
		drawn = &tape{from: p.rng}
		random = rand.New(drawn)
	}
	from := starts(p.start, train, random, o)
	if p.start == nil && p.rival != nil && o.Trainer == LM && p.rival.ny() == p.responses {
		for _, m := range p.rival.members {
			from = append(from, start{m.network.rescaled(m.scaling, scaling), m.evidence})
		}
	}
	r := &runs{ctx: ctx, cores: newCores(o.Workers), train: train, held: held, o: o, progress: progress, total: len(from), warm: p.start != nil}
	if drawn != nil {
		r.asked, r.again = asked, drawn.again()
	}
	if asked.Trainer == "" && o.Trainer == LM && !r.warm {
		r.second = asked.second(train)
	}
	best, err := r.best(from, p.rng)
	if err != nil {
		return nil, Summary{}, err
	}
	a := newAnswer(best, scaling, train)
	if best[0].credit != nil { // from now on, outliers are not there
		forget(samples.data, best[0].outliers)
		r.train = train.credited(best[0])
	}
	o = r.o
	o.Robust = false
	a.samples = r.train.memory()
	if p.start == nil && r.train.source == nil {
		if err := p.correct(ctx, a, samples.data, samples.weights, o); err != nil {
			return nil, Summary{}, err
		}
	}
	s := best[0].summary(train, held, o, len(from))
	s.Stages = len(a.stages)
	s.Outliers = inUnits(best[0].outliers, scaling, all)
	s.Members = len(a.members)
	return a, s, nil
}

// newAnswer returns that of some outcomes, the best first.
func newAnswer(best []trained, scaling Scaling, train trainingSet) *answer {
	a := &answer{}
	for _, t := range best {
		a.members = append(a.members, newFitted(t.network, scaling, t.evidence))
	}
	a.members = weigh(a.members, best, train.residuals())
	return a
}

// parallelProgress returns, for each part, how it tells of its progress: one call
// at a time over all parts.
func (t Task) parallelProgress(parts int) func(part int) func(Progress) {
	var mu sync.Mutex
	return func(part int) func(Progress) {
		if t.Progress == nil {
			return nil
		}
		return func(p Progress) {
			mu.Lock()
			defer mu.Unlock()
			p.Part, p.Parts = part, parts
			t.Progress(p)
		}
	}
}

// response returns the samples with response k alone.
func response(d sbo.Data, k int) sbo.Data {
	one := sbo.Data{NX: d.NX, NY: 1, X: d.X, Y: make([]float64, d.Len())}
	if d.Partials != nil {
		one.Partials = make([]float64, d.Len()*d.NX)
	}
	for i := range d.Len() {
		one.Y[i] = d.Responses(i)[k]
		if one.Partials != nil {
			copy(one.PartialsOf(i), d.PartialsOf(i)[k*d.NX:(k+1)*d.NX])
		}
	}
	return one
}

// validate returns an error if data, weights and start don't fit together, or
// hold numbers that can't be learned.
func (t Task) validate() error {
	d, w := t.Data, t.Weights
	if m := d.Len(); len(d.X) != m*d.NX || len(d.Y) != m*d.NY || d.Partials != nil && len(d.Partials) != m*d.NY*d.NX {
		return fmt.Errorf("data of %d inputs and %d responses with %d, %d and %d numbers of inputs, responses and partials",
			d.NX, d.NY, len(d.X), len(d.Y), len(d.Partials))
	}
	if w.Beta != nil && len(w.Beta) != len(d.Y) {
		return fmt.Errorf("%d weights beta for %d responses", len(w.Beta), len(d.Y))
	}
	if w.Gamma != nil && len(w.Gamma) != len(d.Partials) {
		return fmt.Errorf("%d weights gamma for %d partials", len(w.Gamma), len(d.Partials))
	}
	for _, weights := range [][]float64{w.Beta, w.Gamma} {
		for _, v := range weights {
			if !(v >= 0 && !math.IsInf(v, 1)) {
				return fmt.Errorf("a weight of %v; weights are finite and at least 0", v)
			}
		}
	}
	for name, m := range map[string]*JENN{"start": t.Start, "rival": t.Rival} {
		if m != nil && (m.nx != d.NX || m.ny != d.NY) {
			return fmt.Errorf("a %s of %d inputs and %d outputs for data of %d and %d", name, m.nx, m.ny, d.NX, d.NY)
		}
	}
	for i := range d.Len() {
		for j, v := range d.Point(i) {
			if !finite(v) && !d.Failed(i) {
				return fmt.Errorf("sample %d has input %d = %v", i+1, j+1, v)
			}
		}
		if slices.ContainsFunc(d.Responses(i), infinite) || slices.ContainsFunc(d.PartialsOf(i), infinite) {
			return fmt.Errorf("sample %d has an infinite response or partial", i+1)
		}
	}
	return nil
}

func infinite(v float64) bool { return math.IsInf(v, 0) }

// answered returns the indices of the samples that are not failed evaluations.
func answered(d sbo.Data) []int {
	var indices []int
	for i := range d.Len() {
		if !d.Failed(i) {
			indices = append(indices, i)
		}
	}
	return indices
}

// facts says where the model of the task comes from.
func (t Task) facts(s Summary, answers []*answer) Facts {
	known := newSource(t.Data, Weights{}, 0, t.Data.NY)
	f := Facts{Samples: known.samples(), Trainer: s.Trainer, Loss: s.Cost.Total(), Iterations: s.Iterations}
	if answers[0].members[0].evidence == nil {
		f.Lambda = s.Lambda
	}
	f.Lower, f.Upper = known.box()
	for i := range f.Samples {
		for _, v := range t.Data.PartialsOf(known.row(i)) {
			if !math.IsNaN(v) {
				f.Partials++
			}
		}
	}
	for _, v := range t.Problem.Variables {
		f.Inputs, f.InUnits = append(f.Inputs, v.Name), append(f.InUnits, v.Unit)
	}
	for _, r := range t.Problem.Responses {
		f.Outputs, f.OutUnits = append(f.Outputs, r.Name), append(f.OutUnits, r.Unit)
	}
	return f
}

// split holds out a fraction of the samples; held is empty when the fraction is 0.
func split(all trainingSet, fraction float64, rng *rand.Rand) (train, held trainingSet) {
	n := int(math.Round(fraction * float64(all.m)))
	if fraction > 0 {
		n = min(max(n, 1), all.m-1)
	}
	if n == 0 {
		return all, trainingSet{}
	}
	order := rng.Perm(all.m)
	slices.Sort(order[:n])
	slices.Sort(order[n:])
	return all.batch(order[n:]), all.batch(order[:n])
}
