package surrogate

import "slices"

// Sizes up to which Levenberg-Marquardt with dense matrices pays: a step costs
// about residuals * parameters^2, and this keeps it below a second or so.
const (
	denseParameters = 1000
	denseWork       = 2e9
)

// ladderNumbers is up to how many values and partials the ladder of dense
// Levenberg-Marquardt is tried where the networks are left open. Beyond, those that it
// can afford are too small for what the samples hold.
const ladderNumbers = 12000

// largeBatch is how many samples a step of adam takes where they are too many to be
// copied.
const largeBatch = 1000

// defaultEnsemble is how many networks answer together where the evidence weighs them.
const defaultEnsemble = 4

// withDefaults fills in what was left open, for the data at hand.
func (o Options) withDefaults(t trainingSet) Options {
	if o.Trainer == "" {
		o.Trainer = LM
		if !o.Robust && !o.affordsLM(t) {
			o.Trainer = LBFGS
		}
	}
	if o.Lambda == nil && o.Trainer == ADAM {
		o.Lambda = new(1e-6)
	}
	if o.Ensemble == 0 {
		o.Ensemble = 1
		if o.Lambda == nil {
			o.Ensemble = defaultEnsemble
		}
	}
	if o.Restarts == 0 {
		switch {
		case o.Trainer == LM:
			o.Restarts = restarts(t, o)
		case o.surveys():
			o.Restarts = 1
		case o.Trainer == ADAM:
			o.Restarts = o.Ensemble
		default:
			o.Restarts = max(4, o.Ensemble)
		}
	}
	if o.Iterations == 0 {
		switch {
		case o.surveys():
			o.Iterations = surveySteps
		case o.Trainer == LM:
			o.Iterations = o.iterations(t, 1000)
		case o.Trainer == ADAM:
			o.Iterations = o.iterations(t, 10000)
		default:
			o.Iterations = o.iterations(t, 2000)
		}
	}
	if o.Patience == 0 {
		o.Patience = max(o.Iterations/10, 1)
	}
	if o.Batch == 0 && t.source != nil {
		o.Batch = largeBatch
	}
	if o.LearningRate == 0 {
		o.LearningRate = 0.01
	}
	return o
}

// affordsLM reports whether Levenberg-Marquardt with dense matrices is the trainer to
// choose.
func (o Options) affordsLM(t trainingSet) bool {
	n := t.residuals()
	if len(o.Hidden) == 0 {
		return n <= ladderNumbers
	}
	p := float64(parameterCount(slices.Concat([]int{t.nx}, o.Hidden, []int{t.ny})))
	return p <= denseParameters && p*p*float64(n) <= denseWork
}

// residuals returns how many numbers there are to fit.
func (t trainingSet) residuals() int {
	if t.source != nil {
		return t.source.known
	}
	n := 0
	for _, weights := range [][]float64{t.beta, t.gamma} {
		for _, w := range weights {
			if w > 0 {
				n++
			}
		}
	}
	return n
}
