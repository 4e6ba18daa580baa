package surrogate

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// stub predicts what it is told: a plane.
type stub struct {
	Model
	nx, ny int
}

func (s stub) Dims() (nx, ny int) { return s.nx, s.ny }

func (s stub) Predict(y, x []float64) []float64 {
	for k := range y {
		y[k] = float64(k+1) * x[0]
	}
	return y
}

func (s stub) PredictPartials(dydx, _ []float64) []float64 {
	clear(dydx)
	for k := range s.ny {
		dydx[k*s.nx] = float64(k + 1)
	}
	return dydx
}

// responsesOf is data of a response with the values.
func responsesOf(values []float64) sbo.Data {
	return sbo.Data{NX: 1, NY: 1, X: make([]float64, len(values)), Y: values}
}

// R2 as the reference computes it.
func TestGoldenR2(t *testing.T) {
	raw, err := os.ReadFile("testdata/rsquare.json")
	require.NoError(t, err)
	var g struct {
		True      [][]float64 `json:"y_true"`
		Predicted [][]float64 `json:"y_pred"`
		R2        []float64   `json:"plain"`
	}
	require.NoError(t, json.Unmarshal(raw, &g))
	require.Len(t, g.R2, 2)
	for k, want := range g.R2 {
		a := Compare(responsesOf(g.True[k]), responsesOf(g.Predicted[k])).Values[0]
		require.InEpsilon(t, want, a.R2, goldenTolerance)
		require.InDelta(t, 1-a.R2, a.NRMSE*a.NRMSE, 1e-15)
		require.Equal(t, 9, a.N)
	}
}

func TestAccuracyByHand(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		known, predicted []float64
		want             Accuracy
	}{
		"some":              {[]float64{1, 2, 3}, []float64{1, 2, 6}, Accuracy{R2: 1 - 9.0/2, RMSE: math.Sqrt(3), NRMSE: math.Sqrt(4.5), MaxError: 3, N: 3}},
		"missing":           {[]float64{1, nan, 3}, []float64{2, 17, 2}, Accuracy{R2: 0, RMSE: 1, NRMSE: 1, MaxError: 1, N: 2}},
		"none":              {[]float64{nan}, []float64{1}, Accuracy{R2: nan, RMSE: nan, NRMSE: nan, MaxError: nan}},
		"constant, perfect": {[]float64{2, 2}, []float64{2, 2}, Accuracy{R2: 1, N: 2}},
		"constant":          {[]float64{2, 2}, []float64{2, 3}, Accuracy{R2: -inf, RMSE: math.Sqrt(0.5), NRMSE: inf, MaxError: 1, N: 2}},
		"no prediction":     {[]float64{1, 2}, []float64{nan, 2}, Accuracy{R2: nan, RMSE: nan, NRMSE: nan, MaxError: nan, N: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Compare(responsesOf(c.known), responsesOf(c.predicted)).Values[0]
			require.Equal(t, c.want.N, got.N)
			for i, want := range []float64{c.want.R2, c.want.RMSE, c.want.NRMSE, c.want.MaxError} {
				have := []float64{got.R2, got.RMSE, got.NRMSE, got.MaxError}[i]
				if math.IsNaN(want) || math.IsInf(want, 0) {
					require.Equal(t, math.IsNaN(want), math.IsNaN(have))
					require.True(t, math.IsNaN(want) || want == have)
				} else {
					require.InDelta(t, want, have, 1e-15)
				}
			}
		})
	}
}

func TestAssess(t *testing.T) {
	d := sbo.NewData(2, 2, 3)
	d.X = []float64{0, 9, 1, 9, 2, 9}
	d.Y = []float64{0, 1, 1, math.NaN(), 2, 5}
	d.Partials[d.Partial(1, 1, 0)] = 5
	a := Assess(stub{nx: 2, ny: 2}, d)
	require.Equal(t, Accuracy{R2: 1, N: 3}, a.Values[0])
	require.Equal(t, Accuracy{R2: 0.75, RMSE: 1, NRMSE: 0.5, MaxError: 1, N: 2}, a.Values[1])
	require.Equal(t, 3.0, a.Partials[1][0].MaxError)
	require.Equal(t, []int{0, 0, 1, 0}, []int{a.Partials[0][0].N, a.Partials[0][1].N, a.Partials[1][0].N, a.Partials[1][1].N})
	d.Partials = nil
	require.Zero(t, Assess(stub{nx: 2, ny: 2}, d).Partials[1][0].N)
	require.PanicsWithValue(t, "surrogate: a model of 1 inputs and 2 outputs assessed on data of 2 and 2", func() { Assess(stub{nx: 1, ny: 2}, d) })
}

// Every sample is predicted once, by a network that has not seen it.
func TestCrossValidate(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 1, 11, sine)
	d.Forget(4)
	o := Options{Hidden: []int{6}, Restarts: 1, Iterations: 60}
	a, p, err := CrossValidate(t.Context(), Task{Data: d}, 5, sbo.Rand(1, "folds"), o)
	require.NoError(t, err)
	require.Equal(t, d.X, p.X)
	require.Equal(t, 10, a.Values[0].N)
	require.Equal(t, 10, a.Partials[0][0].N)
	require.Less(t, a.Values[0].NRMSE, 0.7)
	require.Positive(t, a.Values[0].RMSE, "an error of 0 would mean that it has seen them")
	for i := range d.Len() {
		require.Equal(t, i == 4, math.IsNaN(p.Y[i]))
	}

	// Leave-one-out leaves that one out: changing it changes all but its prediction.
	weights := Weights{Beta: []float64{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1}}
	_, before, err := CrossValidate(t.Context(), Task{Data: d, Weights: weights}, 10, sbo.Rand(1, "folds"), o)
	require.NoError(t, err)
	changed := d.Subset([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	changed.Y[7] += 0.3
	_, after, err := CrossValidate(t.Context(), Task{Data: changed, Weights: weights}, 10, sbo.Rand(1, "folds"), o)
	require.NoError(t, err)
	for i := range d.Len() {
		if i != 4 {
			require.Equal(t, i == 7, before.Y[i] == after.Y[i], "sample %d", i)
		}
	}
}

func TestCrossValidateErrors(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 1, 5, sine)
	for _, folds := range []int{-1, 0, 1, 6} {
		_, _, err := CrossValidate(t.Context(), Task{Data: d}, folds, sbo.Rand(1, "folds"), Options{})
		require.ErrorContains(t, err, "folds of 5 samples")
	}
	_, _, err := CrossValidate(t.Context(), Task{Data: d}, 5, sbo.Rand(1, "folds"), Options{Batch: -1})
	require.ErrorContains(t, err, "surrogate: batch: -1 is negative")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = CrossValidate(ctx, Task{Data: d}, 5, sbo.Rand(1, "folds"), Options{})
	require.ErrorIs(t, err, context.Canceled)
}
