package surrogate

import (
	"bytes"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// wavy is a smooth function of two variables with its partials.
func wavy(dydx, x []float64) float64 {
	dydx[0], dydx[1] = math.Cos(x[0])+0.3*x[1], 0.3*x[0]-0.6*x[1]
	return math.Sin(x[0]) + 0.3*x[0]*x[1] - 0.3*x[1]*x[1]
}

// The variance is g' (J'J + prior)^-1 g / noise + 1/noise, here with all derivatives by
// differences and the inverse by another library.
func TestVarianceAgainstDifferences(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 2, 12, wavy)
	m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Hidden: []int{3}, Activation: Tanh, Restarts: 1, Ensemble: 1})
	require.NoError(t, err)
	f := m.answers[0].members[0]
	f.evidence = newEvidence(f.network, nil) // hyperparameters that make H well-conditioned
	f.evidence.Noise = 1e4
	e, s := f.evidence, f.scaling
	p := len(f.network.Parameters)
	// predictions returns the scaled value and partials at a point for some parameters.
	predictions := func(parameters, x []float64) []float64 {
		n := f.network
		n.Parameters = parameters
		one := newJENN(Facts{}, alone(newFitted(n, s, nil)))
		y, dydx := one.Predict(nil, x)[0], one.PredictPartials(nil, x)
		return []float64{(y - s.MeanY[0]) / s.StdY[0], dydx[0] * s.StdX[0] / s.StdY[0], dydx[1] * s.StdX[1] / s.StdY[0]}
	}
	gradients := func(x []float64) *mat.Dense { // of each prediction, by the parameters
		g := mat.NewDense(3, p, nil)
		for i := range p {
			const h = 1e-5
			shifted := append([]float64(nil), f.network.Parameters...)
			shifted[i] += h
			up := predictions(shifted, x)
			shifted[i] -= 2 * h
			for r, down := range predictions(shifted, x) {
				g.Set(r, i, (up[r]-down)/(2*h))
			}
		}
		return g
	}
	h := mat.NewSymDense(p, nil)
	for i := range p {
		h.SetSym(i, i, e.prior(i))
	}
	for i := range d.Len() {
		g := gradients(d.Point(i))
		for r := range 3 {
			h.SymRankOne(h, 1, g.RowView(r))
		}
	}
	var c mat.Cholesky
	require.True(t, c.Factorize(h))
	x := []float64{0.7, -1.1}
	g := gradients(x)
	want := make([]float64, 3)
	for r := range want {
		var solved mat.VecDense
		require.NoError(t, c.SolveVecTo(&solved, g.RowView(r)))
		want[r] = math.Sqrt((mat.Dot(g.RowView(r), &solved) + 1) / e.Noise)
	}
	k := m.answers[0].calibrated()
	require.InEpsilon(t, want[0]*s.StdY[0]*k.Values, m.PredictStd(nil, x)[0], 1e-3)
	partials := m.PredictPartialsStd(nil, x)
	require.InEpsilon(t, want[1]*s.StdY[0]/s.StdX[0]*k.Partials, partials[0], 1e-3)
	require.InEpsilon(t, want[2]*s.StdY[0]/s.StdX[1]*k.Partials, partials[1], 1e-3)
}

// Members that disagree make an ensemble uncertain: here three known ones.
func TestSpreadOfAnEnsemble(t *testing.T) {
	constant := func(v, weight float64) *fitted {
		n := NewNetwork([]int{1, 1, 1}, Tanh)
		n.Parameters[3] = v
		f := newFitted(n, Scaling{MeanX: []float64{0}, StdX: []float64{1}, MeanY: []float64{0}, StdY: []float64{2}}, newEvidence(n, nil))
		f.weight = weight
		f.evidence.Noise = 1e12
		fill(f.evidence.Precisions, 1e12) // nothing is left open
		return f
	}
	a := &answer{members: []*fitted{constant(1, 0.5), constant(2, 0.25), constant(4, 0.25)}}
	a.samples = trainingSet{m: 1, nx: 1, ny: 1, x: []float64{0}, y: []float64{0}, beta: []float64{1}}
	m := newJENN(Facts{}, a)
	require.InDelta(t, 2*2, m.Predict(nil, []float64{3})[0], 1e-12)
	// Weighted squares about the mean of 2: 0.5*1 + 0 + 0.25*4 = 1.5, in units of 2.
	require.InDelta(t, 2*math.Sqrt(1.5), m.PredictStd(nil, []float64{3})[0], 1e-4)
	lower, upper := m.PredictInterval(nil, nil, []float64{3}, 0.9)
	require.InDelta(t, 4-1.6448536*2*math.Sqrt(1.5), lower[0], 1e-3)
	require.InDelta(t, 4+1.6448536*2*math.Sqrt(1.5), upper[0], 1e-3)
	require.Panics(t, func() { m.PredictInterval(nil, nil, []float64{3}, 90) })
}

// Nine intervals out of ten hold the truth, within reason, on functions and numbers of
// samples that the calibration was not made with, noisy ones included.
func TestCoverage(t *testing.T) {
	covered, total := 0, 0
	for seed := range uint64(4) {
		for _, noise := range []float64{0, 0.1} {
			rng := sbo.Rand(seed, "coverage")
			noisy := func(dydx, x []float64) float64 {
				y := wavy(dydx, x)
				return y + noise*rng.NormFloat64()
			}
			d, test := sampled(rng, 2, 14, noisy), sampled(rng, 2, 100, noisy)
			if noise > 0 {
				d = withoutPartials(sampled(rng, 2, 40, noisy))
			}
			m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(seed, "fit"), Options{Restarts: 3, Workers: 2})
			require.NoError(t, err)
			for i := range test.Len() {
				lower, upper := m.PredictInterval(nil, nil, test.Point(i), 0.9)
				if total++; lower[0] <= test.Y[i] && test.Y[i] <= upper[0] {
					covered++
				}
			}
		}
	}
	require.InDelta(t, 0.9, float64(covered)/float64(total), 0.1)
}

func TestUncertaintyGrowsAwayFromTheSamples(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 2, 20, wavy)
	m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Restarts: 2})
	require.NoError(t, err)
	at, far := m.PredictStd(nil, d.Point(7))[0], m.PredictStd(nil, []float64{9, -9})[0]
	require.Less(t, at, 0.01)
	require.Greater(t, far, 10*at)
	near := m.Trust(d.Point(7))
	require.Equal(t, 7, near.Nearest)
	require.InDelta(t, 0, near.Distance, 1e-9)
	require.Greater(t, near.Score[0], 0.999)
	lost := m.Trust([]float64{900, -900})
	require.Greater(t, lost.Distance, 100.)
	require.Less(t, lost.Score[0], 0.1)
}

func TestSavedModelIsAsUncertain(t *testing.T) {
	d := twoResponses(12)
	d.PartialsOf(3)[1] = math.NaN()
	m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Restarts: 1, Iterations: 60})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	again, err := Load(&file)
	require.NoError(t, err)
	x := []float64{0.3, -0.4}
	require.Equal(t, m.PredictStd(nil, x), again.PredictStd(nil, x))
	require.Equal(t, m.PredictPartialsStd(nil, x), again.PredictPartialsStd(nil, x))
	require.Equal(t, m.Trust(x), again.Trust(x))
}

// A model that can't know how uncertain it is says so.
func TestUncertaintyIsNotKnown(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 12)
	m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), quick(ADAM))
	require.NoError(t, err)
	x := []float64{0, 0}
	require.True(t, math.IsNaN(m.PredictStd(nil, x)[0]))
	require.True(t, math.IsNaN(m.PredictPartialsStd(nil, x)[1]))
	require.True(t, math.IsNaN(m.Trust(x).Score[0]))
	require.Equal(t, -1, randomModel(sbo.Rand(2, "no samples"), Tanh, 2, 3, 1).Trust(x).Nearest)
}
