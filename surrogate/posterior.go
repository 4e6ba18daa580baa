package surrogate

import (
	"sync"

	"github.com/sbo-go/sbo/internal/kernel"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// posterior is what the samples leave open of the parameters of a network: a normal
// distribution of covariance H^-1/noise about them, H = J'J + precisions/noise (the
// Gauss-Newton form of Laplace's approximation; MacKay 1992, section 2.5).
type posterior struct {
	f    *fitted
	root blas64.Triangular // U with U'U = H
	work sync.Pool         // of *posteriorWork
}

// posteriorWork is for one question at a time.
type posteriorWork struct {
	model *residualModel // of one sample, all residuals of weight 1
	rows  blas64.General // their gradients by the parameters
	r     []float64      // the predictions, scaled
	solve []float64
}

// Bounds of a posterior: its memory, and the operations of J'J, a second or so.
const (
	posteriorParameters = 4000
	posteriorOperations = 2e10
)

// newPosterior returns the posterior of a network that was trained on the set with
// evidence; nil if H has no inverse, or is too large. Where J'J would take too long, some
// of the samples stand for all.
func newPosterior(f *fitted, set trainingSet) *posterior {
	p := len(f.network.Parameters)
	if p > posteriorParameters {
		return nil
	}
	if share := posteriorOperations / (float64(p) * float64(p) * float64(set.residuals())); share < 1 {
		set = set.sketch(share)
	}
	m := newResidualModel(f.network, set)
	m.trust = f.evidence.Trust
	jacobian := blas64.General{Rows: m.n, Cols: p, Stride: p, Data: make([]float64, m.n*p)}
	m.at(f.network.Parameters, make([]float64, m.n), &jacobian)
	h := blas64.Symmetric{N: p, Stride: p, Uplo: blas.Upper, Data: make([]float64, p*p)}
	kernel.Syrk(1, jacobian, 0, h)
	trace := 0.0
	for i := range p {
		trace += h.Data[i*p+i]
	}
	for i := range p {
		h.Data[i*p+i] += f.evidence.prior(i) + leastDamping*trace/float64(p)
	}
	root, ok := kernel.Cholesky(h)
	if !ok {
		return nil
	}
	post := &posterior{f: f, root: root}
	nx, ny := f.network.nx(), f.network.ny()
	post.work.New = func() any {
		one := trainingSet{m: 1, nx: nx, ny: ny, x: make([]float64, nx), y: make([]float64, ny), beta: make([]float64, ny)}
		one.dydx, one.gamma = make([]float64, ny*nx), make([]float64, ny*nx)
		fill(one.beta, 1)
		fill(one.gamma, 1)
		w := &posteriorWork{model: newResidualModel(f.network, one), solve: make([]float64, p)}
		w.rows = blas64.General{Rows: w.model.n, Cols: p, Stride: p, Data: make([]float64, w.model.n*p)}
		w.r = make([]float64, w.model.n)
		return w
	}
	return post
}

// sketch returns about a share of the samples, evenly spread, at least one, with weights
// that make up for the others.
func (t trainingSet) sketch(share float64) trainingSet {
	var some []int
	every := 1 / share
	for at := 0.; int(at) < t.m; at += every {
		some = append(some, int(at))
	}
	return t.standingFor(some)
}

// standingFor returns some of the samples, with weights that make up for the others.
func (t trainingSet) standingFor(some []int) trainingSet {
	s := t.batch(some)
	s.of = t.m
	for _, weights := range [][]float64{s.beta, s.gamma} {
		for i := range weights {
			weights[i] *= float64(t.m) / float64(len(some))
		}
	}
	return s
}

// at returns the predictions at x, and the variances of what a further sample there
// would hold: that of the parameters and the noise. For each response there is the
// value, then its partials; all are in the problem's units.
func (p *posterior) at(x []float64) (mean, variance []float64) {
	w := p.work.Get().(*posteriorWork)
	defer p.work.Put(w)
	f, nx := p.f, len(x)
	f.scaling.input(w.model.set.x, x)
	w.model.at(f.network.Parameters, w.r, &w.rows)
	mean, variance = make([]float64, len(w.r)), make([]float64, len(w.r))
	for i, a := range w.r {
		copy(w.solve, row(w.rows, i))
		kernel.Solve(p.root, w.solve)
		column := w.model.column[i]
		trust := 1.0
		if column >= 0 && f.evidence.Trust != nil {
			trust = f.evidence.Trust[column]
		}
		v := (dot(row(w.rows, i), w.solve) + 1/trust) / f.evidence.Noise
		k := i / (1 + nx)
		unit, offset := f.scaling.StdY[k], f.scaling.MeanY[k]
		if column >= 0 {
			unit, offset = unit/f.scaling.StdX[column%nx], 0
		}
		mean[i], variance[i] = offset+unit*a, unit*unit*v
	}
	return mean, variance
}
