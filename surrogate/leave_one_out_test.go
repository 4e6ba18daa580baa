package surrogate

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// ripple is smooth, with values and partials of about 1.
func ripple(dydx, x []float64) float64 {
	dydx[0], dydx[1] = math.Cos(x[0])*x[1], math.Sin(x[0])+x[1]
	return math.Sin(x[0])*x[1] + x[1]*x[1]/2
}

// without one sample.
func butSample(set trainingSet, i int) trainingSet {
	return set.batch(slices.DeleteFunc(indices(set.m), func(k int) bool { return k == i }))
}

// residualsOf returns what sample i of the set holds less what the network predicts.
func residualsOf(n Network, set trainingSet, i int) []float64 {
	m := newResidualModel(n, set.batch([]int{i}))
	r := make([]float64, m.n)
	m.at(n.Parameters, r, nil)
	for k, p := range m.set.places() {
		r[k] /= -math.Sqrt(p.weight)
	}
	return r
}

// A network without hidden layers is linear in its parameters, and what leaving out
// gives is exact: it is what a least-squares solver finds without the sample. With 9
// parameters, 4 samples are interpolated up to the prior, of which nothing but
// rounding would be left in I - H.
func TestLeaveOneOutIsExactForLinearModels(t *testing.T) {
	for name, c := range map[string]struct {
		samples  int
		partials bool
		prior    float64
	}{
		"overdetermined":   {samples: 30, prior: 1e-3},
		"with partials":    {samples: 12, partials: true, prior: 1e-2},
		"interpolating":    {samples: 4, prior: 1e-6},
		"nearly exactly":   {samples: 4, prior: 1e-12},
		"as many as there": {samples: 9, prior: 1e-8},
	} {
		t.Run(name, func(t *testing.T) {
			rng := sbo.Rand(1, name)
			d := sampled(rng, 8, c.samples, func(dydx, x []float64) float64 {
				y := 0.0
				for j, v := range x {
					y += float64(j) * v * v
					dydx[j] = 2 * float64(j) * v
				}
				return y + 0.1*rng.NormFloat64()
			})
			w := Weights{Beta: make([]float64, c.samples)}
			for i := range w.Beta {
				w.Beta[i] = 0.5 + rng.Float64()
			}
			d.Partials[3] = math.NaN()
			if !c.partials {
				d.Partials = nil
			}
			set := newTrainingSet(d, w, newScaling(d))
			n := NewNetwork([]int{8, 1}, Tanh)
			e := newEvidence(n, nil)
			e.Noise = 100
			fill(e.Precisions, e.Noise*c.prior)
			n.Parameters = ridge(n, e, set)
			got, err := leaveOneOut(t.Context(), n, e, set)
			require.NoError(t, err)
			next := 0
			for i := range set.m {
				want := residualsOf(Network{n.Sizes, n.Hidden, ridge(n, e, butSample(set, i))}, set, i)
				for _, v := range want {
					require.InDelta(t, v, got.residual[next], 1e-5*(1+math.Abs(v)), "sample %d", i)
					require.Equal(t, i, got.places[next].sample)
					require.Positive(t, got.std[next])
					next++
				}
			}
			require.Len(t, got.residual, next)
		})
	}
}

// ridge returns the parameters of a linear network by a QR factorization.
func ridge(n Network, e *evidence, set trainingSet) []float64 {
	m := newResidualModel(n, set)
	p := len(n.Parameters)
	a := newMatrix(m.n+p, p)
	zero := make([]float64, p)
	r := make([]float64, m.n+p)
	m.at(zero, r[:m.n], &a)
	for i := range p {
		a.Data[(m.n+i)*p+i] = math.Sqrt(e.prior(i))
	}
	var qr mat.QR
	qr.Factorize(mat.NewDense(a.Rows, a.Cols, a.Data))
	var x mat.VecDense
	if err := qr.SolveVecTo(&x, false, mat.NewVecDense(len(r), r)); err != nil {
		panic(err)
	}
	for i := range zero {
		zero[i] = -x.AtVec(i)
	}
	return zero
}

// What the standard deviations of leave-one-out residuals say is right for noise and
// parameters that are as the model assumes: the squares of the ratios average 1.
func TestLeaveOneOutKnowsItsErrors(t *testing.T) {
	rng := sbo.Rand(1, "noise")
	d := sampled(rng, 3, 400, func(dydx, x []float64) float64 {
		clear(dydx)
		return x[0] - x[1] + 0.2*rng.NormFloat64()
	})
	set := newTrainingSet(withoutPartials(d), Weights{}, newScaling(d))
	n := NewNetwork([]int{3, 1}, Tanh)
	e := newEvidence(n, nil)
	e.Noise = math.Pow(newScaling(d).StdY[0]/0.2, 2)
	n.Parameters = ridge(n, e, set)
	got, err := leaveOneOut(t.Context(), n, e, set)
	require.NoError(t, err)
	squares := 0.0
	for i, v := range got.residual {
		squares += v * v / (got.std[i] * got.std[i]) / float64(len(got.residual))
	}
	require.InDelta(t, 1, squares, 0.15)
}

// Networks bend when a sample is left out; the linearization still tells how large the
// errors are that training on without the sample gives.
func TestLeaveOneOutAgreesWithRefits(t *testing.T) {
	rng := sbo.Rand(1, "data")
	d := sampled(rng, 2, 40, func(dydx, x []float64) float64 { return ripple(dydx, x) + 0.02*rng.NormFloat64() })
	m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(4, "fit"), Options{Hidden: []int{6}, Restarts: 3, Ensemble: 1})
	require.NoError(t, err)
	f := m.answers[0].members[0]
	set := newTrainingSet(d, Weights{}, f.scaling)
	got, err := leaveOneOut(t.Context(), f.network, f.evidence, set)
	require.NoError(t, err)
	next := 0
	var ratios []float64
	truth, squares := 0.0, 0.0
	for i := range set.m {
		r := &runs{ctx: t.Context(), train: butSample(set, i), o: Options{Iterations: 200}}
		lm := newLevenberg(newTraining(r, 0, f.network), f.evidence)
		lm.fixed = true
		lm.run(200)
		for _, v := range residualsOf(lm.state(), set, i) {
			ratios = append(ratios, math.Abs(math.Log(math.Abs(got.residual[next]/v))))
			truth, squares = truth+v*v, squares+got.residual[next]*got.residual[next]
			next++
		}
	}
	require.Less(t, median(ratios), 0.2)
	require.InDelta(t, 1, math.Sqrt(squares/truth), 0.3)
}

func TestLeaveOneOutStopsWithItsContext(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 10)
	n := NewNetwork([]int{2, 3, 1}, Tanh)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := leaveOneOut(ctx, n, newEvidence(n, nil), newTrainingSet(d, Weights{}, newScaling(d)))
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, leaveOneOutFits(1000, 300))
	require.False(t, leaveOneOutFits(10000, 1000))
}
