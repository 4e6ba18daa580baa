package surrogate

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// A fit with hardly any time still predicts, and with more of it better.
func TestHastyFits(t *testing.T) {
	d, test := rosenbrockData(sbo.Rand(3, "data"), 20), rosenbrockData(sbo.Rand(99, "test"), 300)
	last := math.Inf(1)
	for _, c := range []struct {
		time time.Duration
		most float64 // NRMSE
	}{{100 * time.Microsecond, 0.1}, {time.Millisecond, 5e-3}} {
		m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{FitTime: c.time})
		require.NoError(t, err)
		require.Equal(t, Drafted, s.Status)
		require.Equal(t, "There was no time to train more than the output layer.", s.Status.String())
		require.Len(t, s.Hidden, 1)
		require.Greater(t, s.Networks, 1)
		a := Assess(m, test)
		require.Less(t, a.Values[0].NRMSE, min(c.most, last), "%v", c.time)
		last = a.Values[0].NRMSE
		require.Greater(t, m.PredictStd(nil, []float64{0.3, -0.2})[0], 0.0)
		again := newObjective(m.answers[0].members[0].network, newTrainingSet(d, Weights{}, m.answers[0].members[0].scaling), 0).evaluate(m.answers[0].members[0].network.Parameters, nil)
		require.InEpsilon(t, again.Total(), s.Cost.Total(), 1e-6)
	}
}

// With time for some steps one network is trained, and the most probable answers.
func TestHastyFitsTrainOneNetwork(t *testing.T) {
	d, test := sampled(sbo.Rand(3, "data"), 2, 50, waves), sampled(sbo.Rand(4, "test"), 2, 300, waves)
	o := Options{FitTime: 4 * time.Millisecond}
	set := newTrainingSet(d, Weights{}, newScaling(d))
	require.True(t, o.hasty(set))
	r := &runs{train: set, o: o}
	width, steps := r.hastyNetwork((1 - draftShare) * o.work())
	require.GreaterOrEqual(t, width, hastyWidth)
	require.GreaterOrEqual(t, steps, hastySteps)
	require.LessOrEqual(t, stepWork(set.residuals(), parameterCount([]int{2, width, 1}))*float64(steps), o.work())
	m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), o)
	require.NoError(t, err)
	require.Less(t, Assess(m, test).Values[0].NRMSE, 0.05, "%+v", s)
}

// Neither workers nor what is missing change what is asked for: the same bits for any
// number of workers, with responses of their own, failed samples and missing partials.
func TestHastyFitsDoNotDependOnWorkers(t *testing.T) {
	one := rosenbrockData(sbo.Rand(3, "data"), 20)
	d := sbo.NewData(2, 2, one.Len())
	copy(d.X, one.X)
	for i := range one.Len() {
		d.Responses(i)[0], d.Responses(i)[1] = one.Y[i], -2*one.Y[i]
		copy(d.PartialsOf(i), one.PartialsOf(i))
		d.PartialsOf(i)[2], d.PartialsOf(i)[3] = math.NaN(), -2*one.PartialsOf(i)[1]
	}
	d.Responses(4)[0] = math.NaN()
	fit := func(workers int) []Network {
		m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{FitTime: time.Millisecond, Workers: workers})
		require.NoError(t, err)
		return m.Networks()
	}
	want := fit(1)
	require.Equal(t, want, fit(1))
	require.Equal(t, want, fit(4))
}

// Whoever asks for something that needs more than drafts gets it, in whatever time.
func TestWhatIsNotHasty(t *testing.T) {
	set := unevenSet(sbo.Rand(1, "set"), 3, 1, 20)
	short := Options{FitTime: time.Microsecond}
	require.True(t, short.hasty(set))
	require.True(t, Options{FitTime: time.Microsecond, Hidden: []int{7}, Activation: Swish}.hasty(set))
	for name, o := range map[string]Options{
		"no limit": {}, "enough time": {FitTime: time.Minute},
		"two layers": {FitTime: 1, Hidden: []int{4, 4}}, "lambda": {FitTime: 1, Lambda: new(0.1)}, "robust": {FitTime: 1, Robust: true},
		"steps": {FitTime: 1, Iterations: 10}, "starts": {FitTime: 1, Restarts: 2}, "trainer": {FitTime: 1, Trainer: ADAM}, "held out": {FitTime: 1, Validation: 0.2},
		"noise": {FitTime: 1, noise: []float64{0.1}},
	} {
		require.False(t, o.hasty(set), name)
	}
}

// Neurons lie along differences of gradients; where there are none, or as a random draw,
// inputs count by how much the partials by them vary.
func TestDirectionsOfDrafts(t *testing.T) {
	// f = x0^2 + 10 x1: the gradient changes along x0 only.
	d := sampled(sbo.Rand(1, "data"), 2, 10, func(dydx, x []float64) float64 {
		dydx[0], dydx[1] = 2*x[0], 10
		return x[0]*x[0] + 10*x[1]
	})
	draw := func(d sbo.Data, s shape) (sizes []float64) {
		n := NewNetwork([]int{2, 200, 1}, s.activation)
		newDrawer(newTrainingSet(d, Weights{}, newScaling(d))).draw(n, s, sbo.Rand(1, "draw"))
		w, _ := n.layer(n.Parameters, 1)
		sizes = make([]float64, 2)
		for h := range w.Rows {
			for j, v := range row(w, h) {
				sizes[j] += v * v / float64(w.Rows)
			}
		}
		return sizes
	}
	along := draw(d, shape{Tanh, true, 0.5})
	// One draw in ten is of one sample twice, and then random.
	require.InDelta(t, 0.5, along[0], 0.05, "the length is the scale times the square root of the inputs")
	require.Less(t, along[1], 1e-4)
	random := draw(d, shape{Tanh, false, 0.5})
	require.InDelta(t, 0.5, random[0], 0.1)
	require.InDelta(t, 0.25*leastSteep*leastSteep, random[1], 1e-5)
	plain := draw(withoutPartials(d), shape{Tanh, true, 0.5})
	require.InDelta(t, 0.25, plain[0], 0.05)
	require.InDelta(t, 0.25, plain[1], 0.05)
	flat := d.Subset(slices.Repeat([]int{3}, 4))
	require.InDelta(t, 0.25, draw(flat, shape{Tanh, true, 0.5})[1], 0.05, "gradients that are all alike say nothing")
}
