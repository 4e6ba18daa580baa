package kriging

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/sbo-go/sbo"
)

// ErrNoData says that there is nothing to learn from.
var ErrNoData = errors.New("no sample has a known number with a weight")

// Task is what to learn now.
type Task struct {
	// Data are the samples; NaN marks what is missing. Failed evaluations are skipped.
	Data sbo.Data
	// Weights of the numbers, per entry of Data.
	Weights Weights
	// Start is a model from whose kernels and hyperparameters to start, of other samples of
	// the same problem: a warm start. Nil: start anew.
	Start *Model
	// Problem, if it has variables, gives the bounds against which length scales are judged, and
	// the names in the model. Without, the range of the samples takes the place of the bounds.
	Problem sbo.Problem
}

// Weights are how much each number of a sample counts: the variance of its noise is that
// of the response or column of partials over the weight. 0: not at all.
type Weights struct {
	Beta  []float64 // m by ny, as Data.Y; nil = 1
	Gamma []float64 // m by ny by nx, as Data.Partials; nil = 1
}

func (w Weights) value(i int) float64 {
	if w.Beta == nil {
		return 1
	}
	return w.Beta[i]
}

func (w Weights) partial(i int) float64 {
	if w.Gamma == nil {
		return 1
	}
	return w.Gamma[i]
}

// Summary says how a fit went.
type Summary struct {
	Responses []ResponseSummary
}

// ResponseSummary is about one response.
type ResponseSummary struct {
	Kernel       Kernel
	Interaction  float64   // as [Model.Interaction]
	LengthScales []float64 // as [Model.LengthScales]
	ValueNoise   float64   // as [Model.Noise]
	PartialNoise []float64
	LogInputs    []bool // as [Model.Logarithms]
	LogResponse  bool
	Shift        float64
	LogEvidence  float64 // as [Model.LogEvidence]
	Samples      int     // used
	Numbers      int     // values and partials used
	LeftOut      int     // samples that were too many, see Options.Numbers
}

// Fit finds, for each response, the most probable hyperparameters and conditions on its
// numbers. The result depends on task, rng and options only, not on the number of
// workers. The errors are [ErrNoData], faulty options, mismatched lengths, infinite data
// and ctx.Err().
func Fit(ctx context.Context, task Task, rng *rand.Rand, o Options) (*Model, Summary, error) {
	if err := errors.Join(o.Validate(), task.validate()); err != nil {
		return nil, Summary{}, fmt.Errorf("kriging: %w", err)
	}
	d := task.Data
	m := &Model{nx: d.NX, ny: d.NY, samples: d.Len(), processes: make([]*process, d.NY)}
	faults, streams := make([]error, d.NY), make([]*rand.Rand, d.NY)
	for k := range streams {
		streams[k] = rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64()))
	}
	each(d.NY, max(o.Workers, 1), func(k int) {
		m.processes[k], faults[k] = task.response(ctx, k, streams[k], o)
		if faults[k] != nil && ctx.Err() == nil {
			faults[k] = fmt.Errorf("kriging: response %d: %w", k+1, faults[k])
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, Summary{}, err
	}
	if err := errors.Join(faults...); err != nil {
		return nil, Summary{}, err
	}
	m.Facts = task.facts()
	return m, m.summary(), nil
}

// summary says of a model that was just fitted how that went.
func (m *Model) summary() Summary {
	var s Summary
	for k, p := range m.processes {
		one := ResponseSummary{
			Kernel: m.Kernel(k), Interaction: m.Interaction(k), LengthScales: m.LengthScales(k), LogEvidence: m.LogEvidence(k),
			Samples: p.c.r.n, Numbers: p.c.r.len(), LeftOut: p.leftOut,
		}
		one.ValueNoise, one.PartialNoise = m.Noise(k)
		one.LogInputs, one.LogResponse, one.Shift = m.Logarithms(k)
		s.Responses = append(s.Responses, one)
	}
	return s
}

// each calls do for 0 to n-1, so many at a time.
func each(n, workers int, do func(int)) {
	var wait sync.WaitGroup
	tickets := make(chan struct{}, workers)
	for i := range n {
		tickets <- struct{}{}
		wait.Go(func() {
			do(i)
			<-tickets
		})
	}
	wait.Wait()
}

// validate returns an error if data, weights, start and problem don't fit together, or
// hold numbers that can't be learned.
func (t Task) validate() error {
	d, w := t.Data, t.Weights
	if m := d.Len(); len(d.X) != m*d.NX || len(d.Y) != m*d.NY || d.Partials != nil && len(d.Partials) != m*d.NY*d.NX {
		return fmt.Errorf("data of %d inputs and %d responses with %d, %d and %d numbers of inputs, responses and partials",
			d.NX, d.NY, len(d.X), len(d.Y), len(d.Partials))
	}
	if d.Answered().Len() == 0 {
		return ErrNoData
	}
	var faults []error
	if w.Beta != nil && len(w.Beta) != len(d.Y) {
		faults = append(faults, fmt.Errorf("%d weights beta for %d responses", len(w.Beta), len(d.Y)))
	}
	if w.Gamma != nil && len(w.Gamma) != len(d.Partials) {
		faults = append(faults, fmt.Errorf("%d weights gamma for %d partials", len(w.Gamma), len(d.Partials)))
	}
	for _, weights := range [][]float64{w.Beta, w.Gamma} {
		for _, v := range weights {
			if !(v >= 0) || math.IsInf(v, 1) {
				return errors.Join(append(faults, fmt.Errorf("a weight of %v; weights are finite and at least 0", v))...)
			}
		}
	}
	if s := t.Start; s != nil && (s.nx != d.NX || s.ny != d.NY) {
		faults = append(faults, fmt.Errorf("a start of %d inputs and %d responses for data of %d and %d", s.nx, s.ny, d.NX, d.NY))
	}
	if n := len(t.Problem.Variables); n > 0 && n != d.NX {
		faults = append(faults, fmt.Errorf("a problem of %d variables for data of %d", n, d.NX))
	}
	return errors.Join(append(faults, finiteSamples(d))...)
}

// finiteSamples returns an error for the first sample with numbers that can't be learned.
func finiteSamples(d sbo.Data) error {
	for i := range d.Len() {
		if d.Failed(i) {
			continue
		}
		for j, v := range d.Point(i) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("sample %d has input %d = %v", i+1, j+1, v)
			}
		}
		for _, known := range [][]float64{d.Responses(i), d.PartialsOf(i)} {
			for _, v := range known {
				if math.IsInf(v, 0) {
					return fmt.Errorf("sample %d has an infinite response or partial", i+1)
				}
			}
		}
	}
	return nil
}

// facts says where the model of the task comes from.
func (t Task) facts() Facts {
	d := t.Data.Answered()
	f := Facts{Samples: d.Len()}
	f.Lower, f.Upper = extent(d)
	for _, v := range d.Partials {
		if !math.IsNaN(v) {
			f.Partials++
		}
	}
	for _, v := range t.Problem.Variables {
		f.Inputs, f.InUnits = append(f.Inputs, v.Name), append(f.InUnits, v.Unit)
	}
	for _, r := range t.Problem.Responses {
		f.Outputs, f.OutUnits = append(f.Outputs, r.Name), append(f.OutUnits, r.Unit)
	}
	return f
}
