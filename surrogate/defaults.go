package surrogate

import "slices"

// Sizes up to which Levenberg-Marquardt with dense matrices pays: a step costs
// about residuals * parameters^2, and this keeps it below a second or so.
const (
	denseParameters = 1000
	denseWork       = 2e9
)

// withDefaults fills in what was left open, for the data at hand.
func (o Options) withDefaults(t trainingSet) Options {
	if o.Trainer == "" {
		o.Trainer = LM
		if p := float64(smallest(t, o)); !o.Robust && (p > denseParameters || p*p*float64(t.residuals()) > denseWork) {
			o.Trainer = LBFGS
		}
	}
	if o.Lambda == nil && o.Trainer != LM {
		o.Lambda = new(1e-6)
	}
	if o.Ensemble == 0 {
		o.Ensemble = 1
		if o.Trainer == LM && o.Lambda == nil {
			o.Ensemble = 4
		}
	}
	if o.Restarts == 0 {
		switch o.Trainer {
		case LM:
			o.Restarts = restarts(t, o)
		case LBFGS:
			o.Restarts = max(4, o.Ensemble)
		case ADAM:
			o.Restarts = o.Ensemble
		}
	}
	if o.Iterations == 0 {
		o.Iterations = o.iterations(t, map[Trainer]int{LM: 1000, LBFGS: 2000, ADAM: 10000}[o.Trainer])
	}
	if o.Patience == 0 {
		o.Patience = max(o.Iterations/10, 1)
	}
	if o.LearningRate == 0 {
		o.LearningRate = 0.01
	}
	return o
}

// smallest returns the parameters of the smallest network the options allow.
func smallest(t trainingSet, o Options) int {
	if len(o.Hidden) == 0 {
		return parameterCount([]int{t.nx, 1, t.ny})
	}
	return parameterCount(slices.Concat([]int{t.nx}, o.Hidden, []int{t.ny}))
}

// residuals returns how many numbers there are to fit.
func (t trainingSet) residuals() int {
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
