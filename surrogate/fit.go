package surrogate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/sbo-go/sbo"
)

// Task is what to learn now.
type Task struct {
	// Data are the samples; NaN marks what is missing. Failed evaluations are skipped.
	Data sbo.Data
	// Weights of the loss, per entry of Data.
	Weights Weights
	// Start is a model to start from, with its architecture and scaling: a warm
	// start. Nil: start anew.
	Start *JENN
	// Problem names the variables and responses in the model, if known.
	Problem sbo.Problem
	// Progress, if not nil, hears of every iteration, one call at a time.
	Progress func(Progress)
}

// ErrNoData says that there is nothing to learn from.
var ErrNoData = errors.New("surrogate: no sample has a known response, or none has a weight")

// Fit trains a network on the values and partials of the task. The result
// depends on task, rng and options only, not on the number of workers. A warm
// start keeps its architecture whatever the options say. The errors are
// [ErrNoData], faulty options, mismatched lengths, infinite data and ctx.Err().
func Fit(ctx context.Context, task Task, rng *rand.Rand, o Options) (*JENN, Summary, error) {
	if err := o.Validate(); err != nil {
		return nil, Summary{}, fmt.Errorf("surrogate: %w", err)
	}
	data, weights, err := task.usable()
	if err != nil {
		return nil, Summary{}, err
	}
	scaling := newScaling(data)
	if start := task.Start; start != nil {
		scaling = start.scaling
		sizes := start.network.Sizes
		o.Hidden, o.Activation = sizes[1:len(sizes)-1], start.network.Hidden
	}
	train, held := split(newTrainingSet(data, weights, scaling), o.Validation, rng)
	if train.residuals() == 0 {
		return nil, Summary{}, ErrNoData
	}
	o = o.withDefaults(train)
	starts := networks(task.Start, train, rng, o)
	r := &runs{ctx: ctx, train: train, held: held, o: o, progress: task.Progress, total: len(starts)}
	best, err := r.best(starts, task.Start, rng)
	if err != nil {
		return nil, Summary{}, err
	}
	summary := best.summary(train, held, o, len(starts))
	model := newJENN(best.network, scaling, task.facts(data, summary, best.lambda))
	model.evidence = best.evidence
	return model, summary, nil
}

// usable returns the samples that have any known response, with their weights.
func (t Task) usable() (sbo.Data, Weights, error) {
	d, w := t.Data, t.Weights
	if err := t.validate(); err != nil {
		return d, w, fmt.Errorf("surrogate: %w", err)
	}
	keep := answered(d)
	if len(keep) == 0 {
		return d, w, ErrNoData
	}
	return d.Subset(keep), w.subset(d, keep), nil
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
	for _, v := range slices.Concat(w.Beta, w.Gamma) {
		if !(v >= 0 && !math.IsInf(v, 1)) {
			return fmt.Errorf("a weight of %v; weights are finite and at least 0", v)
		}
	}
	if s := t.Start; s != nil && (s.network.nx() != d.NX || s.network.ny() != d.NY) {
		return fmt.Errorf("a start of %d inputs and %d outputs for data of %d and %d", s.network.nx(), s.network.ny(), d.NX, d.NY)
	}
	for i := range d.Len() {
		for j, v := range d.Point(i) {
			if !finite(v) && !d.Failed(i) {
				return fmt.Errorf("sample %d has input %d = %v", i+1, j+1, v)
			}
		}
		for _, v := range slices.Concat(d.Responses(i), d.PartialsOf(i)) {
			if math.IsInf(v, 0) {
				return fmt.Errorf("sample %d has an infinite response or partial", i+1)
			}
		}
	}
	return nil
}

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

func (t Task) facts(d sbo.Data, s Summary, lambda float64) Facts {
	f := Facts{
		Samples: d.Len(), Trainer: s.Trainer, Lambda: lambda, Loss: s.Cost.Total(), Iterations: s.Iterations,
	}
	f.Lower, f.Upper = trainedBox(d)
	for _, v := range d.Partials {
		if !math.IsNaN(v) {
			f.Partials++
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
