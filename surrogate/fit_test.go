package surrogate

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// sampled returns m random samples in [-2, 2]^nx of a function with one response.
func sampled(rng *rand.Rand, nx, m int, f func(dydx, x []float64) float64) sbo.Data {
	d := sbo.NewData(nx, 1, m)
	for i := range m {
		for j := range nx {
			d.Point(i)[j] = 4*rng.Float64() - 2
		}
		d.Y[i] = f(d.PartialsOf(i), d.Point(i))
	}
	return d
}

func rosenbrock(dydx, x []float64) float64 {
	a, b := 1-x[0], x[1]-x[0]*x[0]
	dydx[0], dydx[1] = -2*a-400*b*x[0], 200*b
	return a*a + 100*b*b
}

func rosenbrockData(rng *rand.Rand, m int) sbo.Data { return sampled(rng, 2, m, rosenbrock) }

func withoutPartials(d sbo.Data) sbo.Data {
	d.Partials = nil
	return d
}

// quick are options for tests that need a network, not a good one.
func quick(t Trainer) Options {
	return Options{Trainer: t, Hidden: []int{6}, Activation: Tanh, Restarts: 2, Iterations: 40, LearningRate: 0.05}
}

func TestWarmStartKeepsArchitectureAndScaling(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 12)
	for _, trainer := range Trainers() {
		first, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), quick(trainer))
		require.NoError(t, err)
		other := rosenbrockData(sbo.Rand(2, "more"), 3)
		other.X[0] = 17 // would change any scaling
		o := quick(trainer)
		o.Hidden, o.Activation, o.Iterations = []int{3, 3}, Swish, 20
		second, s, err := Fit(t.Context(), Task{Data: d.Append(other), Start: first}, nilUnlessADAM(trainer), o)
		require.NoError(t, err)
		require.Equal(t, first.Scalings()[0], second.Scalings()[0])
		require.Equal(t, first.Networks()[0].Sizes, second.Networks()[0].Sizes)
		require.Equal(t, Tanh, second.Networks()[0].Hidden)
		require.Equal(t, len(first.Networks()), s.Networks)
		require.NotEqual(t, first.Networks()[0].Parameters, second.Networks()[0].Parameters, "it did learn")
	}
	first, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), quick(LBFGS))
	require.NoError(t, err)
	_, _, err = Fit(t.Context(), Task{Data: sampled(sbo.Rand(1, "data"), 1, 5, sine), Start: first}, nil, Options{})
	require.EqualError(t, err, "surrogate: a start of 2 inputs and 1 outputs for data of 1 and 1")
}

// nilUnlessADAM shows that a warm start needs no random numbers but for batches.
func nilUnlessADAM(t Trainer) *rand.Rand {
	if t == ADAM {
		return sbo.Rand(1, "batches")
	}
	return nil
}

// A warm start at a minimum goes nowhere, and says what it is worth.
func TestWarmStartAtTheMinimum(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 1, 5, func(dydx, x []float64) float64 { dydx[0] = 2; return 2 * x[0] })
	o := Options{Trainer: LBFGS, Activation: Linear, Hidden: []int{1}, Lambda: new(0.0)}
	first, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), o)
	require.NoError(t, err)
	second, s, err := Fit(t.Context(), Task{Data: d, Start: first}, nil, o)
	require.NoError(t, err)
	require.Less(t, s.Cost.Total(), 1e-12)
	require.Equal(t, Converged, s.Status)
	require.InDelta(t, 2, second.PredictPartials(nil, []float64{0.3})[0], 1e-5)
}

func sine(dydx, x []float64) float64 {
	dydx[0] = 3 * math.Cos(3*x[0])
	return math.Sin(3 * x[0])
}

func TestFitErrors(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 4)
	change := func(f func(d *sbo.Data)) sbo.Data {
		c := d.Subset([]int{0, 1, 2, 3})
		f(&c)
		return c
	}
	for name, c := range map[string]struct {
		task Task
		o    Options
		want string
	}{
		"no samples":    {Task{Data: sbo.NewData(2, 1, 0)}, Options{}, ErrNoData.Error()},
		"zero data":     {Task{}, Options{}, ErrNoData.Error()},
		"all failed":    {Task{Data: sbo.NewData(2, 1, 5)}, Options{}, ErrNoData.Error()},
		"zero weights":  {Task{Data: d, Weights: Weights{Beta: make([]float64, 4), Gamma: make([]float64, 8)}}, Options{}, ErrNoData.Error()},
		"beta":          {Task{Data: d, Weights: Weights{Beta: []float64{1}}}, Options{}, "surrogate: 1 weights beta for 4 responses"},
		"gamma":         {Task{Data: d, Weights: Weights{Gamma: []float64{1}}}, Options{}, "surrogate: 1 weights gamma for 8 partials"},
		"negative":      {Task{Data: d, Weights: Weights{Beta: []float64{1, 1, 1, -1}}}, Options{}, "a weight of -1"},
		"NaN weight":    {Task{Data: d, Weights: Weights{Beta: []float64{1, 1, 1, math.NaN()}}}, Options{}, "a weight of NaN"},
		"NaN input":     {Task{Data: change(func(d *sbo.Data) { d.X[3] = math.NaN() })}, Options{}, "surrogate: sample 2 has input 2 = NaN"},
		"Inf response":  {Task{Data: change(func(d *sbo.Data) { d.Y[2] = math.Inf(1) })}, Options{}, "sample 3 has an infinite response or partial"},
		"Inf partial":   {Task{Data: change(func(d *sbo.Data) { d.Partials[7] = math.Inf(-1) })}, Options{}, "sample 4 has an infinite"},
		"short":         {Task{Data: change(func(d *sbo.Data) { d.Y = d.Y[1:] })}, Options{}, "data of 2 inputs and 1 responses with 8, 3 and 8 numbers"},
		"short partial": {Task{Data: change(func(d *sbo.Data) { d.Partials = d.Partials[1:] })}, Options{}, "8, 4 and 7 numbers"},
		"options": {
			Task{Data: d},
			Options{Hidden: []int{0}, Activation: "sinus", Trainer: "sgd", Lambda: new(math.NaN()), Validation: 1, LearningRate: -1, Restarts: -1, Iterations: -2, Patience: -3, Batch: -4},
			"surrogate: hidden: a layer of 0 neurons; it needs 1 to 65536\n" +
				"activation: unknown activation \"sinus\"; choose one of tanh, sigmoid, swish, gelu, softplus, sine, relu, linear\n" +
				"trainer: unknown trainer \"sgd\"; choose one of [lm gncg lbfgs adam]\n" +
				"lambda: NaN is not a finite number of at least 0\n" +
				"validation: 1 is not a fraction of at least 0 and below 1\n" +
				"learning_rate: -1 is not a finite number of at least 0\n" +
				"restarts: -1 is negative\niterations: -2 is negative\npatience: -3 is negative\nbatch: -4 is negative",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m, _, err := Fit(t.Context(), c.task, sbo.Rand(1, "fit"), c.o)
			require.ErrorContains(t, err, c.want)
			require.Nil(t, m)
		})
	}
}

// Failed samples, also with unknown inputs, are as if they were not there.
func TestFailedSamplesAreSkipped(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 10)
	w := Weights{Beta: make([]float64, 10), Gamma: make([]float64, 20)}
	for i := range w.Gamma {
		w.Beta[i/2], w.Gamma[i] = 1+float64(i/2), 1+float64(i)
	}
	keep := []int{0, 2, 3, 5, 6, 7, 9}
	for _, trainer := range Trainers() {
		want, _, err := Fit(t.Context(), Task{Data: d.Subset(keep), Weights: w.subset(d, keep)}, sbo.Rand(1, "fit"), quick(trainer))
		require.NoError(t, err)
		holes := d.Subset([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
		for _, i := range []int{1, 4, 8} {
			holes.Forget(i)
		}
		holes.X[2] = math.NaN()
		got, _, err := Fit(t.Context(), Task{Data: holes, Weights: w}, sbo.Rand(1, "fit"), quick(trainer))
		require.NoError(t, err)
		require.Equal(t, want.Networks()[0], got.Networks()[0])
	}
}

// One response known here, the other there; a few partials: all of it is used,
// and nothing breaks.
func TestLearnsFromWhatIsKnown(t *testing.T) {
	d := sbo.NewData(1, 2, 24)
	for i := range 24 {
		x := -2 + 4*float64(i)/23
		d.X[i] = x
		k := i % 2
		d.Y[2*i+k] = []float64{math.Sin(x), math.Cos(x)}[k]
		if i%3 == 0 {
			d.Partials[d.Partial(i, k, 0)] = []float64{math.Cos(x), -math.Sin(x)}[k]
		}
	}
	m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Hidden: []int{6}})
	require.NoError(t, err)
	require.Equal(t, LM, s.Trainer)
	for _, x := range []float64{-1.7, -0.4, 0.3, 1.2, 1.9} {
		y := m.Predict(nil, []float64{x})
		require.InDelta(t, math.Sin(x), y[0], 1e-2)
		require.InDelta(t, math.Cos(x), y[1], 1e-2)
	}
	require.Equal(t, 8, m.Facts.Partials)
}

func TestDegenerateData(t *testing.T) {
	constant := rosenbrockData(sbo.Rand(1, "data"), 6)
	for i := range 6 {
		constant.X[2*i+1], constant.Y[i], constant.Partials[2*i], constant.Partials[2*i+1] = 5, 3, 0, 0
	}
	for name, d := range map[string]sbo.Data{
		"constant":      constant,
		"one sample":    rosenbrockData(sbo.Rand(1, "data"), 1),
		"one value":     withoutPartials(rosenbrockData(sbo.Rand(1, "data"), 1)),
		"huge":          scaledResponses(1e200),
		"tiny":          scaledResponses(1e-200),
		"twice a point": rosenbrockData(sbo.Rand(1, "data"), 4).Append(rosenbrockData(sbo.Rand(1, "data"), 4)),
	} {
		for _, trainer := range Trainers() {
			t.Run(name+"/"+string(trainer), func(t *testing.T) {
				m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), quick(trainer))
				require.NoError(t, err)
				for i := range d.Len() {
					y := m.Predict(nil, d.Point(i))[0]
					require.False(t, math.IsNaN(y) || math.IsInf(y, 0))
					for _, v := range m.PredictPartials(nil, d.Point(i)) {
						require.False(t, math.IsNaN(v) || math.IsInf(v, 0))
					}
				}
				if name == "constant" {
					require.InDelta(t, 3, m.Predict(nil, d.Point(0))[0], 0.2)
				}
			})
		}
	}
}

func scaledResponses(by float64) sbo.Data {
	d := rosenbrockData(sbo.Rand(1, "data"), 6)
	for i := range d.Y {
		d.Y[i] *= by
	}
	for i := range d.Partials {
		d.Partials[i] *= by
	}
	return d
}

func TestStatusReadsAsASentence(t *testing.T) {
	for _, s := range []Status{0, Converged, IterationLimit, EarlyStop} {
		require.Regexp(t, `^[A-Z].*\.$`, s.String())
	}
}

// A network says the same in whatever units it thinks.
func TestRescaledNetworkPredictsTheSame(t *testing.T) {
	rng := sbo.Rand(1, "rescaled")
	m := randomModel(rng, Tanh, 2, 5, 3, 2)
	f := m.answers[0].members[0]
	to := Scaling{MeanX: []float64{3, -1}, StdX: []float64{0.2, 7}, MeanY: []float64{-5, 0}, StdY: []float64{11, 0.3}}
	other := newJENN(Facts{}, alone(newFitted(f.network.rescaled(f.scaling, to), to, nil)))
	for range 10 {
		x := []float64{rng.NormFloat64(), rng.NormFloat64()}
		require.InDeltaSlice(t, m.Predict(nil, x), other.Predict(nil, x), 1e-12)
		require.InDeltaSlice(t, m.PredictPartials(nil, x), other.PredictPartials(nil, x), 1e-12)
	}
}

// What a model has learned is not lost when its networks compete with new ones that
// have little time.
func TestRivalMayWin(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 16)
	test := rosenbrockData(sbo.Rand(2, "test"), 200)
	rival, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Restarts: 8, Workers: 2})
	require.NoError(t, err)
	more := d.Append(rosenbrockData(sbo.Rand(3, "more"), 2))
	hurried := Options{Restarts: 1, Iterations: 25, Hidden: []int{5}, Activation: Tanh}
	alone, _, err := Fit(t.Context(), Task{Data: more}, sbo.Rand(1, "fit"), hurried)
	require.NoError(t, err)
	both, _, err := Fit(t.Context(), Task{Data: more, Rival: rival}, sbo.Rand(1, "fit"), hurried)
	require.NoError(t, err)
	require.Less(t, Assess(both, test).Values[0].NRMSE, Assess(alone, test).Values[0].NRMSE/3)
}
