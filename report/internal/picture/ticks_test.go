package picture

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot"
)

func labels(ticks []plot.Tick) []string {
	var list []string
	for _, t := range ticks {
		list = append(list, t.Label)
	}
	return list
}

func TestTicks(t *testing.T) {
	tests := []struct {
		name      string
		ticker    plot.Ticker
		low, high float64
		want      []string
	}{
		{"tenths", roundTicks(5), 0, 0.5, []string{"0", "0.1", "0.2", "0.3", "0.4", "0.5"}},
		{"across zero", roundTicks(4), -2, 2, []string{"-2", "-1", "0", "1", "2"}},
		{"uneven ends", roundTicks(4), 0.13, 1.9, []string{"0.5", "1", "1.5"}},
		{"large", roundTicks(3), 0, 5.1e6, []string{"0", "2e6", "4e6"}},
		{"large halves", roundTicks(3), 0, 4e5, []string{"0", "1e5", "2e5", "3e5", "4e5"}},
		{"small", roundTicks(2), 0, 2e-6, []string{"0", "1e-6", "2e-6"}},
		{"nothing between", roundTicks(5), 1, 1, []string{"1"}},
		{"whole", wholeTicks(5), 0, 3, []string{"0", "1", "2", "3"}},
		{"whole, many", wholeTicks(5), 0, 43, []string{"0", "10", "20", "30", "40"}},
		{"decades", decades{}, 1e-3, 10, []string{"1e-3", "1e-2", "1e-1", "1e0", "1e1"}},
		{"many decades", decades{}, 1e-16, 1, []string{"1e-15", "1e-12", "1e-9", "1e-6", "1e-3", "1e0"}},
		{"within a decade", decades{}, 1.5, 8, []string{"2", "5"}},
		{"with a zero", decades{zero: 1e-7}, 1e-8, 1e-4, []string{"1e-6", "1e-5", "1e-4", "0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, labels(tt.ticker.Ticks(tt.low, tt.high))) })
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		v      float64
		digits int
		want   string
	}{
		{0, 6, "0"},
		{1, 6, "1"},
		{13600, 6, "13600"},
		{13600.0000002, 6, "13600"},
		{0.205729, 3, "0.206"},
		{1234567, 3, "1234567"},
		{12345678, 3, "1.23e7"},
		{1e-6, 6, "1e-6"},
		{-2.5e-10, 6, "-2.5e-10"},
		{0.0001, 6, "0.0001"},
		{100, 1, "100"},
		{1e300, 3, "1e300"},
		{math.NaN(), 3, "–"},
		{math.Inf(1), 3, "∞"},
		{math.Inf(-1), 3, "−∞"},
		{math.Copysign(0, -1), 3, "0"},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, Number(tt.v, tt.digits))
	}
}

func TestFit(t *testing.T) {
	require.Equal(t, "mass [kg]", fit("mass [kg]", 9))
	require.Equal(t, "mass", fit("mass [kg]", 8))
	require.Equal(t, "thickness…el_12", fit("thickness_of_panel_12 [mm]", 15))
	require.Len(t, []rune(fit("größenänderungsgeschwindigkeit", 10)), 10)
}

func TestSpan(t *testing.T) {
	low, high, ok := span(0.1, []float64{0, math.NaN(), 10}, []float64{math.Inf(1)})
	require.True(t, ok)
	require.InDelta(t, -1, low, 1e-12)
	require.InDelta(t, 11, high, 1e-12)
	low, high, ok = span(0, []float64{5, 5})
	require.True(t, ok)
	require.Less(t, low, 5.0)
	require.Greater(t, high, 5.0)
	_, _, ok = span(0, nil)
	require.False(t, ok)
}
