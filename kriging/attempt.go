package kriging

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
)

// attempt is the search for the hyperparameters of a response with a transformation.
type attempt struct {
	course
	s       scaling
	all, r  *rows // the numbers, and those of them that are used
	screen  *rows // those in which basins are looked for
	kernels []parameters
	ahead   []candidate // of each kernel, after the heats
	behind  float64     // to be added to log posteriors of the screen to compare them
	most    float64     // of these, then
	exact   bool        // the numbers are foretold from each other
}

// attempt prepares one for response k.
func (t Task) attempt(k int, w warp, start *process, rng *rand.Rand, o Options) (*attempt, error) {
	a := &attempt{s: t.scaling(k, w), most: math.Inf(-1)}
	a.all = newRows(t.Data, t.Weights, k, a.s)
	if a.all.len() == 0 {
		return nil, ErrNoData
	}
	a.r = a.all.subset(a.all.spread(cmp.Or(o.Numbers, defaultNumbers)))
	a.screen = a.r.subset(a.r.spread(screenNumbers(a.r.nx)))
	a.behind = perDeviation(t.Data, k, a.s, a.screen) - w.price(a.screen)
	if start != nil && !w.equal(start.scaling.warp) {
		start = nil
	}
	a.course = o.course(a.r, start, a.s, rng)
	kernels := Kernels()
	if a.r.nx == 1 { // of one variable all are additive
		kernels = []Kernel{SquaredExponential, Matern52}
	}
	if o.Kernel != "" {
		kernels = []Kernel{o.Kernel}
	}
	for _, kernel := range kernels {
		a.kernels = append(a.kernels, parameters{nx: a.r.nx, kernel: kernel, trend: trendVariance})
	}
	return a, nil
}

// heats climbs a part of the way with each kernel from each start.
func (a *attempt) heats(ctx context.Context) error {
	for _, p := range a.kernels {
		l := newLikelihood(a.screen, p)
		best := candidate{quality: quality{posterior: math.Inf(-1)}}
		for _, v := range a.starts(p) {
			found, err := climb(ctx, l, v, a.heat)
			if err != nil {
				return err
			}
			if found.posterior > best.posterior {
				best = found
			}
			if best.off <= exact {
				break
			}
		}
		a.ahead, a.most = append(a.ahead, best), max(a.most, best.posterior+a.behind)
		if best.off <= exact {
			a.exact = true
			break
		}
	}
	if math.IsInf(a.most, -1) {
		return errSingular
	}
	return nil
}

// finish goes on with the kernels that are not far behind the best of all attempts, and
// conditions the most probable one on the numbers. It also returns the logarithm of its
// posterior density, in the units of the evidence, less the price of the transformation.
func (t Task) finish(ctx context.Context, k int, a *attempt, most float64) (*process, float64, error) {
	best, at, err := a.finals(ctx, most)
	if err == nil && a.finer > 0 {
		best, err = climb(ctx, newLikelihood(a.r, at), best.v, a.finer)
	}
	if err == nil && a.r.nx > 1 && !math.IsInf(best.posterior, -1) && at.hyper(best.v).noise[1] >= noisy {
		own := at
		own.own, own.common = true, best.v[at.group(0)]
		var found candidate
		if found, err = climb(ctx, newLikelihood(a.r, own), own.vector(at.hyper(best.v)), a.heat); found.posterior > best.posterior {
			best, at = found, own
		}
	}
	if err != nil {
		return nil, 0, err
	}
	if math.IsInf(best.posterior, -1) {
		return nil, 0, errSingular
	}
	p, err := newProcess(a.r, at.hyper(best.v), best.variance, a.s)
	if err != nil {
		return nil, 0, err
	}
	p.leftOut = a.all.n - a.r.n
	p.searched, p.exact = a.r.len(), best.off <= exact
	units := perDeviation(t.Data, k, a.s, a.r)
	p.logEvidence += units
	return p, best.posterior + units - a.s.warp.price(a.r), nil
}

// finals climbs on from the heats with all kernels that are not hopeless, and returns the
// best.
func (a *attempt) finals(ctx context.Context, most float64) (best candidate, at parameters, err error) {
	best.posterior = math.Inf(-1)
	for i, found := range a.ahead {
		p := a.kernels[i]
		if found.posterior+a.behind < most-hopeless*float64(a.screen.len()) {
			continue
		}
		if a.final > 0 && !a.exact {
			if found, err = climb(ctx, newLikelihood(a.screen, p), found.v, a.final); err != nil {
				return best, at, err
			}
		}
		if found.posterior > best.posterior {
			best, at = found, p
		}
	}
	return best, at, nil
}
