package surrogate

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/sbo-go/sbo"
)

// Residual stages: where the samples are fitted almost exactly, what is left may be
// no noise but shape that the networks were too small for. A further network then
// learns the residuals, magnified to its own scale (after the multi-stage networks of
// Wang and Lai, arXiv 2307.08934), and is kept if the evidence says that it explains
// them. An ensemble of 1 is a single network and has none.
const (
	mostStages = 3
	// stageNoise is the precision of the noise above which a stage is tried: a
	// standard deviation of 1e-4 of the response's. Above it, more samples gain more.
	stageNoise = 1e8
	// stageGain is by how much for each number fitted the log evidence must exceed
	// that of residuals which are noise: their noise falls to 60 percent or less.
	stageGain = 0.5
	// stageRestarts is how many initializations of each architecture a stage has.
	stageRestarts = 2
)

// correct adds residual stages to the answer as long as they help.
func (p part) correct(ctx context.Context, a *answer, data sbo.Data, weights Weights, o Options) error {
	noise := a.members[0].evidence
	if o.Ensemble == 1 || noise == nil || o.Validation > 0 || o.Lambda != nil {
		return nil
	}
	doubted := noise.doubted()
	for range mostStages {
		if noise.Noise < stageNoise {
			return nil
		}
		rest := a.residuals(data)
		forgetColumns(rest, doubted)
		scaling := newScaling(rest)
		scaling.MeanX, scaling.StdX = a.members[0].scaling.MeanX, a.members[0].scaling.StdX
		train := newTrainingSet(rest, weights, scaling)
		if train.residuals() < fewNumbers {
			return nil
		}
		stage := o
		stage.Ensemble, stage.Restarts, stage.noise = 1, min(o.Restarts, stageRestarts), nil
		// What is left wiggles more than what was learned.
		all := starts(nil, train, rand.New(rand.NewPCG(p.rng.Uint64(), p.rng.Uint64())), stage)
		r := &runs{ctx: ctx, train: train, o: stage, total: len(all)}
		best, err := r.best(all, p.rng)
		if err != nil {
			return err
		}
		gain := best[0].logEvidence - train.noiseEvidence()
		if !(gain > stageGain*float64(train.residuals())) || best[0].wild {
			return nil
		}
		a.stages = append(a.stages, newFitted(best[0].network, scaling, best[0].evidence))
		noise = best[0].evidence
	}
	return nil
}

// residuals returns the data less the answer to them.
func (a *answer) residuals(d sbo.Data) sbo.Data {
	rest := d.Subset(answered(d))
	y, dydx := make([]float64, d.NY), make([]float64, d.NY*d.NX)
	for i := range rest.Len() {
		a.predict(y, dydx, rest.Point(i))
		axpy(rest.Responses(i), -1, y)
		if partials := rest.PartialsOf(i); partials != nil {
			axpy(partials, -1, dydx)
		}
	}
	return rest
}

// doubted returns which columns of partials have a noise that is farWorse than that of
// the values: what these leave is less than they can tell of.
func (e *evidence) doubted() []bool {
	doubted := make([]bool, len(e.Trust))
	for c, t := range e.Trust {
		doubted[c] = t < 1./farWorse/farWorse
	}
	return doubted
}

// forgetColumns makes columns of partials missing.
func forgetColumns(d sbo.Data, columns []bool) {
	for c, gone := range columns {
		for i := range d.Len() {
			if gone {
				d.PartialsOf(i)[c] = math.NaN()
			}
		}
	}
}

// noiseEvidence returns the log probability of the weighted values and partials if
// they are noise about zero, of their own mean square.
func (t trainingSet) noiseEvidence() float64 {
	n, square := 0.0, 0.0
	count := func(values, weights []float64) {
		for i, w := range weights {
			if w > 0 {
				n++
				square += w * values[i] * values[i]
			}
		}
	}
	count(t.y, t.beta)
	count(t.dydx, t.gamma)
	return -n / 2 * (math.Log(2*math.Pi*max(square/n, 1e-300)) + 1)
}
