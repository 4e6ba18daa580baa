package surrogate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// diagnosed fits and diagnoses.
func diagnosed(t *testing.T, d sbo.Data, o DiagnoseOptions) Diagnosis {
	t.Helper()
	o.Fit.Workers = 2
	task := Task{Data: d}
	m, s, err := Fit(t.Context(), task, sbo.Rand(1, "fit"), o.Fit)
	require.NoError(t, err)
	o.Summary = s
	g, err := Diagnose(t.Context(), task, m, sbo.Rand(1, "diagnose"), o)
	require.NoError(t, err)
	return g
}

// advised returns the texts about a topic.
func advised(g Diagnosis, about Topic) string {
	text := ""
	for _, a := range g.Advice {
		if a.About == about {
			text += a.Text + "\n"
		}
	}
	return text
}

var untried = DiagnoseOptions{Fit: Options{Restarts: 4}, Untried: true}

// A wrong value and a partial of the wrong sign in different samples are named, with
// what should be there, and nothing else.
func TestDiagnoseNamesWrongNumbers(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		for _, m := range []int{16, 30} {
			truth := sampled(sbo.Rand(seed, "data"), 2, m, ripple)
			d := truth.Subset(indices(m))
			d.Forget(0) // a failure, so that the samples are counted right
			d.Y[5] += 0.5
			j := 0
			if p := d.PartialsOf(9); math.Abs(p[1]) > math.Abs(p[0]) {
				j = 1
			}
			partial := d.Partial(9, 0, j)
			d.Partials[partial] *= -1
			o := untried
			o.Rows = make([]int, m)
			for i := range o.Rows {
				o.Rows[i] = 100 + i
			}
			g := diagnosed(t, d, o)
			require.Len(t, g.Suspects, 2, "seed %d: %+v", seed, g.Suspects)
			for _, s := range g.Suspects {
				require.Greater(t, math.Abs(s.Deviations), 20.0)
				require.InDelta(t, s.Deviations, (s.Found-s.Expected)/s.Std, 1e-9*math.Abs(s.Deviations))
				if s.Sample == 5 {
					require.Equal(t, -1, s.Variable)
					require.InDelta(t, d.Y[5], s.Found, 1e-12)
					require.InDelta(t, s.Expected, truth.Y[5], 0.02)
				} else {
					require.Equal(t, []int{9, j}, []int{s.Sample, s.Variable})
					require.InDelta(t, d.Partials[partial], s.Found, 1e-12)
					require.InDelta(t, s.Expected, truth.Partials[partial], 0.05)
				}
			}
			require.NotNil(t, g.Clean)
			require.Less(t, 2*g.Clean.Values[0].NRMSE, g.LeaveOneOut.Values[0].NRMSE)
			require.Equal(t, m-2, g.Clean.Values[0].N)
			require.Equal(t, AboutWrongNumbers, g.Advice[0].About)
			require.Contains(t, g.Advice[0].Text, "In sample 105, the value of response 1 is ")
			require.Contains(t, g.Advice[0].Text, fmt.Sprintf("In sample 109, the partial of response 1 by input %d is ", j+1))
			require.Contains(t, g.Advice[0].Text, "it seems to have the wrong sign")
		}
	}
}

// Nothing is suspect in data without fault, smooth or noisy, and leave-one-out errors
// are about those on new samples.
func TestDiagnoseOfGoodData(t *testing.T) {
	noisy := func(scale float64) func(dydx, x []float64) float64 {
		rng := sbo.Rand(1, "noise")
		return func(dydx, x []float64) float64 {
			y := ripple(dydx, x) + scale*rng.NormFloat64()
			for j := range dydx {
				dydx[j] += scale * rng.NormFloat64()
			}
			return y
		}
	}
	for name, f := range map[string]func(dydx, x []float64) float64{"ripple": ripple, "rosenbrock": rosenbrock, "noisy": noisy(0.1), "very noisy": noisy(0.5)} {
		t.Run(name, func(t *testing.T) {
			for _, seed := range []uint64{1, 2, 3} {
				d := sampled(sbo.Rand(seed, "data"), 2, 25, f)
				m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Restarts: 4})
				require.NoError(t, err)
				g, err := Diagnose(t.Context(), Task{Data: d}, m, sbo.Rand(1, "diagnose"), untried)
				require.NoError(t, err)
				require.Empty(t, g.Suspects, "seed %d", seed)
				require.Nil(t, g.Clean)
				require.Empty(t, advised(g, AboutWrongNumbers))
				if name != "very noisy" {
					require.Empty(t, advised(g, AboutWrongPartials))
				}
				require.Equal(t, 25, g.LeaveOneOut.Values[0].N)
				require.Equal(t, 25, g.LeaveOneOut.Partials[0][1].N)
				fresh := Assess(m, sampled(sbo.Rand(9, "test"), 2, 200, f)).Values[0].RMSE
				require.InDelta(t, 0, math.Log(g.LeaveOneOut.Values[0].RMSE/fresh), math.Log(20), "%v by leave-one-out, %v on new samples", g.LeaveOneOut.Values[0].RMSE, fresh)
			}
		})
	}
}

// Partials that are wrong as a whole are told apart: by their sign, their unit, or not
// at all.
func TestDiagnoseNamesWrongPartials(t *testing.T) {
	rng := sbo.Rand(1, "noise")
	for name, c := range map[string]struct {
		wrong func(float64) float64
		want  string
	}{
		"sign":    {func(v float64) float64 { return -v }, "They have the wrong sign."},
		"unit":    {func(v float64) float64 { return 30 * v }, "times what the values say: are they in another unit?"},
		"useless": {func(float64) float64 { return 2 * rng.NormFloat64() }, "Find out whether they are noisy, or leave them out."},
	} {
		t.Run(name, func(t *testing.T) {
			d := sampled(sbo.Rand(1, "data"), 2, 30, ripple)
			for i := range d.Len() {
				d.PartialsOf(i)[0] = c.wrong(d.PartialsOf(i)[0])
			}
			g := diagnosed(t, d, untried)
			require.Contains(t, advised(g, AboutWrongPartials), "The partials of response 1 by input 1 do not fit")
			require.NotContains(t, advised(g, AboutWrongPartials), "by input 2")
			require.Contains(t, advised(g, AboutWrongPartials), c.want)
			if name == "unit" {
				require.InEpsilon(t, 30, g.Responses[0].PartialFactor[0], 0.02)
			}
			require.InDelta(t, 1, g.Responses[0].PartialFactor[1], 0.02)
		})
	}
}

// With more samples the error of a smooth function falls, that of noise does not.
func TestLearningCurve(t *testing.T) {
	o := DiagnoseOptions{Fit: Options{Restarts: 3}}
	d := sampled(sbo.Rand(1, "data"), 2, 24, ripple)
	calls := 0
	o.Progress = func(done, total int) {
		calls++
		require.Equal(t, calls, done)
		require.Equal(t, 3*5, total)
	}
	g := diagnosed(t, d, o)
	require.Equal(t, 15, calls)
	c := g.Responses[0].Curve
	require.Equal(t, []int{6, 12, 18}, c.Samples)
	require.True(t, c.Falls(), "%+v", c)
	require.Greater(t, c.Rate, 1.0)
	require.InEpsilon(t, c.Now*math.Pow(2, -c.Rate), c.Doubled, 1e-9)
	require.Less(t, c.Now, median(slices.Clone(c.Errors[1])))
	require.Greater(t, g.Responses[0].WithoutPartials.Gain(), 0.0)
	require.Less(t, g.Responses[0].WithoutPartials.Gain(), 0.5)
	require.Contains(t, advised(g, AboutPartials), "times smaller")

	o.Progress = nil
	rng := sbo.Rand(1, "noise")
	noise := withoutPartials(sampled(rng, 2, 60, func(_, _ []float64) float64 { return rng.NormFloat64() }))
	g = diagnosed(t, noise, o)
	c = g.Responses[0].Curve
	require.False(t, c.Falls(), "%+v", c)
	require.Greater(t, c.Now, 0.8)
	require.Nil(t, g.Responses[0].WithoutPartials.Changed)
	require.True(t, math.IsNaN(g.Responses[0].WithoutPartials.Gain()))
	require.Contains(t, advised(g, AboutSamples)+advised(g, AboutNoise), "more samples")
}

// A line on the logarithms, by hand: errors of samples^-2 in one split, of samples^-1
// and of a constant in the others.
func TestLearningCurveByHand(t *testing.T) {
	c := LearningCurve{Samples: []int{10, 20, 40}, Errors: [][]float64{{1, 1, 1}, {0.25, 0.5, 1}, {0.0625, 0.25, 1}}}
	c.fit(80)
	require.InDelta(t, 1, c.Rate, 1e-12)
	require.InDelta(t, 1, c.Spread, 1e-12)
	require.InDelta(t, 0.125, c.Now, 1e-12)
	require.InDelta(t, 0.0625, c.Doubled, 1e-12)
	require.False(t, c.Falls(), "one split does not agree")
	empty := LearningCurve{Samples: []int{1, 2, 3}, Errors: [][]float64{{math.NaN()}, {1}, {1}}}
	empty.fit(4)
	require.Equal(t, LearningCurve{}, empty)
}

func TestTrial(t *testing.T) {
	require.False(t, Trial{}.Sure())
	require.True(t, Trial{Now: []float64{2, 3}, Changed: []float64{1, 1}}.Sure())
	require.Equal(t, 2.5, Trial{Now: []float64{2, 3}, Changed: []float64{1, 1}}.Gain())
	require.False(t, Trial{Now: []float64{2, 1}, Changed: []float64{1, 2}}.Sure())
}

// Whatever trained the model, and however many responses it has.
func TestDiagnoseOfOtherModels(t *testing.T) {
	d := sbo.NewData(2, 2, 16)
	one := sampled(sbo.Rand(1, "data"), 2, 16, ripple)
	copy(d.X, one.X)
	for i := range d.Len() {
		d.Responses(i)[0], d.Responses(i)[1] = one.Y[i], 5-2*one.Y[i]
		for j, v := range one.PartialsOf(i) {
			d.PartialsOf(i)[j], d.PartialsOf(i)[2+j] = v, -2*v
		}
	}
	d.Responses(3)[1]++ // of 8 or so
	lambda := 1e-6
	for name, o := range map[string]Options{
		"each":   {Restarts: 3},
		"shared": {Restarts: 3, Shared: true},
		"robust": {Restarts: 3, Robust: true},
		"lambda": {Restarts: 3, Hidden: []int{6}, Lambda: &lambda},
		"lbfgs":  {Trainer: LBFGS, Hidden: []int{6}, Iterations: 500},
	} {
		t.Run(name, func(t *testing.T) {
			g := diagnosed(t, d, DiagnoseOptions{Fit: o, Splits: 1})
			require.Len(t, g.Responses, 2)
			require.NotEmpty(t, g.Suspects)
			require.Equal(t, []int{3, 1, -1}, []int{g.Suspects[0].Sample, g.Suspects[0].Response, g.Suspects[0].Variable})
			require.Len(t, g.Responses[1].Curve.Samples, 3)
			require.Contains(t, advised(g, AboutWrongNumbers), "In sample 4, the value of response 2")
			for _, a := range g.Advice {
				require.False(t, strings.Contains(a.Text, "NaN") || strings.Contains(a.Text, "%!"), a.Text)
			}
		})
	}
}

// The same for any number of workers.
func TestDiagnoseDoesNotDependOnWorkers(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 2, 12, ripple)
	d.Y[3]++
	task := Task{Data: d}
	m, s, err := Fit(t.Context(), task, sbo.Rand(1, "fit"), quick(LM))
	require.NoError(t, err)
	diagnose := func(workers int) Diagnosis {
		o := DiagnoseOptions{Fit: quick(LM), Summary: s}
		o.Fit.Workers = workers
		g, err := Diagnose(t.Context(), task, m, sbo.Rand(1, "diagnose"), o)
		require.NoError(t, err)
		return g
	}
	one, four := diagnose(1), diagnose(4)
	require.Equal(t, one.Advice, four.Advice)
	require.Equal(t, one.Suspects, four.Suspects)
	require.Equal(t, one.Responses[0].Curve, four.Responses[0].Curve)
	require.Contains(t, advised(one, AboutIterations), "all of its 40 iterations")
}

func TestDiagnoseErrors(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 2, 12, ripple)
	m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), quick(LM))
	require.NoError(t, err)
	_, err = Diagnose(t.Context(), Task{Data: sampled(sbo.Rand(1, "data"), 1, 5, sine)}, m, sbo.Rand(1, "diagnose"), DiagnoseOptions{})
	require.ErrorContains(t, err, "a model of 2 inputs and 1 outputs diagnosed on data of 1 and 1")
	_, err = Diagnose(t.Context(), Task{Data: d}, m, sbo.Rand(1, "diagnose"), DiagnoseOptions{Rows: []int{1}})
	require.ErrorContains(t, err, "1 row numbers for 12 samples")
	_, err = Diagnose(t.Context(), Task{Data: d}, m, sbo.Rand(1, "diagnose"), DiagnoseOptions{Fit: Options{Batch: -1}})
	require.ErrorContains(t, err, "batch: -1 is negative")
	ctx, cancel := context.WithCancel(t.Context())
	o := DiagnoseOptions{Fit: quick(LM), Progress: func(int, int) { cancel() }}
	_, err = Diagnose(ctx, Task{Data: d}, m, sbo.Rand(1, "diagnose"), o)
	require.ErrorIs(t, err, context.Canceled)
	_, err = Diagnose(ctx, Task{Data: d}, m, sbo.Rand(1, "diagnose"), o)
	require.ErrorIs(t, err, context.Canceled)
}
