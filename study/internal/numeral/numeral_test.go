package numeral_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study/internal/numeral"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]float64{
		"1": 1, "-2.5": -2.5, "+.5": 0.5, "3.": 3, "1e3": 1e3, "1.5E-02": 0.015,
		"1.5D+03": 1500, "-5.0d-01": -0.5, "1.0Q2": 100, "1.5-103": 1.5e-103, "-1.5+103": -1.5e103,
		"1e999": math.Inf(1), "-1D999": math.Inf(-1), "1e-999": 0,
		"inf": math.Inf(1), "-Infinity": math.Inf(-1), "+INF": math.Inf(1),
	} {
		got, ok := numeral.Parse(text)
		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"nan", "-NaN", "NAN", "nan(ind)", "-nan(0x7)"} {
		got, ok := numeral.Parse(text)
		require.True(t, ok, text)
		require.True(t, math.IsNaN(got), text)
	}
	for _, text := range []string{"", "drag", "1,5", "1_000", "0x1p3", "1e", "e5", "--1", "1.2.3", "1-5", "1.5-10", "infinite", "nano", ".", "***", "1 "} {
		_, ok := numeral.Parse(text)
		require.False(t, ok, text)
	}
	require.True(t, numeral.IsOverflow("*****"))
	require.False(t, numeral.IsOverflow(""))
	require.False(t, numeral.IsOverflow("*1*"))
}

// FuzzParse: what Go prints is read to the bit, with an e and with a D.
func FuzzParse(f *testing.F) {
	f.Add(1.5)
	f.Add(-2.5e-300)
	f.Fuzz(func(t *testing.T, v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		text := strconv.FormatFloat(v, 'e', 16, 64)
		got, ok := numeral.Parse(text)
		require.True(t, ok)
		require.Equal(t, v, got)
		text = strconv.FormatFloat(v, 'E', 16, 64)
		for i := range text {
			if text[i] == 'E' {
				text = text[:i] + "D" + text[i+1:]
			}
		}
		got, ok = numeral.Parse(text)
		require.True(t, ok)
		require.Equal(t, v, got)
	})
}
