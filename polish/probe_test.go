package polish

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/kriging"
)

// Of samples in a plane the direction across it is what nobody has told of, on the side
// where the surrogate sees more; with one there, nothing is left to probe.
func TestProbe(t *testing.T) {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 1}, {Name: "b", Lower: -2, Upper: 2}, {Name: "c", Lower: 0, Upper: 10}},
		Responses: []sbo.Response{sbo.Minimize("f")},
	}
	s := probing(t, p, []float64{
		0.5, 0, 5, // the best, in the middle
		0.54, 0, 5,
		0.5, 0.16, 5,
		0.46, -0.16, 5,
		0.9, 1, 9, // too far away
	})
	c := s.probe(0)
	require.NotNil(t, c)
	require.Equal(t, Probe, c.Reason)
	require.InDeltaSlice(t, []float64{0.5, 0, 5 - 10*probeLength}, c.X, 1e-9)
	s.data = s.data.Append(samples(c.X))
	require.Nil(t, s.probe(0))
}

// A variable at a bound is probed only where leaving the bound looks good.
func TestProbeAtBounds(t *testing.T) {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 1}, {Name: "b", Lower: 0, Upper: 1}, {Name: "c", Lower: 0, Upper: 1}},
		Responses: []sbo.Response{sbo.Minimize("f")},
	}
	s := probing(t, p, []float64{0, 0.5, 1, 0.4, 0.1, 0.9, 0.9, 0.9, 0.1})
	require.Equal(t, []int{1, 2}, s.free(0, s.data.Point(0)))
	first := s.probe(0)
	require.Zero(t, first.X[0])
	s.data = s.data.Append(samples(first.X))
	second := s.probe(0)
	require.Zero(t, second.X[0])
	s.data = s.data.Append(samples(second.X))
	require.Nil(t, s.probe(0))
	require.InDelta(t, probeLength*probeLength, math.Abs((first.X[1]-0.5)*(second.X[2]-1)-(first.X[2]-1)*(second.X[1]-0.5)), 1e-9, "at right angles")
}

// falling is what the surrogate of these tests has learned.
func falling(x []float64) float64 { return x[0] + 0.1*x[1] + 0.3*x[2] }

func samples(x []float64) sbo.Data {
	d := sbo.NewData(3, 1, len(x)/3)
	copy(d.X, x)
	for i := range d.Len() {
		d.Responses(i)[0] = falling(d.Point(i))
	}
	return d
}

// probing returns the state of a loop with these samples and a surrogate of many.
func probing(t *testing.T, p sbo.Problem, x []float64) *state {
	t.Helper()
	scattered := doe.LatinHypercube{}.Sample(20, 3, sbo.Rand(1, "design"))
	for u := range slices.Chunk(scattered, 3) {
		p.Box().Place(u, u)
	}
	model, _, err := kriging.Fit(t.Context(), kriging.Task{Data: samples(scattered), Problem: p}, sbo.Rand(1, "fit"), kriging.Options{})
	require.NoError(t, err)
	s := newState(Loop{Problem: p, Seed: 1}, samples(x))
	s.model = stacked(nil, model, onKriging)
	return s
}
