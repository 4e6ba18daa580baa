package bench

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// gonumStep is the loss of a tanh network with its gradient, as one would write it
// with gonum's blas64: the same scheme as in package surrogate, reverse over
// reverse, on all samples at once, a row per neuron and a column per sample.
// Where the loss has directions, one per response, they lie side by side, so that
// each step of the scheme is one product of matrices per layer. All weights of
// samples are 1 and nothing is missing.
type gonumStep struct {
	net    surrogate.Network
	at     []int // where the parameters of each layer begin
	m, ny  int
	lambda float64
	y      []float64 // ny by m, scaled
	dydx   []float64 // nx by ny by m: a row per input

	gradient []float64
	// Of each layer: activations beside v, and q beside s, so that the gradient by
	// weights is one product; the sensitivities t by activations.
	av, qs, t []blas64.General
}

func newGonumStep(net surrogate.Network, d sbo.Data, s surrogate.Scaling, lambda float64) *gonumStep {
	m, nx, ny := d.Len(), d.NX, d.NY
	g := &gonumStep{net: net, at: layerOffsets(net.Sizes), m: m, ny: ny, lambda: lambda, y: make([]float64, ny*m), dydx: make([]float64, nx*ny*m)}
	g.gradient = make([]float64, len(net.Parameters))
	matrix := func(rows, columns int) blas64.General {
		return blas64.General{Rows: rows, Cols: columns, Stride: columns, Data: make([]float64, rows*columns)}
	}
	for _, n := range net.Sizes {
		g.av, g.qs, g.t = append(g.av, matrix(n, (1+ny)*m)), append(g.qs, matrix(n, (1+ny)*m)), append(g.t, matrix(n, ny*m))
	}
	for i := range m {
		for j, v := range d.Point(i) {
			g.av[0].Data[j*g.av[0].Stride+i] = (v - s.MeanX[j]) / s.StdX[j]
		}
		for k, v := range d.Responses(i) {
			g.y[k*m+i] = (v - s.MeanY[k]) / s.StdY[k]
			for j := range nx {
				g.dydx[(j*ny+k)*m+i] = d.Partials[d.Partial(i, k, j)] * s.StdX[j] / s.StdY[k]
			}
			top := g.qs[len(net.Sizes)-1]
			top.Data[k*top.Stride+(1+k)*m+i] = 1 // response k by itself
		}
	}
	return g
}

// columns returns some columns of a matrix.
func columns(a blas64.General, from, to int) blas64.General {
	a.Data, a.Cols = a.Data[from:], to-from
	return a
}

// first returns the part of a matrix with a column per sample: activations, or q.
func (g *gonumStep) first(a blas64.General) blas64.General { return columns(a, 0, g.m) }

// directions returns the part with a column per sample and response: v, or s.
func (g *gonumStep) directions(a blas64.General) blas64.General { return columns(a, g.m, a.Cols) }

// layer returns weights and biases of layer l in a vector laid out as the parameters.
func (g *gonumStep) layer(of []float64, l int) (w blas64.General, b []float64) {
	rows, cols := g.net.Sizes[l], g.net.Sizes[l-1]
	of = of[g.at[l]:g.at[l+1]]
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: of}, of[rows*cols:]
}

// row returns the numbers of neuron i.
func row(a blas64.General, i int) []float64 { return a.Data[i*a.Stride : i*a.Stride+a.Cols] }

// step computes the gradient of the loss.
func (g *gonumStep) step() {
	g.forward()
	g.reverse()
	g.residuals()
	g.upward()
	g.downward()
}

// forward computes the activations.
func (g *gonumStep) forward() {
	last := len(g.net.Sizes) - 1
	for l := 1; l <= last; l++ {
		w, b := g.layer(g.net.Parameters, l)
		a := g.first(g.av[l])
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w, g.first(g.av[l-1]), 0, a)
		for i := range a.Rows {
			numbers := row(a, i)
			for c, z := range numbers {
				if l == last {
					numbers[c] = z + b[i]
				} else {
					numbers[c] = math.Tanh(z + b[i])
				}
			}
		}
	}
}

// reverse computes the sensitivities of the responses: t by activations, s by z. The
// Jacobian is t of layer 0.
func (g *gonumStep) reverse() {
	for l := len(g.net.Sizes) - 2; l >= 0; l-- {
		w, _ := g.layer(g.net.Parameters, l+1)
		if l == len(g.net.Sizes)-2 { // the same for all samples
			for i := range g.t[l].Rows {
				for c := range row(g.t[l], i) {
					row(g.t[l], i)[c] = w.Data[c/g.m*w.Stride+i]
				}
			}
		} else {
			blas64.Gemm(blas.Trans, blas.NoTrans, 1, w, g.directions(g.qs[l+1]), 0, g.t[l])
		}
		if l == 0 {
			return
		}
		for i := range g.t[l].Rows {
			a, t, s := row(g.first(g.av[l]), i), row(g.t[l], i), row(g.directions(g.qs[l]), i)
			for k := range g.ny {
				sk := s[k*g.m:][:len(a)]
				for c, v := range t[k*g.m:][:len(a)] {
					sk[c] = v * (1 - a[c]*a[c])
				}
			}
		}
	}
}

// residuals writes the loss by responses into q of the last layer, and that by
// partials into v of the inputs.
func (g *gonumStep) residuals() {
	last, scale := len(g.net.Sizes)-1, 1/float64(g.m)
	for k := range g.ny {
		q := row(g.first(g.qs[last]), k)
		for c, a := range row(g.first(g.av[last]), k) {
			q[c] = scale * (a - g.y[k*g.m+c])
		}
	}
	for j := range g.t[0].Rows {
		v := row(g.directions(g.av[0]), j)
		for c, partial := range row(g.t[0], j) {
			v[c] = scale * (partial - g.dydx[j*g.ny*g.m+c])
		}
	}
}

// upward computes how the loss of the partials responds to s, and its part of q that
// is due to the curvature of the activations.
func (g *gonumStep) upward() {
	for l := 1; l < len(g.net.Sizes)-1; l++ {
		w, _ := g.layer(g.net.Parameters, l)
		u := g.directions(g.av[l])
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w, g.directions(g.av[l-1]), 0, u)
		for i := range u.Rows {
			a, q, t := row(g.first(g.av[l]), i), row(g.first(g.qs[l]), i), row(g.t[l], i)
			clear(q)
			for k := range g.ny {
				uk, tk := row(u, i)[k*g.m:][:len(a)], t[k*g.m:][:len(a)]
				for c, v := range uk {
					slope := 1 - a[c]*a[c]
					q[c] -= 2 * a[c] * slope * v * tk[c]
					uk[c] = slope * v
				}
			}
		}
	}
}

// downward computes q, the loss by z, and the gradient.
func (g *gonumStep) downward() {
	for l := len(g.net.Sizes) - 1; l >= 1; l-- {
		w, _ := g.layer(g.net.Parameters, l)
		dw, db := g.layer(g.gradient, l)
		q := g.first(g.qs[l])
		copy(dw.Data[:dw.Rows*dw.Cols], w.Data)
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, g.qs[l], g.av[l-1], g.lambda/float64(g.m), dw)
		for i := range db {
			db[i] = 0
			for _, v := range row(q, i) {
				db[i] += v
			}
		}
		if l == 1 {
			return
		}
		// t of the layer below has served.
		below, back := g.first(g.qs[l-1]), columns(g.t[l-1], 0, g.m)
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, w, q, 0, back)
		for i := range below.Rows {
			a, to := row(g.first(g.av[l-1]), i), row(below, i)
			for c, v := range row(back, i) {
				to[c] += v * (1 - a[c]*a[c])
			}
		}
	}
}
