package surrogate

import (
	"context"
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
)

// Model is what the other packages need of a fitted surrogate. Destinations may
// be nil, then they are allocated; the filled destination is returned. Wrong
// lengths panic. Models may be used from several goroutines at once.
type Model interface {
	sbo.Evaluator
	// Dims returns the numbers of design variables and responses.
	Dims() (nx, ny int)
	// Predict returns the ny responses at x.
	Predict(y, x []float64) []float64
	// PredictPartials returns the ny*nx partials at x.
	PredictPartials(dydx, x []float64) []float64
}

// JENN is a fitted Jacobian-enhanced neural network: a [Model] with exact first
// and second derivatives. Each response is answered by an ensemble of networks of
// its own, or all by one that they share (see [Options]). Make one with [Fit], [Load] or [LoadJENN]; it does not
// change afterwards.
type JENN struct {
	answers []*answer // in the order of their responses
	nx, ny  int
	// Facts is what the model knows about its origin; it does not affect predictions.
	Facts Facts
}

// Facts says where a model comes from. Empty fields are not known.
type Facts struct {
	Inputs     []string  `json:"inputs,omitempty"` // names of the design variables
	Outputs    []string  `json:"outputs,omitempty"`
	InUnits    []string  `json:"input_units,omitempty"`
	OutUnits   []string  `json:"output_units,omitempty"`
	Lower      []float64 `json:"lower,omitempty"` // smallest trained value of each input
	Upper      []float64 `json:"upper,omitempty"` // largest
	Samples    int       `json:"samples,omitempty"`
	Partials   int       `json:"partials,omitempty"` // known partials in the training data
	Trainer    Trainer   `json:"trainer,omitempty"`
	Lambda     float64   `json:"lambda"`
	Loss       float64   `json:"loss"`
	Iterations int       `json:"iterations,omitempty"`
}

// newJENN makes a model of answers to the responses in their order.
func newJENN(facts Facts, answers ...*answer) *JENN {
	m := &JENN{answers: answers, nx: answers[0].members[0].network.nx(), Facts: facts}
	for _, a := range answers {
		a.first = m.ny
		m.ny += a.ny()
	}
	return m
}

// Dims returns the numbers of design variables and responses.
func (m *JENN) Dims() (nx, ny int) { return m.nx, m.ny }

// Networks returns copies of the networks, which work on scaled data: for each
// response, or once if they share, the members of the ensemble, the best first, then
// the residual stages.
func (m *JENN) Networks() []Network {
	var ns []Network
	for _, a := range m.answers {
		a.terms(func(f *fitted) { ns = append(ns, f.network.clone()) })
	}
	return ns
}

// Scalings returns how the numbers of each of the networks relate to the problem's.
func (m *JENN) Scalings() []Scaling {
	var ss []Scaling
	for _, a := range m.answers {
		a.terms(func(f *fitted) { ss = append(ss, f.scaling.clone()) })
	}
	return ss
}

// shared reports whether one answer covers all responses.
func (m *JENN) shared() bool { return len(m.answers) == 1 }

// Predict returns the responses at x, in their units.
func (m *JENN) Predict(y, x []float64) []float64 {
	y = m.destination(y, m.ny, x)
	m.run(y, nil, x)
	return y
}

// PredictPartials returns the partials at x: entry k*nx+j is that of response k
// by variable j, in their units.
func (m *JENN) PredictPartials(dydx, x []float64) []float64 {
	dydx = m.destination(dydx, m.ny*m.nx, x)
	m.run(nil, dydx, x)
	return dydx
}

// Evaluate answers x as any [sbo.Evaluator] does. The error is always nil unless
// ctx has ended.
func (m *JENN) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.destination(y, m.ny, x)
	if dydx != nil {
		m.destination(dydx, m.ny*m.nx, x)
	}
	m.run(y, dydx, x)
	return nil
}

// Hessian returns the second derivatives of response k at x: entry i*nx+j is
// that by variables i and j, in the problem's units.
func (m *JENN) Hessian(h, x []float64, k int) []float64 {
	h = m.destination(h, m.nx*m.nx, x)
	if k < 0 || k >= m.ny {
		panic(fmt.Sprintf("surrogate: Hessian of response %d of %d", k, m.ny))
	}
	clear(h)
	for _, a := range m.answers {
		if k >= a.first && k < a.first+a.ny() {
			a.terms(func(f *fitted) { f.addHessian(h, x, k-a.first) })
		}
	}
	return h
}

// Extrapolation says that an input lies outside the range the model was trained on.
type Extrapolation struct {
	Input        int     // index of the design variable
	Value        float64 // where it is
	Lower, Upper float64 // what it was trained on
	Overshoot    float64 // distance to the range, as a fraction of its width
}

// Extrapolates returns the inputs of x that lie outside the box of the training
// samples; none if that box is not known. Predictions there are guesses.
func (m *JENN) Extrapolates(x []float64) []Extrapolation {
	var out []Extrapolation
	if len(m.Facts.Lower) != len(x) || len(m.Facts.Upper) != len(x) {
		return nil
	}
	for j, v := range x {
		lower, upper := m.Facts.Lower[j], m.Facts.Upper[j]
		beyond := max(lower-v, v-upper)
		if beyond <= 0 {
			continue
		}
		width := upper - lower
		if width == 0 {
			width = max(math.Abs(lower), 1)
		}
		out = append(out, Extrapolation{Input: j, Value: v, Lower: lower, Upper: upper, Overshoot: beyond / width})
	}
	return out
}

func (m *JENN) run(y, dydx, x []float64) {
	for _, a := range m.answers {
		from, to := a.first, a.first+a.ny()
		var ys, js []float64
		if y != nil {
			ys = y[from:to]
		}
		if dydx != nil {
			js = dydx[from*m.nx : to*m.nx]
		}
		a.predict(ys, js, x)
	}
}

func (m *JENN) destination(dst []float64, n int, x []float64) []float64 {
	if dst == nil {
		dst = make([]float64, n)
	}
	if len(x) != m.nx || len(dst) != n {
		panic(fmt.Sprintf("surrogate: a model of %d inputs asked with %d; %d numbers wanted in a slice of %d", m.nx, len(x), n, len(dst)))
	}
	return dst
}
