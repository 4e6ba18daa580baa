package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

func TestExport(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, Export(t.Context(), dir, Options{Quick: true, Only: []string{"rosenbrock2-9", "sinusoid-4"}}))
	text, err := os.ReadFile(filepath.Join(dir, "cases.json"))
	require.NoError(t, err)
	var cases []exported
	require.NoError(t, json.Unmarshal(text, &cases))
	require.Len(t, cases, 2)
	c := cases[1]
	require.Equal(t, "rosenbrock2-9", c.Case)
	require.Equal(t, []float64{4, 4}, c.Width)
	require.Equal(t, 75000, c.Iterations)
	require.Len(t, c.Designs, 2)
	require.Equal(t, c.Designs[0].Test, c.Designs[1].Test, "written once")

	// What was written is what a comparison learns, to the last bit.
	s := ofTestProblem("rosenbrock2", problems.Rosenbrock(2))
	train, test, err := s.draw(t.Context(), 9, 1)
	require.NoError(t, err)
	for name, want := range map[string]sbo.Data{c.Designs[1].Train: train, c.Designs[1].Test: test} {
		f, err := os.Open(filepath.Join(dir, name))
		require.NoError(t, err)
		got, _, err := sbo.ReadCSV(f, name, c.Inputs, c.Outputs)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		require.Equal(t, want, got)
	}
}
