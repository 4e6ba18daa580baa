package surrogate

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// Factors of single responses are the same as weights of every sample.
func TestFactorsOfResponses(t *testing.T) {
	d := twoResponses(8)
	own := Weights{Beta: make([]float64, 16), Gamma: make([]float64, 32)}
	both := Weights{Beta: make([]float64, 16), Gamma: make([]float64, 32)}
	factor := []float64{1, 1, 0.5, 3}
	for i := range own.Beta {
		own.Beta[i] = 1 + float64(i)
		both.Beta[i] = own.Beta[i] * []float64{4, 1}[i%2]
	}
	for i := range own.Gamma {
		own.Gamma[i] = 2 + float64(i)
		both.Gamma[i] = own.Gamma[i] * factor[i%4]
	}
	responses := []ResponseOptions{{Beta: new(4.0)}, {Gamma: []float64{0.5, 3}}}
	require.Equal(t, both, own.scaled(d, responses))
	require.Equal(t, Weights{Beta: own.Beta}, Weights{Beta: own.Beta}.scaled(d, []ResponseOptions{{}, {}}), "nothing given, nothing made")
	require.Equal(t, factor, Weights{}.scaled(d, responses).Gamma[4:8], "no weights are 1")
	require.Nil(t, Weights{}.scaled(withoutPartials(d), responses).Gamma)

	for _, shared := range []bool{false, true} {
		o := Options{Iterations: 30, Restarts: 1, Hidden: []int{5}, Shared: shared}
		want, _, err := Fit(t.Context(), Task{Data: d, Weights: both}, sbo.Rand(1, "fit"), o)
		require.NoError(t, err)
		o.Responses = responses
		got, _, err := Fit(t.Context(), Task{Data: d, Weights: own}, sbo.Rand(1, "fit"), o)
		require.NoError(t, err)
		require.Equal(t, want.Networks(), got.Networks())
	}
}

// A response may have a lambda and hidden layers of its own.
func TestOptionsOfResponses(t *testing.T) {
	o := Options{Hidden: []int{4}, Iterations: 20, Restarts: 1, Responses: []ResponseOptions{{}, {Hidden: []int{3, 3}, Lambda: new(0.1)}}}
	m, s, err := Fit(t.Context(), Task{Data: twoResponses(12)}, sbo.Rand(1, "fit"), o)
	require.NoError(t, err)
	require.Equal(t, []int{4}, s.Parts[0].Hidden)
	require.Equal(t, []int{3, 3}, s.Parts[1].Hidden)
	require.Zero(t, s.Parts[0].Lambda)
	require.InDelta(t, 0.1, s.Parts[1].Lambda, 0)
	require.False(t, math.IsNaN(s.Parts[0].LogEvidence))
	require.True(t, math.IsNaN(s.Parts[1].LogEvidence))
	require.Len(t, m.answers, 2)
}

func TestFaultsOfOptionsOfResponses(t *testing.T) {
	d := twoResponses(5)
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Responses: []ResponseOptions{{}}}, "surrogate: responses: settings of 1 responses for data of 2"},
		{Options{Responses: []ResponseOptions{{}, {Gamma: []float64{1}}}}, "surrogate: responses: that of response 2: 1 factors gamma for 2 inputs"},
		{
			Options{Shared: true, Responses: []ResponseOptions{{Lambda: new(1.0)}, {Hidden: []int{2}}}},
			"surrogate: responses: that of response 1: a network that all share has no lambda and no hidden layers of a single response\n" +
				"responses: that of response 2: a network that all share has no lambda and no hidden layers of a single response",
		},
		{
			Options{Responses: []ResponseOptions{{Hidden: []int{0}, Beta: new(-1.0)}, {Lambda: new(math.NaN()), Gamma: []float64{1, math.Inf(1)}}}},
			"surrogate: responses: that of response 1: hidden: a layer of 0 neurons; it needs 1 to 65536\n" +
				"responses: that of response 1: beta: -1 is not a finite number of at least 0\n" +
				"responses: that of response 2: lambda: NaN is not a finite number of at least 0\n" +
				"responses: that of response 2: gamma: +Inf is not a finite number of at least 0",
		},
	} {
		_, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), c.o)
		require.EqualError(t, err, c.want)
	}
}

// The evidence does not undo weights: with one noise for all residuals, twice the
// weight is twice the pull. A line through values that rise by 1 with slopes of 3 has
// the slope (S + 3 gamma n)/(S + gamma n), S = n the sum of squares of the scaled x.
func TestEvidenceKeepsWeights(t *testing.T) {
	d := sbo.NewData(1, 1, 10)
	for i := range 10 {
		d.X[i], d.Y[i], d.Partials[i] = float64(i), float64(i), 3
	}
	for _, gamma := range []float64{0.25, 0.5, 1, 2, 4} {
		o := Options{Activation: Linear, Hidden: []int{1}, Restarts: 2, Responses: []ResponseOptions{{Gamma: []float64{gamma}}}}
		m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), o)
		require.NoError(t, err)
		require.Equal(t, LM, s.Trainer)
		require.InEpsilon(t, (1+3*gamma)/(1+gamma), m.PredictPartials(nil, []float64{2})[0], 0.01, "gamma %v", gamma)
	}
}

// Nor does it where each column of partials has a noise of its own: the weights
// multiply what the noise makes of them.
func TestDoubtKeepsWeights(t *testing.T) {
	rng := sbo.Rand(1, "noise")
	d := sbo.NewData(1, 1, 200)
	for i := range 200 {
		d.X[i] = 2*rng.Float64() - 1
		d.Y[i], d.Partials[i] = d.X[i]+0.1*rng.NormFloat64(), 1.2+0.4*rng.NormFloat64()
	}
	scaling := newScaling(d)
	scale := scaling.StdX[0] / scaling.StdY[0] // of slopes
	slope := func(gamma float64) float64 {
		w := Weights{}.scaled(d, []ResponseOptions{{Gamma: []float64{gamma}}})
		r := &runs{ctx: t.Context(), train: newTrainingSet(d, w, scaling), o: Options{Trainer: LM, Iterations: 300}, total: 1}
		lm := newDoubting(newTraining(r, 0, randomNetwork(sbo.Rand(1, "net"), Linear, 1, 1, 1)), 1)
		lm.run(300)
		weights, _ := lm.state().layer(lm.x, 1)
		outer, _ := lm.state().layer(lm.x, 2)
		return weights.Data[0] * outer.Data[0] / scale
	}
	least := func(gamma float64) float64 { // by hand, the noise known
		x, n := 200*scaling.StdX[0]*scaling.StdX[0]/(0.1*0.1), gamma*200/(0.4*0.4)
		return (x*valueSlope(d) + n*1.2) / (x + n)
	}
	for _, gamma := range []float64{0.1, 1, 10, 100} {
		require.InDelta(t, least(gamma), slope(gamma), 0.03, "gamma %v", gamma)
	}
	require.Greater(t, slope(100), slope(1)+0.1)
}

// valueSlope returns the slope of the line through the values of one input.
func valueSlope(d sbo.Data) float64 {
	mean, _ := source{data: d}.column(d.X, 1, 0)
	xy, xx := 0.0, 0.0
	for i, x := range d.X {
		xy += (x - mean) * d.Y[i]
		xx += (x - mean) * (x - mean)
	}
	return xy / xx
}
