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

// Trainer names how the loss is minimized.
type Trainer string

// The trainers.
const (
	// LM is Levenberg-Marquardt on the residuals of values and partials with
	// regularization set by the evidence of the data. The most accurate by far on
	// up to a few thousand residuals, and the default there.
	LM Trainer = "lm"
	// LBFGS is gonum's limited-memory BFGS on the whole loss: the default beyond.
	LBFGS Trainer = "lbfgs"
	// ADAM is minibatch ADAM (Kingma and Ba, arXiv 1412.6980), what the reference uses.
	ADAM Trainer = "adam"
)

// Trainers returns the trainers' names.
func Trainers() []Trainer { return []Trainer{LM, LBFGS, ADAM} }

// Options says how to fit. The zero value chooses everything from the data.
type Options struct {
	// Hidden holds the widths of the hidden layers. Empty: chosen from the data.
	Hidden []int `json:"hidden,omitempty" yaml:"hidden"`
	// Activation of the hidden layers. Empty: tanh.
	Activation Activation `json:"activation,omitempty" yaml:"activation"`
	// Trainer that minimizes the loss. Empty: chosen by the size of the problem.
	Trainer Trainer `json:"trainer,omitempty" yaml:"trainer"`
	// Lambda is the paper's weight of sum W^2 in the loss. Nil: set by the
	// evidence with the trainer lm, 1e-6 with the others.
	Lambda *float64 `json:"lambda,omitempty" yaml:"lambda"`
	// Restarts is the number of initializations of each architecture of which
	// the best is kept. 0: 4 (1 with adam).
	Restarts int `json:"restarts,omitempty" yaml:"restarts"`
	// Iterations bounds the steps of a trainer. 0: 300 (lm), 2000 (lbfgs), 10000 (adam).
	Iterations int `json:"iterations,omitempty" yaml:"iterations"`
	// Validation is the fraction of the samples held out to stop early: training
	// ends when their loss has not fallen for Patience iterations, and the best
	// state is restored. 0: none are held out.
	Validation float64 `json:"validation,omitempty" yaml:"validation"`
	// Patience in iterations. 0: a tenth of Iterations.
	Patience int `json:"patience,omitempty" yaml:"patience"`
	// LearningRate of adam. 0: 0.01.
	LearningRate float64 `json:"learning_rate,omitempty" yaml:"learning_rate"`
	// Batch is the number of samples in a step of adam. 0: all.
	Batch int `json:"batch,omitempty" yaml:"batch"`
	// Workers is the number of networks trained at a time; it does not affect
	// the result. 0: 1.
	Workers int `json:"-" yaml:"-"`
}

// Validate returns every fault of the options, joined.
func (o Options) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for _, h := range o.Hidden {
		if h < 1 || h > maxWidth {
			fault("hidden: a layer of %d neurons; it needs 1 to %d", h, maxWidth)
		}
	}
	if o.Activation != "" {
		if err := o.Activation.validate(); err != nil {
			fault("activation: %w", err)
		}
	}
	if o.Trainer != "" && !slices.Contains(Trainers(), o.Trainer) {
		fault("trainer: unknown trainer %q; choose one of %v", string(o.Trainer), Trainers())
	}
	if o.Lambda != nil && !(*o.Lambda >= 0 && !math.IsInf(*o.Lambda, 1)) {
		fault("lambda: %v is not a finite number of at least 0", *o.Lambda)
	}
	if !(o.Validation >= 0 && o.Validation < 1) {
		fault("validation: %v is not a fraction of at least 0 and below 1", o.Validation)
	}
	if !(o.LearningRate >= 0 && !math.IsInf(o.LearningRate, 1)) {
		fault("learning_rate: %v is not a finite number of at least 0", o.LearningRate)
	}
	for _, n := range []struct {
		name  string
		value int
	}{{"restarts", o.Restarts}, {"iterations", o.Iterations}, {"patience", o.Patience}, {"batch", o.Batch}} {
		if n.value < 0 {
			fault("%s: %d is negative", n.name, n.value)
		}
	}
	return errors.Join(faults...)
}

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

// Progress is one step of a training.
type Progress struct {
	Network    int     // which of the networks being trained, from 0
	Networks   int     // how many there are
	Iteration  int     // of this network
	Iterations int     // at most
	Loss       float64 // the paper's J on the training samples
	Validation float64 // on the held-out samples, NaN if there are none
}

// Summary says how a fit went.
type Summary struct {
	Trainer    Trainer
	Hidden     []int
	Parameters int
	Samples    int     // used for training
	HeldOut    int     // used for early stopping
	Cost       Cost    // on the training samples, at the end
	Validation float64 // loss on the held-out samples, NaN if there are none
	Iterations int     // of the network that was kept
	Networks   int     // trained
	Status     Status  // why the network that was kept stopped
	// LogEvidence of the network that was kept: how probable the data are under
	// it, over all its parameters (trainer lm without a given lambda; else NaN).
	LogEvidence float64
}

// Status says why a training stopped. Its text is a sentence.
type Status int

// The ways a training ends.
const (
	Converged      Status = iota + 1 // the loss stopped falling
	IterationLimit                   // all iterations were used
	EarlyStop                        // the held-out loss stopped falling
)

// String returns the status as a sentence.
func (s Status) String() string {
	switch s {
	case Converged:
		return "The loss stopped falling."
	case IterationLimit:
		return "All iterations were used; more may fit better."
	case EarlyStop:
		return "The loss on held-out samples stopped falling."
	}
	return "The training has not ended."
}

// ErrNoData says that there is nothing to learn from.
var ErrNoData = errors.New("no sample has a known response")

// Fit trains a network on the values and partials of the task. The result
// depends on task, rng and options only, not on the number of workers. The
// errors are [ErrNoData], faulty options, mismatched lengths and ctx.Err().
func Fit(ctx context.Context, task Task, rng *rand.Rand, o Options) (*JENN, Summary, error) {
	if err := o.Validate(); err != nil {
		return nil, Summary{}, fmt.Errorf("surrogate: %w", err)
	}
	data, weights, err := task.usable()
	if err != nil {
		return nil, Summary{}, err
	}
	scaling := newScaling(data)
	if task.Start != nil {
		scaling = task.Start.scaling
	}
	train, held := split(newTrainingSet(data, weights, scaling), o.Validation, rng)
	o = o.withDefaults(train)
	starts := networks(task.Start, train, rng, o)
	r := &runs{ctx: ctx, train: train, held: held, o: o, progress: task.Progress, total: len(starts)}
	best, err := r.best(starts, task.Start)
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
	if w.Beta != nil && len(w.Beta) != len(d.Y) {
		return d, w, fmt.Errorf("surrogate: %d weights beta for %d responses", len(w.Beta), len(d.Y))
	}
	if w.Gamma != nil && len(w.Gamma) != len(d.Partials) {
		return d, w, fmt.Errorf("surrogate: %d weights gamma for %d partials", len(w.Gamma), len(d.Partials))
	}
	for _, v := range slices.Concat(w.Beta, w.Gamma) {
		if !(v >= 0 && !math.IsInf(v, 1)) {
			return d, w, fmt.Errorf("surrogate: a weight of %v; weights are finite and at least 0", v)
		}
	}
	if s := t.Start; s != nil && (s.network.nx() != d.NX || s.network.ny() != d.NY) {
		return d, w, fmt.Errorf("surrogate: a start of %d inputs and %d outputs for data of %d and %d", s.network.nx(), s.network.ny(), d.NX, d.NY)
	}
	var keep []int
	var kept Weights
	for i := range d.Len() {
		if d.Failed(i) {
			continue
		}
		for j, v := range d.Point(i) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return d, w, fmt.Errorf("surrogate: sample %d has input %d = %v", i+1, j+1, v)
			}
		}
		keep = append(keep, i)
		if w.Beta != nil {
			kept.Beta = append(kept.Beta, w.Beta[i*d.NY:(i+1)*d.NY]...)
		}
		if w.Gamma != nil {
			kept.Gamma = append(kept.Gamma, w.Gamma[i*d.NY*d.NX:(i+1)*d.NY*d.NX]...)
		}
	}
	if len(keep) == 0 {
		return d, w, ErrNoData
	}
	return d.Subset(keep), kept, nil
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

// runs trains several networks on the same data and keeps the best.
type runs struct {
	ctx         context.Context
	train, held trainingSet
	o           Options
	total       int

	mu       sync.Mutex // guards progress
	progress func(Progress)
}

// best trains all starts and returns the best outcome.
func (r *runs) best(starts []Network, start *JENN) (trained, error) {
	results := make([]trained, len(starts))
	if r.o.Trainer == LM {
		results = r.ladder(starts, start)
	} else {
		r.each(len(starts), func(i int) { results[i] = r.one(i, starts[i]) })
	}
	if err := r.ctx.Err(); err != nil {
		return trained{}, err
	}
	best := results[0]
	for _, t := range results[1:] {
		if t.better(best) {
			best = t
		}
	}
	return best, nil
}

// Stages of the ladder: after so many iterations, this share of the networks,
// but at least the given number, goes on.
var stages = []struct {
	iterations int
	share      float64
	atLeast    int
}{{40, 0.4, 3}, {80, 0.3, 2}}

// ladder trains many networks a little and the promising ones fully.
func (r *runs) ladder(starts []Network, start *JENN) []trained {
	all := make([]*levenberg, len(starts))
	var hyper *evidence
	if start != nil {
		hyper = start.evidence
	}
	for i, n := range starts {
		all[i] = newLevenberg(newTraining(r, i, n), hyper)
	}
	left := r.o.Iterations
	for _, stage := range stages {
		if len(all) == 1 {
			break
		}
		r.each(len(all), func(i int) { all[i].run(min(stage.iterations, left)) })
		left -= min(stage.iterations, left)
		slices.SortStableFunc(all, func(a, b *levenberg) int {
			switch {
			case a.t.best.better(b.t.best):
				return -1
			case b.t.best.better(a.t.best):
				return 1
			}
			return 0
		})
		keep := max(int(math.Ceil(stage.share*float64(len(all)))), stage.atLeast)
		all = all[:min(keep, len(all))]
	}
	r.each(len(all), func(i int) { all[i].run(left) })
	results := make([]trained, len(all))
	for i, lm := range all {
		results[i] = lm.t.finish(IterationLimit)
	}
	return results
}

// each calls f for 0 .. n-1, up to o.Workers at a time.
func (r *runs) each(n int, f func(i int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(max(r.o.Workers, 1), n) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// one trains one network with a trainer that works on one at a time.
func (r *runs) one(index int, start Network) trained {
	t := newTraining(r, index, start)
	switch r.o.Trainer {
	case ADAM:
		return t.adam(rand.New(rand.NewPCG(uint64(index), uint64(r.train.m))))
	case LBFGS:
		return t.lbfgs()
	}
	panic("surrogate: unknown trainer " + string(r.o.Trainer))
}
