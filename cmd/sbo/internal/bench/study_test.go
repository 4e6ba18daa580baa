package bench

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStudiesAreMeasured(t *testing.T) {
	suite := studies(Options{Quick: true})
	require.Len(t, suite.steps, 4)
	for _, p := range []program{{"a", "overhead", oneShot, false, nil}, {"b", "persistent", persistent, true, nil}} {
		seconds, alone, err := p.once(t.Context(), 5, 2)
		require.NoError(t, err)
		require.Positive(t, seconds)
		require.Equal(t, p.persistent, alone == 0)
	}
	_, _, err := program{"c", "overhead", "exit 3", false, nil}.once(t.Context(), 2, 1)
	require.ErrorContains(t, err, "evaluation 1: exit code 3")
}

func TestOpeningAndResuming(t *testing.T) {
	last := 0.0
	progress := func(share float64) {
		require.GreaterOrEqual(t, share, last)
		last = share
	}
	rows, err := opening(t.Context(), 1000, progress)
	require.NoError(t, err)
	require.InDelta(t, 1, last, 0)
	require.Positive(t, value(t, rows, "open", "open_1e3_s").Value)
	require.Positive(t, value(t, rows, "open", "open_1e1_s").Value)
	rows, err = resuming(t.Context(), func(float64) {})
	require.NoError(t, err)
	require.Zero(t, value(t, rows, "resume", "repeated").Value)
	require.Greater(t, value(t, rows, "resume", "evaluations").Value, 5.0)
}
