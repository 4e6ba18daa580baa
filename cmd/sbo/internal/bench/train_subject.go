package bench

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/surrogate"
)

// heldOut is how many random points a model of a problem is judged at.
const heldOut = 3000

// subject is what is learned: a problem, or a table that the user gave.
type subject struct {
	name  string      // of the cases, before the number of samples
	about sbo.Columns // the names in it
	width []float64   // of the range of each variable
	// draw returns n samples to learn and those to be judged by. A seed is one
	// design; the points held out are the same for all designs of a problem, and
	// the other rows for a table.
	draw func(ctx context.Context, n int, seed uint64) (train, test sbo.Data, err error)
}

// ofProblem makes a subject of a problem. Its samples are at the points given;
// nil: plain random Latin hypercubes.
func ofProblem(name string, p sbo.Problem, e sbo.Evaluator, points func(n int, seed uint64) []float64) *subject {
	if points == nil {
		points = func(n int, seed uint64) []float64 { return hypercube(p.Box(), n, seed) }
	}
	answer := sbo.Workers(p, e, 1)
	s := &subject{name: name, about: sbo.Columns{Inputs: p.VariableNames(), Outputs: p.ResponseNames()}}
	for _, v := range p.Variables {
		s.width = append(s.width, v.Upper-v.Lower)
	}
	var test sbo.Data
	s.draw = func(ctx context.Context, n int, seed uint64) (sbo.Data, sbo.Data, error) {
		if test.Len() == 0 {
			all, err := answer(ctx, scattered(p.Box(), heldOut, "held out"))
			if err != nil {
				return sbo.Data{}, sbo.Data{}, err
			}
			test = all
		}
		train, err := answer(ctx, points(n, seed))
		return train, test, err
	}
	return s
}

// hypercube returns the points of a plain Latin hypercube of the box.
func hypercube(box sbo.Box, n int, seed uint64) []float64 {
	nx := box.Dim()
	points := doe.LatinHypercube{}.Sample(n, nx, sbo.Rand(seed, "design"))
	for i := range n {
		u := points[i*nx : (i+1)*nx]
		box.Place(u, u)
	}
	return points
}

// ofTable makes a subject of a table with partials: random rows are learned, the
// others held out.
func ofTable(name string, about sbo.Columns, d sbo.Data) *subject {
	s := &subject{name: name, about: about, width: make([]float64, d.NX)}
	for j := range s.width {
		lower, upper := math.Inf(1), math.Inf(-1)
		for i := range d.Len() {
			lower, upper = min(lower, d.Point(i)[j]), max(upper, d.Point(i)[j])
		}
		s.width[j] = upper - lower
	}
	s.draw = func(_ context.Context, n int, seed uint64) (sbo.Data, sbo.Data, error) {
		if n >= d.Len() {
			return sbo.Data{}, sbo.Data{}, fmt.Errorf("%d samples of the %d rows of %s leave none to hold out", n, d.Len(), name)
		}
		rows := sbo.Rand(seed, "design").Perm(d.Len())
		slices.Sort(rows[:n])
		slices.Sort(rows[n:])
		return d.Subset(rows[:n]), d.Subset(rows[n:]), nil
	}
	return s
}

// at names the case of a number of samples.
func (s *subject) at(samples int) string { return s.name + "-" + strconv.Itoa(samples) }

// lap is one training: how wrong the model is, and how long it took.
type lap struct {
	misses
	seconds float64
	model   *surrogate.JENN
}

// learn trains on the samples of a design and judges the model by others.
func (s *subject) learn(ctx context.Context, train, test sbo.Data, seed uint64, o surrogate.Options) (lap, error) {
	began := time.Now()
	m, _, err := surrogate.Fit(ctx, surrogate.Task{Data: train}, sbo.Rand(seed, "fit"), o)
	if err != nil {
		return lap{}, err
	}
	seconds := time.Since(began).Seconds()
	return lap{s.judge(m, test), seconds, m}, nil
}

// misses are the errors of a model on held-out samples, all relative to the spread of
// the truth.
type misses struct {
	values    float64   // NRMSE, of the worst of the responses
	partials  float64   // see pooled; of the worst of the responses
	responses []float64 // NRMSE of the values of each
	relative  float64   // root mean square error of the values over their own; of the worst of the responses
}

// judge compares a model with held-out samples.
func (s *subject) judge(m surrogate.Model, test sbo.Data) misses {
	predicted := sbo.NewData(test.NX, test.NY, test.Len())
	copy(predicted.X, test.X)
	for i := range test.Len() {
		m.Predict(predicted.Responses(i), test.Point(i))
		m.PredictPartials(predicted.PartialsOf(i), test.Point(i))
	}
	e := misses{}
	for k, a := range surrogate.Compare(test, predicted).Values {
		squares := 0.0
		for i := range test.Len() {
			if v := test.Responses(i)[k]; !math.IsNaN(v) {
				squares += v * v
			}
		}
		e.relative = max(e.relative, a.RMSE/math.Sqrt(squares/float64(a.N)))
		e.responses = append(e.responses, a.NRMSE)
		e.values = max(e.values, a.NRMSE)
		e.partials = max(e.partials, s.pooled(test, predicted, k))
	}
	return e
}

// pooled returns the NRMSE of all partials of a response together: the root of
// the sum of their squared errors over that of their squared deviations from the
// mean of their column. Each counts per range of its variable, so that the units
// of the variables don't matter, and variables that hardly matter hardly count.
func (s *subject) pooled(truth, predicted sbo.Data, response int) float64 {
	wrong, spread := 0.0, 0.0
	for j, width := range s.width {
		mean, n := 0.0, 0.0
		for i := range truth.Len() {
			if v := truth.Partials[truth.Partial(i, response, j)]; !math.IsNaN(v) {
				n++
				mean += (v - mean) / n
			}
		}
		for i := range truth.Len() {
			at := truth.Partial(i, response, j)
			if v := truth.Partials[at]; !math.IsNaN(v) {
				e, deviation := width*(predicted.Partials[at]-v), width*(v-mean)
				wrong += e * e
				spread += deviation * deviation
			}
		}
	}
	if wrong == 0 {
		return 0 // also where they don't vary
	}
	return math.Sqrt(wrong / spread)
}
