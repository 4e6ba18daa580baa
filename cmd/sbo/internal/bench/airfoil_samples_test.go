package bench

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A design is random rows of one table, the same for all responses.
func TestSamplesOfAirfoils(t *testing.T) {
	table := &polarTable{most: 16, heldOut: 50}
	s := table.subject("cm", 2)
	train, test, err := s.draw(t.Context(), 8, 1)
	require.NoError(t, err)
	again, _, err := s.draw(t.Context(), 8, 1)
	require.NoError(t, err)
	require.Equal(t, train, again)
	other, _, err := s.draw(t.Context(), 8, 2)
	require.NoError(t, err)
	require.NotEqual(t, train, other)
	require.Equal(t, []int{8, 50, 16, 1}, []int{train.Len(), test.Len(), train.NX, train.NY})
	cl, _, err := table.subject("cl", 0).draw(t.Context(), 8, 1)
	require.NoError(t, err)
	require.Equal(t, train.X, cl.X, "the same sections, another response")
	require.NotEqual(t, train.Y, cl.Y)
	require.NotEqual(t, train.Partials, cl.Partials)
}

func TestAccuracyByNumber(t *testing.T) {
	list := byNumber(&subject{name: "cd"}, []Curve{
		{Partials: true, Samples: []int{2, 8}, NRMSE: []float64{0.5, 0.1}},
		{Samples: []int{8, 32}, NRMSE: []float64{0.6, 0.2}},
	})
	var got []string
	for _, r := range list {
		got = append(got, r.Case+" "+r.Metric)
	}
	require.Equal(t, []string{"cd-2 r2_with_partials", "cd-8 r2_with_partials", "cd-8 r2_without_partials", "cd-32 r2_without_partials"}, got)
	require.InDelta(t, 0.64, list[2].Value, 1e-12)
}
