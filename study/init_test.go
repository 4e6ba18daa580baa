package study

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every starter passes the checks of study file and schema, with nothing added.
func TestInitWritesStudiesThatLoad(t *testing.T) {
	schema := compileSchema(t)
	names := Starters()
	require.Contains(t, names, "rosenbrock")
	for _, from := range append([]string{"", "rosenbrock5"}, names...) {
		t.Run("from "+from, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new", "study")
			written, err := Init(dir, from)
			require.NoError(t, err)
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Len(t, written, len(entries))
			for _, path := range written {
				require.FileExists(t, path)
			}
			plan, err := LoadPlan(dir)
			require.NoError(t, err)
			require.NoError(t, plan.Problem().Validate())
			require.NotZero(t, plan.Seed)
			source, err := os.ReadFile(filepath.Join(dir, FileName))
			require.NoError(t, err)
			require.NoError(t, schema.Validate(instance(t, source)))
			require.Contains(t, string(source), "$schema="+SchemaFileName)

			// The defaults that the comments name are those that hold.
			defaults := strings.ReplaceAll(string(source), "\n# design:", "\ndesign:")
			defaults = strings.ReplaceAll(defaults, "\n# surrogate:", "\nsurrogate:")
			defaults = strings.ReplaceAll(defaults, "\n# optimize:", "\noptimize:")
			defaults = strings.ReplaceAll(defaults, "\n# polish:", "\npolish:")
			require.NotEqual(t, string(source), defaults)
			explicit, err := parsePlan([]byte(defaults), filepath.Join(dir, FileName))
			require.NoError(t, err)
			require.Equal(t, plan, explicit)
		})
	}
}

func TestInitKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "drive.sh")
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o600))
	_, err := Init(dir, External)
	require.ErrorContains(t, err, "drive.sh is there already")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "mine", string(text))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)

	_, err = Init(filepath.Join(dir, "other"), "rosenbork")
	require.EqualError(t, err, `study: there is no starter "rosenbork"; did you mean "rosenbrock"?`)
	require.NoDirExists(t, filepath.Join(dir, "other"))

	_, err = Init(path, "rosenbrock")
	require.Error(t, err)
}

// The program of the starter answers with the right numbers, in the protocol.
func TestExternalStarterAnswers(t *testing.T) {
	dir := t.TempDir()
	_, err := Init(dir, External)
	require.NoError(t, err)
	drive := exec.Command(filepath.Join(dir, "drive.sh"))
	drive.Stdin = strings.NewReader(`{"id":7,"x":{"radius":3.5,"height":8e0},"want":{"area":["value","partials"],"volume":["value"]}}` + "\n")
	output, err := drive.Output()
	require.NoError(t, err)
	var answer struct {
		ID       int
		Values   map[string]float64
		Partials map[string]map[string]float64
	}
	require.NoError(t, json.Unmarshal(output, &answer), "%s", output)
	require.Equal(t, 7, answer.ID)
	area := func(r, h float64) float64 { return 2 * 3.141592653589793 * (r*r + r*h) }
	volume := func(r, h float64) float64 { return 3.141592653589793 * r * r * h }
	const step = 1e-5
	for name, f := range map[string]func(r, h float64) float64{"area": area, "volume": volume} {
		require.InDelta(t, f(3.5, 8), answer.Values[name], 1e-12*f(3.5, 8))
		require.InDelta(t, (f(3.5+step, 8)-f(3.5-step, 8))/(2*step), answer.Partials[name]["radius"], 1e-6)
		require.InDelta(t, (f(3.5, 8+step)-f(3.5, 8-step))/(2*step), answer.Partials[name]["height"], 1e-6)
	}

	drive = exec.Command(filepath.Join(dir, "drive.sh"))
	drive.Stdin = strings.NewReader(`{"id":7,"x":{"height":8}}`)
	require.Error(t, drive.Run())
}
