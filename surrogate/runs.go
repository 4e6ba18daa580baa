package surrogate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// runs trains several networks on the same data and keeps the best few.
type runs struct {
	ctx         context.Context
	train, held trainingSet
	o           Options
	total       int
	warm        bool       // the starts are networks that were trained before
	asked       Options    // before what was open was filled in
	again       *rand.Rand // draws what the starts were drawn from; nil: no partials, or no starts
	second      Options    // of a survey that may be asked besides; without a trainer: none

	cores    *cores     // those that have no network to train
	mu       sync.Mutex // guards progress
	progress func(Progress)
}

// best trains all starts, whose hyperparameters may be known, and returns the best
// outcomes, as many as the ensemble has members, best first.
func (r *runs) best(starts []start, rng *rand.Rand) ([]trained, error) {
	results := make([]trained, len(starts))
	switch r.o.Trainer {
	case LM:
		results = r.ladder(starts)
		if r.second.Trainer != "" {
			results = r.secondOpinion(results, starts, rng)
		}
	case GaussNewtonCG, LBFGS:
		if r.o.Lambda == nil && !r.warm {
			results = r.survey(starts, rng)
			break
		}
		r.each(len(starts), func(i int) {
			m := newMatrixFree(newTraining(r, i, starts[i].network), starts[i].evidence)
			m.run(r.o.Iterations, math.Inf(1))
			m.judge()
			results[i] = m.t.finish(IterationLimit)
		})
	case ADAM:
		seeds := make([]uint64, len(starts)) // so that the order of the trainings doesn't matter
		for i := range seeds {
			seeds[i] = rng.Uint64()
		}
		r.each(len(starts), func(i int) {
			results[i] = newTraining(r, i, starts[i].network).adam(rand.New(rand.NewPCG(seeds[i], 0)))
		})
	}
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(results, func(a, b trained) int { return a.compare(b) })
	return results[:min(r.o.Ensemble, len(results))], nil
}

// start is where a training begins.
type start struct {
	network  Network
	evidence *evidence // nil: not known
}

// each calls f for 0 .. n-1, up to o.Workers at a time. As soon as there are fewer left
// than workers, the others may help with large steps.
func (r *runs) each(n int, f func(i int)) {
	workers := min(max(r.o.Workers, 1), n)
	r.cores.put(int32(1 - workers))
	eachThen(n, workers, f, func() { r.cores.put(1) })
	r.cores.put(-1)
}

// each calls f for 0 .. n-1, up to `workers` at a time.
func each(n, workers int, f func(i int)) { eachThen(n, workers, f, func() {}) }

// eachThen is each, and every worker ends with calling done.
func eachThen(n, workers int, f func(i int), done func()) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(max(workers, 1), n) {
		wg.Go(func() {
			defer done()
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
