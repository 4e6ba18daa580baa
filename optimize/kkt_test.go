package optimize_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/stretchr/testify/require"
)

// kktOf evaluates the case at x and returns its conditions there.
func kktOf(t *testing.T, c testCase, x []float64) optimize.KKT {
	t.Helper()
	y, dydx := make([]float64, c.NY()), make([]float64, c.NY()*c.NX())
	require.NoError(t, c.Evaluate(t.Context(), y, dydx, x))
	return optimize.ComputeKKT(c.Problem, x, y, dydx)
}

// The conditions hold at the published minimizers, as far as their digits go.
func TestKKTAtKnownOptima(t *testing.T) {
	for _, c := range knownCases() {
		k := kktOf(t, c, c.x)
		require.True(t, k.Known)
		require.Less(t, k.Residual, 1e-5, c.Name)
		away := c.Box().Place(nil, fill(c.NX(), 0.37))
		require.Greater(t, kktOf(t, c, away).Residual, 1e-3, c.Name)
	}
}

// One variable on [0, 4], minimize (x-t)²: the formula of the residual, by hand.
func TestKKTFormula(t *testing.T) {
	tests := []struct {
		target, x       float64
		residual, bound float64
	}{
		{1, 1, 0, 0},
		{1, 3, 16. / 16, 0},      // ∂c/∂u = 4·2(x-t) = 16, the largest scale
		{1, 1.01, 0.08, 0},       // below one the scale is one
		{-1, 0, 0, 2},            // at the lower bound, pressed to it: the slope
		{5, 4, 0, -2},            // at the upper bound
		{1, 0, 8. / 8, 0},        // at the lower bound, but drawn inside
		{-1, 0.002, 0.0005, 2.0}, // near the bound: the slack is what lacks, as a fraction of the box
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("target %g x %g", tt.target, tt.x), func(t *testing.T) {
			c := testCase{Problem: problem("parabola", []float64{0}, []float64{4}, 0), formula: func(x []complex128) []complex128 {
				d := x[0] - complex(tt.target, 0)
				return []complex128{d * d}
			}}
			k := kktOf(t, c, []float64{tt.x})
			require.InDelta(t, tt.residual, k.Residual, 2e-6)
			require.InDelta(t, tt.bound, k.Bounds[0], 0.01)
			require.Equal(t, []float64{0}, k.Multipliers)
		})
	}
}

// A constraint pushes in one direction only, and not from afar.
func TestKKTSigns(t *testing.T) {
	at := func(r sbo.Response, x float64) optimize.KKT {
		c := constrained([]float64{-5}, []float64{5}, func(x []complex128) []complex128 {
			return []complex128{3 * x[0], 2 * x[0]}
		}, r)
		return kktOf(t, c, []float64{x})
	}
	k := at(sbo.AtLeast("g", 2), 1)
	require.InDelta(t, 1.5, k.Multipliers[1], 1e-12, "the cost is 3x = 1.5 g")
	require.InDelta(t, 0, k.Residual, 1e-12)
	require.Zero(t, at(sbo.AtMost("g", 2), 1).Multipliers[1], "an upper limit does not hold a cost that falls to the left")
	require.InDelta(t, 1, at(sbo.AtMost("g", 2), 1).Residual, 1e-12)
	require.InDelta(t, 1.5, at(sbo.Equal("g", 2), 1).Multipliers[1], 1e-12)
	require.InDelta(t, 1.5, at(sbo.AtLeast("g", 2), 0.9).Multipliers[1], 1e-12, "violated")
	require.Zero(t, at(sbo.AtLeast("g", 2), 2).Multipliers[1], "far")
	near := at(sbo.AtLeast("g", 2), 1.001)
	require.InDelta(t, 1.5, near.Multipliers[1], 1e-6)
	require.InDelta(t, 1e-4, near.Residual, 1e-6, "the slack, as a fraction of the box, in costs across the box")
}

// The residual and the multipliers do not depend on the units of the variables.
func TestKKTUnits(t *testing.T) {
	c := weldedBeam()
	scales := []float64{1e-6, 1e6, 1, 1e3}
	x := c.Box().Place(nil, []float64{0, 0.3, 0.9, 0.06})
	y, dydx := make([]float64, c.NY()), make([]float64, c.NY()*c.NX())
	require.NoError(t, c.Evaluate(t.Context(), y, dydx, x))
	want := optimize.ComputeKKT(c.Problem, x, y, dydx)
	p := c.Problem
	p.Variables = nil
	for j, v := range c.Variables {
		v.Lower *= scales[j]
		v.Upper *= scales[j]
		x[j] *= scales[j]
		p.Variables = append(p.Variables, v)
	}
	for i := range dydx {
		dydx[i] /= scales[i%4]
	}
	got := optimize.ComputeKKT(p, x, y, dydx)
	require.InEpsilon(t, want.Residual, got.Residual, 1e-9)
	require.InDeltaSlice(t, want.Multipliers, got.Multipliers, 1e-9)
}

func TestKKTNotKnown(t *testing.T) {
	c := constrained(fill(2, 0), fill(2, 1), nil, sbo.AtMost("g", 1), sbo.Monitored("m"))
	nan := math.NaN()
	x := []float64{0.5, 0.5}
	tests := []struct {
		name    string
		y, dydx []float64
		known   bool
	}{
		{"all known", []float64{1, 1, 1}, []float64{1, 1, 1, 1, 1, 1}, true},
		{"no partials", []float64{1, 1, 1}, nil, false},
		{"a partial of the objective", []float64{1, 1, 1}, []float64{1, nan, 1, 1, 1, 1}, false},
		{"a partial of an active constraint", []float64{1, 1, 1}, []float64{1, 1, nan, 1, 1, 1}, false},
		{"a partial of a violated constraint", []float64{1, 3, 1}, []float64{1, 1, nan, 1, 1, 1}, false},
		{"a partial of a constraint far from its limit", []float64{1, -3, 1}, []float64{1, 1, nan, 1, 1, 1}, true},
		{"a partial of a monitored response", []float64{1, 1, 1}, []float64{1, 1, 1, 1, nan, nan}, true},
		{"the objective", []float64{nan, 1, 1}, []float64{1, 1, 1, 1, 1, 1}, false},
		{"a constraint", []float64{1, nan, 1}, []float64{1, 1, 1, 1, 1, 1}, false},
		{"a monitored response", []float64{1, 1, nan}, []float64{1, 1, 1, 1, 1, 1}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := optimize.ComputeKKT(c.Problem, x, tt.y, tt.dydx)
			require.Equal(t, tt.known, k.Known)
			require.Equal(t, !tt.known, math.IsNaN(k.Residual))
			require.Len(t, k.Bounds, 2)
			require.Len(t, k.Multipliers, 3)

			text, err := json.Marshal(k)
			require.NoError(t, err)
			var back optimize.KKT
			require.NoError(t, json.Unmarshal(text, &back))
			require.Equal(t, fmt.Sprint(k), fmt.Sprint(back))
		})
	}
	require.PanicsWithValue(t, "optimize: 2 variables, 1 responses and 0 partials for a problem of 2 and 3", func() {
		optimize.ComputeKKT(c.Problem, x, []float64{1}, nil)
	})
}
