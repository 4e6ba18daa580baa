package kriging

import (
	"errors"
	"math"
	"slices"
	"sync"

	"github.com/sbo-go/sbo/internal/kernel"
	"gonum.org/v1/gonum/blas/blas64"
)

// process is the Gaussian process of one response, conditioned on its numbers.
type process struct {
	c           *covariance
	scaling     scaling
	variance    float64 // of the response, scaled
	logEvidence float64
	calibration calibration
	leftOut     int // samples

	alpha        []float64 // of the numbers: K^-1 y
	weightValue  []float64 // n: of the values, 0 where there is none
	weightSlope  []float64 // n by nx: of the partials over the length scales
	weightTrend  float64
	inverseScale []float64 // nx: from x to u

	factor struct {
		once sync.Once
		u    blas64.Triangular
		ok   bool
	}
}

var errSingular = errors.New("the numbers can't be told apart by rounding: the covariance matrix is singular")

// newProcess conditions on the rows.
func newProcess(r *rows, h hyper, variance float64, s scaling) (*process, error) {
	p := &process{c: newCovariance(r, h), scaling: s, variance: variance}
	u, ok := p.triangle()
	if !ok {
		return nil, errSingular
	}
	p.alpha = slices.Clone(p.c.y)
	kernel.Solve(u, p.alpha)
	p.weigh()
	p.calibration = p.calibrate()
	return p, nil
}

// triangle returns the factor of the covariance matrix, computed when first asked for.
func (p *process) triangle() (blas64.Triangular, bool) {
	p.factor.once.Do(func() {
		n := p.c.r.len()
		f, ok := p.c.factorize(make([]float64, n*n))
		p.factor.u, p.factor.ok = f.u, ok
	})
	return p.factor.u, p.factor.ok
}

// weigh arranges alpha as predictions need it.
func (p *process) weigh() {
	r := p.c.r
	p.weightValue, p.weightSlope = make([]float64, r.n), make([]float64, r.n*r.nx)
	for i := range r.n {
		for q := r.first[i]; q < r.first[i+1]; q++ {
			if j := r.column[q]; j >= 0 {
				p.weightSlope[i*r.nx+j] = p.alpha[q]
			} else {
				p.weightValue[i] = p.alpha[q]
				p.weightTrend += p.c.h.trend * p.alpha[q]
			}
		}
	}
	p.inverseScale = make([]float64, r.nx)
	for j, l := range p.c.h.length {
		p.inverseScale[j] = 1 / (p.scaling.width[j] * l)
	}
}

// predict returns the value at x and, unless dydx is nil, writes the partials:
//
//	y = trend + sum_i { s0 alpha_i + s1 h'beta_i },   h = u(x) - u_i
//
// with alpha_i and beta_i the weights of the value and the partials of sample i.
func (p *process) predict(dydx, x []float64) float64 {
	nx := len(x)
	sum := p.weightTrend
	clear(dydx)
	lower := p.scaling.lower[:nx]
	inverse := p.inverseScale[:nx]
	for i, alpha := range p.weightValue {
		u, beta := p.c.u[i*nx:(i+1)*nx], p.weightSlope[i*nx:(i+1)*nx]
		t, slope := 0.0, 0.0
		for j, v := range x {
			h := (v-lower[j])*inverse[j] - u[j]
			t += h * h
			slope += h * beta[j]
		}
		s := p.c.h.kernel.at(t)
		sum += s.s0*alpha + s.s1*slope
		if dydx == nil {
			continue
		}
		along := s.s1*alpha + s.s2*slope
		for j, v := range x {
			h := (v-lower[j])*inverse[j] - u[j]
			dydx[j] += s.s1*beta[j] - along*h
		}
	}
	for j := range dydx {
		dydx[j] *= p.scaling.std * inverse[j]
	}
	return p.scaling.mean + p.scaling.std*sum
}

// deviation returns the standard deviation of the value at x, for a < 0, or of its
// partial by variable a, as a run would answer, with the noise that the samples have:
//
//	variance (k(x,x) + noise - k(x)'K^-1 k(x))
//
// (Rasmussen and Williams 2006, equation 2.26).
func (p *process) deviation(x []float64, a int) float64 {
	factor, unit := p.calibration.Values, p.scaling.std
	if a >= 0 {
		factor, unit = p.calibration.Partials, p.scaling.std*p.inverseScale[a]
	}
	return factor * unit * math.Sqrt(p.variance*p.open(x, a))
}

// open returns what the samples leave open at x, relative to the variance.
func (p *process) open(x []float64, a int) float64 {
	u, ok := p.triangle()
	if !ok {
		return math.NaN()
	}
	r := p.c.r
	k, h := make([]float64, r.len()), make([]float64, r.nx)
	for i := range r.n {
		t := 0.0
		for j, v := range x {
			h[j] = (v-p.scaling.lower[j])*p.inverseScale[j] - p.c.u[i*r.nx+j]
			t += h[j] * h[j]
		}
		from, to := r.first[i], r.first[i+1]
		fillRow(k[from:to], r.column[from:to], a, h, p.c.h.kernel.at(t), p.c.h.trend)
	}
	half(u, k)
	prior := 1.0
	if a < 0 {
		prior += p.c.h.trend
	}
	return max(prior-dot(k, k), 0) + p.c.h.noise[1+a]
}
