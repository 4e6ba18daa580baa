package kriging

import (
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// A warm start searches for hyperparameters only if there are many more numbers, or some
// that it would not have expected.
func TestHyperparametersAreKept(t *testing.T) {
	d := bumps(80)
	start, _ := fit(t, Task{Data: d.Subset(upTo(60))}, Options{})
	after := func(d sbo.Data, o Options) *Model {
		m, _ := fit(t, Task{Data: d, Start: start, Problem: sbo.Problem{}}, o)
		return m
	}
	same := start.LengthScales(0)

	m := after(d.Subset(upTo(62)), Options{})
	require.Equal(t, same, m.LengthScales(0))
	require.InDelta(t, d.Y[61], m.Predict(nil, d.Point(61))[0], 1e-4, "the new samples are learned")

	require.NotEqual(t, same, after(d.Subset(upTo(80)), Options{}).LengthScales(0), "a third more samples")
	require.NotEqual(t, same, after(d.Subset(upTo(62)), Options{Restarts: 1}).LengthScales(0), "asked to search")
	odd := d.Subset(upTo(62))
	odd.Y[61] += 0.5
	require.NotEqual(t, same, after(odd, Options{}).LengthScales(0), "a number that doesn't fit")
}

// Of a response that is foretold exactly the hyperparameters stay, until it is not.
func TestExactResponses(t *testing.T) {
	d := bumps(20)
	for i := range d.Len() {
		x := d.Point(i)
		d.Y[i] = 2*x[0] - x[1] + 5
		copy(d.PartialsOf(i), []float64{2, -1, 0})
	}
	start, _ := fit(t, Task{Data: d.Subset(upTo(8))}, Options{})
	require.True(t, start.processes[0].exact)
	require.InDelta(t, d.Y[15], start.Predict(nil, d.Point(15))[0], 1e-8)

	m, _ := fit(t, Task{Data: d, Start: start}, Options{Restarts: 4})
	require.Equal(t, start.LengthScales(0), m.LengthScales(0))
	kinked := d.Subset(upTo(20))
	kinked.Y[19] += 0.1
	m, _ = fit(t, Task{Data: kinked, Start: start}, Options{Restarts: 4})
	require.False(t, m.processes[0].exact)
}

func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}
