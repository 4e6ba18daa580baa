package surrogate

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo/internal/kernel"
)

// linearization carries a block of samples through a network, for the derivatives
// of every output and every partial by all parameters, one at a time: what a row
// of a Jacobian is. Other than in a pass, samples lie in rows, since a row of the
// Jacobian is made of outer products of what belongs to one sample. For partial j
// of output k of a sample, with the layers counted from below,
//
//	forward   dz_l = W_l da_{l-1},  da_l = g' * dz_l
//	backward  t_l = W_{l+1}' s_{l+1},  s_l = g' * t_l
//	          q_l = g' * (W_{l+1}' q_{l+1}) + g'' * dz_l * t_l
//	row       dW_l = q_l a_{l-1}' + s_l da_{l-1}',  db_l = q_l
//
// where dz and da are derivatives by x_j, and t and s those of y_k. It is a
// workspace for one goroutine.
type linearization struct {
	net     Network
	samples int   // in a full block
	at      []int // where the parameters of each layer begin
	layer   []linearLayer
	unit    []float64 // a unit matrix as wide as the inputs
	end     []float64 // the same of the outputs: dy/dy
	zero    []float64
}

// linearLayer holds the block at one layer of n neurons, n columns each.
type linearLayer struct {
	transposed blas64.General // the weights, from a row per neuron below
	a, d1, d2  blas64.General // activations, g' and g'': a row per sample
	dz, da     blas64.General // a row per sample and input
	t, s       blas64.General // a row per sample and output
	q          blas64.General // a row per sample, output and input
}

// linearRows is how many rows the matrices of a block have, about: enough for the
// kernels, few enough for the cache.
const linearRows = 128

// newLinearization returns a workspace for up to m samples at a time; those of
// partials only if asked for.
func newLinearization(net Network, m int, partials bool) *linearization {
	z := newForward(net, m, partials)
	nx, ny := net.nx(), net.ny()
	for l, n := range net.Sizes {
		y := &z.layer[l]
		y.t, y.s = newMatrix(z.samples*ny, n), newMatrix(z.samples*ny, n)
		if partials {
			y.q = newMatrix(z.samples*ny*nx, n)
		}
	}
	return z
}

// newForward returns a workspace that can't go backward.
func newForward(net Network, m int, partials bool) *linearization {
	nx, ny := net.nx(), net.ny()
	width := ny
	if partials {
		width *= nx
	}
	z := &linearization{
		net: net, samples: min(m, max(4, linearRows/width)), at: make([]int, len(net.Sizes)), layer: make([]linearLayer, len(net.Sizes)),
		unit: unitMatrix(nx), end: unitMatrix(ny),
	}
	b, widest := z.samples, 0
	for l, n := range net.Sizes {
		y := &z.layer[l]
		y.a, y.d1, y.d2 = newMatrix(b, n), newMatrix(b, n), newMatrix(b, n)
		if partials {
			y.dz, y.da = newMatrix(b*nx, n), newMatrix(b*nx, n)
		}
		if l > 0 {
			z.at[l] = parameterCount(net.Sizes[:l])
			y.transposed = newMatrix(net.Sizes[l-1], n)
		}
		widest = max(widest, n)
	}
	z.zero = make([]float64, widest)
	return z
}

func unitMatrix(n int) []float64 {
	m := make([]float64, n*n)
	for i := range n {
		m[i*n+i] = 1
	}
	return m
}

// set changes the parameters.
func (z *linearization) set(parameters []float64) {
	z.net.Parameters = parameters
	for l := 1; l <= z.net.layers(); l++ {
		w, _ := z.net.layer(parameters, l)
		t := z.layer[l].transposed
		for i := range w.Rows {
			for h, v := range row(w, i) {
				t.Data[h*t.Stride+i] = v
			}
		}
	}
}

// input returns where the scaled inputs of sample c of the block go.
func (z *linearization) input(c int) []float64 { return row(z.layer[0].a, c) }

// output returns output k of sample c.
func (z *linearization) output(c, k int) float64 { return row(z.layer[z.net.layers()].a, c)[k] }

// partial returns the partial of output k by input j of sample c.
func (z *linearization) partial(c, k, j int) float64 {
	return row(z.layer[z.net.layers()].dz, c*z.net.nx()+j)[k]
}

// forward computes the outputs of m samples and, if asked for, their partials.
func (z *linearization) forward(m int, partials bool) { z.through(z.net.layers(), m, partials) }

// through is forward up to a layer.
func (z *linearization) through(to, m int, partials bool) {
	last, nx := z.net.layers(), z.net.nx()
	for l := 1; l <= to; l++ {
		below, y := &z.layer[l-1], &z.layer[l]
		n := y.a.Cols
		_, b := z.net.layer(z.net.Parameters, l)
		a := top(y.a, m)
		for c := range m {
			copy(row(a, c), b)
		}
		kernel.Gemm(blas.NoTrans, blas.NoTrans, 1, top(below.a, m), y.transposed, 1, a)
		if l < last {
			z.net.Hidden.apply(a.Data, y.d1.Data[:m*n], y.d2.Data[:m*n], a.Data)
		}
		if !partials {
			continue
		}
		if l == 1 {
			for c := range m {
				copy(y.dz.Data[c*nx*n:], y.transposed.Data)
			}
		} else {
			kernel.Gemm(blas.NoTrans, blas.NoTrans, 1, top(below.da, m*nx), y.transposed, 0, top(y.dz, m*nx))
		}
		if l < last {
			for c := range m {
				kernel.ScaleRows(group(y.da, c, nx), group(y.dz, c, nx), row(y.d1, c))
			}
		}
	}
}

// backward prepares the rows of m samples, after forward.
func (z *linearization) backward(m int, partials bool) {
	last, nx, ny := z.net.layers(), z.net.nx(), z.net.ny()
	for l := last - 1; l >= 1; l-- {
		y, above := &z.layer[l], &z.layer[l+1]
		w, _ := z.net.layer(z.net.Parameters, l+1)
		if l+1 == last {
			for c := range m {
				copy(group(y.t, c, ny), w.Data)
			}
		} else {
			kernel.Gemm(blas.NoTrans, blas.NoTrans, 1, top(above.s, m*ny), w, 0, top(y.t, m*ny))
		}
		for c := range m {
			kernel.ScaleRows(group(y.s, c, ny), group(y.t, c, ny), row(y.d1, c))
		}
		if !partials {
			continue
		}
		if l+1 == last {
			clear(y.q.Data)
		} else {
			kernel.Gemm(blas.NoTrans, blas.NoTrans, 1, top(above.q, m*ny*nx), w, 0, top(y.q, m*ny*nx))
		}
		for c := range m {
			for k := range ny {
				kernel.CurveRows(group(y.q, c*ny+k, nx), group(y.dz, c, nx), row(y.d1, c), row(y.d2, c), row(y.t, c*ny+k))
			}
		}
	}
}

// valueRow writes scale times the derivatives of output k of sample c.
func (z *linearization) valueRow(dst []float64, c, k int, scale float64) {
	for l := 1; l <= z.net.layers(); l++ {
		a := row(z.layer[l-1].a, c)
		s := z.sensitivity(l, c, k)
		z.layerRow(dst, l, s, a, z.zero[:len(s)], a, scale)
	}
}

// partialRow writes scale times the derivatives of the partial of output k by
// input j of sample c.
func (z *linearization) partialRow(dst []float64, c, k, j int, scale float64) {
	nx, ny := z.net.nx(), z.net.ny()
	for l := 1; l <= z.net.layers(); l++ {
		s := z.sensitivity(l, c, k)
		q := z.zero[:len(s)]
		if l < z.net.layers() {
			q = row(z.layer[l].q, (c*ny+k)*nx+j)
		}
		tangent := z.unit[j*nx : (j+1)*nx]
		if l > 1 {
			tangent = row(z.layer[l-1].da, c*nx+j)
		}
		z.layerRow(dst, l, q, row(z.layer[l-1].a, c), s, tangent, scale)
	}
}

// sensitivity returns dy_k/dz of layer l of sample c.
func (z *linearization) sensitivity(l, c, k int) []float64 {
	ny := z.net.ny()
	if l == z.net.layers() {
		return z.end[k*ny : (k+1)*ny]
	}
	return row(z.layer[l].s, c*ny+k)
}

// layerRow writes scale times dW = q a' + s b' and db = q where layer l has them.
func (z *linearization) layerRow(dst []float64, l int, q, a, s, b []float64, scale float64) {
	dst = dst[z.at[l]:]
	weights := len(q) * len(a)
	kernel.Outer(dst[:weights], q, a, s, b, scale)
	for i, v := range q {
		dst[weights+i] = scale * v
	}
}

// top returns the first rows of a matrix.
func top(m blas64.General, rows int) blas64.General {
	m.Rows, m.Data = rows, m.Data[:rows*m.Stride]
	return m
}

// group returns the i-th group of n rows.
func group(m blas64.General, i, n int) []float64 {
	return m.Data[i*n*m.Stride : (i+1)*n*m.Stride]
}
