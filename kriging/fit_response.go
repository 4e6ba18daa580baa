package kriging

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
)

// What the options leave open.
const (
	defaultRestarts   = 4
	defaultIterations = 60
	warmIterations    = 20
	warmHeat          = 8
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

// response fits response k, with the transformation that makes its numbers most
// probable: none unless another is decidedly more so. A warm start keeps its own.
func (t Task) response(ctx context.Context, k int, rng *rand.Rand, o Options) (*process, error) {
	var start *process
	warps := t.warps(k)
	if t.Start != nil {
		start = t.Start.processes[k]
		if w := start.scaling.warp; o.Restarts == 0 && w.fits(t.Data, k) == nil {
			warps = []warp{w}
		}
	}
	seed := rng.Uint64()
	var best *process
	most := math.Inf(-1)
	var faults error
	for _, w := range warps {
		p, posterior, err := t.transformed(ctx, k, w, start, rand.New(rand.NewPCG(seed, 0)), o)
		if err != nil {
			faults = errors.Join(faults, err)
			continue
		}
		if !w.none() {
			posterior -= decisive
		}
		if posterior > most {
			most, best = posterior, p
		}
	}
	if best == nil {
		return nil, faults
	}
	best.calibration = best.calibrate()
	return best, nil
}

// transformed fits response k with a transformation. It also returns the logarithm of
// the posterior density, in the units of the evidence.
func (t Task) transformed(ctx context.Context, k int, w warp, start *process, rng *rand.Rand, o Options) (*process, float64, error) {
	s := t.scaling(k, w)
	all := newRows(t.Data, t.Weights, k, s)
	if all.len() == 0 {
		return nil, 0, ErrNoData
	}
	r := all.subset(all.spread(cmp.Or(o.Numbers, defaultNumbers)))
	if start != nil && !w.equal(start.scaling.warp) {
		start = nil
	}
	kernels := Kernels()
	if o.Kernel != "" {
		kernels = []Kernel{o.Kernel}
	}
	best, at, err := search(ctx, r, kernels, o.course(r, start, s, rng))
	if err != nil {
		return nil, 0, err
	}
	p, err := newProcess(r, at.hyper(best.v), best.variance, s)
	if err != nil {
		return nil, 0, err
	}
	p.leftOut = all.n - r.n
	units := perDeviation(t.Data, k, s, r)
	p.logEvidence += units
	return p, best.posterior + units, nil
}

// course is how a search goes: from where, how many steps from each start, how many more
// from the best of a kernel, and how many from the best of all, with all numbers.
type course struct {
	starts             func(parameters) [][]float64
	heat, final, finer int
}

// course returns how to search for the hyperparameters of rows: anew, or from those of
// an earlier process. That one also has to stand up to the other kernel and to the middle
// of the prior, as few samples may have led it into a basin that more don't support.
func (o Options) course(r *rows, start *process, s scaling, rng *rand.Rand) course {
	if start != nil && o.Restarts == 0 {
		iterations := cmp.Or(o.Iterations, warmIterations)
		return course{heat: min(warmHeat, iterations), finer: iterations, starts: func(p parameters) [][]float64 {
			return [][]float64{p.vector(start.rescaled(s)), p.center()}
		}}
	}
	iterations := cmp.Or(o.Iterations, defaultIterations)
	c := course{heat: max(iterations/heatShare, 1), starts: func(p parameters) [][]float64 {
		all := p.starts(cmp.Or(o.Restarts, defaultRestarts), rng)
		if start != nil {
			all = append(all, p.vector(start.rescaled(s)))
		}
		return all
	}}
	c.final = iterations - c.heat
	if r.len() > screenNumbers {
		c.finer = iterations
	}
	return c
}

// search returns the most probable hyperparameters of rows.
func search(ctx context.Context, r *rows, kernels []Kernel, c course) (best candidate, at parameters, err error) {
	some := r.subset(r.spread(screenNumbers))
	best.posterior = math.Inf(-1)
	for _, kernel := range kernels {
		p := parameters{nx: r.nx, kernel: kernel, trend: trendVariance}
		found, err := c.race(ctx, newLikelihood(some, p), p)
		if err != nil {
			return best, at, err
		}
		if found.posterior > best.posterior {
			best, at = found, p
		}
	}
	if math.IsInf(best.posterior, -1) {
		return best, at, errSingular
	}
	if c.finer > 0 {
		if best, err = climb(ctx, newLikelihood(r, at), best.v, c.finer); err != nil {
			return best, at, err
		}
	}
	if r.nx == 1 || at.hyper(best.v).noise[1] < noisy {
		return best, at, nil
	}
	own := at
	own.own, own.common = true, best.v[at.group(0)]
	found, err := climb(ctx, newLikelihood(r, own), own.vector(at.hyper(best.v)), c.heat)
	if found.posterior > best.posterior {
		best, at = found, own
	}
	return best, at, err
}

// race climbs a part of the way from each start, and on from the best.
func (c course) race(ctx context.Context, l *likelihood, p parameters) (candidate, error) {
	best := candidate{quality: quality{posterior: math.Inf(-1)}}
	for _, v := range c.starts(p) {
		found, err := climb(ctx, l, v, c.heat)
		if err != nil {
			return best, err
		}
		if found.posterior > best.posterior {
			best = found
		}
	}
	if math.IsInf(best.posterior, -1) || c.final == 0 {
		return best, nil
	}
	return climb(ctx, l, best.v, c.final)
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
