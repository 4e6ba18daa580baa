package surrogate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// consistent is the precision of the noise, a standard deviation of 0.3 percent of
// the response's, above which values and partials agree well enough for one noise.
const consistent = 1e5

// littleTrust is a noise of the partials 100 times that of the values.
const littleTrust = 1e-4

// doubtful reports whether the partials may be worse than the values, so that it
// pays to try whether the evidence is higher with a noise for each column of them.
func (r *runs) doubtful(best *levenberg) bool {
	return !best.fixed && best.evidence.Trust == nil && r.train.gamma != nil &&
		best.model.n >= fewNumbers && best.evidence.Noise < consistent
}

// doubt adds networks that doubt the partials to those of the ladder: from where the
// best of these ended, and half of the starts anew with the values first, as partials
// that are wrong may have led astray. Where the partials turn out to be far worse than
// the values, what the values teach alone is a start as well.
func (r *runs) doubt(all []*levenberg, starts []start) []*levenberg {
	var doubting []*levenberg
	for i, s := range starts[:(len(starts)+1)/2] {
		doubting = append(doubting, newDoubting(newTraining(r, i, s.network), littleTrust))
	}
	for _, lm := range all {
		doubting = append(doubting, newDoubting(newTraining(r, lm.t.index, lm.state()), 1))
	}
	all = append(all, r.climb(doubting)...)
	best := slices.MinFunc(all, func(a, b *levenberg) int { return a.t.best.compare(b.t.best) })
	if r.again != nil && best.evidence.distrusts() {
		if next := r.unaided(); len(next) > 0 {
			all = append(all, r.climb(next)...)
		}
	}
	for _, lm := range all {
		lm.t.best.logEvidence += lm.unbound()
	}
	return all
}

// farWorse is how many times larger the noise of the partials is than that of the
// values, in the geometric mean of their columns, if they are wrong. It was 4 or more
// with noise of 5 percent and more on the partials of OTL circuit and borehole, and 1.2
// to 1.5 with exact partials of functions that were hard to follow.
const farWorse = 3

// distrusts reports whether the partials are far worse than the values.
func (e *evidence) distrusts() bool {
	sum := 0.0
	for _, t := range e.Trust {
		sum += math.Log(t)
	}
	return sum < -2*math.Log(farWorse)*float64(len(e.Trust))
}

// unaided returns trainings that go on, with all the data, from the networks of a fit
// without partials: the very ones, with the same random numbers, so that the evidence
// can fall back on them. Each column of partials begins with the noise that it has
// about them.
//
// From 240 numbers, most of them useless, a ladder has larger networks than from the 80
// that are exact, and begins elsewhere: Rastrigin's function was known 4 to 7 times
// worse with wrong partials than without any.
func (r *runs) unaided() []*levenberg {
	alone := &runs{ctx: r.ctx, cores: r.cores, train: r.train, held: r.held, progress: r.progress}
	alone.train.dydx, alone.train.gamma = nil, nil
	if alone.train.residuals() < tinyNumbers {
		return nil
	}
	o := r.asked
	o.Trainer, o.FitTime = LM, o.FitTime/2
	alone.o = o.withDefaults(alone.train)
	all := alone.trainings(starts(nil, alone.train, r.again, alone.o))
	alone.total = len(all)
	var next []*levenberg
	for _, lm := range alone.climb(all)[:min(alone.o.Ensemble, len(all))] {
		e := lm.evidence.clone()
		e.Trust = r.train.trust(lm.state(), e.Noise)
		next = append(next, newLevenberg(newTraining(r, lm.t.index, lm.state()), e))
	}
	return next
}

// trust returns how far the columns of partials can be trusted if the values have the
// given noise, by how far a network is off from them.
func (t trainingSet) trust(n Network, noise float64) []float64 {
	m := newResidualModel(n, t)
	r := make([]float64, m.n)
	m.at(n.Parameters, r, nil)
	trust := make([]float64, t.ny*t.nx)
	for c, s := range m.columns(r) {
		trust[c] = min(s.count/max(s.square, 1e-300)/noise, 1)
		if s.count == 0 {
			trust[c] = 1
		}
	}
	return trust
}

// unbound returns by how much the log evidence would be higher if the noise of a
// column of partials might be smaller than that of the values. The bound is there so
// that partials don't outvote values, not because anyone knew that noise. Without this,
// those of a variable that hardly matters, whose partials are all but 0, would favor
// the networks that see the least noise in the values, and these have bent the most to
// meet them.
func (lm *levenberg) unbound() float64 {
	best, m := lm.t.best, lm.model
	if best.evidence == nil || best.evidence.Trust == nil || lm.tails != nil {
		return 0
	}
	m.at(best.network.Parameters, lm.r, nil)
	gain, noise := 0.0, best.evidence.Noise
	for c, s := range m.columns(lm.r) {
		if own := min(s.count/max(s.square, 1e-300), maxNoise); best.evidence.Trust[c] > 0.99 && own > noise {
			gain += s.count/2*math.Log(own/noise) - (own-noise)/2*s.square
		}
	}
	return gain
}

// columnSum is the number of residuals of a column of partials, and the sum of their
// squares as if the column were trusted.
type columnSum struct{ count, square float64 }

// columns returns the sums of residuals that at wrote.
func (m *residualModel) columns(r []float64) []columnSum {
	all := make([]columnSum, m.set.ny*m.set.nx)
	for i, e := range r {
		if c := m.column[i]; c >= 0 {
			all[c].count++
			all[c].square += e * e / m.trusted(c)
		}
	}
	return all
}

// tape passes on random numbers and keeps them, so that they can be had again.
type tape struct {
	from *rand.Rand
	kept []uint64
}

// Uint64 is the next number.
func (t *tape) Uint64() uint64 {
	v := t.from.Uint64()
	t.kept = append(t.kept, v)
	return v
}

// again returns the same numbers once more, and further ones after them.
func (t *tape) again() *rand.Rand { return rand.New(&replay{t.from, t.kept}) }

type replay struct {
	from *rand.Rand
	left []uint64
}

// Uint64 is the next number.
func (r *replay) Uint64() uint64 {
	if len(r.left) == 0 {
		return r.from.Uint64()
	}
	v := r.left[0]
	r.left = r.left[1:]
	return v
}
