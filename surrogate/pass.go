package surrogate

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo/internal/kernel"
)

// pass carries a block of samples through a network and back. Samples lie in
// columns ("lanes"). Next to the activations a layer keeps one slot of columns
// per direction of differentiation, all slots side by side, so that one product
// W X moves the whole block. It follows the reverse-over-reverse scheme:
//
//	forward    a_l = g(W_l a_{l-1} + b_l)
//	reverse    s_l = g'(z_l) * t_l,  t_l = W_{l+1}' s_{l+1}: the sensitivities
//	           of each output; the Jacobian is W_1' s_1
//	upward     u_l = W_l v_{l-1}, v_l = g' * u_l: how the loss of the partials
//	           responds, v_0 = dJ/dJacobian
//	downward   q_l = g' * (W_{l+1}' q_{l+1}) + g'' * sum_k u_l^k t_l^k
//	gradient   dW_l = q_l a_{l-1}' + sum_k s_l^k v_{l-1}^k'
//
// or, when there are fewer inputs than outputs, forward mode, where the slots
// hold the tangents a'_l,j = da_l/dx_j instead and the roles of s and v change
// places. Both give the same gradient; the number of slots is their cost.
//
// A pass is a workspace for one goroutine.
type pass struct {
	net     Network
	at      []int            // where the parameters of each layer begin
	columns int              // samples in a full block
	width   int              // columns of a field or slot: whole vectors, zero behind the samples
	field   [fieldD2 + 1]int // where the fields begin
	slots   int              // directions: ny in reverse mode, nx in forward mode
	forward bool             // mode
	lean    bool             // without the fields t, d1 and d2
	ones    []float64

	layer    []blas64.General // 0 .. L, a row per neuron
	products products
}

// The rows of a layer are made of fields, side by side and in this order, so that
// the two sums of dW are one: [v a] of the layer below meets [s q].
//
//	v   slots    reverse: g' * u     forward: tangents of a
//	a            activations
//	s   slots    reverse: outputs by z     forward: loss by tangents of z
//	q            loss by z
//	t   slots    reverse: outputs by a     forward: tangents of z
//	d1, d2       g' and g'' at z
//
// The last three are left out where the activation is tanh, since g' = 1 - a^2 and
// g” t = -2 a g' t are made of a and s (forward: v) as fast as they are read, and what
// is not there leaves the cache to the others. In layer 0, the Jacobian is in t then,
// or in s.
type field int

const (
	fieldV field = iota
	fieldA
	fieldS
	fieldQ
	fieldT
	fieldD1
	fieldD2
)

// begin returns the column where a field, or one of its slots, begins.
func (p *pass) begin(f field, slot int) int { return p.field[f] + slot*p.width }

// newPass returns a workspace for blocks of the given number of samples, in the
// mode that needs fewer slots.
func newPass(net Network, columns int) *pass {
	return newPassMode(net, columns, net.nx() < net.ny())
}

func newPassMode(net Network, columns int, forward bool) *pass {
	return makePass(net, columns, forward, net.Hidden == Tanh)
}

// newFullPass returns a pass with all fields, which a [tangent] needs.
func newFullPass(net Network, columns int, forward bool) *pass {
	return makePass(net, columns, forward, false)
}

func makePass(net Network, columns int, forward, lean bool) *pass {
	p := &pass{
		net: net, columns: columns, slots: net.ny(), forward: forward, lean: lean,
		at: make([]int, len(net.Sizes)), layer: make([]blas64.General, len(net.Sizes)),
	}
	if forward {
		p.slots = net.nx()
	}
	p.width = whole(columns)
	width := 0
	for f := range p.field {
		p.field[f] = width
		switch {
		case lean && field(f) >= fieldT:
		case field(f) == fieldV, field(f) == fieldS, field(f) == fieldT:
			width += p.slots * p.width
		default:
			width += p.width
		}
	}
	stride := width + kernel.Lanes // so that rows begin in different sets of the cache
	for l, n := range net.Sizes {
		p.layer[l] = blas64.General{Rows: n, Cols: width, Stride: stride, Data: make([]float64, n*stride)}
		if l > 0 {
			p.at[l] = parameterCount(net.Sizes[:l])
		}
	}
	p.ones = make([]float64, columns)
	fill(p.ones, 1)
	// What the directions are: inputs by inputs, or outputs by outputs.
	for k := range p.slots {
		if forward {
			copy(p.row(0, fieldV, k, k), p.ones)
		} else {
			copy(p.row(net.layers(), fieldS, k, k), p.ones)
		}
	}
	p.products = newProducts(p)
	return p
}

// row returns the part of row i of layer l that a field has for a slot.
func (p *pass) row(l int, f field, slot, i int) []float64 {
	m := p.layer[l]
	from := i*m.Stride + p.begin(f, slot)
	return m.Data[from : from+p.columns]
}

// view returns the columns of layer l from a field on.
func (p *pass) view(l int, f field, slot, columns int) blas64.General {
	m := p.layer[l]
	m.Data, m.Cols = m.Data[p.begin(f, slot):], columns
	return m
}

// parameters returns the weights and biases of layer l in a vector laid out like
// the network's parameters.
func (p *pass) parameters(of []float64, l int) (w blas64.General, b []float64) {
	rows, cols := p.net.Sizes[l], p.net.Sizes[l-1]
	at := p.at[l]
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: of[at : at+rows*cols]}, of[at+rows*cols : at+rows*(cols+1)]
}

// input returns row j of the inputs, one entry per sample, to be filled before
// values or jacobian are called.
func (p *pass) input(j int) []float64 { return p.row(0, fieldA, 0, j) }

// output returns row k of the outputs.
func (p *pass) output(k int) []float64 { return p.row(p.net.layers(), fieldA, 0, k) }

// partial returns the partials of output k by input j, one entry per sample.
func (p *pass) partial(k, j int) []float64 {
	if p.forward {
		return p.row(p.net.layers(), fieldV, j, k)
	}
	return p.row(0, p.sensitivity(), k, j)
}

// sensitivity returns the field where, in reverse mode, the outputs by a are.
func (p *pass) sensitivity() field {
	if p.lean {
		return fieldS
	}
	return fieldT
}

// residuals writes scale*weight*(prediction-target), the loss by the prediction, into
// a field of a layer, where the prediction is in another, and returns
// scale sum weight (prediction-target)^2. Targets of a row begin ld elements apart.
func (p *pass) residuals(l int, to, prediction field, slot int, target, weight []float64, ld int, scale float64) float64 {
	dst, x := p.view(l, to, slot, p.columns), p.view(l, prediction, slot, p.columns)
	return kernel.Residuals(dst.Data, x.Data, dst.Stride, target, weight, ld, dst.Rows, p.columns, scale)
}

// values computes the outputs of the block; with curvature, what jacobian needs too.
func (p *pass) values(curvature bool) {
	if p.lean {
		p.do(p.products.values)
		return
	}
	last := p.net.layers()
	for l := 1; l <= last; l++ {
		p.do(p.products.values[l-1 : l])
		if l == last {
			return
		}
		a := p.view(l, fieldA, 0, p.columns)
		rows := kernel.Rows{Data: a.Data, Rows: a.Rows, Cols: a.Cols, Stride: a.Stride}
		if curvature {
			rows.D1, rows.D2 = p.begin(fieldD1, 0)-p.begin(fieldA, 0), p.begin(fieldD2, 0)-p.begin(fieldA, 0)
		}
		p.net.Hidden.applyRows(rows)
	}
}

// jacobian computes the partials of the outputs, after values(true).
func (p *pass) jacobian() { p.do(p.products.jacobian) }

// gradient adds to grad the gradient of a loss by the parameters, given the loss
// by outputs and, with partials, by partials, that residuals has written after
// values(true) and jacobian.
func (p *pass) gradient(grad []float64, partials bool) {
	sums := p.products.sums
	if partials {
		p.do(p.products.curves)
	} else {
		sums = p.products.sumsOfValues
		for l := 1; l < p.net.layers(); l++ { // nothing is curved
			for i := range p.net.Sizes[l] {
				clear(p.row(l, fieldQ, 0, i))
			}
		}
		p.do(p.products.down)
	}
	for l := range sums {
		sums[l].Add(grad)
	}
}

// do does some steps with the network's parameters.
func (p *pass) do(steps []kernel.Step) { kernel.Do(steps, p.net.Parameters, p.columns) }

func row(m blas64.General, i int) []float64 { return m.Data[i*m.Stride : i*m.Stride+m.Cols] }

func fill(s []float64, v float64) {
	for i := range s {
		s[i] = v
	}
}
