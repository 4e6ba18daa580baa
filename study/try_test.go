package study

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A trial runs the program as a run would, at the points given, and leaves no
// trace in the study.
func TestTryRemembersNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	_, err := Init(dir, External)
	require.NoError(t, err)
	before, err := os.ReadDir(dir)
	require.NoError(t, err)
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)

	trial, err := s.Try(t.Context(), t.TempDir(), []float64{3, 5, 2, 4, 3, 5})
	require.NoError(t, err)
	require.Len(t, trial, 3)
	require.Equal(t, trial[0], trial[2])
	for i, x := range [][]float64{{3, 5}, {2, 4}} {
		require.Equal(t, Done, trial[i].State)
		require.Equal(t, x, trial[i].X)
		volume := 3.141592653589793 * x[0] * x[0] * x[1]
		require.InEpsilon(t, volume, trial[i].Y[1], 1e-12)
		require.InEpsilon(t, 2*volume/x[0], trial[i].Partials[2], 1e-12)
	}
	after, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// The program finds the files of the study, not those of the trial.
func TestTryKnowsTheStudysFolder(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "factor"), []byte("42"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, FileName), []byte(`
variables: [{name: x, lower: 0, upper: 1}]
responses: [{name: f, minimize: true}]
evaluator: {command: [sh, -c, 'echo "{\"values\": {\"f\": $(cat "$SBO_STUDY_DIR/factor")}}"']}
`), 0o600))
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	trial, err := s.Try(t.Context(), t.TempDir(), []float64{0.5})
	require.NoError(t, err)
	require.Equal(t, Done, trial[0].State, "%s", trial[0].Cause)
	require.Equal(t, []float64{42}, trial[0].Y)
}
