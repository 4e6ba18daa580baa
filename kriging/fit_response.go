package kriging

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
)

// What the options leave open.
const (
	defaultRestarts   = 4
	defaultIterations = 60
	warmIterations    = 12
	defaultNumbers    = 1500
	// screenNumbers is how many numbers the search for a basin uses, at most: a
	// likelihood costs as much as their cube, and the basins are much the same.
	screenNumbers = 240
	// heatShare is what part of the steps is taken from each start, before all but the best
	// are dropped.
	heatShare = 4
	// trendVariance is the prior variance of the constant, relative to that of the response.
	trendVariance = 1.0
	// noisy is the variance of the noise of partials, relative to theirs, from which
	// each column gets one of its own.
	noisy = 1e-5
)

// response fits response k.
func (t Task) response(ctx context.Context, k int, rng *rand.Rand, o Options) (*process, error) {
	s := t.scaling(k)
	all := newRows(t.Data, t.Weights, k, s)
	if all.len() == 0 {
		return nil, ErrNoData
	}
	r := all.subset(all.spread(cmp.Or(o.Numbers, defaultNumbers)))
	var start *process
	if t.Start != nil {
		start = t.Start.processes[k]
	}
	best, p, err := search(ctx, r, start, s, rng, o)
	if err != nil {
		return nil, err
	}
	if math.IsInf(best.posterior, -1) {
		return nil, errSingular
	}
	fitted, err := newProcess(r, p.hyper(best.v), best.variance, s)
	if err != nil {
		return nil, err
	}
	fitted.leftOut = all.n - r.n
	fitted.logEvidence += perDeviation(t.Data, s, r)
	fitted.calibration = fitted.calibrate()
	return fitted, nil
}

// search returns the most probable hyperparameters of rows.
func search(ctx context.Context, r *rows, start *process, s scaling, rng *rand.Rand, o Options) (best candidate, at parameters, err error) {
	best.posterior = math.Inf(-1)
	iterations := cmp.Or(o.Iterations, warmIterations)
	consider := func(c candidate, p parameters) {
		if c.posterior > best.posterior {
			best, at = c, p
		}
	}
	if start != nil && (o.Kernel == "" || o.Kernel == start.c.h.kernel) {
		p := parameters{nx: r.nx, kernel: start.c.h.kernel, trend: trendVariance}
		c, err := climb(ctx, newLikelihood(r, p), p.vector(start.rescaled(s)), iterations)
		if err != nil {
			return best, at, err
		}
		consider(c, p)
	}
	if start == nil || o.Restarts > 0 || math.IsInf(best.posterior, -1) {
		c, p, err := anew(ctx, r, rng, o)
		if err != nil {
			return best, at, err
		}
		consider(c, p)
	}
	if math.IsInf(best.posterior, -1) || r.nx == 1 || at.hyper(best.v).noise[1] < noisy {
		return best, at, nil
	}
	own := at
	own.own, own.center = true, best.v[at.group(0)]
	c, err := climb(ctx, newLikelihood(r, own), own.vector(at.hyper(best.v)), iterations)
	consider(c, own)
	return best, at, err
}

// anew searches from several starts with some of the numbers, and goes on from the best
// with all.
func anew(ctx context.Context, r *rows, rng *rand.Rand, o Options) (best candidate, at parameters, err error) {
	kernels := Kernels()
	if o.Kernel != "" {
		kernels = []Kernel{o.Kernel}
	}
	iterations := cmp.Or(o.Iterations, defaultIterations)
	some := r.subset(r.spread(screenNumbers))
	best.posterior = math.Inf(-1)
	for _, kernel := range kernels {
		p := parameters{nx: r.nx, kernel: kernel, trend: trendVariance}
		l := newLikelihood(some, p)
		c, err := l.race(ctx, p.starts(cmp.Or(o.Restarts, defaultRestarts), rng), iterations)
		if err != nil {
			return best, at, err
		}
		if c.posterior > best.posterior {
			best, at = c, p
		}
	}
	if some.n == r.n || math.IsInf(best.posterior, -1) {
		return best, at, nil
	}
	best, err = climb(ctx, newLikelihood(r, at), best.v, iterations)
	return best, at, err
}

// race climbs a part of the way from each start, and to the end from the best.
func (l *likelihood) race(ctx context.Context, starts [][]float64, iterations int) (candidate, error) {
	best := candidate{quality: quality{posterior: math.Inf(-1)}}
	heat := max(iterations/heatShare, 1)
	for _, v := range starts {
		c, err := climb(ctx, l, v, heat)
		if err != nil {
			return best, err
		}
		if best.v == nil || c.posterior > best.posterior {
			best = c
		}
	}
	if math.IsInf(best.posterior, -1) || iterations == heat {
		return best, nil
	}
	return climb(ctx, l, best.v, iterations-heat)
}

// rescaled returns the hyperparameters for another box.
func (p *process) rescaled(s scaling) hyper {
	h := p.c.h
	h.length = make([]float64, len(s.width))
	for j, width := range s.width {
		h.length[j] = 1 / (p.inverseScale[j] * width)
	}
	return h
}
