package polish

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/sbo-go/sbo"
)

// success is what is known of where evaluations succeed: the share of the samples that
// did, each weighted by an inverse power of its distance (D. Shepard, A two-dimensional
// interpolation function for irregularly-spaced data, Proc. 23rd ACM National
// Conference, 1968). It has no scale of its own, and so serves all over the box as well
// as between a success and a failure a millionth apart. The zero value, without any
// failure, foretells success everywhere.
type success struct {
	box   sbo.Box
	power float64
	good  []float64 // points in the unit box
	bad   []float64
}

// newSuccess learns from all samples.
func newSuccess(box sbo.Box, d sbo.Data) success {
	// Above the number of variables, so that of samples all over the box those nearby count.
	s := success{box: box, power: float64(d.NX + 1)}
	for i := range d.Len() {
		if u := box.Unit(nil, d.Point(i)); d.Failed(i) {
			s.bad = append(s.bad, u...)
		} else {
			s.good = append(s.good, u...)
		}
	}
	return s
}

// of returns the probability that the evaluation of x succeeds.
func (s success) of(x []float64) float64 {
	if len(s.bad) == 0 {
		return 1
	}
	u := s.box.Unit(nil, x)
	good, bad := squares(s.good, u), squares(s.bad, u)
	least := math.Inf(1) // distances count in this unit, lest their powers overflow
	if len(good) > 0 {
		least = slices.Min(good)
	}
	least = max(min(least, slices.Min(bad)), math.SmallestNonzeroFloat64)
	weigh := func(squares []float64) (sum float64) {
		for _, v := range squares {
			sum += math.Pow(max(v/least, 1), -s.power/2)
		}
		return sum
	}
	w := weigh(good)
	return w / (w + weigh(bad))
}

// squares returns the squares of the distances of the rows of points to u.
func squares(points, u []float64) (list []float64) {
	for p := range slices.Chunk(points, len(u)) {
		sum := 0.0
		for j, v := range p {
			sum += (v - u[j]) * (v - u[j])
		}
		list = append(list, sum)
	}
	return list
}

const (
	likely   = 0.5 // a step that succeeds with less than this probability is thought over
	hopeless = 0.1 // below, a point is not worth an evaluation
)

// detour returns, in place of a step of a descent from sample i of the data to c, that
// will probably fail, the step with the greatest gain to be expected: what the corrected
// model truth promises, times the probability of success. The step may be shorter, back
// toward the sample, or turn aside: where something fails that lies downhill, the way
// goes along its edge, and nobody knows beforehand how that runs. The steps are in the
// trust region p.
func (s *state) detour(ctx context.Context, p sbo.Problem, truth *anchored, i int, c Candidate) (Candidate, error) {
	const (
		turned   = 400  // how many steps are tried,
		straight = 20   // these of them straight on, of as many lengths,
		shortest = 1e-3 // down to this one, beside the step to c
	)
	box := s.Problem.Box()
	rng := sbo.Rand(s.Seed, fmt.Sprintf("detour %d %d", s.number, s.region.kind))
	from, to := box.Unit(nil, truth.x), box.Unit(nil, c.X)
	here := s.merit.of(s.data.Responses(i))
	edge := newEdge(rng, box, s.data, i)
	best := Candidate{X: slices.Clone(truth.x), Reason: Descent, Predicted: slices.Clone(s.data.Responses(i))}
	most := s.Tolerance // less is not worth an evaluation
	x, y := make([]float64, len(from)), make([]float64, s.data.NY)
	for n := range turned {
		turn(rng, x, from, to, math.Pow(shortest, float64(n%straight)/straight), n < straight)
		box.Place(x, x)
		p.Box().Clip(x, x)
		if !s.isNew(x, i) {
			continue
		}
		if err := truth.Evaluate(ctx, y, nil, x); err != nil {
			return best, err
		}
		if gain := edge.of(x) * (here - s.merit.of(y)); gain > most {
			copy(best.X, x)
			copy(best.Predicted, y)
			most = gain
		}
	}
	return best, nil
}

// turn sets x to a step from one point toward another, by a share of its length, and
// unless it is to be straight, turned into a random direction by up to a right angle.
func turn(rng *rand.Rand, x, from, to []float64, share float64, straight bool) {
	length, along, side := 0.0, 0.0, 0.0
	for j := range x {
		length += (to[j] - from[j]) * (to[j] - from[j])
		x[j] = rng.NormFloat64()
		along += x[j] * (to[j] - from[j])
	}
	for j := range x {
		x[j] -= along / length * (to[j] - from[j])
		side += x[j] * x[j]
	}
	ahead, aside := share, 0.0
	if !straight && side > 1e-20 { // on a line, rounding is left
		sin, cos := math.Sincos(rng.Float64() * math.Pi / 2)
		ahead, aside = share*cos, share*sin*math.Sqrt(length/side)
	}
	for j := range x {
		x[j] = from[j] + ahead*(to[j]-from[j]) + aside*x[j]
	}
}
