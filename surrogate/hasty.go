package surrogate

import (
	"context"
	"math/rand/v2"
	"slices"
)

// A fit whose time is not enough for the first rung of the ladder makes drafts, and trains
// one network of the shape that was best if hastySteps of Levenberg-Marquardt can be
// afforded, with at least hastyWidth neurons. The most probable answer.
const (
	hastySteps = 20
	hastyWidth = 8
	draftShare = 0.25 // of the time, if there are steps
)

// wildShare is the share of the time of a fit that may be spent on looking whether a
// network is absurd between the samples.
const wildShare = 0.05

// hasty reports whether the options, as they were asked for, leave too little time for the
// ladder, and nothing that needs it is asked for.
func (o Options) hasty(t trainingSet) bool {
	if o.FitTime == 0 || o.Trainer != LM && o.Trainer != "" || o.Lambda != nil || o.Robust || o.noise != nil || o.Validation > 0 ||
		o.Restarts > 0 || o.Iterations > 0 || len(o.Hidden) > 1 || t.source != nil {
		return false
	}
	smallest := stepWork(t.residuals(), parameterCount([]int{t.nx, leastWidth, t.ny}))
	return 2*float64(len(activations(o))*o.rungs()[0].iterations)*smallest > o.work() // of one and two layers
}

// hastily is fit where there is no time for the ladder.
func (p part) hastily(ctx context.Context, train trainingSet, scaling Scaling, o Options) (*answer, Summary, error) {
	o.Trainer = LM
	if o.Ensemble == 0 {
		o.Ensemble = defaultEnsemble
	}
	r := &runs{ctx: ctx, train: train, o: o, total: 1}
	r.o.Iterations = hastySteps
	best, made := r.hurry(p.rng)
	if err := ctx.Err(); err != nil {
		return nil, Summary{}, err
	}
	a := newAnswer(best, scaling, train)
	a.samples = train
	s := best[0].summary(train, trainingSet{}, o, made)
	s.Members = len(a.members)
	return a, s, nil
}

// hurry returns the best outcomes that there is time for, the best first, and how many
// networks there were.
func (r *runs) hurry(rng *rand.Rand) (best []trained, made int) {
	work := r.o.work()
	width, steps := r.hastyNetwork((1 - draftShare) * work)
	share := 1.0
	if steps > 0 {
		share = draftShare
	}
	drafts := r.drafts(share*work, rng)
	for i, d := range drafts[:min(len(drafts), r.o.Ensemble)] {
		best = append(best, d.trained(i))
	}
	made = len(drafts)
	solver := &outputSolver{set: r.train}
	if d, ok := solver.draft(newDrawer(r.train), drafts[0].shape, max(width, 1), rng); ok && steps > 0 {
		lm := newLevenberg(newTraining(r, 0, d.network), nil)
		lm.run(steps)
		lm.settle()
		best = append(best, lm.t.finish(IterationLimit))
		made++
	}
	if plausible := wildShare * work; wildWork(r.train, drafts[0].network)*float64(len(best)) < plausible {
		p := newPlausibility(r.train)
		for i := range best {
			best[i].wild = p.wild(best[i].network)
		}
	}
	slices.SortStableFunc(best, trained.compare)
	return best[:min(len(best), r.o.Ensemble)], made
}

// hastyNetwork returns the width of one layer that hastySteps can be afforded for, and how
// many steps can; 0 if none is.
func (r *runs) hastyNetwork(work float64) (width, steps int) {
	t, n := r.train, r.train.residuals()
	cost := func(w int) float64 { return stepWork(n, parameterCount([]int{t.nx, w, t.ny})) }
	width = widest(t, 1, 0.4*float64(n), widestDense)
	if len(r.o.Hidden) > 0 {
		width = r.o.Hidden[0]
	}
	for ; width >= hastyWidth; width-- {
		if cost(width)*hastySteps <= work {
			return width, int(work / cost(width))
		}
		if len(r.o.Hidden) > 0 {
			break
		}
	}
	return 0, 0
}

// wildWork estimates the floating-point operations of a look whether a network is wild.
func wildWork(t trainingSet, n Network) float64 {
	return wildPoints * float64(2*len(n.Parameters)+30*(t.nx+n.Sizes[1]))
}
