package surrogate

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
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
	columns int  // samples in a full block
	slots   int  // directions: ny in reverse mode, nx in forward mode
	forward bool // mode

	layer []passLayer // 0 .. L
}

// passLayer holds the block at one layer: n rows; a has `columns` columns, the
// slot matrices slots*columns.
type passLayer struct {
	a      blas64.General // activations
	d1, d2 []float64      // g' and g'' at z, like a
	q      blas64.General // loss by z
	s      blas64.General // reverse: outputs by z. Forward: loss by tangent of z
	t      blas64.General // reverse: outputs by a. Forward: tangents of z
	v      blas64.General // reverse: g' u. Forward: tangents of a
	u      blas64.General // reverse: W v. Forward: loss by tangent of a
}

// newPass returns a workspace for blocks of the given number of samples, in the
// mode that needs fewer slots.
func newPass(net Network, columns int) *pass {
	return newPassMode(net, columns, net.nx() < net.ny())
}

func newPassMode(net Network, columns int, forward bool) *pass {
	p := &pass{net: net, columns: columns, slots: net.ny(), forward: forward, layer: make([]passLayer, len(net.Sizes))}
	if forward {
		p.slots = net.nx()
	}
	matrix := func(rows, cols int) blas64.General {
		return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	}
	for l, n := range net.Sizes {
		wide := p.slots * columns
		p.layer[l] = passLayer{
			a: matrix(n, columns), q: matrix(n, columns), d1: make([]float64, n*columns), d2: make([]float64, n*columns),
			s: matrix(n, wide), t: matrix(n, wide), v: matrix(n, wide), u: matrix(n, wide),
		}
	}
	return p
}

// input returns row j of the inputs, one entry per sample, to be filled before
// values or jacobian are called.
func (p *pass) input(j int) []float64 { return row(p.layer[0].a, j) }

// output returns row k of the outputs.
func (p *pass) output(k int) []float64 { return row(p.layer[p.net.layers()].a, k) }

// partial returns the partials of output k by input j, one entry per sample.
func (p *pass) partial(k, j int) []float64 {
	if p.forward {
		return p.slot(p.layer[p.net.layers()].v, k, j)
	}
	return p.slot(p.layer[0].t, j, k)
}

// outputLoss returns where the loss by output k goes, one entry per sample.
func (p *pass) outputLoss(k int) []float64 { return row(p.layer[p.net.layers()].q, k) }

// partialLoss returns where the loss by the partial of output k by input j goes.
func (p *pass) partialLoss(k, j int) []float64 {
	if p.forward {
		return p.slot(p.layer[p.net.layers()].u, k, j)
	}
	return p.slot(p.layer[0].v, j, k)
}

func row(m blas64.General, i int) []float64 { return m.Data[i*m.Stride : i*m.Stride+m.Cols] }

func (p *pass) slot(m blas64.General, i, k int) []float64 {
	return row(m, i)[k*p.columns : (k+1)*p.columns]
}

// values computes the outputs of the block; with curvature, g' and g” too.
func (p *pass) values(curvature bool) {
	last := p.net.layers()
	for l := 1; l <= last; l++ {
		w, b := p.net.layer(p.net.Parameters, l)
		to := &p.layer[l]
		for i, bias := range b {
			fill(row(to.a, i), bias)
		}
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w, p.layer[l-1].a, 1, to.a)
		switch {
		case l == last:
		case curvature:
			p.net.Hidden.apply(to.a.Data, to.d1, to.d2, to.a.Data)
		default:
			p.net.Hidden.apply(to.a.Data, nil, nil, to.a.Data)
		}
	}
}

// jacobian computes the partials of the outputs, after values(true).
func (p *pass) jacobian() {
	last := p.net.layers()
	if p.forward {
		for j := range p.net.nx() {
			for i := range p.net.nx() {
				fill(p.slot(p.layer[0].v, i, j), unit(i == j))
			}
		}
		for l := 1; l <= last; l++ {
			w, _ := p.net.layer(p.net.Parameters, l)
			to := &p.layer[l]
			multiply(to.t, w, p.layer[l-1].v)
			p.scaleSlots(to.v, to.t, l)
		}
		return
	}
	for k := range p.net.ny() {
		for i := range p.net.ny() {
			fill(p.slot(p.layer[last].s, i, k), unit(i == k))
		}
	}
	for l := last - 1; l >= 0; l-- {
		w, _ := p.net.layer(p.net.Parameters, l+1)
		multiplyTransposed(p.layer[l].t, w, p.layer[l+1].s)
		if l > 0 {
			p.scaleSlots(p.layer[l].s, p.layer[l].t, l)
		}
	}
}

// gradient adds to grad the gradient of a loss by the parameters, given the loss
// by outputs and, with partials, by partials (outputLoss and partialLoss, filled
// after values(true) and jacobian).
func (p *pass) gradient(grad []float64, partials bool) {
	last := p.net.layers()
	if partials && !p.forward {
		for l := 1; l < last; l++ {
			w, _ := p.net.layer(p.net.Parameters, l)
			multiply(p.layer[l].u, w, p.layer[l-1].v)
			p.scaleSlots(p.layer[l].v, p.layer[l].u, l)
		}
	}
	for l := last; l >= 1; l-- {
		w, _ := p.net.layer(p.net.Parameters, l)
		at, below := &p.layer[l], &p.layer[l-1]
		if l < last {
			p.curve(at, partials)
		}
		if partials && p.forward {
			p.scaleSlots(at.s, at.u, l)
		}
		dw, db := p.net.layer(grad, l)
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, at.q, below.a, 1, dw)
		if partials {
			blas64.Gemm(blas.NoTrans, blas.Trans, 1, at.s, below.v, 1, dw)
		}
		for i := range db {
			db[i] += sum(row(at.q, i))
		}
		if l > 1 {
			multiplyTransposed(below.q, w, at.q)
			if partials && p.forward {
				multiplyTransposed(below.u, w, at.s)
			}
		}
	}
}

// curve turns the loss by a, in q, into the loss by z: g' q + g” sum_k u^k t^k.
func (p *pass) curve(at *passLayer, partials bool) {
	for i := range at.a.Rows {
		q := row(at.q, i)
		d1, d2 := at.d1[i*p.columns:(i+1)*p.columns], at.d2[i*p.columns:(i+1)*p.columns]
		for c := range q {
			q[c] *= d1[c]
		}
		if !partials {
			continue
		}
		for k := range p.slots {
			u, t := p.slot(at.u, i, k), p.slot(at.t, i, k)
			for c := range q {
				q[c] += d2[c] * u[c] * t[c]
			}
		}
	}
}

// scaleSlots sets dst = g' * src in every slot of layer l; the output layer is linear.
func (p *pass) scaleSlots(dst, src blas64.General, l int) {
	if l == p.net.layers() {
		copy(dst.Data, src.Data)
		return
	}
	d1 := p.layer[l].d1
	for i := range dst.Rows {
		g := d1[i*p.columns : (i+1)*p.columns]
		for k := range p.slots {
			to, from := p.slot(dst, i, k), p.slot(src, i, k)
			for c := range to {
				to[c] = g[c] * from[c]
			}
		}
	}
}

func multiply(dst, w, x blas64.General) { blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w, x, 0, dst) }

func multiplyTransposed(dst, w, x blas64.General) {
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, w, x, 0, dst)
}

func fill(s []float64, v float64) {
	for i := range s {
		s[i] = v
	}
}

func sum(s []float64) float64 {
	total := 0.0
	for _, v := range s {
		total += v
	}
	return total
}

func unit(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
