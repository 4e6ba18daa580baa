package kriging

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// The name and version of model files. A change that older readers would misread
// raises the version.
const (
	fileFormat  = "sbo-kriging"
	fileVersion = 3 // 1 knew no transformations, 2 no additive kernel
)

// modelFile is a model as JSON. Numbers are written in the fewest digits that give them
// back exactly.
type modelFile struct {
	Format    string         `json:"format"`
	Version   int            `json:"version"`
	Inputs    int            `json:"inputs"`
	Samples   int            `json:"samples"` // of the data
	Responses []responseFile `json:"responses"`
	Facts     Facts          `json:"facts"`
}

// responseFile is the process of one response, scaled as rows are.
type responseFile struct {
	Kernel      Kernel          `json:"kernel"`
	Interaction float64         `json:"interaction,omitempty"` // theta of the additive kernel
	Lengths     []float64       `json:"length_scales"`         // fractions of the box
	Noise       []float64       `json:"noise"`                 // relative variances, of values and of each column of partials
	Trend       float64         `json:"trend"`
	Variance    float64         `json:"variance"`
	LogEvidence float64         `json:"log_evidence"`
	Calibration calibrationFile `json:"calibration"`
	Warp        warpFile        `json:"transformation"`
	Lower       []float64       `json:"lower"` // of the transformed box
	Width       []float64       `json:"width"`
	Mean        float64         `json:"mean"` // of the transformed response
	Std         float64         `json:"std"`
	Plain       float64         `json:"untransformed_std"`
	LeftOut     int             `json:"left_out,omitempty"`
	Samples     []int           `json:"samples"` // their numbers in the data
	Points      []float64       `json:"points"`
	First       []int           `json:"first"`   // where the numbers of each sample begin, and the end
	Columns     []int           `json:"columns"` // of the numbers: -1 for a value, else the variable of a partial
	Numbers     []float64       `json:"numbers"`
	Weights     []float64       `json:"weights"`
	Alpha       []float64       `json:"alpha"` // what they weigh in predictions
}

type warpFile struct {
	Logs  []bool  `json:"log_inputs,omitempty"` // of which inputs the logarithm was learned; none: of none
	Side  float64 `json:"side"`                 // 1 or -1: log(side*(response - shift)) was learned; 0: the response
	Shift float64 `json:"shift"`
	Most  float64 `json:"most"` // from where on log(side*(response - shift)) goes on as a straight line
}

type calibrationFile struct {
	Values   float64 `json:"values"`
	Partials float64 `json:"partials"`
}

// Save writes the model as one JSON document: samples, hyperparameters, and what it
// knows about its origin. [Load] gives a model that predicts the same, bit for bit.
func (m *Model) Save(w io.Writer) error {
	f := modelFile{Format: fileFormat, Version: fileVersion, Inputs: m.nx, Samples: m.samples, Facts: m.Facts}
	for _, p := range m.processes {
		r, h, s := p.c.r, p.c.h, p.scaling
		f.Responses = append(f.Responses, responseFile{
			Kernel: h.kernel, Interaction: h.additive.theta, Lengths: h.length, Noise: h.noise, Trend: h.trend, Variance: p.variance, LogEvidence: p.logEvidence,
			Calibration: calibrationFile(p.calibration), Warp: warpFile{Logs: s.warp.logs, Side: s.warp.output.side, Shift: s.warp.output.shift, Most: s.warp.output.most},
			Lower: s.lower, Width: s.width, Mean: s.mean, Std: s.std, Plain: s.plain, LeftOut: p.leftOut,
			Samples: r.sample, Points: r.z, First: r.first, Columns: r.column, Numbers: r.y, Weights: r.weight, Alpha: p.alpha,
		})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	if err := e.Encode(f); err != nil {
		return fmt.Errorf("kriging: writing a model: %w", err)
	}
	return nil
}

// IsModel reports whether the beginning of a file looks like that of a model that
// [Model.Save] wrote, rather than like that of another kind.
func IsModel(file []byte) bool {
	var probe struct {
		Format string `json:"format"`
	}
	return json.Unmarshal(file, &probe) == nil && probe.Format == fileFormat
}

// Load reads a model that [Model.Save] wrote. Its errors say what is wrong with the file.
func Load(r io.Reader) (*Model, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("kriging: reading a model: %w", err)
	}
	var probe struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(raw, &probe); err != nil {
		return nil, fmt.Errorf("kriging: the file is not JSON: %w", err)
	}
	switch {
	case probe.Format != fileFormat:
		return nil, fmt.Errorf("kriging: a file of format %q is not a model; want %q", probe.Format, fileFormat)
	case probe.Version > fileVersion:
		return nil, fmt.Errorf("kriging: the model file has version %d, this program reads up to %d; use a newer sbo", probe.Version, fileVersion)
	case probe.Version < 1:
		return nil, fmt.Errorf("kriging: the model file has version %d, which never was", probe.Version)
	}
	m, err := restore(raw)
	if err != nil {
		return nil, fmt.Errorf("kriging: the model file: %w", err)
	}
	return m, nil
}

func restore(raw []byte) (*Model, error) {
	var f modelFile
	if err := decodeStrictly(raw, &f); err != nil {
		return nil, err
	}
	if f.Inputs < 1 || f.Samples < 1 || len(f.Responses) == 0 {
		return nil, fmt.Errorf("%d inputs, %d responses and %d samples; there must be some of each", f.Inputs, len(f.Responses), f.Samples)
	}
	m := &Model{nx: f.Inputs, ny: len(f.Responses), samples: f.Samples, Facts: f.Facts}
	for k, response := range f.Responses {
		if f.Version == 1 {
			response.Plain = response.Std
		}
		p, err := response.restore(f.Inputs, f.Samples)
		if err != nil {
			return nil, fmt.Errorf("response %d: %w", k+1, err)
		}
		m.processes = append(m.processes, p)
	}
	return m, nil
}

// restore makes the process of a file.
func (f responseFile) restore(nx, samples int) (*process, error) {
	if err := errors.Join(f.checkShape(nx), f.checkNumbers()); err != nil {
		return nil, err
	}
	if err := f.checkOrder(nx, samples); err != nil {
		return nil, err
	}
	r := &rows{n: len(f.Samples), nx: nx, z: f.Points, first: f.First, column: f.Columns, y: f.Numbers, weight: f.Weights, sample: f.Samples}
	p := &process{
		c: newCovariance(r, f.hyper()),
		scaling: scaling{
			warp:  warp{logs: f.Warp.Logs, output: output{side: f.Warp.Side, shift: f.Warp.Shift, most: f.Warp.Most}},
			lower: f.Lower, width: f.Width, mean: f.Mean, std: f.Std, plain: f.Plain,
		}, variance: f.Variance,
		logEvidence: f.LogEvidence, calibration: calibration(f.Calibration), leftOut: f.LeftOut, alpha: f.Alpha,
	}
	p.weigh()
	return p, nil
}

func (f responseFile) hyper() hyper {
	h := hyper{kernel: f.Kernel, length: f.Lengths, noise: f.Noise, trend: f.Trend}
	if h.kernel == Additive {
		h.additive = newAnova(f.Interaction, len(f.Lengths))
	}
	return h
}

// checkShape returns an error if the lengths of the lists don't fit together.
func (f responseFile) checkShape(nx int) error {
	n, m := len(f.Numbers), len(f.Samples)
	var faults []error
	for _, list := range []struct {
		name      string
		have, got int
	}{
		{"length_scales", nx, len(f.Lengths)},
		{"noise", 1 + nx, len(f.Noise)},
		{"lower", nx, len(f.Lower)},
		{"width", nx, len(f.Width)},
		{"points", m * nx, len(f.Points)},
		{"first", m + 1, len(f.First)},
		{"columns", n, len(f.Columns)},
		{"weights", n, len(f.Weights)},
		{"alpha", n, len(f.Alpha)},
	} {
		if list.have != list.got {
			faults = append(faults, fmt.Errorf("%s: %d numbers instead of %d", list.name, list.got, list.have))
		}
	}
	if l := len(f.Warp.Logs); l != 0 && l != nx {
		faults = append(faults, fmt.Errorf("log_inputs: %d instead of %d or none", l, nx))
	}
	if s := f.Warp.Side; s != 0 && s != 1 && s != -1 {
		faults = append(faults, fmt.Errorf("side: %v is none of 1, -1 and 0", s))
	}
	if n == 0 {
		faults = append(faults, errors.New("numbers: there are none"))
	}
	if !slices.Contains(Kernels(), f.Kernel) {
		faults = append(faults, fmt.Errorf("kernel: there is no %q; want one of %v", f.Kernel, Kernels()))
	}
	return errors.Join(faults...)
}

// checkNumbers returns an error if what must be positive isn't.
func (f responseFile) checkNumbers() error {
	var faults []error
	for _, list := range []struct {
		name   string
		values []float64
	}{
		{"length_scales", f.Lengths},
		{"noise", f.Noise},
		{"width", f.Width},
		{"weights", f.Weights},
		{"variance, std and calibration", []float64{f.Variance, f.Std, f.Plain, f.Calibration.Values, f.Calibration.Partials}},
	} {
		for _, v := range list.values {
			if !(v > 0) {
				faults = append(faults, fmt.Errorf("%s: %v is not positive", list.name, v))
				break
			}
		}
	}
	if f.Kernel == Additive && !(f.Interaction > 0 && !math.IsInf(f.Interaction, 1)) {
		faults = append(faults, fmt.Errorf("interaction: %v is not positive", f.Interaction))
	}
	if !(f.Trend >= 0) || f.LeftOut < 0 || math.IsNaN(f.LogEvidence) {
		faults = append(faults, fmt.Errorf("trend %v and left_out %d must be at least 0", f.Trend, f.LeftOut))
	}
	return errors.Join(faults...)
}

// checkOrder returns an error unless the numbers come sample by sample, the value before
// the partials, and the samples in their order.
func (f responseFile) checkOrder(nx, samples int) error {
	if f.First[0] != 0 || f.First[len(f.First)-1] != len(f.Columns) {
		return fmt.Errorf("first: from %d to %d instead of 0 to %d", f.First[0], f.First[len(f.First)-1], len(f.Columns))
	}
	previous := -1
	for i, sample := range f.Samples {
		if sample <= previous || sample >= samples {
			return fmt.Errorf("samples: %d after %d of %d", sample, previous, samples)
		}
		previous = sample
		if f.First[i+1] <= f.First[i] || f.First[i+1] > len(f.Columns) {
			return fmt.Errorf("first: %d after %d", f.First[i+1], f.First[i])
		}
		last := -2
		for _, column := range f.Columns[f.First[i]:f.First[i+1]] {
			if column <= last || column >= nx {
				return fmt.Errorf("columns: %d after %d in sample %d", column, last, sample)
			}
			last = column
		}
	}
	return nil
}
