package surrogate

import (
	"bytes"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// damped is exp(-x/5) sin x on [0, 2 pi] with its slope, at n even points.
func damped(n int) sbo.Data {
	d := sbo.NewData(1, 1, n)
	for i := range n {
		x := 2 * math.Pi * (float64(i) + 0.5) / float64(n)
		d.X[i], d.Y[i] = x, math.Exp(-x/5)*math.Sin(x)
		d.Partials[i] = math.Exp(-x/5) * (math.Cos(x) - math.Sin(x)/5)
	}
	return d
}

func TestStagesReachTenDigits(t *testing.T) {
	d, test := damped(40), damped(501)
	m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Restarts: 8, Workers: 2})
	require.NoError(t, err)
	require.Positive(t, s.Stages)
	require.Len(t, m.Networks(), s.Members+s.Stages)
	without := newJENN(Facts{}, &answer{members: m.answers[0].members})
	require.Less(t, Assess(m, test).Values[0].NRMSE, 1e-9)
	require.Less(t, Assess(m, test).Values[0].NRMSE, Assess(without, test).Values[0].NRMSE/10)

	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	again, err := Load(&file)
	require.NoError(t, err)
	x := []float64{1.234}
	require.Equal(t, m.Predict(nil, x), again.Predict(nil, x))
	require.Equal(t, m.PredictPartials(nil, x), again.PredictPartials(nil, x))
	require.Equal(t, m.PredictStd(nil, x), again.PredictStd(nil, x))
	require.Less(t, m.PredictStd(nil, x)[0], 1e-6)
	require.InDelta(t, (m.PredictPartials(nil, []float64{1.235})[0]-m.PredictPartials(nil, []float64{1.233})[0])/0.002,
		m.Hessian(nil, x, 0)[0], 1e-5, "the second derivative is that of the sum")
	require.ErrorContains(t, m.SaveJENN(&file), "fit with an ensemble of 1")
}

// Noise is not learned by stages.
func TestNoStageForNoise(t *testing.T) {
	d := damped(40)
	rng := sbo.Rand(1, "noise")
	for i := range d.Y {
		d.Y[i] += 1e-5 * rng.NormFloat64()
		d.Partials[i] += 1e-5 * rng.NormFloat64()
	}
	_, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Restarts: 2, Workers: 2})
	require.NoError(t, err)
	require.Zero(t, s.Stages)
}

// Wrong partials do not keep the values from being refined: they are left out.
func TestStagesWithWrongPartials(t *testing.T) {
	d := damped(50)
	rng := sbo.Rand(1, "noise")
	for i := range d.Y {
		d.Y[i] *= 1e-5
		d.Partials[i] = rng.NormFloat64()
	}
	flat := newFitted(NewNetwork([]int{1, 1, 1}, Tanh), Scaling{MeanX: []float64{3}, StdX: []float64{2}, MeanY: []float64{0}, StdY: []float64{1}}, nil)
	flat.evidence = newEvidence(flat.network, nil)
	flat.evidence.Noise, flat.evidence.Trust = 1e10, []float64{1e-10}
	a := alone(flat)
	o := Options{Restarts: 2}.withDefaults(newTrainingSet(d, Weights{}, flat.scaling))
	require.NoError(t, part{rng: sbo.Rand(1, "fit")}.correct(t.Context(), a, d, Weights{}, o))
	require.NotEmpty(t, a.stages)
	off := 0.0
	for _, y := range a.residuals(d).Y {
		off = max(off, math.Abs(y))
	}
	require.Less(t, off, 1e-9, "of 1e-5")
}

// Columns whose noise is far above that of the values are missing, and no others.
func TestDoubtedColumns(t *testing.T) {
	e := &evidence{Trust: []float64{1, 0.2, 0.1, 1e-6}}
	require.Equal(t, []bool{false, false, true, true}, e.doubted())
	require.Empty(t, (&evidence{}).doubted())
	d := sbo.NewData(2, 1, 3)
	clear(d.Partials)
	forgetColumns(d, []bool{false, true})
	for i := range d.Len() {
		require.Zero(t, d.PartialsOf(i)[0])
		require.True(t, math.IsNaN(d.PartialsOf(i)[1]))
	}
}
