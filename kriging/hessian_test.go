package kriging

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/diff/fd"
)

func TestHessian(t *testing.T) {
	for _, kernel := range Kernels() {
		m := fitted(t, holes(bumps(8)), someHyper(kernel))
		x := []float64{0.3, 0.8, 0.4}
		got := m.Hessian(nil, x, 0)
		for i := range x {
			for j := range x {
				want := fd.Derivative(func(v float64) float64 {
					at := slices.Clone(x)
					at[j] = v
					return m.PredictPartials(nil, at)[i]
				}, x[j], &fd.Settings{Formula: fd.Central})
				require.InDelta(t, want, got[i*3+j], 1e-7)
			}
		}
		require.PanicsWithValue(t, "kriging: Hessian of response 1 of 1", func() { m.Hessian(nil, x, 1) })
	}
}
