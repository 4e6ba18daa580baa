package surrogate

import (
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/internal/kernel"
)

// Weights are the paper's beta and gamma: how much each response and each
// partial of each sample counts in the loss. They multiply squared residuals of
// scaled responses and partials. Whatever is missing in the data counts 0.
type Weights struct {
	Beta  []float64 // m by ny, as Data.Y; nil = 1
	Gamma []float64 // m by ny by nx, as Data.Partials; nil = 1
}

// subset returns the weights of the samples of d with the given indices.
func (w Weights) subset(d sbo.Data, indices []int) Weights {
	var s Weights
	for _, i := range indices {
		if w.Beta != nil {
			s.Beta = append(s.Beta, w.Beta[i*d.NY:(i+1)*d.NY]...)
		}
		if w.Gamma != nil {
			s.Gamma = append(s.Gamma, w.Gamma[i*d.NY*d.NX:(i+1)*d.NY*d.NX]...)
		}
	}
	return s
}

// response returns the weights of response k alone.
func (w Weights) response(d sbo.Data, k int) Weights {
	var one Weights
	for i := range d.Len() {
		if w.Beta != nil {
			one.Beta = append(one.Beta, w.Beta[i*d.NY+k])
		}
		if w.Gamma != nil {
			at := d.Partial(i, k, 0)
			one.Gamma = append(one.Gamma, w.Gamma[at:at+d.NX]...)
		}
	}
	return one
}

// Cost is the loss by its parts. Berguin, arXiv 2406.09132:
//
//	J = 1/(2m) sum_t { sum_k beta_kt (a_kt - y_kt)^2 + sum_kj gamma_kjt (a'_kjt - y'_kjt)^2 }
//	  + lambda/(2m) sum W^2
//
// over m samples, on scaled data; biases are not penalized.
type Cost struct {
	Values, Partials, Regularization float64
}

// Total returns J.
func (c Cost) Total() float64 { return c.Values + c.Partials + c.Regularization }

// trainingSet is scaled data with samples in columns, ready to be copied into a pass.
type trainingSet struct {
	m, nx, ny   int
	x, y, beta  []float64 // nx by m, ny by m, ny by m
	dydx, gamma []float64 // (ny by nx) by m; nil when no partial counts
}

// newTrainingSet scales the data and lays it out. Missing entries get weight 0
// and a harmless value.
func newTrainingSet(d sbo.Data, w Weights, s Scaling) trainingSet {
	m := d.Len()
	t := trainingSet{m: m, nx: d.NX, ny: d.NY, x: make([]float64, d.NX*m), y: make([]float64, d.NY*m), beta: make([]float64, d.NY*m)}
	for i := range m {
		for j, v := range d.Point(i) {
			t.x[j*m+i] = (v - s.MeanX[j]) / s.StdX[j]
		}
		for k, v := range d.Responses(i) {
			if !math.IsNaN(v) {
				t.y[k*m+i] = (v - s.MeanY[k]) / s.StdY[k]
				t.beta[k*m+i] = weight(w.Beta, i*d.NY+k)
			}
		}
	}
	if !partialsCount(d, w) {
		return t
	}
	t.dydx, t.gamma = make([]float64, d.NY*d.NX*m), make([]float64, d.NY*d.NX*m)
	for i := range m {
		for k := range d.NY {
			for j := range d.NX {
				n := d.Partial(i, k, j)
				if v := d.Partials[n]; !math.IsNaN(v) {
					t.dydx[(k*d.NX+j)*m+i] = v * s.StdX[j] / s.StdY[k]
					t.gamma[(k*d.NX+j)*m+i] = weight(w.Gamma, n)
				}
			}
		}
	}
	return t
}

func weight(w []float64, n int) float64 {
	if w == nil {
		return 1
	}
	return w[n]
}

// partialsCount reports whether any partial is known and has a weight.
func partialsCount(d sbo.Data, w Weights) bool {
	for n, v := range d.Partials {
		if !math.IsNaN(v) && weight(w.Gamma, n) > 0 {
			return true
		}
	}
	return false
}

// batch returns the samples with the given indices.
func (t trainingSet) batch(indices []int) trainingSet {
	pick := func(from []float64, rows int) []float64 {
		if from == nil {
			return nil
		}
		to := make([]float64, 0, rows*len(indices))
		for r := range rows {
			for _, i := range indices {
				to = append(to, from[r*t.m+i])
			}
		}
		return to
	}
	return trainingSet{
		m: len(indices), nx: t.nx, ny: t.ny,
		x: pick(t.x, t.nx), y: pick(t.y, t.ny), beta: pick(t.beta, t.ny),
		dydx: pick(t.dydx, t.ny*t.nx), gamma: pick(t.gamma, t.ny*t.nx),
	}
}

// objective is the loss of a network on a training set, with its gradient: what
// the trainers minimize. It is a workspace for one goroutine.
type objective struct {
	set     trainingSet
	lambda  float64
	columns int   // samples in a block
	full    *pass // for whole blocks; nil if none
	tail    *pass // for the samples left over; nil if none
}

// blockColumns is how many samples go through a network at a time where its size
// isn't considered.
const blockColumns = 64

// blockFor returns how many of m samples go through a network at a time: few enough
// for the fields of a layer to stay in the processor's cache, blocks of equal size,
// and whole vectors.
func blockFor(net Network, m int) int {
	const most, cached, vector = 128, 8192, kernel.Lanes
	columns := min(most, max(cached/slices.Max(net.Sizes), 2*vector))
	blocks := (m + columns - 1) / columns
	return ((m+blocks-1)/blocks + vector - 1) / vector * vector
}

func newObjective(net Network, set trainingSet, lambda float64) *objective {
	return newObjectiveMode(net, set, lambda, net.nx() < net.ny())
}

func newObjectiveMode(net Network, set trainingSet, lambda float64, forward bool) *objective {
	o := &objective{set: set, lambda: lambda}
	if set.m == 0 {
		return o
	}
	o.columns = blockFor(net, set.m)
	if set.m >= o.columns {
		o.full = newPassMode(net, o.columns, forward)
	}
	if rest := set.m % o.columns; rest > 0 {
		o.tail = newPassMode(net, rest, forward)
	}
	return o
}

// evaluate returns the loss at the parameters and, unless grad is nil, writes its
// gradient into grad.
func (o *objective) evaluate(parameters, grad []float64) Cost {
	clear(grad)
	var c Cost
	var net Network
	for from := 0; from < o.set.m; from += o.columns {
		p := o.full
		if o.set.m-from < o.columns {
			p = o.tail
		}
		p.net.Parameters = parameters
		net = p.net
		values, partials := o.block(p, from, grad)
		c.Values += values
		c.Partials += partials
	}
	scale := o.lambda / float64(o.set.m)
	for l := 1; l <= net.layers(); l++ {
		w, _ := net.layer(parameters, l)
		c.Regularization += scale / 2 * dot(w.Data, w.Data)
		if grad != nil {
			dw, _ := net.layer(grad, l)
			axpy(dw.Data, scale, w.Data)
		}
	}
	return c
}

// block adds the gradient of the samples that begin at `from` and returns their
// share of the loss.
func (o *objective) block(p *pass, from int, grad []float64) (values, partials float64) {
	t := o.set
	withPartials := t.gamma != nil
	for j := range t.nx {
		copy(p.input(j), t.x[j*t.m+from:])
	}
	p.values(grad != nil || withPartials)
	scale := 1 / float64(t.m)
	last := p.net.layers()
	values = p.residuals(last, fieldQ, fieldA, 0, t.y[from:], t.beta[from:], t.m, scale) / 2
	if withPartials {
		p.jacobian()
		for i := range p.slots {
			if p.forward { // slot i is input i, a row per output
				at := i*t.m + from
				partials += p.residuals(last, fieldS, fieldV, i, t.dydx[at:], t.gamma[at:], t.nx*t.m, scale) / 2
			} else { // slot i is output i, a row per input
				at := i*t.nx*t.m + from
				partials += p.residuals(0, fieldV, fieldT, i, t.dydx[at:], t.gamma[at:], t.m, scale) / 2
			}
		}
	}
	if grad != nil {
		p.gradient(grad, withPartials)
	}
	return values, partials
}
