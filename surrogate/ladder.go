package surrogate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// rung of the ladder: after so many iterations, this share of the networks, but at
// least as many as the ensemble has members, goes on; those that are left are
// trained to the end.
type rung struct {
	iterations int
	share      float64
}

// rungs returns those of the ladder. From drafts, twenty iterations tell as well which
// networks are promising as forty do from networks that are random throughout.
func (o Options) rungs() []rung {
	if o.FitTime > 0 {
		return []rung{{40, 0.3}, {60, 0.3}}
	}
	return []rung{{20, 0.3}, {60, 0.3}}
}

// ladder trains many networks a little and the promising ones fully. Where the
// partials may be worse than the values, it also trains networks that doubt them.
// The evidence decides.
func (r *runs) ladder(starts []start) []trained {
	all := r.climb(r.trainings(starts))
	if r.o.Robust && len(starts) > r.o.Ensemble {
		all = r.orPlain(all, starts)
	}
	if len(starts) > r.o.Ensemble && r.doubtful(all[0]) {
		all = r.doubt(all, starts)
	}
	results := make([]trained, len(all))
	for i, lm := range all {
		lm.settle()
		results[i] = lm.t.finish(IterationLimit)
	}
	return results
}

// trainings returns those from the starts.
func (r *runs) trainings(starts []start) []*levenberg {
	all := make([]*levenberg, len(starts))
	r.each(len(starts), func(i int) { all[i] = newLevenberg(newTraining(r, i, r.solved(starts[i])), starts[i].evidence) })
	return all
}

// climb trains networks rung by rung and returns those that reached the top, the
// best first.
func (r *runs) climb(all []*levenberg) []*levenberg {
	left := r.o.Iterations
	plausible := newPlausibility(r.train)
	sort := func() {
		r.each(len(all), func(i int) { all[i].t.best.wild = plausible.wild(all[i].t.best.network) })
		slices.SortStableFunc(all, func(a, b *levenberg) int { return a.t.best.compare(b.t.best) })
	}
	for _, rung := range r.o.rungs() {
		if len(all) <= r.o.Ensemble {
			break
		}
		r.each(len(all), func(i int) { all[i].run(min(rung.iterations, left)) })
		left -= min(rung.iterations, left)
		sort()
		keep := max(int(math.Ceil(rung.share*float64(len(all)))), r.o.Ensemble)
		all = all[:min(keep, len(all))]
	}
	r.each(len(all), func(i int) { all[i].run(left) })
	sort()
	return all
}

// starts returns where to begin: with the networks of a model if there is one; else,
// for every activation and architecture, with as many initializations as there are
// restarts.
func starts(from *answer, t trainingSet, rng *rand.Rand, o Options) []start {
	var all []start
	if from != nil {
		for _, m := range from.members {
			all = append(all, start{m.network.clone(), m.evidence})
		}
		return all
	}
	var d *drawer
	if o.drawn(t) {
		d = newDrawer(t)
	}
	for i := range o.Restarts {
		for _, sizes := range candidates(t, o) {
			n := NewNetwork(sizes.layers, sizes.activation)
			n.Initialize(rng)
			if d != nil && n.layers() == 2 {
				d.draw(n, shape{n.Hidden, i%2 == 0, startScales[i/2%len(startScales)]}, rng)
			}
			all = append(all, start{network: n})
		}
	}
	return all
}

// candidate is an architecture.
type candidate struct {
	layers     []int
	activation Activation
}

// candidates returns the architectures to try: the ladder for each activation.
func candidates(t trainingSet, o Options) []candidate {
	if o.surveys() {
		return surveyed(t, o)
	}
	var all []candidate
	for _, activation := range activations(o) {
		for _, hidden := range architectures(t, o) {
			all = append(all, candidate{slices.Concat([]int{t.nx}, hidden, []int{t.ny}), activation})
		}
	}
	return all
}

// activations returns the activations to try, unless one is given. Each has shapes
// that it needs few neurons for: tanh steps and saturation, softplus polynomials
// and exponentials (one neuron has a curvature already), sine waves. Which of them
// the data look like shows in the evidence: with the right one it is higher by
// far. Without evidence there is no telling.
func activations(o Options) []Activation {
	switch {
	case o.Activation != "":
		return []Activation{o.Activation}
	case o.Trainer == ADAM || o.Lambda != nil:
		return []Activation{Tanh}
	}
	return []Activation{Tanh, Softplus, Sine}
}

// Below tinyNumbers values and partials there is nothing to choose an
// architecture by; one layer that is wide enough is smooth between the samples.
// On x sin x from 4 points and slopes, 12 neurons gave R2 of 0.987 to 0.995 over
// eight seeds, 4 neurons 0.85 to 0.99.
const (
	tinyNumbers = 20
	tinyWidth   = 12
)

// architectures returns the hidden layers to try. Unless they are given, it is a
// ladder of one and two layers with about 0.2, 0.4 and 0.8 parameters per number
// to fit, from which the evidence picks; the other trainers, which can't compare,
// get two layers with 0.4.
func architectures(t trainingSet, o Options) [][]int {
	if len(o.Hidden) > 0 {
		return [][]int{o.Hidden}
	}
	n := float64(t.residuals())
	if o.Trainer != LM {
		w := widest(t, 2, min(0.4*n, denseParameters*4), widestDense)
		return [][]int{{w, w}}
	}
	if n < tinyNumbers {
		return [][]int{{tinyWidth}}
	}
	var ladder [][]int
	for depth := 1; depth <= 2; depth++ {
		for _, share := range []float64{0.2, 0.4, 0.8} {
			w := widest(t, depth, min(share*n, ladderParameters(t, o)), widestDense)
			hidden := slices.Repeat([]int{w}, depth)
			if !slices.ContainsFunc(ladder, func(h []int) bool { return slices.Equal(h, hidden) }) {
				ladder = append(ladder, hidden)
			}
		}
	}
	return ladder
}

// ladderParameters bounds the networks of the ladder, so that a step of
// Levenberg-Marquardt stays in the tens of milliseconds: the ladder takes thousands.
// With a time for the fit it is such that the first rung can try each once.
func ladderParameters(t trainingSet, o Options) float64 {
	limit, operations := 400.0, 4e8
	if o.FitTime > 0 {
		const candidates = 12 // of the largest one's work, all taken together
		limit, operations = denseParameters, o.work()/3/float64(candidates*o.rungs()[0].iterations)
	}
	least := min(60, limit)
	if o.FitTime > 0 {
		least = 10
	}
	n := float64(t.residuals())
	for limit > least && limit*limit*n > operations {
		limit *= 0.9
	}
	return limit
}

// widestDense bounds the widths of networks that are not surveyed.
const widestDense = 64

// leastWidth is that of the smallest networks of the ladder.
const leastWidth = 4

// widest returns the largest width, at least leastWidth and up to `most`, of `depth` equal
// layers that keeps the network within the given number of parameters.
func widest(t trainingSet, depth int, parameters float64, most int) int {
	w := leastWidth
	for w < most {
		sizes := slices.Concat([]int{t.nx}, slices.Repeat([]int{w + 1}, depth), []int{t.ny})
		if float64(parameterCount(sizes)) > parameters {
			break
		}
		w++
	}
	return w
}

// restarts returns how many initializations of each architecture the ladder
// begins with: as many as its first rung can train for firstRungWork, seconds of a
// core, and two at least unless already one takes twice that; or for a third of the
// time of the fit, if that is given. The right basin is often that of one network in
// twenty, and stands out by its evidence.
func restarts(t trainingSet, o Options) int {
	const firstRungWork = 5e10
	budget, least, most := firstRungWork, 2.0, 40.0
	work := firstRung(t, o)
	if work > 2*firstRungWork {
		least = 1
	}
	if o.FitTime > 0 {
		budget, least, most = o.work()/3, 1, 1000
	}
	return int(min(max(budget/work, least), most))
}

// firstRung estimates the floating-point operations of the first rung of the ladder, with
// one initialization of each architecture.
func firstRung(t trainingSet, o Options) float64 {
	work, n := 0.0, t.residuals()
	for _, c := range candidates(t, o) {
		work += float64(o.rungs()[0].iterations) * stepWork(n, parameterCount(c.layers))
	}
	return work
}

// fitSpeed is how many floating-point operations of a fit a core does in a second,
// about: those of [stepWork] on an AVX-512 core of 2024 with 10 to 10,000 numbers to
// fit came to 1e10 to 4e10.
const fitSpeed = 2e10

// work returns the operations that the time of the fit stands for.
func (o Options) work() float64 { return o.FitTime.Seconds() * fitSpeed }

// iterations returns how many steps the networks that reach the top may take within
// the time of the fit, at most the default.
func (o Options) iterations(t trainingSet, most int) int {
	if o.FitTime == 0 {
		return most
	}
	step, n := 0.0, t.residuals()
	for _, c := range candidates(t, o) {
		p := parameterCount(c.layers)
		switch o.Trainer {
		case LM:
			step = max(step, stepWork(n, p)*float64(max(o.Ensemble, 1)))
		default: // a gradient of values and partials, for every restart
			step = max(step, 6*float64(p*t.m*(1+min(t.nx, t.ny)))*float64(max(o.Restarts, 1)))
		}
	}
	return int(min(max(o.work()/3/step, 10), float64(most)))
}

// stepWork estimates the floating-point operations of a step of Levenberg-Marquardt
// with dense matrices on n residuals and p parameters: the product J'J, a
// factorization with its inverse, and J itself. The constant stands for what small
// matrices cost besides, at the speed of large ones.
func stepWork(n, p int) float64 {
	m, q := float64(n), float64(p)
	return m*q*q + q*q*q + 100*m*q + 5e5
}
