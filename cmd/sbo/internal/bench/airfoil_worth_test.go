package bench

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/surrogate"
)

// Optima of networks, however poor, are judged by the truth.
func TestWorth(t *testing.T) {
	p := problems.AirfoilAF1()
	w := &worth{problem: p, evaluations: 6, options: surrogate.Options{Hidden: []int{3}, Restarts: 1, Iterations: 20, Ensemble: 1}}
	var err error
	w.design, err = sbo.Workers(p.Problem, p, 1)(t.Context(), hypercube(p.Box(), w.evaluations, 1))
	require.NoError(t, err)
	for name, find := range map[string]way{"nn": w.network(false), "jenn": w.network(true), "polished": w.polished, "design": w.best} {
		if name == "polished" {
			_, _, err = w.network(true)(t.Context())
			require.NoError(t, err)
		}
		x, predicted, err := find(t.Context())
		require.NoError(t, err, name)
		require.True(t, p.Box().Contains(x), name)
		list, err := w.judge(t.Context(), "worth "+name, x, predicted)
		require.NoError(t, err)
		metrics := map[string]float64{}
		for _, r := range list {
			metrics[r.Metric] = r.Value
		}
		require.InDelta(t, 0.006, metrics["cd"], 0.004, name)
		require.Equal(t, name != "design", metrics["cd_predicted"] != 0, name)
		require.NotContains(t, metrics, "cd_xfoil", "there is no XFOIL")
	}
	list, err := w.judge(t.Context(), "worth known", p.Minimizers[0], 0)
	require.NoError(t, err)
	require.Equal(t, "cd", list[0].Metric)
	require.InDelta(t, p.Minimum, list[0].Value, 1e-12)
}
