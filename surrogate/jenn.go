package surrogate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

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
// and second derivatives. Make one with [Fit], [Load] or [LoadJENN]; it does not
// change afterwards.
type JENN struct {
	network Network
	scaling Scaling
	// Facts is what the model knows about its origin; it does not affect predictions.
	Facts Facts

	evidence *evidence // of the trainer lm, for a warm start; nil if not known

	passes sync.Pool // of *pass with one column
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

// newJENN makes a model of a network and its scaling.
func newJENN(n Network, s Scaling, f Facts) *JENN {
	m := &JENN{network: n, scaling: s, Facts: f}
	m.passes.New = func() any { return newPass(m.network, 1) }
	return m
}

// Dims returns the numbers of design variables and responses.
func (m *JENN) Dims() (nx, ny int) { return m.network.nx(), m.network.ny() }

// Network returns a copy of the network, which works on scaled data.
func (m *JENN) Network() Network { return m.network.clone() }

// Scaling returns a copy of how the network's numbers relate to the problem's.
func (m *JENN) Scaling() Scaling { return m.scaling.clone() }

// Predict returns the responses at x, in their units.
func (m *JENN) Predict(y, x []float64) []float64 {
	y = m.destination(y, m.network.ny(), x)
	m.run(y, nil, x)
	return y
}

// PredictPartials returns the partials at x: entry k*nx+j is that of response k
// by variable j, in their units.
func (m *JENN) PredictPartials(dydx, x []float64) []float64 {
	dydx = m.destination(dydx, m.network.ny()*m.network.nx(), x)
	m.run(nil, dydx, x)
	return dydx
}

// Evaluate answers x as any [sbo.Evaluator] does. The error is always nil unless
// ctx has ended.
func (m *JENN) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.destination(y, m.network.ny(), x)
	if dydx != nil {
		m.destination(dydx, m.network.ny()*m.network.nx(), x)
	}
	m.run(y, dydx, x)
	return nil
}

// Hessian returns the second derivatives of response k at x: entry i*nx+j is
// that by variables i and j, in the problem's units.
func (m *JENN) Hessian(h, x []float64, k int) []float64 {
	nx, ny := m.Dims()
	h = m.destination(h, nx*nx, x)
	if k < 0 || k >= ny {
		panic(fmt.Sprintf("surrogate: Hessian of response %d of %d", k, ny))
	}
	n := m.network
	// With t = dy_k/da and z' = dz/dx at each layer: H = sum_l z_l' diag(g'' t) z_l''.
	s := newSensitivities(n)
	s.at(m.scaled(x))
	clear(h)
	for l := 1; l < n.layers(); l++ {
		for i := range n.Sizes[l] {
			c := s.d2[l][i] * s.t[l][i*ny+k]
			z := s.dz[l][i*nx : (i+1)*nx]
			for a := range nx {
				axpy(h[a*nx:a*nx+a+1], c*z[a], z)
			}
		}
	}
	for a := range nx {
		for b := range a + 1 {
			h[a*nx+b] *= m.scaling.StdY[k] / (m.scaling.StdX[a] * m.scaling.StdX[b])
			h[b*nx+a] = h[a*nx+b]
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
	p := m.passes.Get().(*pass)
	defer m.passes.Put(p)
	s := m.scaling
	for j, v := range x {
		p.input(j)[0] = (v - s.MeanX[j]) / s.StdX[j]
	}
	p.values(dydx != nil)
	for k := range y {
		y[k] = s.MeanY[k] + s.StdY[k]*p.output(k)[0]
	}
	if dydx == nil {
		return
	}
	p.jacobian()
	nx, ny := m.Dims()
	for k := range ny {
		for j := range nx {
			dydx[k*nx+j] = p.partial(k, j)[0] * s.StdY[k] / s.StdX[j]
		}
	}
}

func (m *JENN) scaled(x []float64) []float64 {
	u := make([]float64, len(x))
	for j, v := range x {
		u[j] = (v - m.scaling.MeanX[j]) / m.scaling.StdX[j]
	}
	return u
}

func (m *JENN) destination(dst []float64, n int, x []float64) []float64 {
	if dst == nil {
		dst = make([]float64, n)
	}
	if len(x) != m.network.nx() || len(dst) != n {
		panic(fmt.Sprintf("surrogate: a model of %d inputs asked with %d; %d numbers wanted in a slice of %d", m.network.nx(), len(x), n, len(dst)))
	}
	return dst
}

// trainedBox returns the range of each input over the samples.
func trainedBox(d sbo.Data) (lower, upper []float64) {
	if d.Len() == 0 {
		return nil, nil
	}
	lower, upper = slices.Clone(d.Point(0)), slices.Clone(d.Point(0))
	for i := range d.Len() {
		for j, v := range d.Point(i) {
			lower[j], upper[j] = min(lower[j], v), max(upper[j], v)
		}
	}
	return lower, upper
}
