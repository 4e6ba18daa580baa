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
	density     float64 // log density of the numbers as they are scaled
	logEvidence float64 // as Model.LogEvidence
	searched    int     // numbers with which the hyperparameters were found; 0: not known
	exact       bool    // whether these numbers could be foretold from each other exactly
	calibration calibration
	leftOut     int // samples

	alpha        []float64 // of the numbers: K^-1 y
	weightValue  []float64 // n: of the values, 0 where there is none
	weightSlope  []float64 // n by nx: of the partials over the length scales
	plane        plane
	inverseScale []float64 // nx: from x to u

	factor struct {
		once sync.Once
		u    blas64.Triangular // K = U'U
		ok   bool
	}
}

var errSingular = errors.New("the numbers can't be told apart by rounding: the covariance matrix is singular")

// newProcess conditions on the rows.
func newProcess(r *rows, h hyper, variance float64, s scaling) (*process, error) {
	p := &process{c: newCovariance(r, h), scaling: s, variance: variance, calibration: calibration{1, 1}}
	f, ok := p.c.factorize(make([]float64, r.len()*r.len()))
	if !ok {
		return nil, errSingular
	}
	p.factor.once.Do(func() { p.factor.u, p.factor.ok = f.u, true })
	p.alpha = slices.Clone(p.c.y)
	kernel.Solve(f.u, p.alpha)
	p.density = p.c.density(dot(p.c.y, p.alpha), f.logDet, variance)
	p.logEvidence = p.density
	p.weigh()
	return p, nil
}

// triangle returns the factor of the covariance matrix, computed when first asked for,
// and whether there is one.
func (p *process) triangle() (blas64.Triangular, bool) {
	p.factor.once.Do(func() {
		n := p.c.r.len()
		f, ok := p.c.factorize(make([]float64, n*n))
		p.factor.u, p.factor.ok = f.u, ok
	})
	return p.factor.u, p.factor.ok
}

// plane is what the sums of mean over the samples come to that are linear in u.
type plane struct {
	level float64   // of the value at u = 0
	slope []float64 // nx: of the value
	tilt  []float64 // nx: of the partials at u = 0
	curve float64   // of each partial by its own coordinate
}

// weigh arranges alpha as predictions need it.
func (p *process) weigh() {
	r := p.c.r
	p.weightValue, p.weightSlope = make([]float64, r.n), make([]float64, r.n*r.nx)
	p.plane = plane{slope: make([]float64, r.nx), tilt: make([]float64, r.nx)}
	for i := range r.n {
		u := p.c.u[i*r.nx : (i+1)*r.nx]
		for q := r.first[i]; q < r.first[i+1]; q++ {
			alpha := p.alpha[q]
			if j := r.column[q]; j >= 0 {
				p.weightSlope[i*r.nx+j] = alpha
				p.plane.level -= u[j] * alpha
				p.plane.slope[j] += alpha
				p.plane.tilt[j] += alpha
				continue
			}
			p.weightValue[i] = alpha
			p.plane.level += (1 + p.c.h.trend) * alpha
			p.plane.curve -= alpha
			for j, v := range u {
				p.plane.tilt[j] += v * alpha
			}
		}
	}
	p.inverseScale = make([]float64, r.nx)
	for j, l := range p.c.h.length {
		p.inverseScale[j] = 1 / (p.scaling.width[j] * l)
	}
}

// predict returns the value at x and, unless dydx is nil, writes the partials.
func (p *process) predict(dydx, x []float64) float64 {
	w := p.scaling.warp
	if w.none() {
		return p.mean(dydx, x)
	}
	y, slope, _ := w.output.back(p.mean(dydx, w.point(x)))
	for j := range dydx {
		dydx[j] *= slope * w.rate(j, x[j])
	}
	return y
}

// fewVariables is up to how many variables a prediction allocates nothing.
const fewVariables = 32

// mean returns the value at x and, unless dydx is nil, writes the partials, all of them
// transformed:
//
//	y = trend + sum_i { s0 alpha_i + s1 h'beta_i },   h = u(x) - u_i
//
// with alpha_i and beta_i the weights of the value and the partials of sample i. The
// weights of numbers that can nearly be foretold from each other are huge, and what
// rounding leaves of their sums would be noise on which no line search gets on. So what
// is linear in u is summed up beforehand, and here only what the kernel falls by.
func (p *process) mean(dydx, x []float64) float64 {
	nx := len(x)
	sum := p.plane.level
	lower := p.scaling.lower[:nx]
	inverse := p.inverseScale[:nx]
	flat, tilt := p.plane.slope[:nx], p.plane.tilt[:nx]
	for j, v := range x {
		u := (v - lower[j]) * inverse[j]
		sum += u * flat[j]
		if dydx != nil {
			dydx[j] = tilt[j] + p.plane.curve*u
		}
	}
	var memory [fewVariables]float64
	var factors [fewVariables]factor
	h, f := memory[:], factors[:]
	if nx > fewVariables {
		h, f = make([]float64, nx), make([]factor, nx)
	}
	for i, alpha := range p.weightValue {
		u, beta := p.c.u[i*nx:(i+1)*nx], p.weightSlope[i*nx:(i+1)*nx]
		t, slope := 0.0, 0.0
		for j, v := range x {
			h[j] = (v-lower[j])*inverse[j] - u[j]
			t += h[j] * h[j]
			slope += h[j] * beta[j]
		}
		if p.c.h.kernel == Additive {
			sum += p.c.h.additive.sum(dydx, h[:nx], f[:nx], alpha, beta)
			continue
		}
		d0, d1, s2 := p.c.h.kernel.fall(t)
		sum += d0*alpha + d1*slope
		if dydx == nil {
			continue
		}
		along := d1*alpha + s2*slope
		for j := range x {
			dydx[j] += d1*beta[j] - along*h[j]
		}
	}
	for j := range dydx {
		dydx[j] *= p.scaling.std * inverse[j]
	}
	return p.scaling.mean + p.scaling.std*sum
}

// deviation returns the standard deviation of the value at x, as a run would answer,
// with the noise that the samples have: the root of
//
//	variance (k(x,x) + noise - k(x)'K^-1 k(x))
//
// (Rasmussen and Williams 2006, equation 2.26), times the slope of what the response
// was transformed by.
func (p *process) deviation(x []float64) float64 {
	x = p.scaling.warp.point(x)
	_, slope, _ := p.scaling.warp.output.back(p.mean(nil, x))
	return slope * p.spread(x)
}

// spread is deviation of the transformed value at the transformed point x.
func (p *process) spread(x []float64) float64 {
	k := blas64.General{Rows: p.c.r.len(), Cols: 1, Stride: 1, Data: make([]float64, p.c.r.len())}
	p.across(k.Data, x, -1)
	v := p.known(k)[0]
	return p.calibration.Values * p.scaling.std * math.Sqrt(p.variance*(max(1+p.c.h.trend-v, 0)+p.c.h.noise[0]))
}

// interval returns the bounds that are so many deviations from the value at x.
func (p *process) interval(x []float64, reach float64) (lower, upper float64) {
	x = p.scaling.warp.point(x)
	z, std := p.mean(nil, x), p.spread(x)
	lower, _, _ = p.scaling.warp.output.back(z - reach*std)
	upper, _, _ = p.scaling.warp.output.back(z + reach*std)
	return lower, upper
}

// deviations writes those of the partials at x into std.
func (p *process) deviations(std, x []float64) {
	w, at := p.scaling.warp, x
	x = w.point(x)
	_, slope, _ := w.output.back(p.mean(nil, x))
	n, nx := p.c.r.len(), len(x)
	k := blas64.General{Rows: n, Cols: nx, Stride: nx, Data: make([]float64, n*nx)}
	column := make([]float64, n)
	for j := range x {
		p.across(column, x, j)
		for i, v := range column {
			k.Data[i*nx+j] = v
		}
	}
	for j, v := range p.known(k) {
		unit := p.calibration.Partials * p.scaling.std * p.inverseScale[j] * slope * w.rate(j, at[j])
		std[j] = unit * math.Sqrt(p.variance*(max(1-v, 0)+p.c.h.noise[1+j]))
	}
}

// across writes the covariances of the value at the transformed point x, or of its
// partial by variable a, with the numbers into k.
func (p *process) across(k, x []float64, a int) {
	r := p.c.r
	h := make([]float64, r.nx)
	var both pair
	for i := range r.n {
		for j, v := range x {
			h[j] = (v-p.scaling.lower[j])*p.inverseScale[j] - p.c.u[i*r.nx+j]
		}
		p.c.h.pair(&both, h)
		from, to := r.first[i], r.first[i+1]
		both.fillRow(k[from:to], r.column[from:to], a, p.c.h.trend)
	}
}

// known returns, for each column of covariances k, what the numbers know of the
// variance, k'K^-1 k; NaN where rounding leaves nothing. The columns are lost.
func (p *process) known(k blas64.General) []float64 {
	sums := make([]float64, k.Cols)
	u, ok := p.triangle()
	if !ok {
		for j := range sums {
			sums[j] = math.NaN()
		}
		return sums
	}
	forward(u, k)
	for i, v := range k.Data {
		sums[i%k.Cols] += v * v
	}
	return sums
}
