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

// stacked returns the stack of two models, of which the given ones answer each response.
func stacked(network *surrogate.JENN, krige *kriging.Model, by ...int) *stack {
	s := &stack{by: by}
	if network != nil {
		s.nx, s.ny = network.Dims()
		s.models[onNetwork] = network
	}
	if krige != nil {
		s.nx, s.ny = krige.Dims()
		s.models[onKriging] = krige
	}
	return s
}

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
	for _, by := range [][]int{{onKriging, onKriging}, {onNetwork, onKriging}, {onKriging, onNetwork}, {onNetwork, onNetwork}} {
		s := stacked(network, krige, by...)
		nx, ny := s.Dims()
		require.Equal(t, []int{1, 2}, []int{nx, ny})
		require.NoError(t, s.Evaluate(t.Context(), y, dydx, x))
		require.Equal(t, y, s.Predict(nil, x))
		require.Equal(t, dydx, s.PredictPartials(nil, x))
		for k, kind := range by {
			m := s.models[kind]
			require.Equal(t, m.Predict(nil, x)[k], y[k], "%v", by)
			require.Equal(t, m.PredictPartials(nil, x)[k], dydx[k], "%v", by)
		}
	}
}

// A surrogate is preferred where its last errors were smaller in the geometric mean.
func TestRecord(t *testing.T) {
	var r record
	prefers := func() []bool { return []bool{r.prefers(onNetwork, onKriging, 0), r.prefers(onNetwork, onKriging, 1)} }
	note := func(network, krige, truth []float64) {
		r.note(onNetwork, network, truth)
		r.note(onKriging, krige, truth)
	}
	require.Equal(t, []bool{false, false}, prefers(), "nothing is known")
	truth := []float64{10, 10}
	note([]float64{10.1, 11}, []float64{11, 10.1}, truth)
	require.Equal(t, []bool{true, false}, prefers())
	note([]float64{10, nan}, []float64{nan, 10}, []float64{nan, nan}) // a failed evaluation tells nothing
	require.Equal(t, []bool{true, false}, prefers())
	for range 2 {
		note([]float64{10.4, 10}, []float64{10.1, 10}, truth)
	}
	require.Equal(t, []bool{false, false}, prefers(), "0.1 0.4 0.4 is 0.25 and 1 0.1 0.1 is 0.22, though their sum is larger")
	note([]float64{10.4, 10}, []float64{10.1, 10.1}, truth)
	require.Equal(t, []bool{false, true}, prefers(), "the first one is forgotten")
	require.False(t, r.prefers(onVicinity, onKriging, 0), "of which nothing is known")
}

// The vicinity has the samples nearest to the best one that a quadratic takes, in the
// order of the data, and more of them the less is known of each.
func TestNeighbors(t *testing.T) {
	p := sbo.Problem{Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 100}}, Responses: []sbo.Response{sbo.Minimize("f")}}
	d := sbo.NewData(1, 1, 40)
	for i := range 40 {
		d.X[i], d.Y[i], d.Partials[i] = float64(7*i%40), 1, 1
	}
	s := newState(Loop{Problem: p}, d)
	require.Equal(t, []int{0, 6, 12, 23, 29, 35}, s.neighbors(0), "those at 0, 2, 4, 1, 3 and 5, with two numbers each")
	s.data.Partials = nil
	for _, row := range s.neighbors(0) {
		require.Less(t, d.X[row], 12.0)
	}
	require.Len(t, s.neighbors(0), 12)
	require.Len(t, s.neighbors(-1), 40, "there is no best sample")
}

// Descents follow kriging of the vicinity where that has foretold steps better, if there
// is more than the vicinity and numbers can be trusted.
func TestApproach(t *testing.T) {
	approached := func(samples int, noise float64, steps ...float64) *stack {
		s := mapping(t, samples, wave, waveSlope)
		s.Surrogate.Responses = []surrogate.ResponseOptions{{PartialNoise: noise}}
		for i, off := range steps {
			s.steps.note(i, []float64{off}, []float64{0})
		}
		require.NoError(t, s.approach(t.Context()))
		require.Equal(t, []int{onKriging}, s.model.by, "over the whole box nothing changes")
		return s.near
	}
	better := []float64{1, 1, 0.1}
	near := approached(20, 0, better...)
	require.Equal(t, []int{onVicinity}, near.by)
	require.Equal(t, []int{onKriging}, approached(20, 0, 1, 0.1, 1).by)
	require.Equal(t, []int{onKriging}, approached(20, 0).by, "it has foretold nothing yet")
	require.NotNil(t, approached(20, 0).models[onVicinity], "but is asked")
	require.Nil(t, approached(6, 0, better...).models[onVicinity], "all samples are the vicinity")
	require.Nil(t, approached(20, 0.1, better...).models[onVicinity], "partials are noisy")
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
