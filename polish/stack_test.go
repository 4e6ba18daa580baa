package polish

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/surrogate"
)

// Each response of a stack is that of its model, to the bit.
func TestStack(t *testing.T) {
	d := sbo.Data{
		NX: 1, NY: 2, X: []float64{0, 1, 2}, Y: []float64{0, 5, 1, 6, 4, 9},
		Partials: []float64{0, 1, 2, 1, 4, 1},
	}
	krige, _, err := kriging.Fit(t.Context(), kriging.Task{Data: d}, sbo.Rand(1, "kriging"), kriging.Options{})
	require.NoError(t, err)
	network, _, err := surrogate.Fit(t.Context(), surrogate.Task{Data: d}, sbo.Rand(1, "fit"), surrogate.Options{Hidden: []int{2}, Restarts: 1, Iterations: 5})
	require.NoError(t, err)
	x := []float64{1.3}
	y, dydx := make([]float64, 2), make([]float64, 2)
	for _, byNet := range [][]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
		s := newStack(network, krige, byNet, 1)
		nx, ny := s.Dims()
		require.Equal(t, []int{1, 2}, []int{nx, ny})
		require.NoError(t, s.Evaluate(t.Context(), y, dydx, x))
		require.Equal(t, y, s.Predict(nil, x))
		require.Equal(t, dydx, s.PredictPartials(nil, x))
		for k, net := range byNet {
			var m surrogate.Model = krige
			if net {
				m = network
			}
			require.Equal(t, m.Predict(nil, x)[k], y[k], "%v", byNet)
			require.Equal(t, m.PredictPartials(nil, x)[k], dydx[k], "%v", byNet)
		}
	}
}

// The network answers where its last errors were smaller in the geometric mean.
func TestRecord(t *testing.T) {
	var r record
	require.Equal(t, []bool{false, false}, r.prefers(2), "kriging until something is known")
	truth := []float64{10, 10}
	r.note([]float64{10.1, 11}, []float64{11, 10.1}, truth)
	require.Equal(t, []bool{true, false}, r.prefers(2))
	r.note([]float64{10, nan}, []float64{nan, 10}, []float64{nan, nan}) // a failed evaluation tells nothing
	require.Equal(t, []bool{true, false}, r.prefers(2))
	for range 2 {
		r.note([]float64{10.4, 10}, []float64{10.1, 10}, truth)
	}
	require.Equal(t, []bool{false, false}, r.prefers(2), "0.1 0.4 0.4 is 0.25 and 1 0.1 0.1 is 0.22, though their sum is larger")
	r.note([]float64{10.4, 10}, []float64{10.1, 10.1}, truth)
	require.Equal(t, []bool{false, true}, r.prefers(2), "the first one is forgotten")
}

// Where kriging can't, the network answers alone.
func TestWithoutKriging(t *testing.T) {
	p := sbo.Problem{Variables: []sbo.Variable{{Name: "a", Lower: -1, Upper: 2}}, Responses: []sbo.Response{sbo.Minimize("f")}}
	square := sbo.EvaluatorFunc(func(_ context.Context, y, dydx, x []float64) error {
		y[0] = x[0] * x[0]
		copy(dydx, []float64{2 * x[0]})
		return nil
	})
	broken := errors.New("singular")
	l := Loop{
		Problem: p, Evaluate: sbo.Workers(p, square, 1), Budget: 20, Seed: 1,
		Krige: func(context.Context, kriging.Task, *rand.Rand, kriging.Options) (*kriging.Model, kriging.Summary, error) {
			return nil, kriging.Summary{}, broken
		},
	}
	design, err := l.Evaluate(t.Context(), []float64{-1, 0.7, 1.9})
	require.NoError(t, err)
	var last Round
	for r, err := range l.Rounds(t.Context(), design) {
		require.NoError(t, err)
		last = r
	}
	require.Equal(t, Converged, last.Stop)
	require.InDelta(t, 0, last.Data.Responses(last.Best)[0], 1e-8)

	l.Model = Kriging
	for _, err := range l.Rounds(t.Context(), design) {
		require.ErrorIs(t, err, broken, "then there is nobody else")
	}
}
