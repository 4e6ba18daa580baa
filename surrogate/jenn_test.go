package surrogate

import (
	"context"
	"math"
	"sync"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

func TestModelIsAnEvaluator(t *testing.T) {
	m := randomModel(sbo.Rand(1, "model"), Tanh, 3, 5, 2)
	x := []float64{0.3, -1, 2}
	y, dydx := make([]float64, 2), make([]float64, 6)
	require.NoError(t, m.Evaluate(t.Context(), y, dydx, x))
	require.Equal(t, m.Predict(nil, x), y)
	require.Equal(t, m.PredictPartials(nil, x), dydx)
	require.Equal(t, []float64{0.3, -1, 2}, x)
	require.NoError(t, m.Evaluate(t.Context(), y, nil, x), "partials are not wanted")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, m.Evaluate(ctx, y, nil, x), context.Canceled)
}

func TestWrongLengthsPanic(t *testing.T) {
	m := randomModel(sbo.Rand(1, "model"), Tanh, 3, 5, 2)
	x := []float64{1, 2, 3}
	for name, call := range map[string]func(){
		"point":    func() { m.Predict(nil, x[:2]) },
		"y":        func() { m.Predict(make([]float64, 3), x) },
		"partials": func() { m.PredictPartials(make([]float64, 2), x) },
		"evaluate": func() { _ = m.Evaluate(t.Context(), make([]float64, 2), make([]float64, 2), x) },
		"hessian":  func() { m.Hessian(make([]float64, 4), x, 0) },
		"response": func() { m.Hessian(nil, x, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() { require.Contains(t, recover(), "surrogate: ") }()
			call()
		})
	}
}

func TestModelServesManyAtOnce(t *testing.T) {
	m := randomModel(sbo.Rand(1, "model"), GELU, 2, 7, 2)
	x := [][]float64{{1, 2}, {-1, 0}, {0.1, 0.2}}
	var want [][]float64
	for _, p := range x {
		want = append(want, m.PredictPartials(nil, p))
	}
	var wg sync.WaitGroup
	got := make([][]float64, 3)
	for i, p := range x {
		wg.Go(func() {
			for range 200 {
				got[i] = m.PredictPartials(nil, p)
			}
		})
	}
	wg.Wait()
	require.Equal(t, want, got)
}

func TestModelIsNotChangedFromOutside(t *testing.T) {
	m := randomModel(sbo.Rand(1, "model"), Tanh, 2, 3, 1)
	before := m.Predict(nil, []float64{1, 2})
	m.Scalings()[0].MeanX[0] = 100
	m.Networks()[0].Parameters[0] = 100
	require.Equal(t, before, m.Predict(nil, []float64{1, 2}))
}

func TestExtrapolates(t *testing.T) {
	m := randomModel(sbo.Rand(1, "model"), Tanh, 3, 3, 1)
	require.Empty(t, m.Extrapolates([]float64{9, 9, 9}), "what it was trained on is not known")
	m.Facts.Lower, m.Facts.Upper = []float64{-1, 0, 5}, []float64{1, 10, 5}
	require.Empty(t, m.Extrapolates([]float64{-1, 10, 5}))
	require.Equal(t, []Extrapolation{
		{Input: 0, Value: -2, Lower: -1, Upper: 1, Overshoot: 0.5},
		{Input: 1, Value: 13, Lower: 0, Upper: 10, Overshoot: 0.3},
		{Input: 2, Value: 10, Lower: 5, Upper: 5, Overshoot: 1},
	}, m.Extrapolates([]float64{-2, 13, 10}))
	require.Len(t, m.Extrapolates([]float64{math.NaN(), 1, 5}), 1)
}

func TestFactsOfAFit(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 8)
	d.Partials[3] = math.NaN()
	d.Forget(5)
	x := sbo.Variable{Name: "a", Unit: "mm", Lower: -2, Upper: 2}
	task := Task{Data: d, Problem: sbo.Problem{Variables: []sbo.Variable{x, {Name: "b"}}, Responses: []sbo.Response{{Name: "f", Unit: "N"}}}}
	o := quick(LBFGS)
	o.Lambda = new(1e-6)
	m, s, err := Fit(t.Context(), task, sbo.Rand(1, "fit"), o)
	require.NoError(t, err)
	lower, upper := source{data: d, rows: []int{0, 1, 2, 3, 4, 6, 7}}.box()
	require.Equal(t, Facts{
		Inputs: []string{"a", "b"}, InUnits: []string{"mm", ""}, Outputs: []string{"f"}, OutUnits: []string{"N"},
		Lower: lower, Upper: upper, Samples: 7, Partials: 13,
		Trainer: LBFGS, Lambda: 1e-6, Loss: s.Cost.Total(), Iterations: s.Iterations,
	}, m.Facts)
}

func TestScaling(t *testing.T) {
	d := sbo.NewData(2, 2, 4)
	d.X = []float64{0, 7, 1, 7, 2, 7, 3, 7}
	d.Y = []float64{5, 1e-9, 5, 2e-9, math.NaN(), 1e-9, 5, 2e-9}
	for i := range 4 {
		d.Partials[d.Partial(i, 1, 0)] = 3
	}
	s := newScaling(d)
	require.Equal(t, []float64{1.5, 7}, s.MeanX)
	require.InDelta(t, math.Sqrt(1.25), s.StdX[0], 1e-15)
	require.Equal(t, 1.0, s.StdX[1], "a constant input")
	require.Equal(t, []float64{5, 1}, []float64{s.MeanY[0], s.StdY[0]}, "a constant response")
	require.InDelta(t, 3*s.StdX[0], s.StdY[1], 1e-12, "its partials say how much it changes")
	require.NoError(t, s.validate(2, 2))
	require.Error(t, s.validate(2, 1))
	s.MeanY[0] = math.Inf(1)
	require.EqualError(t, s.validate(2, 2), "the scaling holds +Inf")
}
