package surrogate

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// What the parts of a survey spend of its work: on all networks; on the surveyShare of
// them that were best, but at least as many as answer; on those that answer, to see
// whether the noise may fall; the rest on these with all samples.
const (
	scoutPart   = 0.25
	secondPart  = 0.25
	letGoPart   = 0.2
	surveyShare = 0.3
)

const (
	// heldShare of the samples is held out of a survey until its last part, and no more
	// than scoutSamples take part before: what they teach carries over.
	heldShare    = 0.2
	scoutSamples = 4000
	// overconfident is the ratio of the squared errors of held-out samples to the noise
	// that the evidence saw in the others above which the former set the noise.
	overconfident = 3
	// denseSteps of Levenberg-Marquardt are worth ending with, denseMost are enough.
	denseSteps = 40
	denseMost  = 300
	// surveySteps bounds the steps of a training. Work bounds them long before.
	surveySteps = 100000
)

// surveys reports whether the options ask for a survey.
func (o Options) surveys() bool {
	return o.Lambda == nil && (o.Trainer == GaussNewtonCG || o.Trainer == LBFGS)
}

// survey trains networks without matrices, within the work of the options: many a
// little, the promising ones more, both without some samples that are held out, and
// then the best with all. Networks are ranked by their errors on what was held out.
//
// The same errors check the noise. The evidence takes it from the residuals of the
// samples trained on, and where these are few for what the function is like, networks
// fit them better than they know the function: on Hartmann's function in six
// dimensions with 100 samples, the held-out errors of a network of two layers had 47
// times the variance of that noise, and its regularization was too weak by about as
// much. With the noise at what held-out samples say, the errors fell from 0.42 to 0.33,
// and likewise on seven more sets of 200 to 1000 samples of three functions; on four
// others the held-out samples agreed with the evidence. As training goes on from there,
// the noise may be too high in turn, so it is tried to let the evidence set it again.
func (r *runs) survey(starts []start, rng *rand.Rand) []trained {
	v := &survey{runs: r, total: r.o.surveyWork(r.train), plausible: newPlausibility(r.train)}
	v.inner, v.held = r.withhold(rng)
	for i, s := range starts {
		v.scouts = append(v.scouts, v.scout(i, s))
	}
	if each := scoutPart * v.total / float64(len(starts)); len(starts) > r.o.Ensemble {
		v.rung(v.scouts, each)
		v.doubt(starts, each)
		v.scouts = v.scouts[:min(len(v.scouts), max(int(math.Ceil(surveyShare*float64(len(starts)))), r.o.Ensemble))]
	}
	v.rung(v.scouts, secondPart*v.total/float64(len(v.scouts)))
	v.scouts = v.scouts[:min(len(v.scouts), r.o.Ensemble)]
	results := make([]trained, len(v.scouts))
	share := v.total / float64(len(v.scouts))
	last := v.affordable((1 - scoutPart - secondPart - letGoPart) * share)
	r.each(len(results), func(i int) {
		s := v.scouts[i]
		v.letGo(s, letGoPart*share)
		results[i] = s.further(last, (1-scoutPart-secondPart-letGoPart)*share, s.settled)
		results[i].misfit = s.misfit
		results[i].wild = v.plausible.wild(results[i].network)
	})
	return results
}

// survey is one under way.
type survey struct {
	*runs
	inner     *runs       // without the held-out samples
	held      trainingSet // these
	plausible *plausibility
	total     float64 // operations
	scouts    []*scout
}

// scout is a network in a survey.
type scout struct {
	*matrixFree
	index  int
	extra  int     // iterations of further
	misfit float64 // mean square of the errors of held-out values and partials, by weight and trust
	values float64 // of the values alone
	wild   bool
}

func (v *survey) scout(index int, s start) *scout {
	return &scout{matrixFree: newMatrixFree(newTraining(v.inner, index, s.network), s.evidence), index: index}
}

// iterations returns how many there were of the network.
func (s *scout) iterations() int { return s.t.before + s.steps + s.extra }

// rung trains every scout with some more work, and puts the best first.
func (v *survey) rung(scouts []*scout, spend float64) {
	v.each(len(scouts), func(i int) {
		s := scouts[i]
		s.run(v.o.Iterations-s.t.before, s.spent+spend)
		v.measure(s)
		if doubt := s.misfit * s.evidence.Noise; doubt > overconfident || s.settled {
			s.reprice(func() { s.evidence.Noise /= doubt })
			s.settled = true
		}
	})
	slices.SortStableFunc(scouts, func(a, b *scout) int { return a.compare(b) })
}

// affordable returns the runs with the samples that the last part is to train on: all,
// unless these were not copied and its work wouldn't be enough to make use of them.
func (v *survey) affordable(spend float64) *runs {
	if v.train.source == nil {
		return v.runs
	}
	most := v.train.m
	for _, s := range v.scouts {
		each := newWork(s.t.network, v.train).gradient / float64(v.train.m)
		most = min(most, max(int(spend/each/leastSteps), scoutSamples))
	}
	if most == v.train.m {
		return v.runs
	}
	some := rand.New(rand.NewPCG(uint64(most), 0)).Perm(v.train.m)[:most]
	slices.Sort(some)
	return &runs{ctx: v.ctx, cores: v.cores, train: v.train.batch(some), o: v.o, total: v.runs.total, progress: v.progress}
}

// measure finds the errors of a scout.
func (v *survey) measure(s *scout) {
	s.misfit, s.values = v.held.misfit(s.t.network, s.evidence)
	s.wild = v.plausible.wild(s.t.network)
}

// compare orders scouts, the better first. Those with trust are measured by the values.
func (s *scout) compare(o *scout) int {
	if s.wild != o.wild {
		if s.wild {
			return 1
		}
		return -1
	}
	if s.evidence.Trust != nil || o.evidence.Trust != nil {
		return cmp.Compare(s.values, o.values)
	}
	return cmp.Compare(s.misfit, o.misfit)
}

// clearlyBetter is the ratio of the squared errors of held-out values below which
// doubting the partials has helped.
const clearlyBetter = 0.7

// doubt trains the best of the scouts anew with a noise for each column of partials,
// if these may be worse than the values, and goes on with them if that helps.
func (v *survey) doubt(starts []start, spend float64) {
	if !v.train.hasPartials() || v.scouts[0].evidence.Noise > consistent {
		return
	}
	var doubting []*scout
	for _, s := range v.scouts[:min(len(v.scouts), v.o.Ensemble)] {
		n := starts[s.index].network
		e := newEvidence(n, nil)
		fill(e.Precisions, firstPrecision)
		e.Trust = make([]float64, n.ny()*n.nx())
		fill(e.Trust, littleTrust)
		anew := v.scout(s.index, start{n, e})
		anew.t.before = s.iterations()
		doubting = append(doubting, anew)
	}
	v.rung(doubting, spend)
	if doubting[0].values < clearlyBetter*v.scouts[0].values {
		v.scouts = doubting
	}
}

// letGo tries, with the given work, whether a network whose noise was set by held-out
// samples gets on if the evidence sets it after all.
func (v *survey) letGo(s *scout, spend float64) {
	if !s.settled {
		return
	}
	t := s.further(v.inner, spend, false)
	if misfit, _ := v.held.misfit(t.network, t.evidence); misfit < s.misfit {
		s.misfit, s.settled, s.evidence = misfit, false, t.evidence
		copy(s.t.network.Parameters, t.network.Parameters)
	}
}

// further trains the network of a scout on the samples of some runs with the given
// work. Where the evidence may go on, and it can afford some steps of
// Levenberg-Marquardt, these get much farther.
func (s *scout) further(r *runs, spend float64, settled bool) trained {
	steps := int(spend / stepWork(r.train.residuals(), len(s.x)))
	t := newTraining(r, s.index, s.t.network)
	t.before, t.best.evidence = s.iterations(), s.evidence.clone()
	left := r.o.Iterations - t.before
	if !settled && steps >= denseSteps && r.train.source == nil {
		lm := newLevenberg(t, s.evidence)
		lm.run(min(steps, denseMost, left))
		s.extra += lm.steps
		return t.finish(IterationLimit)
	}
	m := newMatrixFree(t, s.evidence)
	m.settled = settled
	m.run(left, spend)
	m.judge()
	s.extra += m.steps
	return t.finish(IterationLimit)
}

// withhold returns the runs without held-out samples, and these.
func (r *runs) withhold(rng *rand.Rand) (inner *runs, held trainingSet) {
	m := min(r.train.m, scoutSamples)
	order := rng.Perm(r.train.m)[:m]
	out := min(max(int(math.Round(heldShare*float64(m))), 1), m-1)
	slices.Sort(order[:out])
	slices.Sort(order[out:])
	inner = &runs{ctx: r.ctx, cores: r.cores, train: r.train.batch(order[out:]), o: r.o, total: r.total, progress: r.progress}
	return inner, r.train.batch(order[:out])
}

// misfit returns the mean square of the errors of the network on the set, by weights
// and trust, and that of the values alone.
func (t trainingSet) misfit(n Network, e *evidence) (all, values float64) {
	c := newObjective(n, t.trusted(e.Trust), 0).evaluate(n.Parameters, nil)
	plain := t
	plain.gamma = nil
	m := 2 * float64(t.m)
	return (c.Values + c.Partials) * m / float64(max(t.residuals(), 1)), c.Values * m / float64(max(plain.residuals(), 1))
}
