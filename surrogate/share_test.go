package surrogate

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// However many help with a large step, the sums are the same.
func TestSharesDontDependOnWhoHelps(t *testing.T) {
	d := smoothSamples(16, 20_000)
	all := newSource(d, Weights{}, 0, 1)
	set := all.set(all.newScaling())
	require.NotNil(t, set.source)
	net := randomNetwork(sbo.Rand(1, "shares"), Tanh, 16, 9, 1)
	alone := newObjective(net, set, 0.1)
	require.Len(t, alone.shares, shares)
	want := make([]float64, len(net.Parameters))
	cost := alone.evaluate(net.Parameters, want)
	require.Empty(t, alone.helpers)

	undivided := newObjective(net, set, 0.1)
	undivided.shares = nil
	one := make([]float64, len(want))
	require.InEpsilon(t, cost.Total(), undivided.evaluate(net.Parameters, one).Total(), 1e-13)
	require.InDeltaSlice(t, want, one, 1e-12)

	helped := newObjective(net, set, 0.1)
	helped.cores = newCores(4)
	got := make([]float64, len(want))
	for range 3 {
		require.Equal(t, cost, helped.evaluate(net.Parameters, got))
		require.Equal(t, want, got)
		require.Len(t, helped.helpers, 3)
		require.EqualValues(t, 3, helped.cores.idle.Load(), "all are given back")
	}
}

func TestLargeFitsDontDependOnTheWorkers(t *testing.T) {
	d := smoothSamples(16, 20_000)
	var want []float64
	for _, workers := range []int{1, 3} {
		m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "workers"), Options{Trainer: LBFGS, Hidden: []int{8}, Lambda: new(1e-6), Iterations: 3, Restarts: 2, Ensemble: 1, Workers: workers})
		require.NoError(t, err)
		got := slices.Clone(m.answers[0].members[0].network.Parameters)
		if want != nil {
			require.Equal(t, want, got)
		}
		want = got
	}
}
