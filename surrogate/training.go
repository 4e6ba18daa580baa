package surrogate

import (
	"cmp"
	"math"
	"slices"
)

// training is one network being trained: the part all trainers share. It keeps
// the best state seen, reports progress, and decides when to stop.
type training struct {
	runs    *runs
	index   int
	network Network // its Parameters move
	loss    *objective
	held    *objective // nil if no samples are held out

	before int  // iterations of the network in earlier trainings
	newest bool // the newest state counts as the best (lm: the regularization moves, so losses can't be compared)
	best   trained
}

// trained is the outcome of a training.
type trained struct {
	network     Network
	index       int     // of the start
	lambda      float64 // that the loss was regularized with
	cost        Cost
	validation  float64 // NaN if no samples are held out
	logEvidence float64 // NaN if not estimated
	misfit      float64 // mean square of errors on samples held out of a survey; 0: not known
	evidence    *evidence
	credit      []float64 // of each residual; nil without a robust loss
	outliers    []Outlier // in the numbers of the training set; none without a robust loss
	wild        bool      // absurd between the samples
	iterations  int
	status      Status
}

func newTraining(r *runs, index int, start Network) *training {
	t := &training{runs: r, index: index, network: start.clone()}
	lambda := 0.0
	if r.o.Lambda != nil {
		lambda = *r.o.Lambda
	}
	t.loss = newObjective(t.network, r.train, lambda)
	t.loss.cores = r.cores
	if r.held.m > 0 {
		t.held = newObjective(t.network, r.held, 0)
		t.held.cores = r.cores
	}
	t.best = trained{network: start.clone(), index: index, lambda: lambda, validation: math.NaN(), logEvidence: math.NaN()}
	t.best.cost = t.loss.evaluate(start.Parameters, nil)
	if t.held != nil {
		t.best.validation = t.held.evaluate(start.Parameters, nil).Total()
	}
	return t
}

// observe notes the state after an iteration. It reports whether to stop early,
// with the reason in t.best.status, or because ctx has ended.
func (t *training) observe(iteration int, parameters []float64, cost Cost) (stop bool) {
	validation := math.NaN()
	keep := t.newest || cost.Total() < t.best.cost.Total()
	if t.held != nil {
		validation = t.held.evaluate(parameters, nil).Total()
		keep = validation < t.best.validation || math.IsNaN(t.best.validation)
	}
	if keep {
		copy(t.best.network.Parameters, parameters)
		t.best.cost, t.best.validation, t.best.iterations = cost, validation, iteration
	}
	t.report(iteration, cost.Total(), validation)
	if t.held != nil && iteration-t.best.iterations >= t.runs.o.Patience {
		t.best.status = EarlyStop
		return true
	}
	return t.runs.ctx.Err() != nil
}

func (t *training) report(iteration int, loss, validation float64) {
	r := t.runs
	if r.progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress(Progress{Network: t.index, Networks: r.total, Iteration: t.before + iteration, Iterations: r.o.Iterations, Loss: loss, Validation: validation})
}

// finish returns the best state, with the status unless one is set already.
func (t *training) finish(s Status) trained {
	if t.best.status == 0 {
		t.best.status = s
	}
	t.best.iterations += t.before
	return t.best
}

// compare orders outcomes on the same data, the better first: those that are not
// wild; then by held-out loss if there is one, by evidence if it was estimated, else
// by training loss.
func (a trained) compare(b trained) int {
	if a.wild != b.wild {
		if a.wild {
			return 1
		}
		return -1
	}
	score := func(t trained) float64 {
		s := t.cost.Total()
		switch {
		case t.misfit > 0:
			s = t.misfit
		case !math.IsNaN(t.validation):
			s = t.validation
		case !math.IsNaN(t.logEvidence):
			s = -t.logEvidence
		}
		if math.IsNaN(s) {
			return math.Inf(1)
		}
		return s
	}
	return cmp.Compare(score(a), score(b))
}

func (a trained) summary(train, held trainingSet, o Options, networks int) Summary {
	sizes := a.network.Sizes
	return Summary{
		Trainer: o.Trainer, Hidden: slices.Clone(sizes[1 : len(sizes)-1]), Parameters: len(a.network.Parameters),
		Lambda: a.lambda, Samples: train.m, HeldOut: held.m, Cost: a.cost, Validation: a.validation, Iterations: a.iterations,
		Networks: networks, Status: a.status, LogEvidence: a.logEvidence,
		PartialNoise: a.evidence.partialNoise(train),
	}
}
