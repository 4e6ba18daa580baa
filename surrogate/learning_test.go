package surrogate

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// What the defaults are good for. The bounds leave room for other seeds: each
// holds for all of several.

func TestDefaultsOnRosenbrock(t *testing.T) {
	test := rosenbrockData(sbo.Rand(99, "test"), 300)
	for seed := range uint64(3) {
		d := rosenbrockData(sbo.Rand(seed, "data"), 16)
		m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(seed, "fit"), Options{Workers: 2, Restarts: 6})
		require.NoError(t, err)
		require.Equal(t, LM, s.Trainer)
		a := Assess(m, test)
		require.Less(t, a.Values[0].NRMSE, 5e-3, "seed %d: %+v %+v", seed, a, s)
		require.Less(t, a.Partials[0][0].NRMSE, 2e-2, "seed %d", seed)
		require.Less(t, a.Partials[0][1].NRMSE, 2e-2, "seed %d", seed)
		t.Logf("%v %+v", s.Hidden, a)
	}
}

// The paper's first demonstration: x sin x from 4 points and their slopes. The
// reference reaches R2 of 0.981 to 0.995 on values and 0.992 to 0.997 on slopes.
func TestDefaultsOnTheSinusoid(t *testing.T) {
	train, test := readData(t, "testdata/demos/sinusoid_train.csv"), readData(t, "testdata/demos/sinusoid_test.csv")
	require.Equal(t, 4, train.Len())
	for seed := range uint64(4) {
		m, s, err := Fit(t.Context(), Task{Data: train}, sbo.Rand(seed, "fit"), Options{})
		require.NoError(t, err)
		a := Assess(m, test)
		t.Logf("%v %+v", s.Hidden, a)
		require.Greater(t, a.Values[0].R2, 0.98, "seed %d: %+v", seed, s)
		require.Greater(t, a.Partials[0][0].R2, 0.98, "seed %d: %+v", seed, s)
	}
}

// The paper's second: Rastrigin from 100 points, where the reference reaches R2
// of 0.980 to 0.995.
func TestDefaultsOnRastrigin(t *testing.T) {
	train, test := readData(t, "testdata/demos/rastrigin_train_seed123.csv"), readData(t, "testdata/demos/rastrigin_test.csv")
	m, s, err := Fit(t.Context(), Task{Data: train}, sbo.Rand(1, "fit"), Options{Workers: 2, Restarts: 1, Iterations: 130})
	require.NoError(t, err)
	a := Assess(m, test)
	t.Logf("%v %+v", s.Hidden, a)
	require.Greater(t, a.Values[0].R2, 0.999, "%+v", s)
	require.Greater(t, a.Partials[0][0].R2, 0.999, "%+v", s)
	require.Greater(t, a.Partials[0][1].R2, 0.999, "%+v", s)
}

// With partials, fewer samples do: that is what they are for.
func TestPartialsHelp(t *testing.T) {
	d, test := rosenbrockData(sbo.Rand(3, "data"), 12), rosenbrockData(sbo.Rand(99, "test"), 300)
	nrmse := func(d sbo.Data) float64 {
		m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Restarts: 2})
		require.NoError(t, err)
		return Assess(m, test).Values[0].NRMSE
	}
	with, without := nrmse(d), nrmse(withoutPartials(d))
	t.Log(with, without)
	require.Less(t, 10*with, without)
	require.Less(t, nrmse(withoutPartials(rosenbrockData(sbo.Rand(3, "data"), 60))), 0.02, "values alone do, if there are enough")
}

// Given lambda, Levenberg-Marquardt minimizes the paper's loss: from one start,
// with little to choose, it ends where L-BFGS does.
func TestTrainersAgreeOnTheMinimum(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 2, 10, func(dydx, x []float64) float64 {
		dydx[0], dydx[1] = math.Cos(x[0]), 0.5
		return math.Sin(x[0]) + 0.5*x[1]
	})
	costs := map[Trainer]Cost{}
	points := map[Trainer][]float64{}
	for _, trainer := range []Trainer{LM, LBFGS} {
		o := Options{Trainer: trainer, Hidden: []int{2}, Restarts: 1, Iterations: 3000, Lambda: new(0.2)}
		m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(4, "fit"), o)
		require.NoError(t, err)
		require.Equal(t, 0.2, m.Facts.Lambda)
		require.True(t, math.IsNaN(s.LogEvidence))
		costs[trainer], points[trainer] = s.Cost, m.PredictPartials(nil, []float64{0.4, -0.3})
		again := newObjective(m.answers[0].members[0].network, newTrainingSet(d, Weights{}, m.answers[0].members[0].scaling), 0.2).evaluate(m.answers[0].members[0].network.Parameters, nil)
		require.InEpsilon(t, again.Total(), s.Cost.Total(), 1e-12)
		require.InEpsilon(t, again.Regularization, s.Cost.Regularization, 1e-12)
	}
	require.InEpsilon(t, costs[LBFGS].Total(), costs[LM].Total(), 1e-6)
	requireNear(t, points[LBFGS], points[LM], 1e-2, "the same function")
}

// The evidence gives the weights of an input that does not matter a prior that
// switches them off.
func TestEvidenceSwitchesOffAnIrrelevantInput(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 3, 40, func(dydx, x []float64) float64 {
		dydx[0], dydx[1], dydx[2] = math.Cos(x[0]), math.NaN(), -2*x[2]*math.Exp(-x[2]*x[2])
		return math.Sin(x[0]) + math.Exp(-x[2]*x[2])
	})
	m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Hidden: []int{8}, Restarts: 2})
	require.NoError(t, err)
	p := m.answers[0].members[0].evidence.Precisions // the first groups are the inputs'
	require.Greater(t, p[1], 100*max(p[0], p[2]))
	dydx := m.PredictPartials(nil, []float64{0.2, 0.1, -0.5})
	require.Less(t, math.Abs(dydx[1]), 1e-2*math.Abs(dydx[0]))
}

// The evidence estimates the noise: here a tenth of the response.
func TestEvidenceFindsTheNoise(t *testing.T) {
	rng := sbo.Rand(1, "noise")
	d := withoutPartials(sampled(sbo.Rand(1, "data"), 1, 200, sine))
	for i := range d.Y {
		d.Y[i] += 0.1 * rng.NormFloat64()
	}
	m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Hidden: []int{12}, Restarts: 2})
	require.NoError(t, err)
	require.InEpsilon(t, 0.1, m.answers[0].members[0].scaling.StdY[0]/math.Sqrt(m.answers[0].members[0].evidence.Noise), 0.3)
	require.Less(t, Assess(m, sampled(sbo.Rand(2, "test"), 1, 100, sine)).Values[0].RMSE, 0.06, "below the noise")
}

// Weights matter where the network can't have it all: a line through two points.
func TestWeightsDecide(t *testing.T) {
	d := sbo.NewData(1, 1, 2)
	d.X, d.Y, d.Partials = []float64{0, 1}, []float64{0, 1}, []float64{3, 3}
	slope := func(w Weights) float64 {
		o := Options{Activation: Linear, Hidden: []int{1}, Trainer: LBFGS, Lambda: new(0.0)}
		m, _, err := Fit(t.Context(), Task{Data: d, Weights: w}, sbo.Rand(1, "fit"), o)
		require.NoError(t, err)
		return m.PredictPartials(nil, []float64{0.5})[0]
	}
	even := slope(Weights{})
	require.InDelta(t, 3, slope(Weights{Beta: []float64{0, 1}}), 1e-3, "one value and all slopes")
	require.InDelta(t, 1, slope(Weights{Gamma: []float64{0, 0}}), 1e-3, "values only")
	// Least squares on scaled data by hand: x and y have a spread of 1/2, so that
	// slopes are not scaled; minimize 2 (s-1)^2 + 2 (s-3)^2.
	require.InDelta(t, 2, even, 1e-3)
	require.InDelta(t, 1.5, slope(Weights{Gamma: []float64{1. / 3, 1. / 3}}), 1e-3, "2 (s-1)^2 + 2/3 (s-3)^2")
}

func TestDefaultsFollowTheData(t *testing.T) {
	set := func(nx, m int) trainingSet { return unevenSet(sbo.Rand(1, "set"), nx, 1, m) }
	small := Options{}.withDefaults(set(2, 10))
	require.Equal(t, Options{Trainer: LM, Ensemble: 4, Restarts: 40, Iterations: 1000, Patience: 100, LearningRate: 0.01}, small)
	require.Equal(t, LBFGS, Options{Hidden: []int{64, 64}}.withDefaults(set(2, 10)).Trainer, "too many parameters")
	require.Equal(t, LBFGS, Options{Hidden: []int{20, 20}}.withDefaults(set(2, 9000)).Trainer, "too much work")
	require.Equal(t, 1e-6, *Options{Trainer: ADAM}.withDefaults(set(2, 10)).Lambda)

	ladder := architectures(set(2, 100), small)
	require.Greater(t, len(ladder), 3)
	for i, h := range ladder {
		require.LessOrEqual(t, len(h), 2)
		require.False(t, slices.ContainsFunc(ladder[:i], func(o []int) bool { return slices.Equal(o, h) }), "no repetition")
	}
	require.Len(t, architectures(set(2, 100), Options{Trainer: ADAM}), 1)
}

// More time means more starts and larger networks, less means fewer steps.
func TestFitTime(t *testing.T) {
	set := unevenSet(sbo.Rand(1, "set"), 3, 1, 200)
	largest := func(o Options) int {
		p := 0
		for _, c := range candidates(set, o) {
			p = max(p, parameterCount(c.layers))
		}
		return p
	}
	previous, size := Options{}, 0
	for _, seconds := range []time.Duration{1, 10, 100, 1000} {
		o := Options{FitTime: seconds * time.Second}.withDefaults(set)
		require.GreaterOrEqual(t, o.Restarts*largest(o), previous.Restarts*size)
		require.GreaterOrEqual(t, o.Iterations, previous.Iterations)
		require.GreaterOrEqual(t, largest(o), size)
		previous, size = o, largest(o)
	}
	require.Greater(t, previous.Restarts, Options{}.withDefaults(set).Restarts)
	require.Less(t, Options{FitTime: time.Millisecond}.withDefaults(set).Iterations, 100)
	require.Less(t, Options{FitTime: time.Millisecond, Trainer: ADAM}.withDefaults(set).Iterations, Options{FitTime: time.Minute, Trainer: ADAM}.withDefaults(set).Iterations)
	require.ErrorContains(t, Options{FitTime: -1}.Validate(), "fit_time: -1ns is negative")
}

// Partials that contradict the values are found out, column by column: with
// theirs of the wrong sign for one variable and noise of half their size on
// another, the fit is far better than without any partials, and says which are bad.
func TestWrongPartialsAreFoundOut(t *testing.T) {
	rng := sbo.Rand(3, "points")
	sample := func(n int) sbo.Data {
		d := sbo.NewData(3, 1, n)
		for i := range n {
			x, dydx := d.Point(i), d.PartialsOf(i)
			for j := range x {
				x[j] = 2*rng.Float64() - 1
			}
			d.Y[i] = math.Sin(2*x[0]) + x[1]*x[1] + math.Exp(x[2])*x[0]
			dydx[0], dydx[1], dydx[2] = 2*math.Cos(2*x[0])+math.Exp(x[2]), 2*x[1], math.Exp(x[2])*x[0]
		}
		return d
	}
	d, test := sample(30), sample(200)
	plain := sbo.Data{NX: 3, NY: 1, X: d.X, Y: d.Y}
	fit := func(d sbo.Data) (float64, Summary) {
		m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Iterations: 200, Restarts: 4})
		require.NoError(t, err)
		return Assess(m, test).Values[0].NRMSE, s
	}
	exact, s := fit(d)
	require.Nil(t, s.PartialNoise, "exact partials are not doubted")
	without, _ := fit(plain)
	grams := sbo.Data{NX: 3, NY: 1, X: d.X, Y: d.Y, Partials: slices.Clone(d.Partials)}
	for i := range grams.Partials {
		grams.Partials[i] *= 1000
	}
	with, _ := fit(grams)
	require.Less(t, with, without, "partials in another unit don't set the scale of the values")
	for i := range d.Len() {
		d.PartialsOf(i)[0] *= -1
		d.PartialsOf(i)[1] += 0.5 * rng.NormFloat64()
	}
	with, s = fit(d)
	require.Less(t, exact, without/20)
	require.Less(t, with, without/2)
	require.Len(t, s.PartialNoise, 3)
	require.InDelta(t, 2, s.PartialNoise[0], 0.5, "the wrong sign")
	require.InDelta(t, 0.5/(2/math.Sqrt(3)), s.PartialNoise[1], 0.15, "noise of 0.5 on partials of 2 x, x in [-1, 1]")
	require.Less(t, s.PartialNoise[2], 0.05, "the good one")
}
