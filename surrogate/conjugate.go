package surrogate

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// conjugate solves H x = b for a positive definite H that is known by its products,
// with the method of conjugate gradients, preconditioned by a diagonal M (Nocedal and
// Wright, Numerical Optimization, algorithm 5.3). It is a workspace.
type conjugate struct {
	residual  []float64 // b - H x
	direction []float64
	product   []float64
	alphas    []float64 // of each iteration: the length of its step,
	betas     []float64 // and how much of its direction the next one keeps
	norm2     float64   // b' M^-1 b
}

func newConjugate(n int) *conjugate {
	vector := func() []float64 { return make([]float64, n) }
	return &conjugate{residual: vector(), direction: vector(), product: vector()}
}

// solve improves x until `enough` says so after an iteration, or up to `most` times.
// product writes H v into dst.
func (c *conjugate) solve(x, b, diagonal []float64, product func(dst, v []float64), most int, enough func(iteration int) bool) {
	copy(c.residual, b)
	if dot(x, x) > 0 {
		product(c.product, x)
		axpy(c.residual, -1, c.product)
	}
	c.alphas, c.betas = c.alphas[:0], c.betas[:0]
	rho := 0.0
	for i, r := range c.residual {
		c.direction[i] = r / diagonal[i]
		rho += r * c.direction[i]
	}
	c.norm2 = rho
	for k := 1; k <= most && rho > 0; k++ {
		product(c.product, c.direction)
		curvature := dot(c.direction, c.product)
		if !(curvature > 0) { // rounding
			return
		}
		alpha := rho / curvature
		axpy(x, alpha, c.direction)
		axpy(c.residual, -alpha, c.product)
		next := 0.0
		for i, r := range c.residual {
			next += r * r / diagonal[i]
		}
		beta := next / rho
		for i, r := range c.residual {
			c.direction[i] = r/diagonal[i] + beta*c.direction[i]
		}
		rho = next
		c.alphas, c.betas = append(c.alphas, alpha), append(c.betas, beta)
		if enough(k) {
			return
		}
	}
}

// reduction returns |b - H x|^2 over |b - H x_0|^2, x_0 where solve began, both in the
// norm of M^-1.
func (c *conjugate) reduction() float64 {
	reduction := 1.0
	for _, beta := range c.betas {
		reduction *= beta
	}
	return reduction
}

// logarithm estimates z' log(M^-1/2 H M^-1/2) z after H x = b = M^1/2 z was solved
// from x = 0, by Gauss quadrature: the iterations are those of Lanczos' method, whose
// tridiagonal matrix their coefficients make up (Golub and Meurant, Matrices, Moments
// and Quadrature, section 6.6). With z of random signs, the mean is the trace of the
// logarithm, log det H - log det M.
func (c *conjugate) logarithm() float64 {
	n := len(c.alphas)
	if n == 0 {
		return 0
	}
	t := mat.NewSymDense(n, nil)
	for i, alpha := range c.alphas {
		d := 1 / alpha
		if i > 0 {
			d += c.betas[i-1] / c.alphas[i-1]
			t.SetSym(i, i-1, math.Sqrt(c.betas[i-1])/c.alphas[i-1])
		}
		t.SetSym(i, i, d)
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(t, true) {
		return math.NaN()
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	total := 0.0
	for i, value := range eigen.Values(nil) {
		first := vectors.At(0, i)
		total += first * first * math.Log(value)
	}
	return c.norm2 * total
}
