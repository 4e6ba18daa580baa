package surrogate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Trainer names how the loss is minimized.
type Trainer string

// The trainers.
const (
	// LM is Levenberg-Marquardt on the residuals of values and partials with
	// regularization set by the evidence of the data. The most accurate by far on
	// up to a few thousand residuals, and the default there.
	LM Trainer = "lm"
	// GaussNewtonCG takes the steps of Levenberg and Marquardt without their matrices,
	// by conjugate gradients, for networks of any size.
	GaussNewtonCG Trainer = "gncg"
	// LBFGS is limited-memory BFGS on the whole loss, also with regularization set by
	// evidence: the default for many samples and large networks.
	LBFGS Trainer = "lbfgs"
	// ADAM is minibatch ADAM (Kingma and Ba, arXiv 1412.6980), what the reference uses.
	ADAM Trainer = "adam"
)

// Trainers returns the trainers' names.
func Trainers() []Trainer { return []Trainer{LM, GaussNewtonCG, LBFGS, ADAM} }

// Options says how to fit. The zero value chooses everything from the data.
type Options struct {
	// Hidden holds the widths of the hidden layers. Empty: chosen from the data, with
	// lm by evidence among one and two layers, with gncg and lbfgs by errors on samples
	// held out among one to three.
	Hidden []int `json:"hidden,omitempty" yaml:"hidden"`
	// Activation of the hidden layers. Empty: that of tanh, softplus and sine which
	// does best, chosen with the widths; tanh with adam or a lambda.
	Activation Activation `json:"activation,omitempty" yaml:"activation"`
	// Shared trains one network for all responses, as the paper does. The default
	// is a network for each, whose architecture, scaling and regularization then
	// suit that response, and which takes a fraction of the time to train.
	Shared bool `json:"shared,omitempty" yaml:"shared"`
	// Trainer that minimizes the loss. Empty: chosen by the size of the problem.
	Trainer Trainer `json:"trainer,omitempty" yaml:"trainer"`
	// Lambda is the paper's weight of sum W^2 in the loss. Nil: 1e-6 with the trainer
	// adam, set by the evidence with the others.
	Lambda *float64 `json:"lambda,omitempty" yaml:"lambda"`
	// Robust lets go of outliers, values or partials that the others contradict: the
	// noise has a Student-t distribution, and a number counts the less the farther it
	// is from what the network says (Summary.Outliers). It needs the trainer lm, which
	// is then the default, and the noise that its evidence finds, so no lambda.
	Robust bool `json:"robust,omitempty" yaml:"robust"`
	// Responses, if not nil, holds what each response has of its own.
	Responses []ResponseOptions `json:"responses,omitempty" yaml:"responses"`
	// Ensemble is how many networks, at most, answer together, weighted by their
	// evidence: their spread is part of how uncertain a prediction is. 0: 4 where the
	// evidence sets the regularization, else 1.
	Ensemble int `json:"ensemble,omitempty" yaml:"ensemble"`
	// Restarts is the number of initializations of each architecture of which
	// the best are kept. 0: 2 to 40 with the trainer lm, by what they cost; 1 with the
	// others, but 4 with gncg and lbfgs if there is a lambda.
	Restarts int `json:"restarts,omitempty" yaml:"restarts"`
	// FitTime is about how long the fit of a response may take on one core: more time
	// tries more and larger networks. It is counted in floating-point operations at
	// fitSpeed, not by a clock, so that the result does not depend on the machine. With
	// milliseconds or less, hidden layers are drawn at random and only output layers are
	// trained; nor is it then found out that partials are wrong. 0: seconds for few
	// samples, about a minute for thousands of numbers.
	FitTime time.Duration `json:"fit_time,omitempty" yaml:"fit_time"`
	// Iterations bounds the steps of a trainer. 0: 1000 (lm), 2000 (gncg and lbfgs with a
	// lambda; without, their work is bounded), 10000 (adam).
	Iterations int `json:"iterations,omitempty" yaml:"iterations"`
	// Validation is the fraction of the samples held out to stop early: training
	// ends when their loss has not fallen for Patience iterations, and the best
	// state is restored. 0: none are held out.
	Validation float64 `json:"validation,omitempty" yaml:"validation"`
	// Patience in iterations. 0: a tenth of Iterations.
	Patience int `json:"patience,omitempty" yaml:"patience"`
	// LearningRate of adam. 0: 0.01.
	LearningRate float64 `json:"learning_rate,omitempty" yaml:"learning_rate"`
	// Batch is the number of samples in a step of adam. 0: all, or 1000 if there are so
	// many that they are not copied (see [Task]).
	Batch int `json:"batch,omitempty" yaml:"batch"`
	// Workers is the number of networks trained at a time; it does not affect
	// the result. 0: 1.
	Workers int `json:"-" yaml:"-"`

	noise []float64 // ResponseOptions.PartialNoise of the responses of one network; nil: not known
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
	for k, r := range o.Responses {
		faults = append(faults, r.validate(k)...)
	}
	if o.Robust {
		faults = append(faults, o.validateRobust()...)
	}
	if o.FitTime < 0 {
		fault("fit_time: %v is negative", o.FitTime)
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
	}{{"ensemble", o.Ensemble}, {"restarts", o.Restarts}, {"iterations", o.Iterations}, {"patience", o.Patience}, {"batch", o.Batch}} {
		if n.value < 0 {
			fault("%s: %d is negative", n.name, n.value)
		}
	}
	return errors.Join(faults...)
}
