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
	// The search for a basin uses as many numbers as this many samples have, but no less and
	// no more than: a likelihood costs as much as their cube, and the basins are much the
	// same. With fewer samples all kernels look alike.
	screenSamples = 20
	leastScreen   = 240
	mostScreen    = 600
	// heatShare is what part of the steps is taken from each start, before all but the best
	// are dropped.
	heatShare = 4
	// hopeless is by how much the log posterior per number of a kernel may be less than that
	// of the other after the heats for it to be dropped: the rest of the way changes less.
	hopeless = 0.1
	// manyNumbers are as many as take longer to search for hyperparameters than to evaluate
	// most simulations' surrogates.
	manyNumbers = 150
	// growth is how many times the numbers that hyperparameters were found with a warm start
	// may have without looking for others, and surprise how much less probable, as a
	// logarithm, a new number may be than those before.
	growth   = 1.15
	surprise = 1.0
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
		if p := t.kept(k, start, o); p != nil {
			return p, nil
		}
		if w := start.scaling.warp; o.Restarts == 0 && w.fits(t.Data, k) == nil {
			warps = []warp{w}
		}
	}
	seed := rng.Uint64()
	var attempts []*attempt
	most := math.Inf(-1)
	var faults error
	for _, w := range warps {
		a, err := t.attempt(k, w, start, rand.New(rand.NewPCG(seed, 0)), o)
		if err == nil {
			err = a.heats(ctx)
		}
		if err != nil {
			faults = errors.Join(faults, err)
			continue
		}
		attempts, most = append(attempts, a), max(most, a.most)
		if a.exact {
			break
		}
	}
	var best *process
	least := math.Inf(-1)
	for _, a := range attempts {
		if a.most < most-hopeless*float64(a.screen.len()) {
			continue
		}
		p, posterior, err := t.finish(ctx, k, a, most)
		if err != nil {
			faults = errors.Join(faults, err)
			continue
		}
		if posterior > least {
			least, best = posterior, p
		}
	}
	if best == nil {
		return nil, faults
	}
	best.calibration = best.calibrate()
	return best, nil
}

// kept returns the process with the numbers of response k and the hyperparameters that
// it has, if there is no need to look for others; else nil. There is none as long as the new
// numbers are as probable as those before, if these could be foretold exactly; and, in a
// warm start, where there are nearly as many that hyperparameters were found with: more
// of them are needed to say more than many did.
func (t Task) kept(k int, start *process, o Options) *process {
	s := start.scaling
	if s.warp.fits(t.Data, k) != nil {
		return nil
	}
	all := newRows(t.Data, t.Weights, k, s)
	r := all.subset(all.spread(cmp.Or(o.Numbers, defaultNumbers)))
	before, now := start.c.r.len(), r.len()
	warm := o.Restarts == 0 && o.Iterations == 0 && start.searched >= manyNumbers
	if !start.exact && (!warm || now < before || float64(now) > growth*float64(start.searched)) {
		return nil
	}
	p, err := newProcess(r, start.c.h, start.variance, s)
	if err != nil {
		return nil
	}
	perNumber := start.density / float64(before)
	if p.density-start.density < float64(now-before)*perNumber-float64(max(now-before, 1))*surprise {
		return nil
	}
	p.leftOut, p.searched, p.exact, p.calibration = all.n-r.n, start.searched, start.exact, start.calibration
	p.logEvidence += perDeviation(t.Data, k, s, r)
	return p
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
	if r.len() > screenNumbers(r.nx) {
		c.finer = iterations
		if start != nil && o.Iterations == 0 {
			c.finer = warmIterations
		}
	}
	return c
}

// screenNumbers is how many numbers the search for a basin uses with so many variables.
func screenNumbers(nx int) int { return min(max(screenSamples*(1+nx), leastScreen), mostScreen) }

// rescaled returns the hyperparameters for another box.
func (p *process) rescaled(s scaling) hyper {
	h := p.c.h
	h.length = make([]float64, len(s.width))
	for j, width := range s.width {
		h.length[j] = 1 / (p.inverseScale[j] * width)
	}
	return h
}
