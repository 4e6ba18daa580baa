package surrogate

import (
	"math/rand/v2"
	"slices"
)

// The evidence ranks networks well where it can be believed: the function is smooth
// for how many samples there are. Where it is rough, all networks that fit the samples
// are off between them by more than their evidence knows, and the ladder's choice is
// no better than any. Only samples that were held out tell. So from secondNumbers values
// and partials on, when the trainer is left open, the ladder's choice trains on without
// some samples and predicts them. If its errors are below smallMisfit, all is well. If
// not, a survey has to be better at such predictions to be preferred.
//
// It is flattered by having seen these samples before. Where its errors are below
// roughMisfit that is little, and just: it has found the function, which with fewer
// samples it might not. Where they are above, it is much: with 200 samples of the drag
// of an airfoil in 16 variables, it seemed better than a survey's networks of two thirds
// of its error. It then trains anew without them.
const (
	secondNumbers = 1000
	secondSteps   = 40   // after training with all samples
	anewSteps     = 100  // from the beginning
	smallMisfit   = 1e-5 // mean squares of the errors
	roughMisfit   = 1e-3
)

// second returns the options of a survey besides the ladder; without a trainer if none
// is wanted.
func (o Options) second(t trainingSet) Options {
	if t.residuals() < secondNumbers || o.Robust || o.Lambda != nil {
		return Options{}
	}
	o.Trainer = LBFGS
	return o.withDefaults(t)
}

// secondOpinion returns the outcomes of the ladder from the given starts, or those of a
// survey if they are better.
func (r *runs) secondOpinion(ladder []trained, from []start, rng *rand.Rand) []trained {
	best := slices.MinFunc(ladder, trained.compare)
	if best.evidence == nil || r.ctx.Err() != nil {
		return ladder
	}
	seed := rng.Uint64() // of which samples both predict
	inner, held := r.withhold(rand.New(rand.NewPCG(seed, 0)))
	misfit := inner.refitted(start{best.network, best.evidence}, secondSteps, held)
	if misfit < smallMisfit {
		return ladder
	}
	if misfit > roughMisfit {
		misfit = max(misfit, inner.refitted(from[best.index], anewSteps, held))
	}
	all := starts(nil, r.train, rng, r.second)
	other := &runs{ctx: r.ctx, train: r.train, held: r.held, o: r.second, total: len(all), progress: r.progress}
	results := other.survey(all, rand.New(rand.NewPCG(seed, 0)))
	if slices.MinFunc(results, trained.compare).misfit < misfit {
		r.o = r.second
		return results
	}
	return ladder
}

// refitted trains from a start and returns the mean square of the errors on held-out
// samples.
func (r *runs) refitted(s start, steps int, held trainingSet) float64 {
	lm := newLevenberg(newTraining(r, 0, r.solved(s)), s.evidence)
	lm.run(steps)
	misfit, _ := held.misfit(lm.state(), lm.evidence)
	return misfit
}
