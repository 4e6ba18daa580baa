package kriging

import (
	"math"
	"slices"
	"sync"

	"github.com/sbo-go/sbo/internal/kernel"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// LogImprovement returns the logarithm of the amount by which response k at x is expected
// to be below a level, 0 where it is above; or, if above is true, the other way round: the
// expected improvement of Jones, Schonlau and Welch (Journal of Global Optimization 13,
// 1998, equation 15), of the response without noise and of what it was transformed from.
// As a logarithm it tells hopeless points apart as well (Ament and others, arXiv
// 2310.20708). It is -Inf where there is nothing to expect. Its nx partials are written
// to grad unless that is nil.
func (m *Model) LogImprovement(grad, x []float64, k int, level float64, above bool) float64 {
	if m.destination(nil, m.nx, x); grad != nil {
		m.destination(grad, m.nx, x)
	}
	p := m.processes[k]
	l := p.latent(x, grad != nil)
	log, byMean, byStd := l.logImprovement(p.scaling.warp.output, level, above)
	l.chain(grad, byMean, byStd)
	return log
}

// LogChance returns the logarithm of the probability that response k at x, without
// noise, lies between two levels. Its nx partials are written to grad unless that is nil.
func (m *Model) LogChance(grad, x []float64, k int, lower, upper float64) float64 {
	if m.destination(nil, m.nx, x); grad != nil {
		m.destination(grad, m.nx, x)
	}
	p := m.processes[k]
	l := p.latent(x, grad != nil)
	log, byMean, byStd := l.logChance(p.scaling.warp.output, lower, upper)
	l.chain(grad, byMean, byStd)
	return log
}

// latent is what is known of a transformed response at a point, without noise.
type latent struct {
	mean, std             float64
	meanSlopes, stdSlopes []float64 // nx: their partials by the point
}

// latent returns it, with slopes if they are asked for. With q = K^-1 k the variance is
// variance (k(x,x) - k'q), and its partials are -2 variance q'dk.
func (p *process) latent(x []float64, slopes bool) latent {
	w := p.scaling.warp
	at, n := w.point(x), p.c.r.len()
	var l latent
	if slopes {
		l.meanSlopes, l.stdSlopes = make([]float64, len(x)), make([]float64, len(x))
	}
	l.mean = p.mean(l.meanSlopes, at)
	u, ok := p.triangle()
	if !ok {
		l.std = math.NaN()
		return l
	}
	k := make([]float64, n)
	p.across(k, at, -1)
	q := slices.Clone(k)
	kernel.Solve(u, q)
	unit := p.calibration.Values * p.scaling.std * math.Sqrt(p.variance)
	l.std = unit * math.Sqrt(max(1+p.c.h.trend-dot(k, q), 0))
	if !slopes {
		return l
	}
	p.acrossSlopes(l.stdSlopes, at, q)
	for j, rate := range l.stdSlopes {
		l.meanSlopes[j] *= w.rate(j, x[j])
		l.stdSlopes[j] = -unit * unit * rate * p.inverseScale[j] * w.rate(j, x[j]) / max(l.std, 1e-300)
	}
	return l
}

// acrossSlopes writes q'dk/du, with the covariances k of the value at a transformed point
// with the numbers.
func (p *process) acrossSlopes(dst, x, q []float64) {
	r := p.c.r
	h, row := make([]float64, r.nx), make([]float64, 1+r.nx)
	var both pair
	for i := range r.n {
		for j, v := range x {
			h[j] = (v-p.scaling.lower[j])*p.inverseScale[j] - p.c.u[i*r.nx+j]
		}
		p.c.h.pair(&both, h)
		from, to := r.first[i], r.first[i+1]
		for a := range dst {
			both.fillRow(row[:to-from], r.column[from:to], a, p.c.h.trend)
			dst[a] += dot(row[:to-from], q[from:to])
		}
	}
}

// chain writes the partials of a function of mean and standard deviation.
func (l latent) chain(grad []float64, byMean, byStd float64) {
	for j := range grad {
		grad[j] = byMean*l.meanSlopes[j] + byStd*l.stdSlopes[j]
	}
}

// legendre are nodes and weights of Gauss's quadrature on [0, 1].
var legendre = sync.OnceValue(func() (l struct{ nodes, weights [32]float64 }) {
	quad.Legendre{}.FixedLocations(l.nodes[:], l.weights[:], 0, 1)
	return l
})

// farTail is up to how many standard deviations from its mode an integrand counts: beyond, it is
// rounding.
const farTail = 8.6

// logImprovement integrates over the standard normal variable v = u - t, where the
// transformed response is its mean plus, or less, v standard deviations and v = u
// stands for the level:
//
//	integral (level - y(u-t)) phi(u-t) dt,   phi(u-t) = phi(u) exp(u t - t^2/2)
//
// which is as accurate far from the level as close to it. The logarithm of a response that
// is below its shift has no least value, and a long tail, of which no sample has told: beyond
// the level it is replaced by its tangent. It also returns the partials by mean and
// standard deviation.
func (l latent) logImprovement(o output, level float64, above bool) (log, byMean, byStd float64) {
	sign := 1.0
	if above {
		sign = -1
	}
	certain := o.side != 0 && o.side*(level-o.shift) <= 0
	if certain && (o.side > 0) != above { // out of reach
		return math.Inf(-1), 0, 0
	}
	if certain || l.std == 0 {
		y, slope, _ := o.back(l.mean)
		gain := max(sign*(level-y), 0)
		return math.Log(gain), -sign * slope / max(gain, 1e-300), 0
	}
	z, _ := o.of(level)
	_, tangent, _ := o.back(z)
	u := sign * (z - l.mean) / l.std
	mode := max(u, 0) // of the integrand but for its first factor
	from := max(0, u-farTail)
	width := u + math.Sqrt((u-mode)*(u-mode)+farTail*farTail) - from
	g, sum, first, second := legendre(), 0.0, 0.0, 0.0
	for i, node := range g.nodes {
		t := from + width*node
		y, slope, _ := o.back(z - sign*l.std*t)
		gain := sign * (level - y)
		if along := tangent * l.std * t; along < gain {
			gain, slope = along, tangent
		}
		density := g.weights[i] * math.Exp(u*t-t*t/2-mode*mode/2)
		sum += density * gain
		first += density * slope
		second += density * slope * (u - t)
	}
	return math.Log(sum*width) + mode*mode/2 - u*u/2 - math.Log(2*math.Pi)/2, -sign * first / sum, -second / sum
}

// logChance returns the logarithm of the probability of an interval, and its partials by mean
// and standard deviation.
func (l latent) logChance(o output, lower, upper float64) (log, byMean, byStd float64) {
	at := func(level, beyond float64) float64 {
		switch {
		case math.IsInf(level, 0):
			return level
		case o.side != 0 && o.side*(level-o.shift) <= 0:
			return math.Inf(int(-o.side))
		}
		z, _ := o.of(level)
		if l.std == 0 && z == l.mean {
			return beyond
		}
		return (z - l.mean) / l.std
	}
	a, b := at(lower, math.Inf(-1)), at(upper, math.Inf(1))
	sign := 1.0
	if a > 0 { // the lower tail has more digits
		a, b, sign = -b, -a, -1
	}
	if b < -farTail { // Mills's ratio
		return -b*b/2 - math.Log(-b) - math.Log(2*math.Pi)/2, sign * (b + 1/b) / l.std, (b*b + 1) / l.std
	}
	p := distuv.UnitNormal.CDF(b) - distuv.UnitNormal.CDF(a)
	for _, end := range []struct{ v, sign float64 }{{a, 1}, {b, -1}} {
		if !math.IsInf(end.v, 0) {
			density := end.sign * distuv.UnitNormal.Prob(end.v) / (p * l.std)
			byMean += sign * density
			byStd += end.v * density
		}
	}
	return math.Log(max(p, 0)), byMean, byStd
}
