package surrogate

import (
	"math"
	"math/rand/v2"
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
	o := t.runs.o
	x := t.network.Parameters
	grad := make([]float64, len(x))
	state := newADAM(o.LearningRate, 0.9, 0.99, len(x))
	for steps := 0; steps < o.Iterations; {
		for _, batch := range t.batches(rng) {
			batch.evaluate(x, grad)
			state.step(x, grad)
			if steps++; steps == o.Iterations || t.runs.ctx.Err() != nil {
				break
			}
		}
		if t.observe(steps, x, t.loss.evaluate(x, nil)) {
			return t.finish(Converged)
		}
	}
	return t.finish(IterationLimit)
}

// batches returns the objectives of one epoch.
func (t *training) batches(rng *rand.Rand) []*objective {
	size, m := t.runs.o.Batch, t.runs.train.m
	if size == 0 || size >= m {
		return []*objective{t.loss}
	}
	order := rng.Perm(m)
	var epoch []*objective
	for from := 0; from < m; from += size {
		epoch = append(epoch, newObjective(t.network, t.runs.train.batch(order[from:min(from+size, m)]), t.loss.lambda))
	}
	return epoch
}
