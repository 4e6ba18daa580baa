package surrogate

import (
	"iter"
	"math"
	"math/rand/v2"
	"slices"
)

// adamState is the memory of ADAM (Kingma and Ba, arXiv 1412.6980, algorithm 1).
// The small number that keeps the division safe stands inside the root, as in
// the reference implementation of JENN, so that their steps agree.
type adamState struct {
	rate, beta1, beta2 float64
	first, second      []float64
	steps              int
}

func newADAM(rate, beta1, beta2 float64, n int) *adamState {
	return &adamState{rate: rate, beta1: beta1, beta2: beta2, first: make([]float64, n), second: make([]float64, n)}
}

// step moves x against the gradient.
func (a *adamState) step(x, grad []float64) {
	const tiny = 2.220446049250313e-16 // the reference's: double precision's epsilon
	a.steps++
	c1 := 1 - math.Pow(a.beta1, float64(a.steps))
	c2 := 1 - math.Pow(a.beta2, float64(a.steps))
	for i, g := range grad {
		a.first[i] = a.beta1*a.first[i] + (1-a.beta1)*g
		a.second[i] = a.beta2*a.second[i] + (1-a.beta2)*g*g
		x[i] -= a.rate * (a.first[i] / c1) / math.Sqrt(a.second[i]/c2+tiny)
	}
}

// adam minimizes the loss with minibatch ADAM. An epoch visits every sample once,
// in a new order; the last batch of an epoch may be smaller. The decay rates are
// the reference's defaults, 0.9 and 0.99.
func (t *training) adam(rng *rand.Rand) trained {
	o, train := t.runs.o, t.runs.train
	x := t.network.Parameters
	grad := make([]float64, len(x))
	state := newADAM(o.LearningRate, 0.9, 0.99, len(x))
	workspaces := map[int]*objective{train.m: t.loss} // by size of the batch
	order := make([]int, train.m)
	for steps := 0; steps < o.Iterations; {
		for indices := range minibatches(order, o.Batch, rng) {
			batch := workspaces[len(indices)]
			switch {
			case len(indices) == train.m:
			case batch == nil:
				batch = newObjective(t.network, train.batch(indices), t.loss.lambda)
				workspaces[len(indices)] = batch
			default:
				batch.set.take(train, indices)
			}
			cost := batch.evaluate(x, grad)
			if batch == t.loss && steps > 0 && t.observe(steps, x, cost) { // of all samples, and at no extra cost
				return t.finish(Converged)
			}
			state.step(x, grad)
			if steps++; steps == o.Iterations || t.runs.ctx.Err() != nil {
				break
			}
		}
		last := steps == o.Iterations || t.runs.ctx.Err() != nil
		if (last || len(workspaces) > 1) && t.observe(steps, x, t.loss.evaluate(x, nil)) {
			return t.finish(Converged)
		}
	}
	return t.finish(IterationLimit)
}

// minibatches shuffles the numbers of the samples, of which order has as many as there
// are, and deals them into batches of the given size; the last may be smaller. Size 0 is
// one batch of all, in their order.
func minibatches(order []int, size int, rng *rand.Rand) iter.Seq[[]int] {
	for i := range order {
		order[i] = i
	}
	if size == 0 || size >= len(order) {
		return slices.Chunk(order, len(order))
	}
	rng.Shuffle(len(order), func(i, k int) { order[i], order[k] = order[k], order[i] })
	return slices.Chunk(order, size)
}
