package kriging

import (
	"math"

	"github.com/sbo-go/sbo/internal/kernel"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// The prior of the hyperparameters. Few samples say little about them: it keeps them
// where responses usually are, and yields to some dozen numbers.
const (
	// leastLength is the shortest length scale, as a fraction of the box: what varies
	// faster than that is noise to anything that has fewer than millions of samples.
	leastLength = 0.02
	// mostLength is the longest: over which no response bends. Without a limit, that of a
	// variable without any influence would grow for ever, and what that adds to the evidence
	// outweigh what tells good from bad length scales of the others.
	mostLength = 1e4
	// leastNoise is the variance of noise, relative to that of the response, below which
	// rounding makes the matrix useless.
	leastNoise = 1e-14
	// typicalLength times the square root of the number of variables is the median
	// length scale: with more variables, points are farther apart for the same
	// correlation (Hvarfner et al., arXiv 2402.02229).
	typicalLength = 0.6
	lengthSpread  = 1.2 // standard deviation of the logarithm
	// typicalNoise is the median variance of noise: most simulations have none.
	typicalNoise = 1e-12
	noiseSpread  = 6.0 // standard deviation of the logarithm
	ownSpread    = 1.5 // of that of a column of partials about that of all
	// typicalTheta is the median of theta of the kernel [Additive], at which pairs of
	// variables weigh about as much as single ones.
	typicalTheta = 0.3
	// leastTheta leaves nothing to tell from a sum of functions of one variable.
	leastTheta  = 1e-8
	thetaSpread = 2.0 // standard deviation of the logarithm
	// varianceWeight is how many numbers the prior of the variance of the response is
	// worth, which is that of its values.
	varianceWeight = 0.1
)

// parameters says how a vector of unbounded numbers stands for hyperparameters: for
// each variable the logarithm of its length scale, but that this stays between leastLength
// and mostLength, then log(noise - leastNoise) of the values
// and of the partials, all together or each column, and log(theta - leastTheta) of the kernel [Additive],
// where lengths are those of its squared exponentials.
type parameters struct {
	nx     int
	own    bool    // each column of partials has a noise of its own
	common float64 // of these noises: the median of their prior, as a logarithm
	kernel Kernel
	trend  float64
}

func (p parameters) len() int {
	n := p.nx + 1 + p.groups()
	if p.kernel == Additive {
		n++
	}
	return n
}

// theta returns where log(theta) is in the vector; -1: the kernel has none.
func (p parameters) theta() int {
	if p.kernel == Additive {
		return p.len() - 1
	}
	return -1
}

func (p parameters) groups() int {
	if p.own {
		return p.nx
	}
	return 1
}

// group returns where the noise of a column is in the vector.
func (p parameters) group(column int) int {
	if !p.own {
		column = min(column, 0)
	}
	return p.nx + 1 + column
}

// hyper returns the hyperparameters that a vector stands for.
func (p parameters) hyper(v []float64) hyper {
	h := hyper{kernel: p.kernel, trend: p.trend, length: make([]float64, p.nx), noise: make([]float64, 1+p.nx)}
	stretch := 1.0 // of length scales
	if at := p.theta(); at >= 0 {
		h.additive = newAnova(leastTheta+math.Exp(v[at]), p.nx)
		stretch = math.Sqrt(h.additive.c)
	}
	for j := range h.length {
		h.length[j] = stretch * (leastLength + 1/(math.Exp(-v[j])+1/mostLength))
	}
	for c := range h.noise {
		h.noise[c] = leastNoise + math.Exp(v[p.group(c-1)])
	}
	return h
}

// vector is the inverse of hyper; noise is averaged where it has to be shared.
func (p parameters) vector(h hyper) []float64 {
	v := make([]float64, p.len())
	stretch, theta := 1.0, typicalTheta
	if h.kernel == Additive {
		stretch, theta = math.Sqrt(h.additive.c), h.additive.theta
	}
	for j, l := range h.length {
		free := min(max(l/stretch-leastLength, 1e-3*leastLength), 0.999*mostLength)
		v[j] = -math.Log(1/free - 1/mostLength)
	}
	count := make([]float64, p.len())
	for c, noise := range h.noise {
		v[p.group(c-1)] += math.Log(max(noise-leastNoise, 1e-3*leastNoise))
		count[p.group(c-1)]++
	}
	for i := p.nx; i < p.group(p.nx); i++ {
		v[i] /= count[i]
	}
	if at := p.theta(); at >= 0 {
		v[at] = math.Log(max(theta-leastTheta, 1e-3*leastTheta))
	}
	return v
}

// middle is the vector in the middle of the prior.
func (p parameters) middle() []float64 {
	v := make([]float64, p.len())
	for i := range v {
		if v[i] = math.Log(typicalNoise); i < p.nx {
			v[i] = p.typicalLength()
		}
	}
	if at := p.theta(); at >= 0 {
		v[at] = math.Log(typicalTheta)
	}
	return v
}

func (p parameters) typicalLength() float64 {
	return math.Log(typicalLength * math.Sqrt(float64(p.nx)))
}

// prior returns the logarithm of the prior density, and adds its gradient to grad.
func (p parameters) prior(grad, v []float64) float64 {
	total := 0.0
	for i, x := range v {
		mean, spread := math.Log(typicalNoise), noiseSpread
		switch {
		case i < p.nx:
			mean, spread = p.typicalLength(), lengthSpread
		case i == p.theta():
			mean, spread = math.Log(typicalTheta), thetaSpread
		case i > p.nx && p.own:
			mean, spread = p.common, ownSpread
		}
		e := (x - mean) / spread
		total -= e*e/2 + math.Log(spread*math.Sqrt(2*math.Pi))
		if grad != nil {
			grad[i] -= e / spread
		}
	}
	return total
}

// likelihood is how probable rows are under hyperparameters.
type likelihood struct {
	r      *rows
	p      parameters
	c      *covariance
	counts []float64 // of the partials by each variable
	memory []float64 // for the matrix
	other  []float64 // for its inverse
	alpha  []float64
}

func newLikelihood(r *rows, p parameters) *likelihood {
	return &likelihood{
		r: r, p: p, counts: r.counts(), c: newCovariance(r, p.hyper(p.middle())),
		memory: make([]float64, r.len()*r.len()), other: make([]float64, r.len()*r.len()), alpha: make([]float64, r.len()),
	}
}

// quality is how well hyperparameters explain rows.
type quality struct {
	variance    float64 // of the response, the most probable
	logEvidence float64 // of the numbers, over the box
	posterior   float64 // with the prior, up to a constant
	off         float64 // how far any number is from what the others say of it, see likelihood.off; NaN: not computed
}

// evaluate returns the quality of hyperparameters and, unless grad is nil, the
// gradient of its posterior. It reports false where rounding leaves nothing.
//
// For n numbers y with covariance variance*K (Rasmussen and Williams 2006, equations
// 2.30 and 5.9),
//
//	log p(y)  = -y'K^-1 y/(2 variance) - log det(K)/2 - n/2 log(2 pi variance)
//	d log p   = tr((alpha alpha'/variance - K^-1) dK)/2,   alpha = K^-1 y
//
// where the variance is the most probable one, S/n with S = y'K^-1 y but for its prior.
// Partials are measured over their length scales, so these also change y, and the
// density of the numbers as they are has the Jacobian of that as a factor.
func (l *likelihood) evaluate(grad, v []float64) (quality, bool) {
	c, n := l.c, float64(l.r.len())
	c.h = l.p.hyper(v)
	c.scale()
	f, ok := c.factorize(l.memory)
	if !ok {
		return quality{}, false
	}
	copy(l.alpha, c.y)
	kernel.Solve(f.u, l.alpha)
	square := dot(c.y, l.alpha)
	var q quality
	q.variance = (square + varianceWeight) / (n + varianceWeight)
	q.logEvidence = c.density(square, f.logDet, q.variance)
	clear(grad)
	q.off = math.NaN()
	q.posterior = q.logEvidence + l.p.prior(grad, v) - varianceWeight/2*(math.Log(q.variance)+1/q.variance)
	if math.IsNaN(q.posterior) || math.IsInf(q.posterior, 0) {
		return quality{}, false
	}
	if grad != nil {
		q.off = l.differentiate(grad, f.u, q.variance)
	}
	return q, true
}

// differentiate adds the gradient of the log likelihood to grad; U is lost. It returns
// how far any number is from what the others say of it, at most, partials over the box.
func (l *likelihood) differentiate(grad []float64, u blas64.Triangular, variance float64) (off float64) {
	c := l.c
	w := inverse(l.other, u) // becomes alpha alpha'/variance - K^-1
	n := w.N
	off = l.off(w)
	for i := range n {
		row, scale := w.Data[i*w.Stride+i:i*w.Stride+n], l.alpha[i]/variance
		for q, a := range l.alpha[i:] {
			row[q] = scale*a - row[q]
		}
	}
	lengths, theta := c.traces(blas64.Symmetric{N: n, Stride: w.Stride, Data: w.Data, Uplo: blas.Upper})
	for j, count := range l.counts {
		lengths[j] += count
	}
	for i, column := range l.r.column {
		if column >= 0 {
			lengths[column] -= c.y[i] * l.alpha[i] / variance
		}
		at := l.p.group(column)
		grad[at] += w.Data[i*w.Stride+i] / (2 * l.r.weight[i]) * (c.h.noise[1+column] - leastNoise)
	}
	stretch := 1.0
	if at := l.p.theta(); at >= 0 {
		stretch = math.Sqrt(c.h.additive.c)
		for _, d := range lengths { // which grow with the stretch
			theta += d * c.h.additive.gamma / 2
		}
		grad[at] += theta * (1 - leastTheta/c.h.additive.theta)
	}
	for j, d := range lengths {
		free := c.h.length[j]/stretch - leastLength
		grad[j] += d * free / (free + leastLength) * (1 - free/mostLength)
	}
	return off
}

// off returns how far any number is from what the others say of it, at most, partials over
// the box, given K^-1 (Rasmussen and Williams 2006, equation 5.12): an optimist, as values
// follow from partials close by. Where it is next to nothing, the others are those of other
// samples.
func (l *likelihood) off(inverse blas64.Symmetric) (off float64) {
	perNumber := make([]float64, len(l.alpha))
	for i, alpha := range l.alpha {
		perNumber[i] = alpha / inverse.Data[i*inverse.Stride+i]
	}
	if off = l.largest(perNumber); !(off <= exact) {
		return off
	}
	return l.largest(l.c.withoutSample(inverse, l.alpha, nil))
}

// largest returns the size of the largest residual, partials over the box.
func (l *likelihood) largest(residuals []float64) (most float64) {
	for i, v := range residuals {
		if column := l.r.column[i]; column >= 0 {
			v /= l.c.h.length[column]
		}
		if most = max(most, math.Abs(v)); math.IsNaN(v) {
			return math.NaN()
		}
	}
	return most
}
