package polish

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/sbo-go/sbo"
)

// edge is a belief about where evaluations begin to fail around a sample: beyond a
// plane in the unit box, of which nobody knows how it lies. It is a set of planes
// n·(u - from) = b, drawn at random, b from all orders of magnitude, and each with the
// weight of its likelihood: that the nearest samples succeeded on this side of it and
// failed beyond. A step across all likely planes will fail; one that runs along some of
// them has a chance, and tells which they are.
type edge struct {
	box    sbo.Box
	from   []float64
	planes []plane
}

type plane struct {
	normal []float64
	offset float64
	weight float64
}

const (
	drawn     = 4000 // planes
	nearby    = 60   // samples that are asked, the nearest
	halfway   = 15   // the rank from which on they count less than half
	astray    = 0.1  // the probability that a sample is on the wrong side: edges are curved, and some failures are bad luck
	nearest   = 1e-7 // of the offsets,
	outermost = 0.5  // and the largest
)

// newEdge draws the planes around the sample of a row.
func newEdge(rng *rand.Rand, box sbo.Box, d sbo.Data, row int) edge {
	e := edge{box: box, from: box.Unit(nil, d.Point(row))}
	steps, failed := e.steps(d, row)
	logs := []float64{math.Log(astray), math.Log(1 - astray)}
	for n := range drawn {
		p := plane{normal: draw(rng, len(e.from), steps, failed, n%2 == 0), offset: math.Exp(math.Log(nearest) + rng.Float64()*math.Log(outermost/nearest))}
		for k, s := range steps {
			right := 0
			if (dot(p.normal, s) > p.offset) == failed[k] {
				right = 1
			}
			p.weight += logs[right] / (1 + float64(k)/halfway)
		}
		e.planes = append(e.planes, p)
	}
	best := math.Inf(-1)
	for _, p := range e.planes {
		best = max(best, p.weight)
	}
	sum := 0.0
	for i, p := range e.planes {
		e.planes[i].weight = math.Exp(p.weight - best)
		sum += e.planes[i].weight
	}
	for i := range e.planes {
		e.planes[i].weight /= sum
	}
	return e
}

// steps returns the ways in the unit box to the nearest samples, and which of them failed.
func (e edge) steps(d sbo.Data, row int) (steps [][]float64, failed []bool) {
	type way struct {
		step   []float64
		length float64
		failed bool
	}
	var ways []way
	for i := range d.Len() {
		step := e.box.Unit(nil, d.Point(i))
		for j := range step {
			step[j] -= e.from[j]
		}
		if l := math.Sqrt(dot(step, step)); i != row && l > 0 {
			ways = append(ways, way{step, l, d.Failed(i)})
		}
	}
	slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(a.length, b.length) })
	for _, w := range ways[:min(nearby, len(ways))] {
		steps, failed = append(steps, w.step), append(failed, w.failed)
	}
	return steps, failed
}

// draw returns a random direction: of all, or of those between the failures and away
// from the successes, which have a chance to be right also among many variables.
func draw(rng *rand.Rand, nx int, steps [][]float64, failed []bool, anywhere bool) []float64 {
	n := make([]float64, nx)
	for j := range n {
		n[j] = rng.NormFloat64()
	}
	if !anywhere {
		for j := range n {
			n[j] *= 0.1
		}
		for k, s := range steps {
			share := rng.ExpFloat64() * rng.ExpFloat64() / math.Sqrt(dot(s, s))
			if !failed[k] {
				share = -share
			}
			for j := range n {
				n[j] += share * s[j]
			}
		}
	}
	length := math.Sqrt(dot(n, n))
	for j := range n {
		n[j] /= length
	}
	return n
}

// of returns the probability that the evaluation of x succeeds.
func (e edge) of(x []float64) float64 {
	step := e.box.Unit(nil, x)
	for j := range step {
		step[j] -= e.from[j]
	}
	chance := 0.0
	for _, p := range e.planes {
		if dot(p.normal, step) <= p.offset {
			chance += p.weight
		}
	}
	return chance
}

func dot(a, b []float64) (sum float64) {
	for j, v := range a {
		sum += v * b[j]
	}
	return sum
}
