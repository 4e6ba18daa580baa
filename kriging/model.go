package kriging

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Model is a fitted kriging model, with exact partials: for each response the mean of
// a Gaussian process, given the samples. Make one with [Fit] or [Load]; it does not
// change afterwards, and may be used from several goroutines at once.
//
// Destinations may be nil, then they are allocated; the filled destination is returned.
// Wrong lengths panic.
type Model struct {
	processes []*process // of each response
	nx, ny    int
	samples   int // of the data
	// Facts is what the model knows about its origin; it does not affect predictions.
	Facts Facts
}

// Facts says where a model comes from. Empty fields are not known.
type Facts struct {
	Inputs   []string  `json:"inputs,omitempty"` // names of the design variables
	Outputs  []string  `json:"outputs,omitempty"`
	InUnits  []string  `json:"input_units,omitempty"`
	OutUnits []string  `json:"output_units,omitempty"`
	Lower    []float64 `json:"lower,omitempty"` // smallest value of each input among the samples
	Upper    []float64 `json:"upper,omitempty"` // largest
	Samples  int       `json:"samples,omitempty"`
	Partials int       `json:"partials,omitempty"` // known partials among the samples
}

// Dims returns the numbers of design variables and responses.
func (m *Model) Dims() (nx, ny int) { return m.nx, m.ny }

// Predict returns the responses at x, in their units.
func (m *Model) Predict(y, x []float64) []float64 {
	y = m.destination(y, m.ny, x)
	for k, p := range m.processes {
		y[k] = p.predict(nil, x)
	}
	return y
}

// PredictPartials returns the partials at x: entry k*nx+j is that of response k by
// variable j, in their units.
func (m *Model) PredictPartials(dydx, x []float64) []float64 {
	dydx = m.destination(dydx, m.ny*m.nx, x)
	for k, p := range m.processes {
		p.predict(dydx[k*m.nx:(k+1)*m.nx], x)
	}
	return dydx
}

// Evaluate answers x as any [sbo.Evaluator] does. The error is always nil unless ctx
// has ended.
func (m *Model) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	y = m.destination(y, m.ny, x)
	if dydx != nil {
		m.destination(dydx, m.ny*m.nx, x)
	}
	for k, p := range m.processes {
		var partials []float64
		if dydx != nil {
			partials = dydx[k*m.nx : (k+1)*m.nx]
		}
		y[k] = p.predict(partials, x)
	}
	return nil
}

// PredictStd returns the standard deviation of each of the ny responses at x: how far
// the answer of a run there is likely to be from the prediction. It is that of the
// Gaussian process with the noise of the values, scaled so that the samples lie in their
// intervals when each is predicted from the others.
func (m *Model) PredictStd(std, x []float64) []float64 {
	std = m.destination(std, m.ny, x)
	for k, p := range m.processes {
		std[k] = p.deviation(x)
	}
	return std
}

// PredictPartialsStd returns the standard deviations of the ny*nx partials at x, laid
// out as those are, as [Model.PredictStd] does those of the responses.
func (m *Model) PredictPartialsStd(std, x []float64) []float64 {
	std = m.destination(std, m.ny*m.nx, x)
	for k, p := range m.processes {
		p.deviations(std[k*m.nx:(k+1)*m.nx], x)
	}
	return std
}

// PredictInterval returns, for each of the ny responses, the bounds between which the
// answer of a run at x lies with the given probability, above 0 and below 1: the
// prediction and as many standard deviations on either side as a normal distribution
// has, of the logarithm where that was learned. It panics if the level is not a probability.
func (m *Model) PredictInterval(lower, upper, x []float64, level float64) ([]float64, []float64) {
	if !(level > 0 && level < 1) {
		panic(fmt.Sprintf("kriging: an interval of probability %v", level))
	}
	lower, upper = m.destination(lower, m.ny, x), m.destination(upper, m.ny, x)
	reach := distuv.UnitNormal.Quantile((1 + level) / 2)
	for k, p := range m.processes {
		lower[k], upper[k] = p.interval(x, reach)
	}
	return lower, upper
}

// LogEvidence returns how probable the numbers of response k are under the model: the
// logarithm of their density at the hyperparameters that were found, integrated over
// the constant. Numbers are measured as package surrogate does, inputs and responses by
// their standard deviations over the samples and partials with them, so that it
// compares with the LogEvidence of a network that was trained on the same numbers:
// the higher is the more probable.
func (m *Model) LogEvidence(k int) float64 { return m.processes[k].logEvidence }

// Kernel returns the kernel of response k.
func (m *Model) Kernel(k int) Kernel { return m.processes[k].c.h.kernel }

// Interaction returns how much more the interaction of some variables weighs in response k
// than that of one variable less, at most, where its kernel is [Additive]: much below 1 it is
// nearly a sum of functions of one variable each. Of other kernels, which know no order,
// it is +Inf.
func (m *Model) Interaction(k int) float64 {
	if m.Kernel(k) == Additive {
		return m.processes[k].c.h.additive.theta
	}
	return math.Inf(1)
}

// LengthScales returns over what distance response k varies by each of the nx
// variables, in their units, or in those of its logarithm where [Model.Logarithms] says
// that this was learned: a long one means that it hardly matters, or that the response
// is a polynomial of low degree in it.
func (m *Model) LengthScales(k int) []float64 {
	p := m.processes[k]
	l := make([]float64, m.nx)
	for j := range l {
		l[j] = 1 / p.inverseScale[j]
	}
	return l
}

// Logarithms returns of which of the nx inputs response k was learned as a function of
// the logarithm, nil for none, and whether its own logarithm was learned; then that of
// its distance from the shift.
func (m *Model) Logarithms(k int) (inputs []bool, response bool, shift float64) {
	w := m.processes[k].scaling.warp
	return slices.Clone(w.logs), w.output.side != 0, w.output.shift
}

// Noise returns the standard deviations that the values of response k, and its partials
// by each of the nx variables, seem to have of noise, in their units or, where
// [Model.Logarithms] says so, in those of what was learned.
func (m *Model) Noise(k int) (values float64, partials []float64) {
	p := m.processes[k]
	std := func(column int) float64 { return p.scaling.std * math.Sqrt(p.variance*p.c.h.noise[1+column]) }
	for j, inverse := range p.inverseScale {
		partials = append(partials, std(j)*inverse)
	}
	return std(-1), partials
}

// destination returns dst, or a new slice of length n if it is nil, and checks the
// lengths of dst and x.
func (m *Model) destination(dst []float64, n int, x []float64) []float64 {
	if len(x) != m.nx {
		panic(fmt.Sprintf("kriging: point of length %d for %d variables", len(x), m.nx))
	}
	if dst == nil {
		return make([]float64, n)
	}
	if len(dst) != n {
		panic(fmt.Sprintf("kriging: destination of length %d, want %d", len(dst), n))
	}
	return dst
}
