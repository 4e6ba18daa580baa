package surrogate

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo/internal/kernel"
)

// Loss is the loss J of a network on data, with its gradient by the parameters: for
// those who bring their own optimizer (see [Cost] for J, and the package's example).
// It is a workspace for one goroutine; evaluations allocate nothing.
//
// [Fit] does more than minimize J: it chooses the regularization, tries several
// networks and starts, and finds out wrong partials.
type Loss struct {
	objective *objective
	network   Network
	scaling   Scaling
	facts     Facts
}

// NewLoss returns the loss of networks of the given layers and activation on the
// data and weights of a task, penalized by lambda, at least 0. Inputs and responses
// are scaled to mean 0 and standard deviation 1 over the samples, as always; samples
// whose evaluation failed are left out. All responses share the network. Of the task, only problem, data and
// weights play a part.
// Of more than half a million numbers in the data no copy is made: every evaluation
// reads them. It is an error if these don't fit together, or nothing is known.
func NewLoss(sizes []int, hidden Activation, task Task, lambda float64) (*Loss, error) {
	task = Task{Problem: task.Problem, Data: task.Data, Weights: task.Weights}
	var faults []error
	if err := task.validate(); err != nil {
		return nil, fmt.Errorf("surrogate: %w", err)
	}
	if !(lambda >= 0 && !math.IsInf(lambda, 1)) {
		faults = append(faults, fmt.Errorf("a lambda of %v; it is finite and at least 0", lambda))
	}
	n := Network{Sizes: slices.Clone(sizes), Hidden: hidden}
	if err := n.validateShape(); err != nil {
		faults = append(faults, err)
	} else if d := task.Data; n.nx() != d.NX || n.ny() != d.NY {
		faults = append(faults, fmt.Errorf("a network of %d inputs and %d outputs for data of %d and %d", n.nx(), n.ny(), d.NX, d.NY))
	}
	known := newSource(task.Data, task.Weights, 0, task.Data.NY)
	if known.samples() == 0 {
		faults = append(faults, errors.New("no sample has a response or partial"))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("surrogate: %w", errors.Join(faults...))
	}
	s := known.newScaling()
	facts := task.facts(Summary{Lambda: lambda}, []*answer{alone(newFitted(n, s, nil))})
	return &Loss{newObjective(n, known.set(s), lambda), n, s, facts}, nil
}

// Evaluate returns the loss at the parameters, which are laid out as
// Network.Parameters, and writes its gradient into grad, of the same length, unless
// that is nil.
func (l *Loss) Evaluate(grad, parameters []float64) Cost {
	if want := parameterCount(l.network.Sizes); len(parameters) != want || grad != nil && len(grad) != want {
		panic(fmt.Sprintf("surrogate: a loss of %d parameters asked with %d, and %d places for the gradient", want, len(parameters), len(grad)))
	}
	return l.objective.evaluate(parameters, grad)
}

// Scaling returns how the numbers of the network relate to those of the data.
func (l *Loss) Scaling() Scaling { return l.scaling.clone() }

// Model returns the model of a network with the parameters. It is an error if one
// of them isn't finite.
func (l *Loss) Model(parameters []float64) (*JENN, error) {
	n := l.network
	n.Parameters = parameters
	n = n.clone()
	if err := n.validate(); err != nil {
		return nil, fmt.Errorf("surrogate: %w", err)
	}
	facts := l.facts
	facts.Loss = l.objective.evaluate(parameters, nil).Total()
	return newJENN(facts, alone(newFitted(n, l.Scaling(), nil))), nil
}

// InstructionSet returns for which instructions of the processor the inner loops
// that are in use are made: "avx512", "avx2" or, without any, "go". The best that
// there is is chosen at the start; the environment variable SBO_KERNELS asks for a
// lesser one.
func InstructionSet() string { return kernel.Name() }
