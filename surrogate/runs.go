package surrogate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// runs trains several networks on the same data and keeps the best.
type runs struct {
	ctx         context.Context
	train, held trainingSet
	o           Options
	total       int

	mu       sync.Mutex // guards progress
	progress func(Progress)
}

// best trains all starts and returns the best outcome.
func (r *runs) best(starts []Network, start *fitted, rng *rand.Rand) (trained, error) {
	results := make([]trained, len(starts))
	switch r.o.Trainer {
	case LM:
		results = r.ladder(starts, start)
	case LBFGS:
		r.each(len(starts), func(i int) { results[i] = newTraining(r, i, starts[i]).lbfgs() })
	case ADAM:
		seeds := make([]uint64, len(starts)) // so that the order of the trainings doesn't matter
		for i := range seeds {
			seeds[i] = rng.Uint64()
		}
		r.each(len(starts), func(i int) {
			results[i] = newTraining(r, i, starts[i]).adam(rand.New(rand.NewPCG(seeds[i], 0)))
		})
	}
	if err := r.ctx.Err(); err != nil {
		return trained{}, err
	}
	best := results[0]
	for _, t := range results[1:] {
		if t.better(best) {
			best = t
		}
	}
	return best, nil
}

// Stages of the ladder: after so many iterations, this share of the networks,
// but at least the given number, goes on.
var stages = []struct {
	iterations int
	share      float64
	atLeast    int
}{{40, 0.4, 3}, {80, 0.3, 2}}

// ladder trains many networks a little and the promising ones fully.
func (r *runs) ladder(starts []Network, start *fitted) []trained {
	all := make([]*levenberg, len(starts))
	var hyper *evidence
	if start != nil {
		hyper = start.evidence
	}
	for i, n := range starts {
		all[i] = newLevenberg(newTraining(r, i, n), hyper)
	}
	left := r.o.Iterations
	for i, stage := range stages {
		if len(all) == 1 {
			break
		}
		r.each(len(all), func(i int) { all[i].run(min(stage.iterations, left)) })
		left -= min(stage.iterations, left)
		slices.SortStableFunc(all, func(a, b *levenberg) int {
			switch {
			case a.t.best.better(b.t.best):
				return -1
			case b.t.best.better(a.t.best):
				return 1
			}
			return 0
		})
		keep := max(int(math.Ceil(stage.share*float64(len(all)))), stage.atLeast)
		all = all[:min(keep, len(all))]
		if i == 0 && r.doubtful(all[0]) {
			for _, lm := range slices.Clone(all[:min(doubters, len(all))]) {
				// On from here, or from the start with the values first: partials that
				// are wrong may have led astray.
				all = append(all, lm.doubting(lm.state(), 1), lm.doubting(starts[lm.t.index], littleTrust))
			}
		}
	}
	r.each(len(all), func(i int) { all[i].run(left) })
	results := make([]trained, len(all))
	for i, lm := range all {
		results[i] = lm.t.finish(IterationLimit)
	}
	return results
}

// consistent is the precision of the noise, a standard deviation of 0.3 percent of
// the response's, above which values and partials agree well enough for one noise.
const consistent = 1e5

// doubters is how many of the best networks are also tried with doubt.
const doubters = 3

// littleTrust is a noise of the partials 100 times that of the values.
const littleTrust = 1e-4

// doubtful reports whether the partials may be worse than the values, so that it
// pays to try whether the evidence is higher with a noise for each column of them.
func (r *runs) doubtful(best *levenberg) bool {
	return !best.fixed && best.evidence.Trust == nil && r.train.gamma != nil &&
		best.model.n >= fewNumbers && best.evidence.Noise < consistent
}

// each calls f for 0 .. n-1, up to o.Workers at a time.
func (r *runs) each(n int, f func(i int)) { each(n, r.o.Workers, f) }

// each calls f for 0 .. n-1, up to `workers` at a time.
func each(n, workers int, f func(i int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(max(workers, 1), n) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
