package surrogate

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// twoResponses samples a sine and a far larger polynomial, with partials.
func twoResponses(n int) sbo.Data {
	rng := sbo.Rand(7, "points")
	d := sbo.NewData(2, 2, n)
	for i := range n {
		x, y, dydx := d.Point(i), d.Responses(i), d.PartialsOf(i)
		x[0], x[1] = 2*rng.Float64()-1, 2*rng.Float64()-1
		y[0], dydx[0], dydx[1] = math.Sin(3*x[0])+x[1], 3*math.Cos(3*x[0]), 1
		y[1], dydx[2], dydx[3] = 1e5+1e3*x[0]*x[1], 1e3*x[1], 1e3*x[0]
	}
	return d
}

// A network for each response learns what it would learn alone.
func TestSeparateNetworks(t *testing.T) {
	d := twoResponses(15)
	fit := func(workers int) *JENN {
		m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Workers: workers, Iterations: 100, Restarts: 2})
		require.NoError(t, err)
		require.Len(t, s.Parts, 2)
		require.Equal(t, s.Parts[0].Parameters+s.Parts[1].Parameters, s.Parameters)
		require.InDelta(t, s.Parts[0].Cost.Total()+s.Parts[1].Cost.Total(), s.Cost.Total(), 1e-15)
		return m
	}
	m := fit(1)
	require.Len(t, m.answers, 2)
	test := twoResponses(60)
	for k, a := range Assess(m, test).Values {
		require.Greater(t, a.R2, 0.9999, "response %d", k)
	}
	x := []float64{0.3, -0.4}
	for _, workers := range []int{2, 3, 8} {
		require.Equal(t, m.Predict(nil, x), fit(workers).Predict(nil, x))
	}

	t.Run("derivatives belong to their responses", func(t *testing.T) {
		const h = 1e-5
		dydx := m.PredictPartials(nil, x)
		for k := range 2 {
			hessian := m.Hessian(nil, x, k)
			for j := range 2 {
				up, down := []float64{x[0], x[1]}, []float64{x[0], x[1]}
				up[j] += h
				down[j] -= h
				size := max(1, math.Abs(dydx[k*2+j]))
				require.InDelta(t, (m.Predict(nil, up)[k]-m.Predict(nil, down)[k])/(2*h), dydx[k*2+j], 1e-5*size)
				for i := range 2 {
					require.InDelta(t, (m.PredictPartials(nil, up)[k*2+i]-m.PredictPartials(nil, down)[k*2+i])/(2*h), hessian[i*2+j], 1e-4*max(1, math.Abs(hessian[i*2+j])))
				}
			}
		}
	})
	t.Run("saved and loaded", func(t *testing.T) {
		var file bytes.Buffer
		require.NoError(t, m.Save(&file))
		again, err := Load(&file)
		require.NoError(t, err)
		require.Equal(t, m.Predict(nil, x), again.Predict(nil, x))
		require.Equal(t, m.PredictPartials(nil, x), again.PredictPartials(nil, x))
		require.ErrorContains(t, m.SaveJENN(&file), "fit with the option shared")
	})
	t.Run("warm start", func(t *testing.T) {
		more := d.Append(twoResponses(20).Subset([]int{15, 16, 17, 18, 19}))
		warm, _, err := Fit(t.Context(), Task{Data: more, Start: m}, sbo.Rand(2, "fit"), Options{Iterations: 10, Shared: true})
		require.NoError(t, err)
		require.Len(t, warm.answers, 2, "a warm start keeps its networks")
		require.Equal(t, m.answers[1].members[0].network.Sizes, warm.answers[1].members[0].network.Sizes)
	})
}

// A response that is missing at some samples costs the others nothing.
func TestSeparateNetworksWithMissingResponses(t *testing.T) {
	d := twoResponses(20)
	for i := range 5 {
		d.Responses(i)[1] = math.NaN()
		for j := range 2 {
			d.PartialsOf(i)[2+j] = math.NaN()
		}
	}
	m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Iterations: 100, Restarts: 2})
	require.NoError(t, err)
	require.Equal(t, 20, s.Parts[0].Samples)
	require.Equal(t, 15, s.Parts[1].Samples)
	for _, a := range Assess(m, twoResponses(60)).Values {
		require.Greater(t, a.R2, 0.9999)
	}
	for i := range d.Len() {
		d.Responses(i)[1] = math.NaN()
		for j := range 2 {
			d.PartialsOf(i)[2+j] = math.NaN()
		}
	}
	_, _, err = Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{})
	require.ErrorIs(t, err, ErrNoData)
	require.ErrorContains(t, err, "response 2")
}

func TestSharedNetwork(t *testing.T) {
	m, s, err := Fit(t.Context(), Task{Data: twoResponses(20)}, sbo.Rand(1, "fit"), Options{Shared: true, Iterations: 50, Restarts: 2, Ensemble: 1, Activation: Tanh})
	require.NoError(t, err)
	require.Nil(t, s.Parts)
	require.Len(t, m.Networks(), 1)
	require.Equal(t, 2, m.Networks()[0].ny())
	var file bytes.Buffer
	require.NoError(t, m.SaveJENN(&file))
}
