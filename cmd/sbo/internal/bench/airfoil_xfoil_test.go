package bench

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems/airfoil/xfoil"
)

// Without XFOIL its cases are left out, unless they were asked for.
func TestWithoutXfoil(t *testing.T) {
	t.Setenv("XFOIL", filepath.Join(t.TempDir(), "none"))
	never := func(*xfoil.Program) ([]Row, error) { panic("there is no XFOIL") }
	list, err := withXfoil(t.Context(), false, never)
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = withXfoil(t.Context(), true, never)
	require.ErrorIs(t, err, xfoil.ErrNotFound)
}

func TestOpinions(t *testing.T) {
	o := opinions{
		ours:   [3][]float64{{0.5, 0.3, 0}, {0.0101, 0.0080, 0.0060}, {-0.05, -0.04, 0}},
		theirs: [3][]float64{{0.5, 0.3, 0.3}, {0.0100, 0.0100, 0.0050}, {-0.05, -0.04, 0.03}},
		failed: 2,
	}
	list, err := o.rows("accuracy")
	require.NoError(t, err)
	got := map[string]float64{}
	for _, r := range list {
		require.Equal(t, "accuracy", r.Case)
		got[r.Metric] = r.Value
	}
	require.InDeltaMapValues(t, map[string]float64{
		"cd_error_xfoil":        16.3401346, // the root of (1 + 400 + 400)/3
		"cd_error_xfoil_median": 20,
		"cd_error_xfoil_most":   20,
		"cd_bias_xfoil":         1. / 3,
		"cl_error_xfoil":        0.173205081,
		"cm_error_xfoil":        0.0173205081,
		"sections_xfoil":        3,
	}, got, 1e-6)
	_, err = opinions{failed: 4}.rows("accuracy")
	require.ErrorContains(t, err, "none of 4")
}
