package polish

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// descents are what came at a limit of 2 where it was foretold, one after the other, and the margin
// that is right after the last.
func TestMargins(t *testing.T) {
	tests := []struct {
		name     string
		limit    sbo.Response
		foretold float64 // inside the limit
		truth    []float64
		margin   float64
	}{
		{"exact answers: each miss is a fraction of the last", sbo.AtMost("g", 2), 0, []float64{2.3, 2.02, 2.001, 2.00001}, 0},
		{"noise: misses don't shrink", sbo.AtMost("g", 2), 0, []float64{2.01, 2.007, 2.012}, 0.024},
		{"two may be chance", sbo.AtMost("g", 2), 0, []float64{2.01, 2.007}, 0},
		{"one within tells that it is enough", sbo.AtMost("g", 2), 0, []float64{2.01, 2.007, 2.012, 1.99}, 0.012},
		{"and misses are counted anew", sbo.AtMost("g", 2), 0, []float64{2.01, 2.007, 1.99, 2.012, 2.01}, 0},
		{"a lower limit", sbo.AtLeast("g", 2), 0, []float64{1.99, 1.993, 1.988}, 0.024},
		{"not aimed at the limit", sbo.AtMost("g", 2), 0.5, []float64{2.01, 2.007, 2.012}, 0},
		{"an equality", sbo.Equal("g", 2), 0, []float64{2.01, 2.007, 2.012}, 0},
		{"failed", sbo.AtMost("g", 2), 0, []float64{2.01, math.NaN(), 2.007, math.Inf(1), 2.012}, 0.024},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := sbo.Problem{Responses: []sbo.Response{sbo.Minimize("f"), test.limit}}
			m := newMargins(2)
			for _, y := range test.truth {
				m.note(p, []float64{0, 2 - test.foretold}, []float64{0, y})
			}
			require.InDeltaSlice(t, []float64{0, test.margin}, m.margin, 1e-12)

			lower, upper := p.Responses[1].Lower, p.Responses[1].Upper
			m.tighten(p)
			require.InDelta(t, test.margin, within(p.Responses[1].Lower, lower)+within(upper, p.Responses[1].Upper), 1e-12)
		})
	}
}

// within returns a - b, or 0 if there is no such limit.
func within(a, b float64) float64 {
	if math.IsInf(a, 0) {
		return 0
	}
	return a - b
}

// A narrow band stays half as wide at least.
func TestMarginsOfABand(t *testing.T) {
	p := sbo.Problem{Responses: []sbo.Response{sbo.Minimize("f"), sbo.Between("g", 1, 1.1)}}
	m := margins{margin: []float64{0, 5}}
	m.tighten(p)
	require.InDelta(t, 1.025, p.Responses[1].Lower, 1e-12)
	require.InDelta(t, 1.075, p.Responses[1].Upper, 1e-12)
}
