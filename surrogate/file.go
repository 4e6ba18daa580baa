package surrogate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// The name and version of our model files. A change that older readers would
// misread raises the version.
const (
	fileFormat  = "sbo-jenn"
	fileVersion = 2
)

// modelFile is a model as JSON. Numbers are written in the fewest digits that
// give them back exactly.
type modelFile struct {
	Format  string       `json:"format"`
	Version int          `json:"version"`
	Answers []answerFile `json:"answers"` // one, or one for each response
	Facts   Facts        `json:"facts"`
}

type answerFile struct {
	Members []networkFile `json:"members"`
	Stages  []networkFile `json:"stages,omitempty"`
	Samples *samplesFile  `json:"samples,omitempty"` // for standard deviations
}

// samplesFile holds scaled samples by columns, as trainingSet does; what is missing
// has a weight of 0.
type samplesFile struct {
	Count    int       `json:"count"`
	X        []float64 `json:"x"`
	Y        []float64 `json:"y"`
	Beta     []float64 `json:"beta"`
	Partials []float64 `json:"partials,omitempty"`
	Gamma    []float64 `json:"gamma,omitempty"`
}

type networkFile struct {
	Weight     float64       `json:"weight"`
	Layers     []int         `json:"layers"`
	Activation Activation    `json:"activation"`
	Parameters []float64     `json:"parameters"` // as Network.Parameters
	Scaling    scalingFile   `json:"scaling"`
	Evidence   *evidenceFile `json:"evidence,omitempty"`
}

type scalingFile struct {
	MeanX []float64 `json:"mean_x"`
	StdX  []float64 `json:"std_x"`
	MeanY []float64 `json:"mean_y"`
	StdY  []float64 `json:"std_y"`
}

type evidenceFile struct {
	Noise      float64   `json:"noise"`
	Precisions []float64 `json:"precisions"`
	Trust      []float64 `json:"trust,omitempty"`
}

// Save writes the model as one JSON document: layers, parameters, scaling, and
// what it knows about its origin and for a warm start. [Load] gives a model
// that predicts the same, bit for bit.
func (m *JENN) Save(w io.Writer) error {
	f := modelFile{Format: fileFormat, Version: fileVersion, Facts: m.Facts}
	for _, a := range m.answers {
		file := answerFile{Members: describe(a.members), Stages: describe(a.stages)}
		if t := a.samples; t.m > 0 {
			file.Samples = &samplesFile{Count: t.m, X: t.x, Y: t.y, Beta: t.beta, Partials: t.dydx, Gamma: t.gamma}
		}
		f.Answers = append(f.Answers, file)
	}
	return writeJSON(w, f)
}

// describe returns networks as they are written.
func describe(nets []*fitted) []networkFile {
	var files []networkFile
	for _, net := range nets {
		n := networkFile{
			Weight: net.weight, Layers: net.network.Sizes, Activation: net.network.Hidden, Parameters: net.network.Parameters,
			Scaling: scalingFile(net.scaling),
		}
		if e := net.evidence; e != nil {
			n.Evidence = &evidenceFile{Noise: e.Noise, Precisions: e.Precisions, Trust: e.Trust}
		}
		files = append(files, n)
	}
	return files
}

// Load reads a model that [JENN.Save] wrote, or the file parameters.json of the
// Python package jenn. Its errors say what is wrong with the file.
func Load(r io.Reader) (*JENN, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("surrogate: reading a model: %w", err)
	}
	var probe struct {
		Format  string          `json:"format"`
		Version int             `json:"version"`
		JENN    json.RawMessage `json:"layer_sizes"`
	}
	if err := decode(raw, &probe, false); err != nil {
		return nil, err
	}
	switch {
	case probe.Format == fileFormat && probe.Version > fileVersion:
		return nil, fmt.Errorf("surrogate: the model file has version %d, this program reads up to %d; use a newer sbo", probe.Version, fileVersion)
	case probe.Format == fileFormat && probe.Version < fileVersion:
		return nil, fmt.Errorf("surrogate: the model file has version %d, this program reads %d; fit the model again", probe.Version, fileVersion)
	case probe.Format == fileFormat:
		return loadOwn(raw)
	case probe.Format != "":
		return nil, fmt.Errorf("surrogate: a file of format %q is not a model; want %q, or parameters.json of jenn", probe.Format, fileFormat)
	case probe.JENN != nil:
		return loadJENN(raw)
	}
	return nil, fmt.Errorf("surrogate: the file is not a model: it has neither \"format\": %q nor the \"layer_sizes\" of jenn", fileFormat)
}

func loadOwn(raw []byte) (*JENN, error) {
	var f modelFile
	if err := decode(raw, &f, true); err != nil {
		return nil, err
	}
	if len(f.Answers) == 0 {
		return nil, errors.New("surrogate: the model file has no networks")
	}
	var answers []*answer
	for i, file := range f.Answers {
		a, err := file.restore()
		if err != nil {
			return nil, fmt.Errorf("surrogate: the model file: answer %d: %w", i+1, err)
		}
		answers = append(answers, a)
	}
	return assemble(f.Facts, answers...)
}

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
	t := trainingSet{m: f.Count, nx: n.nx(), ny: n.ny(), x: f.X, y: f.Y, beta: f.Beta, dydx: f.Partials, gamma: f.Gamma}
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

// decode reads exactly one JSON document.
func decode(raw []byte, into any, strict bool) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(into); err != nil {
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			return fmt.Errorf("surrogate: the file is not a model: JSON breaks at byte %d: %w", syntax.Offset, err)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("surrogate: the file is not a model: it ends too early: %w", err)
		}
		return fmt.Errorf("surrogate: the file is not a model: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("surrogate: something follows the model at byte %d", d.InputOffset())
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("surrogate: saving a model: %w", err)
	}
	if _, err := w.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("surrogate: saving a model: %w", err)
	}
	return nil
}
