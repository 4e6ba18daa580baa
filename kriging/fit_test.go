package kriging

import (
	"context"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/surrogate"
	"github.com/stretchr/testify/require"
)

// A model is what the other packages take for a surrogate.
var _ surrogate.Model = (*Model)(nil)

func fit(t *testing.T, task Task, o Options) (*Model, Summary) {
	t.Helper()
	m, s, err := Fit(context.Background(), task, sbo.Rand(1, "fit"), o)
	require.NoError(t, err)
	return m, s
}

// draw returns samples of a test problem on a Latin hypercube.
func draw(t *testing.T, p problems.Problem, m int, seed uint64) sbo.Data {
	t.Helper()
	d := sbo.NewData(p.NX(), p.NY(), m)
	copy(d.X, doe.LatinHypercube{}.Sample(m, p.NX(), sbo.Rand(seed, "draw")))
	for i := range m {
		p.Box().Place(d.Point(i), d.Point(i))
		require.NoError(t, p.Evaluate(context.Background(), d.Responses(i), d.PartialsOf(i), d.Point(i)))
	}
	return d
}

func nrmse(m *Model, d sbo.Data) float64 { return surrogate.Assess(m, d).Values[0].NRMSE }

func TestAccuracy(t *testing.T) {
	for _, c := range []struct {
		problem problems.Problem
		samples int
		error   float64 // about twice the median of five designs
	}{
		{problems.Rosenbrock(2), 16, 0.002},
		{problems.Hartmann6(), 45, 0.7}, // so many numbers that some are enough to find the basin
		{problems.WingWeight(), 10, 0.04},
		{problems.Borehole(), 10, 0.04},
	} {
		m, _ := fit(t, Task{Data: draw(t, c.problem, c.samples, 1), Problem: c.problem.Problem}, Options{})
		require.Less(t, nrmse(m, draw(t, c.problem, 200, 2)), c.error, c.problem.Name)
	}
}

// Partials make all the difference, and any of them helps.
func TestMissingPartials(t *testing.T) {
	p := problems.Branin()
	all, test := draw(t, p, 12, 1), draw(t, p, 200, 2)
	none, half := all, draw(t, p, 12, 1)
	none.Partials = nil
	for i := 0; i < half.Len(); i += 2 {
		half.PartialsOf(i)[0], half.PartialsOf(i + 1)[1] = math.NaN(), math.NaN()
	}
	var errors []float64
	for _, d := range []sbo.Data{none, half, all} {
		m, s := fit(t, Task{Data: d, Problem: p.Problem}, Options{})
		require.Equal(t, 12, s.Responses[0].Samples)
		errors = append(errors, nrmse(m, test))
	}
	require.Less(t, errors[1], errors[0])
	require.Less(t, errors[2], errors[1])
}

// A sample without a value still says what its partials are; a failed one nothing.
func TestMissingValues(t *testing.T) {
	d := bumps(10)
	want := d.Y[3]
	d.Y[3] = math.NaN()
	other := sbo.NewData(3, 2, 10)
	copy(other.X, d.X)
	for i := range 10 {
		other.Responses(i)[0], other.Responses(i)[1] = d.Y[i], 1
		copy(other.PartialsOf(i), d.PartialsOf(i))
	}
	other.Forget(7)
	m, s := fit(t, Task{Data: other}, Options{Workers: 2})
	require.InDelta(t, want, m.Predict(nil, d.Point(3))[0], 0.05)
	require.Equal(t, []int{9, 9}, []int{s.Responses[0].Samples, s.Responses[1].Samples})
	require.Equal(t, 35, s.Responses[0].Numbers)
	require.InDelta(t, 1, m.Predict(nil, d.Point(5))[1], 1e-6, "a constant")
	predicted, _ := m.LeaveOneOut()
	require.True(t, predicted.Failed(7))
	require.True(t, math.IsNaN(predicted.Responses(3)[0]))
}

// How wrong values and partials are is found out.
func TestNoise(t *testing.T) {
	d := bumps(60)
	rng := sbo.Rand(5, "noise")
	sizes := []float64{0.3, 0.02, 0.02}
	for i := range d.Len() {
		d.Y[i] += 0.05 * rng.NormFloat64()
		for j, size := range sizes {
			d.PartialsOf(i)[j] += size * rng.NormFloat64()
		}
	}
	_, s := fit(t, Task{Data: d}, Options{})
	require.InEpsilon(t, 0.05, s.Responses[0].ValueNoise, 0.4)
	for j, size := range sizes {
		require.InEpsilon(t, size, s.Responses[0].PartialNoise[j], 0.5, "%v", s.Responses[0].PartialNoise)
	}
}

// Partials whose weight is 0 are as good as missing.
func TestWeightsOfPartials(t *testing.T) {
	d, without := bumps(8), bumps(8)
	gamma := make([]float64, len(d.Partials))
	for i := range gamma {
		if gamma[i] = 1; i%3 == 1 {
			gamma[i], without.Partials[i] = 0, math.NaN()
		}
	}
	one, _ := fit(t, Task{Data: d, Weights: Weights{Gamma: gamma}}, Options{})
	two, _ := fit(t, Task{Data: without}, Options{})
	require.Equal(t, one.Predict(nil, d.Point(0)), two.Predict(nil, d.Point(0)))
}

// Weights tell which of two contradicting samples to believe.
func TestWeights(t *testing.T) {
	d := sbo.Data{NX: 1, NY: 1, X: []float64{0, 0.5, 0.5, 1}, Y: []float64{0, 1, 2, 0}}
	m, _ := fit(t, Task{Data: d, Weights: Weights{Beta: []float64{1, 1000, 1, 1}}}, Options{})
	require.InDelta(t, 1, m.Predict(nil, []float64{0.5})[0], 0.02)
	m, s := fit(t, Task{Data: d, Weights: Weights{Beta: []float64{1, 0, 1, 1}}}, Options{})
	require.InDelta(t, 2, m.Predict(nil, []float64{0.5})[0], 0.02)
	require.Equal(t, 3, s.Responses[0].Samples)
}

func TestSameSeedSameModel(t *testing.T) {
	d := sbo.NewData(3, 2, 8)
	copy(d.X, bumps(8).X)
	for i := range 8 {
		d.Responses(i)[0], d.Responses(i)[1] = bumps(8).Y[i], d.Point(i)[0]
		copy(d.PartialsOf(i), bumps(8).PartialsOf(i))
	}
	one, _ := fit(t, Task{Data: d}, Options{Restarts: 6, Workers: 1})
	two, _ := fit(t, Task{Data: d}, Options{Restarts: 6, Workers: 2})
	require.Equal(t, saved(t, one), saved(t, two))
}

// A warm start goes on from the hyperparameters of earlier samples.
func TestWarmStart(t *testing.T) {
	p := problems.Branin()
	d, test := draw(t, p, 16, 1), draw(t, p, 200, 2)
	cold, _ := fit(t, Task{Data: d, Problem: p.Problem}, Options{})
	before, _ := fit(t, Task{Data: d.Subset([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}), Problem: p.Problem}, Options{})
	warm, _ := fit(t, Task{Data: d, Problem: p.Problem, Start: before}, Options{})
	require.Less(t, nrmse(warm, test), 4*nrmse(cold, test)+1e-3)
	require.Greater(t, warm.LogEvidence(0), cold.LogEvidence(0)-10)
}

// Too many samples are thinned out to a well-spread subset.
func TestTooManySamples(t *testing.T) {
	m, s := fit(t, Task{Data: bumps(40)}, Options{Numbers: 50})
	require.Equal(t, 12, s.Responses[0].Samples)
	require.Equal(t, 28, s.Responses[0].LeftOut)
	require.Equal(t, 28, m.summary().Responses[0].LeftOut)
	predicted, _ := m.LeaveOneOut()
	require.True(t, predicted.Failed(0) || predicted.Failed(1) || predicted.Failed(2))
}

func TestDegenerateData(t *testing.T) {
	twice := func(d sbo.Data) sbo.Data { return d.Subset(append(indices(d.Len()), indices(d.Len())...)) }
	constant := sbo.Data{NX: 2, NY: 1, X: []float64{0, 0, 1, 0, 0, 1, 1, 1}, Y: []float64{7, 7, 7, 7}}
	plane := sbo.Data{NX: 2, NY: 1, X: constant.X, Y: []float64{0, 1, 2, 3}, Partials: []float64{1, 2, 1, 2, 1, 2, 1, 2}}
	for name, c := range map[string]struct {
		data sbo.Data
		at   []float64
		want float64
	}{
		"one value":       {sbo.Data{NX: 2, NY: 1, X: []float64{1, 2}, Y: []float64{3}}, []float64{1, 2}, 3},
		"one sample":      {sbo.Data{NX: 2, NY: 1, X: []float64{1, 2}, Y: []float64{3}, Partials: []float64{1, -1}}, []float64{1, 2}, 3},
		"constant":        {constant, []float64{0.5, 0.3}, 7},
		"duplicates":      {twice(twice(plane)), []float64{0, 1}, 2},
		"plane":           {plane, []float64{0.5, 0.5}, 1.5},
		"constant column": {sbo.Data{NX: 2, NY: 1, X: []float64{0, 5, 1, 5, 2, 5}, Y: []float64{0, 1, 2}}, []float64{1, 5}, 1},
	} {
		for _, scale := range []float64{1, 1e8, 1e-8} {
			t.Run(name, func(t *testing.T) {
				d := c.data.Subset(indices(c.data.Len()))
				x := make([]float64, d.NX)
				for j := range x {
					x[j] = c.at[j] / scale
				}
				for i := range d.X {
					d.X[i] /= scale
				}
				for i := range d.Y {
					d.Y[i] *= scale
				}
				for i := range d.Partials {
					d.Partials[i] *= scale * scale
				}
				m, s := fit(t, Task{Data: d}, Options{})
				require.InDelta(t, c.want, m.Predict(nil, x)[0]/scale, 2e-3)
				require.False(t, math.IsNaN(m.PredictStd(nil, x)[0]) || math.IsNaN(s.Responses[0].LogEvidence))
				require.False(t, math.IsNaN(m.PredictPartialsStd(nil, x)[0]))
			})
		}
	}
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestFaultyTasks(t *testing.T) {
	ctx, rng := context.Background(), sbo.Rand(1, "fit")
	d := bumps(4)
	for want, c := range map[string]struct {
		change func(*Task)
		o      Options
	}{
		"no sample has a known number":          {change: func(t *Task) { t.Data.Forget(0); t.Data = t.Data.Subset([]int{0}) }},
		"with 12, 3 and 12 numbers":             {change: func(t *Task) { t.Data.Y = t.Data.Y[:3] }},
		"1 weights beta for 4 responses":        {change: func(t *Task) { t.Weights.Beta = []float64{1} }},
		"1 weights gamma for 12 partials":       {change: func(t *Task) { t.Weights.Gamma = []float64{1} }},
		"a weight of -1":                        {change: func(t *Task) { t.Weights.Beta = []float64{1, 1, 1, -1} }},
		"a start of 1 inputs and 2":             {change: func(task *Task) { task.Start = small(t) }},
		"a problem of 2 variables":              {change: func(t *Task) { t.Problem = problems.Branin().Problem }},
		"sample 2 has input 1 = NaN":            {change: func(t *Task) { t.Data.X[3] = math.NaN() }},
		"sample 1 has an infinite response":     {change: func(t *Task) { t.Data.Partials[1] = math.Inf(1) }},
		`kernel: there is no "linear"`:          {o: Options{Kernel: "linear"}},
		"restarts: -1 is negative":              {o: Options{Restarts: -1}},
		"iterations: -1 is negative\nnumbers: ": {o: Options{Iterations: -1, Numbers: -1}},
	} {
		task := Task{Data: d.Subset(indices(d.Len()))}
		if c.change != nil {
			c.change(&task)
		}
		_, _, err := Fit(ctx, task, rng, c.o)
		require.ErrorContains(t, err, want)
	}
	_, _, err := Fit(canceled(ctx), Task{Data: d}, rng, Options{})
	require.ErrorIs(t, err, context.Canceled)
}
