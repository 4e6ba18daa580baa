package study

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems"
)

var update = flag.Bool("update", false, "write golden files anew")

// Every file of testdata/plan is faulty in its own way; beside each stands what
// must be said about it, positions included.
func TestLoadPlanFaults(t *testing.T) {
	files, err := filepath.Glob("testdata/plan/*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 30)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, err := LoadPlan(file)
			var config *ConfigError
			require.ErrorAs(t, err, &config)
			here, err := filepath.Abs("testdata/plan")
			require.NoError(t, err)
			known := strings.Join(problems.Names(), ", ") // grows
			text := strings.NewReplacer("testdata/plan/", "", here, "FOLDER", known, "PROBLEMS").Replace(config.Excerpt()) + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".want"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(text), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), text)
			for i, f := range config.Faults {
				require.Positive(t, f.Line)
				require.Positive(t, f.Column)
				if i > 0 {
					before := config.Faults[i-1]
					require.True(t, before.Line < f.Line || before.Line == f.Line && before.Column <= f.Column, "faults in the order of the file")
				}
			}
		})
	}
}
