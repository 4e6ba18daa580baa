package surrogate

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// deleted says, for each number of a training set, how a network predicts it that was
// trained without the sample it belongs to, all its values and partials.
type deleted struct {
	places []place
	// residual is what the sample holds less what is predicted, scaled.
	residual []float64
	// std is the standard deviation that the residual should have, of noise and
	// parameters, scaled.
	std []float64
}

// leaveOneOutWork bounds the floating-point operations of leaveOneOut: some ten
// seconds.
const leaveOneOutWork = 2e10

// leaveOneOutFits reports whether n residuals and p parameters are within the bound.
func leaveOneOutFits(n, p int) bool {
	m, q := float64(n), float64(p)
	return 2*(m+q)*q*(q+2*m) <= leaveOneOutWork
}

// leaveOneOut returns the leave-one-out residuals of a network with its
// hyperparameters, without refitting: those of its linearization
//
//	minimize over v:  |z - J v|^2 + |P v|^2,   z = J w - r(w)
//
// where w are the parameters, r the weighted residuals, J their Jacobian and P^2 the
// precisions of the prior relative to the noise. Without the rows i of one sample the
// residuals there are (I - H_ii)^-1 e_i, with e those of all samples and the hat
// matrix H = J (J'J + P^2)^-1 J' (Cook and Weisberg, Residuals and Influence in
// Regression, 1982). A network that nearly
// interpolates has an H near I and an e near 0, of which nothing but rounding would be
// left. So neither is formed: if [J; P] = Q [R; 0] and B holds rows i of the columns
// of Q that belong to 0, then I - H = B B', e = B u with u the same columns'
// products with [z; 0], and
//
//	(I - H_ii)^-1 e_i = (B_i B_i')^-1 B_i u = L^-T Q_i u   with  B_i = L Q_i.
//
// Their covariance is noise (B_i B_i')^-1. It stops with ctx.
func leaveOneOut(ctx context.Context, n Network, e *evidence, set trainingSet) (deleted, error) {
	m := newResidualModel(n, set)
	m.trust = e.Trust
	rows, p := m.n, len(n.Parameters)
	a := newMatrix(rows+p, p)
	r := make([]float64, rows)
	top := blas64.General{Rows: rows, Cols: p, Stride: p, Data: a.Data[:rows*p]}
	m.at(n.Parameters, r, &top)
	z := newMatrix(rows+p, 1)
	blas64.Gemv(blas.NoTrans, 1, top, blas64.Vector{N: p, Data: n.Parameters, Inc: 1}, 0, blas64.Vector{N: rows, Data: z.Data, Inc: 1})
	axpy(z.Data[:rows], -1, r)
	damping := leastDamping * dot(top.Data, top.Data) / float64(p)
	for i := range p {
		a.Data[(rows+i)*p+i] = math.Sqrt(e.prior(i) + damping)
	}
	q := factorizeQR(a)
	q.apply(blas.Left, blas.Trans, z)
	u := z.Data[p:]

	d := deleted{places: set.places(), residual: make([]float64, rows), std: make([]float64, rows)}
	for from := 0; from < rows; {
		if err := ctx.Err(); err != nil {
			return deleted{}, err
		}
		from = d.block(q, from, u)
	}
	for i, c := range m.column {
		root := math.Sqrt(m.trusted(c) * d.places[i].weight)
		d.residual[i] /= root
		d.std[i] /= root * math.Sqrt(e.Noise)
	}
	return d, nil
}

// block computes the numbers from one on, of as many whole samples as make a block of
// rows for the kernels, and returns where the next block begins.
func (d deleted) block(q householder, from int, u []float64) (to int) {
	rows := len(d.places)
	for to = from; to < rows && (to-from < rowsAtOnce || d.places[to].sample == d.places[to-1].sample); {
		to++
	}
	p := q.a.Cols
	unit := newMatrix(to-from, rows+p)
	for i := range unit.Rows {
		unit.Data[i*unit.Stride+from+i] = 1
	}
	q.apply(blas.Right, blas.NoTrans, unit)
	for begin := from; begin < to; {
		end := begin
		for end < to && d.places[end].sample == d.places[begin].sample {
			end++
		}
		b := blas64.General{Rows: end - begin, Cols: rows, Stride: unit.Stride, Data: unit.Data[(begin-from)*unit.Stride+p:]}
		deleteBlock(b, u, d.residual[begin:end], d.std[begin:end])
		begin = end
	}
	return to
}

// deleteBlock computes the residuals of the rows of one sample without it, and the
// roots of the diagonal of (B B')^-1; b is overwritten.
func deleteBlock(b blas64.General, u, residual, root []float64) {
	n := b.Rows
	tau := make([]float64, n)
	size := make([]float64, 1)
	lapack64.Gelqf(b, tau, size, -1)
	lapack64.Gelqf(b, tau, make([]float64, int(size[0])), int(size[0]))
	c := blas64.General{Rows: len(u), Cols: 1, Stride: 1, Data: slices.Clone(u)}
	lapack64.Ormlq(blas.Left, blas.NoTrans, b, tau, c, size, -1)
	lapack64.Ormlq(blas.Left, blas.NoTrans, b, tau, c, make([]float64, int(size[0])), int(size[0]))
	l := blas64.Triangular{N: n, Stride: b.Stride, Uplo: blas.Lower, Diag: blas.NonUnit, Data: b.Data}
	copy(residual, c.Data[:n])
	blas64.Trsv(blas.Trans, l, blas64.Vector{N: n, Data: residual, Inc: 1})
	// Entry i of the diagonal of L^-T L^-1 is the squared length of column i of L^-1.
	column := make([]float64, n)
	for i := range n {
		clear(column)
		column[i] = 1
		blas64.Trsv(blas.NoTrans, l, blas64.Vector{N: n, Data: column, Inc: 1})
		root[i] = math.Sqrt(dot(column, column))
	}
}

// householder is a QR factorization by reflections: R above the diagonal.
type householder struct {
	a   blas64.General
	tau []float64
}

// factorizeQR overwrites a.
func factorizeQR(a blas64.General) householder {
	q := householder{a, make([]float64, min(a.Rows, a.Cols))}
	size := make([]float64, 1)
	lapack64.Geqrf(a, q.tau, size, -1)
	lapack64.Geqrf(a, q.tau, make([]float64, int(size[0])), int(size[0]))
	return q
}

// apply overwrites c by its product with Q or its transpose.
func (q householder) apply(side blas.Side, trans blas.Transpose, c blas64.General) {
	size := make([]float64, 1)
	lapack64.Ormqr(side, trans, q.a, q.tau, c, size, -1)
	lapack64.Ormqr(side, trans, q.a, q.tau, c, make([]float64, int(size[0])), int(size[0]))
}

// newMatrix returns a matrix of zeros.
func newMatrix(rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
}
