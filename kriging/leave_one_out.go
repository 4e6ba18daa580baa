package kriging

import (
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/internal/kernel"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/stat/distuv"
)

// leaveOneOut returns, for each of the scaled numbers (partials over their length
// scales), what the other samples say of it less what it is, and the variance of
// that: without the value and all partials of its sample, but with the same
// hyperparameters.
//
// For the block I of a sample, with Q = K^-1, numbers are off by Q_II^-1 (Q y)_I and
// the covariance of that is variance*Q_II^-1 (Dubrule, Cross validation of kriging in a unique
// neighborhood, Mathematical Geology 15, 1983; for blocks of one also Rasmussen and
// Williams 2006, equation 5.12).
func (p *process) leaveOneOut() (residual, variance []float64) {
	n := p.c.r.len()
	residual, variance = make([]float64, n), make([]float64, n)
	f, ok := p.c.factorize(make([]float64, n*n))
	if !ok {
		for i := range residual {
			residual[i], variance[i] = math.NaN(), math.NaN()
		}
		return residual, variance
	}
	residual = p.c.withoutSample(inverse(make([]float64, n*n), f.u), p.alpha, variance)
	for i := range variance {
		residual[i] = -residual[i]
		variance[i] *= p.variance
	}
	return residual, variance
}

// withoutSample returns, for each number, what it is less what other samples say of it
// and, unless variance is nil, the variance of that over the response's, given Q = K^-1
// and alpha = Q y. Where rounding leaves nothing both are NaN.
func (c *covariance) withoutSample(q blas64.Symmetric, alpha, variance []float64) []float64 {
	residual := slices.Clone(alpha)
	for i := range c.r.n {
		from, to := c.r.first[i], c.r.first[i+1]
		m := to - from
		block := blas64.Symmetric{N: m, Stride: m, Data: make([]float64, m*m), Uplo: blas.Upper}
		for a := range m {
			copy(block.Data[a*m+a:(a+1)*m], q.Data[(from+a)*q.Stride+from+a:(from+a)*q.Stride+to])
		}
		u, ok := kernel.Cholesky(block)
		if !ok {
			for a := from; a < to; a++ {
				residual[a] = math.NaN()
				if variance != nil {
					variance[a] = math.NaN()
				}
			}
			continue
		}
		kernel.Solve(u, residual[from:to])
		if variance == nil {
			continue
		}
		spread := inverse(make([]float64, m*m), u)
		for a := range m {
			variance[from+a] = spread.Data[a*m+a]
		}
	}
	return residual
}

// calibration scales standard deviations.
type calibration struct{ Values, Partials float64 }

// calibrate returns the factors by which standard deviations must be multiplied for 90
// percent of the samples to lie within their 90 percent intervals when predicted from
// the others; at least 1, and as Student's distribution wider for few samples.
func (p *process) calibrate() calibration {
	residual, variance := p.leaveOneOut()
	var values, partials []float64
	for i, e := range residual {
		d := math.Abs(e) / math.Sqrt(variance[i])
		switch {
		case math.IsNaN(d):
		case p.c.r.column[i] < 0:
			values = append(values, d)
		default:
			partials = append(partials, d)
		}
	}
	return calibration{calibrated(values, p.c.r.n), calibrated(partials, p.c.r.n)}
}

// calibrated returns the factor for numbers that were off by so many standard deviations.
func calibrated(deviations []float64, samples int) float64 {
	normal := distuv.UnitNormal.Quantile(0.95)
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(max(samples-1, 2))}.Quantile(0.95)
	factor := student / normal
	if len(deviations) == 0 {
		return factor
	}
	slices.Sort(deviations)
	at := min(int(math.Ceil(0.9*float64(len(deviations)+1)))-1, len(deviations)-1)
	return factor * max(deviations[at]/normal, 1)
}

// LeaveOneOut returns what the model says of each number from the other samples,
// without the value and all partials of its own, and the standard deviation of that, in
// the order of the data that the model was fitted to and in their units. The
// hyperparameters, which all samples chose, stay. NaN where nothing is known, or was
// not used. It costs about as much as a step of the fit.
func (m *Model) LeaveOneOut() (predicted, std sbo.Data) {
	predicted, std = sbo.NewData(m.nx, m.ny, m.samples), sbo.NewData(m.nx, m.ny, m.samples)
	for k, p := range m.processes {
		r, s := p.c.r, p.scaling
		residual, variance := p.leaveOneOut()
		for i, sample := range r.sample {
			for j := range m.nx {
				x := s.warp.undo(j, s.lower[j]+s.width[j]*r.z[i*m.nx+j])
				predicted.Point(sample)[j], std.Point(sample)[j] = x, x
			}
			slope := 1.0
			for q := r.first[i]; q < r.first[i+1]; q++ {
				y, d := p.c.y[q]+residual[q], math.Sqrt(variance[q])
				if j := r.column[q]; j >= 0 {
					at := predicted.Partial(sample, k, j)
					unit := s.std * p.inverseScale[j] * slope * s.warp.rate(j, predicted.Point(sample)[j])
					predicted.Partials[at], std.Partials[at] = unit*y, unit*d*p.calibration.Partials
				} else {
					var value float64
					value, slope, _ = s.warp.output.back(s.mean + s.std*y)
					predicted.Responses(sample)[k], std.Responses(sample)[k] = value, slope*s.std*d*p.calibration.Values
				}
			}
		}
	}
	return predicted, std
}
