package surrogate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	// Calibration is in files that were written before it followed from the samples. It
	// is neither used nor written.
	Calibration json.RawMessage `json:"calibration,omitempty"`
}

// samplesFile holds scaled samples by columns, as trainingSet does; what is missing
// has a weight of 0.
type samplesFile struct {
	Count    int       `json:"count"`
	Of       int       `json:"of,omitempty"` // how many they stand for; 0: themselves
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
			file.Samples = &samplesFile{Count: t.m, Of: t.of, X: t.x, Y: t.y, Beta: t.beta, Partials: t.dydx, Gamma: t.gamma}
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
