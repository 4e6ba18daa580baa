package bench

import (
	"github.com/sbo-go/sbo/surrogate"
)

// settings are how the reference, the Python package jenn, is told to train.
type settings struct {
	hidden     []int
	rate       float64 // alpha
	lambda     float64
	iterations int
	batch      int // 0: all samples
}

// The settings of the reference's own demonstrations (its notebooks, version
// 2.0.1): normalized data, decay rates 0.9 and 0.99, one initialization. What has
// no demonstration gets those of Rastrigin.
var (
	demoSinusoid   = settings{hidden: []int{12}, rate: 0.05, lambda: 0.1, iterations: 1000}
	demoRastrigin  = settings{hidden: []int{24, 24}, rate: 1e-3, lambda: 1e-4, iterations: 10000}
	demoRosenbrock = settings{hidden: []int{20, 20, 20}, rate: 1e-5, lambda: 1e-3, iterations: 75000}
	// 25 times 34 batches of a thousand, with two steps on each.
	demoAirfoil = settings{hidden: []int{12, 12}, rate: 0.01, lambda: 0.01, iterations: 1700, batch: 1000}
)

// adam returns the options of the reference's trainer, for so many iterations.
func (s settings) adam(iterations int) surrogate.Options {
	return surrogate.Options{
		Hidden: s.hidden, Shared: true, Trainer: surrogate.ADAM, Lambda: &s.lambda, LearningRate: s.rate,
		Restarts: 1, Iterations: iterations, Batch: s.batch,
	}
}

// lbfgs returns the options of L-BFGS on the very loss of the reference: the same
// network, the same lambda.
func (s settings) lbfgs() surrogate.Options {
	return surrogate.Options{Hidden: s.hidden, Shared: true, Trainer: surrogate.LBFGS, Lambda: &s.lambda, Restarts: 1}
}
