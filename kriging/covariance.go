package kriging

import (
	"math"

	"github.com/sbo-go/sbo/internal/kernel"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// hyper are the hyperparameters of a response, relative to its variance.
type hyper struct {
	kernel Kernel
	length []float64 // length scales, as fractions of the box
	noise  []float64 // 1+nx: variance of the noise of values and, each partial measured over its length scale, of the columns of partials
	trend  float64   // prior variance of the constant
	// additive is the kernel [Additive].
	additive anova
}

// covariance is the correlation matrix of rows, K of Rasmussen and Williams, with its
// noise: row-major, the upper triangle.
//
// Partials are taken by u = z/length, so that the diagonal is 1 for values and partials
// alike, which keeps the matrix as well conditioned as a diagonal scaling can
// (Marchildon and Zingg, arXiv 2307.05855).
type covariance struct {
	r *rows
	h hyper
	u []float64 // n by nx
	y []float64 // the numbers, partials by u
}

func newCovariance(r *rows, h hyper) *covariance {
	c := &covariance{r: r, h: h, u: make([]float64, len(r.z)), y: make([]float64, r.len())}
	c.scale()
	return c
}

// scale puts points and numbers in units of the length scales.
func (c *covariance) scale() {
	for i := range c.r.n {
		for j, l := range c.h.length {
			c.u[i*c.r.nx+j] = c.r.z[i*c.r.nx+j] / l
		}
	}
	for i, y := range c.r.y {
		if j := c.r.column[i]; j >= 0 {
			y *= c.h.length[j]
		}
		c.y[i] = y
	}
}

// noise returns the variance of the noise of number i.
func (c *covariance) noise(i int) float64 {
	return c.h.noise[1+c.r.column[i]] / c.r.weight[i]
}

// offset writes u_i - u_k into h and returns its square.
func (c *covariance) offset(h []float64, i, k int) float64 {
	a, b := c.u[i*c.r.nx:(i+1)*c.r.nx], c.u[k*c.r.nx:(k+1)*c.r.nx]
	t := 0.0
	for j := range h {
		h[j] = a[j] - b[j]
		t += h[j] * h[j]
	}
	return t
}

// assemble writes the upper triangle of the matrix; jitter is added to the diagonal.
//
// With a pair, the covariances are
//
//	of values           s0 + trend
//	of value and b'     s1 w_b
//	of a and value'    -s1 w_a
//	of a and b'         d_a delta_ab - e w_a w_b
//
// (Rasmussen and Williams 2006, equation 9.1; Forrester, Sobester and Keane 2008,
// section 7.2). The constant trend with its Gaussian prior is part of them (equation 2.40).
func (c *covariance) assemble(k blas64.Symmetric, jitter float64) {
	h := make([]float64, c.r.nx)
	r := c.r
	var both pair
	for i := range r.n {
		for m := i; m < r.n; m++ {
			c.offset(h, i, m)
			c.h.pair(&both, h)
			from, to := r.first[m], r.first[m+1]
			columns := r.column[from:to]
			for p := r.first[i]; p < r.first[i+1]; p++ {
				both.fillRow(k.Data[p*k.Stride+from:p*k.Stride+to], columns, r.column[p], c.h.trend)
			}
		}
	}
	for i := range r.len() {
		k.Data[i*k.Stride+i] += c.noise(i) + jitter
	}
}

// fillRow writes the covariances of a number, the value if a < 0, with those of
// another sample.
func (p *pair) fillRow(dst []float64, columns []int, a int, trend float64) {
	if a < 0 {
		for q, b := range columns {
			if b < 0 {
				dst[q] = p.s0 + trend
			} else {
				dst[q] = p.s1 * p.w[b]
			}
		}
		return
	}
	outer := p.e * p.w[a]
	for q, b := range columns {
		switch {
		case b < 0:
			dst[q] = -p.s1 * p.w[a]
		case b == a:
			dst[q] = p.d[a] - outer*p.w[b]
		default:
			dst[q] = -outer * p.w[b]
		}
	}
}

// traces returns, for each length scale, half the trace of W dK/dlog(length): half the
// sum of the products of their elements. Of W only the upper triangle is read.
//
// The offset h_j is inversely proportional to its length scale, so d/dlog(length_j) =
// -h_j d/dh_j, and the sum over a pair of samples needs no more than W h. Of the kernel
// [Additive] it also returns the derivative by log(theta).
func (c *covariance) traces(w blas64.Symmetric) (lengths []float64, theta float64) {
	if c.h.kernel == Additive {
		return c.h.additive.traces(c, w.Data, w.Stride)
	}
	r := c.r
	h, sums, wh := make([]float64, r.nx), make([]float64, r.nx), make([]float64, r.nx)
	linear := make([]float64, r.nx)
	for i := range r.n {
		for m := i + 1; m < r.n; m++ {
			s := c.h.kernel.at(c.offset(h, i, m))
			clear(wh)
			clear(linear)
			value, cross, trace, square := 0.0, 0.0, 0.0, 0.0
			from, to := r.first[m], r.first[m+1]
			columns := r.column[from:to]
			for p := r.first[i]; p < r.first[i+1]; p++ {
				row := w.Data[p*w.Stride+from : p*w.Stride+to]
				a := r.column[p]
				if a < 0 {
					for q, b := range columns {
						if b < 0 {
							value = row[q]
						} else {
							linear[b] -= row[q]
							cross += row[q] * h[b]
						}
					}
					continue
				}
				sum := 0.0
				for q, b := range columns {
					if b < 0 {
						linear[a] += row[q]
						cross -= row[q] * h[a]
						continue
					}
					sum += row[q] * h[b]
					wh[b] += row[q] * h[a]
					if b == a {
						trace += row[q]
					}
				}
				wh[a] += sum
				square += sum * h[a]
			}
			common := s.s1*value + s.s2*(cross+trace) - s.s3*square
			for j, v := range h {
				sums[j] += v * (v*common + s.s1*linear[j] + s.s2*wh[j])
			}
		}
	}
	return sums, 0
}

// density returns the log density of the numbers, with partials over the box, where
// square = y'K^-1 y and logDet = log det K.
func (c *covariance) density(square, logDet, variance float64) float64 {
	n := float64(c.r.len())
	total := -square/(2*variance) - logDet/2 - n/2*math.Log(2*math.Pi*variance)
	for j, count := range c.r.counts() {
		total += count * math.Log(c.h.length[j])
	}
	return total
}

// factorization is what likelihood and prediction need of the matrix.
type factorization struct {
	u      blas64.Triangular // K + jitter = U'U
	jitter float64
	logDet float64
}

// leastJitter is the first that is tried where rounding makes the matrix indefinite,
// mostJitter the last.
const (
	leastJitter = 1e-12
	mostJitter  = 1e-2
)

// factorize assembles and factorizes the matrix, with as much on the diagonal as that
// needs. It reports whether it could.
func (c *covariance) factorize(memory []float64) (factorization, bool) {
	n := c.r.len()
	k := blas64.Symmetric{N: n, Stride: n, Data: memory[:n*n], Uplo: blas.Upper}
	for jitter := 0.0; jitter <= mostJitter; jitter = max(10*jitter, leastJitter) {
		c.assemble(k, jitter)
		u, ok := kernel.Cholesky(k)
		if !ok {
			continue
		}
		f := factorization{u: u, jitter: jitter}
		for i := range n {
			f.logDet += 2 * math.Log(u.Data[i*u.Stride+i])
		}
		return f, true
	}
	return factorization{}, false
}
