package surrogate

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// restore makes the answer of a file.
func (f answerFile) restore() (*answer, error) {
	if len(f.Members) == 0 {
		return nil, errors.New("it has no networks")
	}
	a, total := &answer{}, 0.0
	for i, n := range slices.Concat(f.Members, f.Stages) {
		net, err := n.restore()
		if err != nil {
			return nil, fmt.Errorf("network %d: %w", i+1, err)
		}
		if i < len(f.Members) {
			total += net.weight
			a.members = append(a.members, net)
		} else {
			a.stages = append(a.stages, net)
		}
		if first := a.members[0].network; net.network.nx() != first.nx() || net.network.ny() != first.ny() {
			return nil, fmt.Errorf("network %d has %d inputs and %d outputs, the first %d and %d", i+1, net.network.nx(), net.network.ny(), first.nx(), first.ny())
		}
	}
	if math.Abs(total-1) > 1e-9 {
		return nil, fmt.Errorf("the weights of the members sum up to %v instead of 1", total)
	}
	if f.Samples == nil {
		return a, nil
	}
	var err error
	a.samples, err = f.Samples.restore(a.members[0].network)
	return a, err
}

// restore makes the samples of a file, that a network was trained on.
func (f samplesFile) restore(n Network) (trainingSet, error) {
	t := trainingSet{m: f.Count, of: f.Of, nx: n.nx(), ny: n.ny(), x: f.X, y: f.Y, beta: f.Beta, dydx: f.Partials, gamma: f.Gamma}
	partials := 0
	if t.gamma != nil {
		partials = t.m * t.ny * t.nx
	}
	if t.m < 1 || len(t.x) != t.m*t.nx || len(t.y) != t.m*t.ny || len(t.beta) != len(t.y) || len(t.gamma) != partials || len(t.dydx) != partials {
		return trainingSet{}, fmt.Errorf("samples: %d of %d inputs and %d outputs with %d, %d and %d numbers and %d and %d weights",
			t.m, t.nx, t.ny, len(t.x), len(t.y), len(t.dydx), len(t.beta), len(t.gamma))
	}
	for _, w := range slices.Concat(t.beta, t.gamma) {
		if !(w >= 0) {
			return trainingSet{}, fmt.Errorf("samples: a weight of %v, which is negative", w)
		}
	}
	return t, nil
}

// restore makes the network of a file.
func (f networkFile) restore() (*fitted, error) {
	n := Network{Sizes: f.Layers, Hidden: f.Activation, Parameters: f.Parameters}
	net, err := restored(n, Scaling(f.Scaling))
	if err != nil {
		return nil, err
	}
	if net.weight = f.Weight; !(net.weight > 0 && net.weight <= 1) {
		return nil, fmt.Errorf("a weight of %v, which is not above 0 and at most 1", f.Weight)
	}
	if f.Evidence != nil {
		net.evidence, err = f.Evidence.restore(n)
	}
	return net, err
}

// restored checks that the network and the scaling of a file fit together.
func restored(n Network, s Scaling) (*fitted, error) {
	if err := n.validate(); err != nil {
		return nil, err
	}
	if err := s.validate(n.nx(), n.ny()); err != nil {
		return nil, err
	}
	return newFitted(n, s, nil), nil
}

// restore rebuilds the state of the evidence, whose groups follow from the network.
func (f evidenceFile) restore(n Network) (*evidence, error) {
	e := newEvidence(n, &evidence{Noise: f.Noise, Precisions: f.Precisions, Trust: f.Trust})
	if len(e.Precisions) != len(f.Precisions) {
		return nil, fmt.Errorf("evidence: %d precisions for the %d groups of a network of layers %v", len(f.Precisions), len(e.Precisions), n.Sizes)
	}
	if f.Noise <= 0 {
		return nil, fmt.Errorf("evidence: a noise precision of %v, which is not positive", f.Noise)
	}
	if f.Trust != nil && len(f.Trust) != n.ny()*n.nx() {
		return nil, fmt.Errorf("evidence: trust in %d columns of partials instead of %d", len(f.Trust), n.ny()*n.nx())
	}
	for _, p := range slices.Concat(f.Precisions, f.Trust) {
		if p <= 0 {
			return nil, fmt.Errorf("evidence: a precision of %v, which is not positive", p)
		}
	}
	return e, nil
}

// assemble makes a model of the answers and facts of a file: one answer, or several
// to one response each.
func assemble(facts Facts, answers ...*answer) (*JENN, error) {
	for i, a := range answers {
		first, net := answers[0].members[0].network, a.members[0].network
		if net.nx() != first.nx() {
			return nil, fmt.Errorf("surrogate: the model file: answer %d has %d inputs, the first %d", i+1, net.nx(), first.nx())
		}
		if len(answers) > 1 && a.ny() != 1 {
			return nil, fmt.Errorf("surrogate: the model file: answer %d of %d has %d outputs instead of 1", i+1, len(answers), a.ny())
		}
	}
	m := newJENN(facts, answers...)
	if err := facts.validate(m.nx, m.ny); err != nil {
		return nil, fmt.Errorf("surrogate: the model file: %w", err)
	}
	return m, nil
}

// validate returns an error if what is known does not fit nx inputs and ny outputs.
func (f Facts) validate(nx, ny int) error {
	var faults []error
	check := func(what string, have, want int) {
		if have != 0 && have != want {
			faults = append(faults, fmt.Errorf("facts: %d %s for %d", have, what, want))
		}
	}
	check("names of inputs", len(f.Inputs), nx)
	check("units of inputs", len(f.InUnits), nx)
	check("lower bounds", len(f.Lower), nx)
	check("upper bounds", len(f.Upper), nx)
	check("names of outputs", len(f.Outputs), ny)
	check("units of outputs", len(f.OutUnits), ny)
	if len(f.Lower) == len(f.Upper) {
		for j, lower := range f.Lower {
			if lower > f.Upper[j] {
				faults = append(faults, fmt.Errorf("facts: input %d ranges from %v down to %v", j+1, lower, f.Upper[j]))
			}
		}
	}
	return errors.Join(faults...)
}
