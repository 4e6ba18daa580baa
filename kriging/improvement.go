package kriging

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// LogImprovement returns the logarithm of the amount by which response k at x is expected
// to be below a level, 0 where it is above; or, if above is true, the other way round: the
// expected improvement of Jones, Schonlau and Welch (Journal of Global Optimization 13,
// 1998, equation 15), of the response without noise and of what it was transformed from.
// As a logarithm it tells hopeless points apart as well (Ament and others, arXiv
// 2310.20708). It is -Inf where there is nothing to expect.
func (m *Model) LogImprovement(x []float64, k int, level float64, above bool) float64 {
	m.destination(nil, m.nx, x)
	return m.processes[k].logImprovement(x, level, above)
}

// LogChance returns the logarithm of the probability that response k at x, without
// noise, lies between two levels.
func (m *Model) LogChance(x []float64, k int, lower, upper float64) float64 {
	m.destination(nil, m.nx, x)
	return m.processes[k].logChance(x, lower, upper)
}

// legendre are nodes and weights of Gauss's quadrature on [0, 1].
var legendre = sync.OnceValue(func() (l struct{ nodes, weights [32]float64 }) {
	quad.Legendre{}.FixedLocations(l.nodes[:], l.weights[:], 0, 1)
	return l
})

// farTail is up to how many standard deviations from its mode an integrand counts: beyond, it is
// rounding.
const farTail = 8.6

// logImprovement integrates over the standard normal variable u = u0 - t, where the
// transformed response is its mean plus u standard deviations and u0 stands for the level:
//
//	integral (level - y(u0-t)) phi(u0-t) dt,   phi(u0-t) = phi(u0) exp(u0 t - t^2/2)
//
// which is as accurate far from the level as close to it. The logarithm of a response that
// is below its shift has no least value, and a long tail, of which no sample has told: beyond
// the level it is replaced by its tangent.
func (p *process) logImprovement(x []float64, level float64, above bool) float64 {
	mean, std, o := p.latent(x)
	sign := 1.0
	if above {
		sign = -1
	}
	if o.side != 0 && o.side*(level-o.shift) <= 0 { // out of reach, or certain
		if (o.side > 0) != above {
			return math.Inf(-1)
		}
		y, _, _ := o.back(mean)
		return math.Log(sign * (level - y))
	}
	z, _ := o.of(level)
	_, slope, _ := o.back(z)
	if std == 0 {
		y, _, _ := o.back(mean)
		return math.Log(max(sign*(level-y), 0))
	}
	u := sign * (z - mean) / std
	mode := max(u, 0) // of the integrand but for its first factor
	from := max(0, u-farTail)
	width := u + math.Sqrt((u-mode)*(u-mode)+farTail*farTail) - from
	l, sum := legendre(), 0.0
	for i, node := range l.nodes {
		t := from + width*node
		y, _, _ := o.back(z - sign*std*t)
		sum += l.weights[i] * min(sign*(level-y), slope*std*t) * math.Exp(u*t-t*t/2-mode*mode/2)
	}
	return math.Log(max(sum*width, 0)) + mode*mode/2 - u*u/2 - math.Log(2*math.Pi)/2
}

// logChance returns the logarithm of the probability of an interval.
func (p *process) logChance(x []float64, lower, upper float64) float64 {
	mean, std, o := p.latent(x)
	at := func(level float64, beyond float64) float64 {
		switch {
		case math.IsInf(level, 0):
			return level
		case o.side != 0 && o.side*(level-o.shift) <= 0:
			return math.Inf(int(-o.side))
		}
		z, _ := o.of(level)
		if std == 0 && z == mean {
			return beyond
		}
		return (z - mean) / std
	}
	a, b := at(lower, math.Inf(-1)), at(upper, math.Inf(1))
	if a > 0 {
		a, b = -b, -a
	}
	if a < -farTail && b < -farTail { // Mills's ratio
		return -b*b/2 - math.Log(-b) - math.Log(2*math.Pi)/2
	}
	return math.Log(max(distuv.UnitNormal.CDF(b)-distuv.UnitNormal.CDF(a), 0))
}

// latent returns mean and standard deviation of the transformed response at x, without noise.
func (p *process) latent(x []float64) (mean, std float64, o output) {
	x = p.scaling.warp.point(x)
	std = p.spread(x)
	noise := p.calibration.Values * p.scaling.std * math.Sqrt(p.variance*p.c.h.noise[0])
	return p.mean(nil, x), math.Sqrt(max(std*std-noise*noise, 0)), p.scaling.warp.output
}
