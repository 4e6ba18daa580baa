package surrogate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// draft is a network whose output layer was solved for.
type draft struct {
	shape   shape
	network Network
	solved
}

// evidence returns the hyperparameters of the draft: those of the output layer, and for
// the hidden one what its weights look as if they had been drawn from.
func (d draft) evidence() *evidence {
	n := d.network
	e := newEvidence(n, nil)
	e.Noise = d.noise
	squares := make([]float64, len(e.size))
	for i, v := range n.Parameters {
		squares[e.group[i]] += v * v
	}
	for g, size := range e.size {
		e.Precisions[g] = min(max(float64(size)/max(squares[g], 1e-300), leastPrecision), mostPrecision)
	}
	for _, g := range e.group[parameterCount(n.Sizes[:len(n.Sizes)-1]):] {
		e.Precisions[g] = d.precision
	}
	return e
}

// trained returns the draft as the outcome of a training.
func (d draft) trained(index int) trained {
	return trained{
		network: d.network, index: index, cost: d.cost, validation: math.NaN(), logEvidence: d.logEvidence, evidence: d.evidence(), status: Drafted,
	}
}

// firstShapes are the drafts that a search begins with, the most useful first: one
// softplus neuron has a curvature already, and sines are waves.
var firstShapes = []shape{{Softplus, true, 0.25}, {Sine, false, 2}, {Tanh, true, 0.5}}

// The widths of drafts. Below tinyNumbers there is nothing to choose them by, nor scales.
const (
	leastDraft = 32
	mostDraft  = 512
	tinyDraft  = 128
)

// drafting is a search for the best draft.
type drafting struct {
	runs   *runs
	drawer *drawer
	solver *outputSolver
	rng    *rand.Rand
	left   float64 // operations
	all    []draft // the best first
}

// drafts searches for the best drafts within the given work, the best first; at least
// one is made. Wider ones are made of the shape that was best among the narrower ones, and
// of those next to it.
func (r *runs) drafts(work float64, rng *rand.Rand) []draft {
	d := &drafting{runs: r, drawer: newDrawer(r.train), solver: &outputSolver{set: r.train}, rng: rng, left: work}
	shapes := slices.DeleteFunc(slices.Clone(firstShapes), func(s shape) bool {
		return r.o.Activation != "" && s.activation != r.o.Activation
	})
	if len(shapes) == 0 {
		shapes = []shape{{r.o.Activation, true, 0.5}}
	}
	if r.train.residuals() < tinyNumbers {
		for _, s := range shapes {
			if _, ok := d.make(s, tinyDraft); !ok {
				break
			}
		}
		return d.all
	}
	for width := leastDraft; width <= mostDraft; width *= 2 {
		if len(r.o.Hidden) > 0 {
			width = r.o.Hidden[0]
		}
		if !d.climb(shapes, width) || len(r.o.Hidden) > 0 {
			break
		}
		shapes = []shape{d.all[0].shape}
	}
	return d.all
}

// climb makes drafts of the given shapes, and of those next to the best one as long as that
// helps. It reports whether there was work enough.
func (d *drafting) climb(shapes []shape, width int) bool {
	best, evidence := shape{}, math.Inf(-1)
	tried := map[shape]bool{}
	for len(shapes) > 0 {
		better := false
		for _, s := range shapes {
			if tried[s] {
				continue
			}
			tried[s] = true
			v, ok := d.make(s, width)
			if !ok {
				return false
			}
			if v > evidence {
				best, evidence, better = s, v, true
			}
		}
		shapes = nil
		if better {
			shapes = []shape{{best.activation, best.along, best.scale * 2}, {best.activation, best.along, best.scale / 2}, {best.activation, !best.along, best.scale}}
		}
	}
	return true
}

// make makes a draft, if it can be afforded or is the first, and returns its log evidence.
func (d *drafting) make(s shape, width int) (logEvidence float64, afforded bool) {
	t := d.runs.train
	work := draftWork(t.residuals(), width)
	if len(d.all) > 0 && work > d.left {
		return 0, false
	}
	d.left -= work
	made, ok := d.solver.draft(d.drawer, s, width, d.rng)
	if !ok {
		return math.Inf(-1), true
	}
	at, _ := slices.BinarySearchFunc(d.all, made, func(a, b draft) int {
		if a.logEvidence >= b.logEvidence {
			return -1
		}
		return 1
	})
	d.all = slices.Insert(d.all, at, made)
	return made.logEvidence, true
}

// draft draws a network and solves for its output layer. It reports whether there is one.
func (s *outputSolver) draft(by *drawer, as shape, width int, rng *rand.Rand) (d draft, ok bool) {
	d = draft{shape: as, network: NewNetwork([]int{s.set.nx, width, s.set.ny}, as.activation)}
	by.draw(d.network, as, rng)
	d.solved, ok = s.solve(d.network)
	return d, ok
}

// draftWork estimates the floating-point operations of a draft of a width for n numbers.
func draftWork(n, width int) float64 {
	m, p := float64(n), float64(width+1)
	q := min(m, p)
	return (m*p*q+2*q*q*q+100*m*p)/2 + 1e5
}
