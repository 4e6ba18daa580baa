package surrogate

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo/internal/kernel"
)

// quasiMemory is the number of pairs of moves and changes of the gradient that L-BFGS
// keeps. Losses of networks are ill-conditioned: a memory of 100 was seen to reach far
// lower losses than the customary 5 to 20 in the same number of iterations.
const quasiMemory = 100

// quasiNewton is L-BFGS in its compact form (Byrd, Nocedal and Schnabel,
// Representations of quasi-Newton matrices, Math. Programming 63, 1994, theorem 2.2),
// which is made of products with matrices. With a row for each pair in S and Y, the
// inverse of the Hessian is taken to be
//
//	H = D + [S' D Y'] [ R^-T (E + Y D Y') R^-1   -R^-T ] [ S   ]
//	                  [ -R^-1                      0   ] [ Y D ]
//
// with R the upper triangle of S Y' and E its diagonal. D is diagonal: the inverse of
// the diagonal of J'J plus the precisions, times the number that makes it agree with
// the last pair. On problems with 300 to 2000 samples it ended at losses that took
// twice the iterations with a multiple of the identity.
type quasiNewton struct {
	s, y   blas64.General // a row for each pair
	order  []int          // rows, the oldest first
	sy, yy []float64      // S Y' and Y D Y', quasiMemory wide, by rows
	d      []float64

	direction, scaled, product []float64 // p
	a, b                       []float64 // quasiMemory
}

func newQuasiNewton(p int) *quasiNewton {
	matrix := func() blas64.General {
		return blas64.General{Rows: quasiMemory, Cols: p, Stride: p, Data: make([]float64, quasiMemory*p)}
	}
	vector := func() []float64 { return make([]float64, p) }
	q := &quasiNewton{s: matrix(), y: matrix(), d: vector(), direction: vector(), scaled: vector(), product: vector()}
	q.sy, q.yy = make([]float64, quasiMemory*quasiMemory), make([]float64, quasiMemory*quasiMemory)
	q.a, q.b = make([]float64, quasiMemory), make([]float64, quasiMemory)
	return q
}

// forget drops all pairs.
func (q *quasiNewton) forget() { q.order = q.order[:0] }

// Of the line search: the decrease asked for, as a share of what the slope promises
// (Nocedal and Wright, Numerical Optimization, equation 3.4), and the shortest step.
const (
	armijo       = 1e-4
	searchPoints = 20
)

// step does one iteration, and reports whether there was a way down.
func (q *quasiNewton) step(m *matrixFree) bool {
	q.propose(m)
	slope := dot(q.direction, m.gradient)
	if !(slope < 0) {
		q.forget()
		q.propose(m)
		slope = dot(q.direction, m.gradient)
	}
	length := 1.0
	if len(q.order) == 0 { // the scale is not known yet
		length = min(1, 1/math.Sqrt(dot(q.direction, q.direction)))
	}
	for range searchPoints {
		copy(m.trial, m.x)
		axpy(m.trial, length, q.direction)
		value := m.evaluate(m.trial, m.trialGradient)
		if value <= m.value+armijo*length*slope {
			q.remember(m)
			m.accept(value)
			return true
		}
		// The minimum of the parabola through what is known, within bounds.
		shorter := -slope * length * length / (2 * (value - m.value - slope*length))
		if !(shorter >= 0.1*length) {
			shorter = 0.1 * length
		}
		length = min(shorter, 0.5*length)
	}
	if len(q.order) == 0 {
		return false
	}
	q.forget()
	return q.step(m)
}

// propose sets direction to -H gradient.
func (q *quasiNewton) propose(m *matrixFree) {
	k, agree := len(q.order), 1.0
	if k > 0 {
		last := q.order[k-1] * (quasiMemory + 1)
		agree = q.sy[last] / q.yy[last]
	}
	for i, g := range m.gradient {
		q.scaled[i] = agree * q.d[i] * g
		q.direction[i] = -q.scaled[i]
	}
	if k == 0 {
		return
	}
	kernel.Gemv(blas.NoTrans, 1, q.rows(q.s), m.gradient, 0, q.a[:k])
	kernel.Gemv(blas.NoTrans, 1, q.rows(q.y), q.scaled, 0, q.b[:k])
	// In order of age: u = R^-1 a, then v = R^-T ((E + Y D Y') u - b).
	u, v := q.a, q.b
	for i := k - 1; i >= 0; i-- {
		at := q.order[i]
		for _, later := range q.order[i+1:] {
			u[at] -= q.sy[at*quasiMemory+later] * u[later]
		}
		u[at] /= q.sy[at*quasiMemory+at]
	}
	for _, at := range q.order {
		v[at] = q.sy[at*quasiMemory+at]*u[at] + agree*dot(q.yy[at*quasiMemory:at*quasiMemory+k], u[:k]) - v[at]
	}
	for i, at := range q.order {
		for _, earlier := range q.order[:i] {
			v[at] -= q.sy[earlier*quasiMemory+at] * v[earlier]
		}
		v[at] /= q.sy[at*quasiMemory+at]
	}
	kernel.Gemv(blas.Trans, -1, q.rows(q.s), v[:k], 1, q.direction)
	kernel.Gemv(blas.Trans, agree, q.rows(q.y), u[:k], 0, q.product)
	for i, w := range q.product {
		q.direction[i] += q.d[i] * w
	}
}

// rows returns the rows that are in use.
func (q *quasiNewton) rows(of blas64.General) blas64.General {
	of.Rows = len(q.order)
	return of
}

// remember keeps the move from x to trial, unless the curvature along it is not
// positive.
func (q *quasiNewton) remember(m *matrixFree) {
	at, drop := len(q.order), 0
	if at == quasiMemory {
		at, drop = q.order[0], 1
	}
	s, y := row(q.s, at), row(q.y, at)
	sy, ss, yy := 0.0, 0.0, 0.0
	for i, v := range m.trial {
		ds, dy := v-m.x[i], m.trialGradient[i]-m.gradient[i]
		q.scaled[i], q.product[i] = ds, dy
		sy += ds * dy
		ss += ds * ds
		yy += dy * dy
	}
	if !(sy > 1e-10*math.Sqrt(ss*yy)) {
		return
	}
	copy(s, q.scaled)
	copy(y, q.product)
	q.order = append(q.order[drop:], at)
	k := len(q.order)
	kernel.Gemv(blas.NoTrans, 1, q.rows(q.s), y, 0, q.a[:k])
	for i, w := range y {
		q.product[i] = q.d[i] * w
	}
	kernel.Gemv(blas.NoTrans, 1, q.rows(q.y), q.product, 0, q.b[:k])
	for i := range k {
		q.sy[i*quasiMemory+at] = q.a[i]
		q.yy[i*quasiMemory+at], q.yy[at*quasiMemory+i] = q.b[i], q.b[i]
	}
}

// reprice follows a change of the objective by sum_i by_i x_i^2/2: the changes of the
// gradient are what they would have been with it. New is the diagonal of the Hessian,
// about, that D is to be the inverse of.
func (q *quasiNewton) reprice(by, diagonal []float64) {
	for i, h := range diagonal {
		q.d[i] = 1 / h
	}
	k := len(q.order)
	if k == 0 {
		return
	}
	s, y := q.rows(q.s), q.rows(q.y)
	scaled := blas64.General{Rows: k, Cols: y.Cols, Stride: y.Cols, Data: make([]float64, k*y.Cols)}
	for r := range k {
		to, from, dy := row(scaled, r), row(s, r), row(y, r)
		for i := range to {
			if by != nil {
				dy[i] += by[i] * from[i]
			}
			to[i] = q.d[i] * dy[i]
		}
	}
	product := func(dst []float64, a, b blas64.General) {
		kernel.Gemm(blas.NoTrans, blas.Trans, 1, a, b, 0, blas64.General{Rows: k, Cols: k, Stride: quasiMemory, Data: dst})
	}
	product(q.sy, s, y)
	product(q.yy, scaled, y)
	for _, at := range q.order {
		if !(q.sy[at*quasiMemory+at] > 0) {
			q.forget()
			return
		}
	}
}
