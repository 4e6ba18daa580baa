package surrogate

import (
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

// trainingSet is scaled data with samples in columns, ready to be copied into a pass;
// or, of more samples than should be copied, where they are to be read from.
type trainingSet struct {
	m, nx, ny   int
	x, y, beta  []float64 // nx by m, ny by m, ny by m
	dydx, gamma []float64 // (ny by nx) by m; nil when no partial counts
	source      *source   // instead of the numbers; read through block
	of          int       // how many samples these stand for; 0: themselves
}

// newTrainingSet scales a copy of the data.
func newTrainingSet(d sbo.Data, w Weights, s Scaling) trainingSet {
	return source{data: d, weights: w, ny: d.NY, scaling: s}.lay()
}

func weight(w []float64, n int) float64 {
	if w == nil {
		return 1
	}
	return w[n]
}

// partialsCount reports whether any partial is known and has a weight.
func partialsCount(d sbo.Data, w Weights) bool {
	return source{data: d, weights: w, ny: d.NY}.partialsCount()
}

// batch returns the samples with the given indices.
func (t trainingSet) batch(indices []int) trainingSet {
	var b trainingSet
	b.take(t, indices)
	return b
}

// take makes t the samples of another set with the given indices, in the room that t
// has.
func (t *trainingSet) take(from trainingSet, indices []int) {
	if from.source != nil {
		if s := from.source.pick(indices); s.large() {
			*t = s.unread()
		} else {
			*t = s.into(*t)
		}
		return
	}
	pick := func(to, from []float64, rows, m int) []float64 {
		if from == nil {
			return nil
		}
		to = slices.Grow(to[:0], rows*len(indices))
		for r := range rows {
			row := from[r*m : (r+1)*m]
			for _, i := range indices {
				to = append(to, row[i])
			}
		}
		return to
	}
	f, partials := from, from.ny*from.nx
	*t = trainingSet{
		m: len(indices), nx: f.nx, ny: f.ny,
		x: pick(t.x, f.x, f.nx, f.m), y: pick(t.y, f.y, f.ny, f.m), beta: pick(t.beta, f.beta, f.ny, f.m),
		dydx: pick(t.dydx, f.dydx, partials, f.m), gamma: pick(t.gamma, f.gamma, partials, f.m),
	}
}

// objective is the loss of a network on a training set, with its gradient: what
// the trainers minimize. It is a workspace for one goroutine, which others may help.
type objective struct {
	set     trainingSet
	lambda  float64
	columns int // samples in a block
	net     Network
	forward bool
	*station

	shares  []share // nil: the samples are not divided
	cores   *cores  // that may help; nil: none
	helpers []*station
}

// station is what a goroutine needs to work on samples.
type station struct {
	full *pass // for whole blocks; nil if none
	tail *pass // for the samples left over; nil if none
	room block // for samples that have to be read
}

func newStation(net Network, forward bool, set trainingSet, columns int) *station {
	s := &station{room: set.room(columns)}
	if set.m >= columns {
		s.full = newPassMode(net, columns, forward)
	}
	if rest := set.m % columns; rest > 0 {
		s.tail = newPassMode(net, rest, forward)
	}
	return s
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
	o := &objective{set: set, lambda: lambda, net: net, forward: forward}
	if set.m == 0 {
		return o
	}
	o.columns = blockFor(net, set.m)
	o.station = newStation(net, forward, set, o.columns)
	o.shares = newShares(set, o.columns, parameterCount(net.Sizes))
	return o
}

// evaluate returns the loss at the parameters and, unless grad is nil, writes its
// gradient into grad.
func (o *objective) evaluate(parameters, grad []float64) Cost {
	clear(grad)
	var c Cost
	if o.set.m == 0 {
		return c
	}
	if o.shares != nil {
		c.Values, c.Partials = o.evaluateShares(parameters, grad)
	} else {
		c.Values, c.Partials = o.run(o.station, 0, o.set.m, parameters, grad)
	}
	net := o.net
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

// run adds the gradient of some samples, the first that of a block, and returns their
// part of the loss.
func (o *objective) run(s *station, from, to int, parameters, grad []float64) (values, partials float64) {
	for ; from < to; from += o.columns {
		p := s.full
		if o.set.m-from < o.columns {
			p = s.tail
		}
		p.net.Parameters = parameters
		v, d := o.block(p, &s.room, from, grad)
		values += v
		partials += d
	}
	return values, partials
}

// block adds the gradient of the samples that begin at `from` and returns their
// part of the loss.
func (o *objective) block(p *pass, room *block, from int, grad []float64) (values, partials float64) {
	t := o.set
	b := t.block(room, from, p.columns)
	withPartials := b.gamma != nil
	for j := range t.nx {
		copy(p.input(j), b.x[j*b.ld:])
	}
	p.values(grad != nil || withPartials)
	scale := 1 / float64(t.m)
	last := p.net.layers()
	values = p.residuals(last, fieldQ, fieldA, 0, b.y, b.beta, b.ld, scale) / 2
	if withPartials {
		p.jacobian()
		for i := range p.slots {
			if p.forward { // slot i is input i, a row per output
				at := i * b.ld
				partials += p.residuals(last, fieldS, fieldV, i, b.dydx[at:], b.gamma[at:], t.nx*b.ld, scale) / 2
			} else { // slot i is output i, a row per input
				at := i * t.nx * b.ld
				partials += p.residuals(0, fieldV, p.sensitivity(), i, b.dydx[at:], b.gamma[at:], b.ld, scale) / 2
			}
		}
	}
	if grad != nil {
		p.gradient(grad, withPartials)
	}
	return values, partials
}
