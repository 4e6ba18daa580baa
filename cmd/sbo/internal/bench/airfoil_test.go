package bench

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems"
)

func TestFlightsStartAsTheyShould(t *testing.T) {
	require.Equal(t, []string{"af1", "af2", "af3", "accuracy", "cl", "cm", "cd", "worth", "speed"}, Cases("airfoil", Options{}))
	require.Equal(t, []string{"af1", "af2", "af3", "accuracy", "cl", "speed"}, Cases("airfoil", Options{Quick: true}))
	for _, f := range flights() {
		p := f.problem()
		require.Greater(t, f.goal, p.Minimum, f.name)
		if f.start != nil {
			require.True(t, p.Box().Contains(f.start), f.name)
		}
	}
}

// A flight counts evaluations until the goal, its start among them; here on a
// problem that is quick to solve.
func TestFlight(t *testing.T) {
	f := flight{"sphere", func() problems.Problem { return problems.Sphere(2) }, []float64{1, 1}, 1e-3, 30, 0.5, true}
	list, err := f.compare(t.Context(), 2, func(float64) {})
	require.NoError(t, err)
	got := map[string]Row{}
	for _, r := range list {
		got[r.Metric] = r
	}
	require.Equal(t, 1.0, got["success"].Value)
	require.True(t, got["evaluations"].Reached())
	require.Greater(t, got["evaluations"].Value, 1.0)
	require.LessOrEqual(t, got["cd_worst"].Value, 1e-3)
	require.Contains(t, got, "evaluations_local")

	f.goal, f.budget = 1e-200, 8 // out of reach
	list, err = f.compare(t.Context(), 1, func(float64) {})
	require.NoError(t, err)
	require.False(t, list[0].Reached())
}
