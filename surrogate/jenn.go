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
// and second derivatives. It holds one network for each response or one that all
// share (see [Options]). Make one with [Fit], [Load] or [LoadJENN]; it does not
// change afterwards.
type JENN struct {
	nets   []*fitted // in the order of the responses they answer
	nx, ny int
	// Facts is what the model knows about its origin; it does not affect predictions.
	Facts Facts
}

// fitted is a network of a model with its scaling: it answers as many responses
// as it has outputs, from `first` on.
type fitted struct {
	network  Network
	scaling  Scaling
	evidence *evidence // of the trainer lm, for a warm start; nil if not known
	first    int
	passes   sync.Pool // of *pass with one column
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

// newFitted returns a network with its scaling.
func newFitted(n Network, s Scaling, e *evidence) *fitted {
	f := &fitted{network: n, scaling: s, evidence: e}
	f.passes.New = func() any { return newPass(n, 1) }
	return f
}

// newJENN makes a model of networks that answer the responses in their order.
func newJENN(facts Facts, nets ...*fitted) *JENN {
	m := &JENN{nets: nets, nx: nets[0].network.nx(), Facts: facts}
	for _, f := range nets {
		f.first = m.ny
		m.ny += f.network.ny()
	}
	return m
}

// Dims returns the numbers of design variables and responses.
func (m *JENN) Dims() (nx, ny int) { return m.nx, m.ny }

// Networks returns copies of the networks, which work on scaled data: one, or one
// for each response.
func (m *JENN) Networks() []Network {
	var ns []Network
	for _, f := range m.nets {
		ns = append(ns, f.network.clone())
	}
	return ns
}

// Scalings returns how the numbers of each network relate to the problem's.
func (m *JENN) Scalings() []Scaling {
	var ss []Scaling
	for _, f := range m.nets {
		ss = append(ss, f.scaling.clone())
	}
	return ss
}

// shared reports whether one network answers all responses.
func (m *JENN) shared() bool { return len(m.nets) == 1 }

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
	for _, f := range m.nets {
		if k < f.first+f.network.ny() {
			f.hessian(h, x, k-f.first)
			break
		}
	}
	return h
}

// hessian writes the second derivatives of output k into h.
func (f *fitted) hessian(h, x []float64, k int) {
	n, nx, ny := f.network, f.network.nx(), f.network.ny()
	// With t = dy_k/da and z' = dz/dx at each layer: H = sum_l z_l' diag(g'' t) z_l''.
	s := newSensitivities(n)
	s.at(f.scaling.input(nil, x))
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
			h[a*nx+b] *= f.scaling.StdY[k] / (f.scaling.StdX[a] * f.scaling.StdX[b])
			h[b*nx+a] = h[a*nx+b]
		}
	}
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
	for _, f := range m.nets {
		from, to := f.first, f.first+f.network.ny()
		var ys, js []float64
		if y != nil {
			ys = y[from:to]
		}
		if dydx != nil {
			js = dydx[from*m.nx : to*m.nx]
		}
		f.run(ys, js, x)
	}
}

func (f *fitted) run(y, dydx, x []float64) {
	p := f.passes.Get().(*pass)
	defer f.passes.Put(p)
	s := f.scaling
	s.input(p.layer[0].a.Data, x) // one column
	p.values(dydx != nil)
	for k := range y {
		y[k] = s.MeanY[k] + s.StdY[k]*p.output(k)[0]
	}
	if dydx == nil {
		return
	}
	p.jacobian()
	nx := len(x)
	for k := range f.network.ny() {
		for j := range nx {
			dydx[k*nx+j] = p.partial(k, j)[0] * s.StdY[k] / s.StdX[j]
		}
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
