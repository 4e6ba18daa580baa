package kriging

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

func TestCondition(t *testing.T) {
	d := bumps(12)
	all, _ := fit(t, Task{Data: d}, Options{})
	same, err := all.Condition(d, Weights{})
	require.NoError(t, err)
	require.Equal(t, saved(t, all), saved(t, same))

	some, err := all.Condition(d.Subset(indices(8)), Weights{})
	require.NoError(t, err)
	require.Equal(t, 8, some.Facts.Samples)
	x := d.Point(11)
	require.Greater(t, some.PredictStd(nil, x)[0], 10*all.PredictStd(nil, x)[0])
	require.Less(t, some.LogEvidence(0), all.LogEvidence(0))

	// A believed answer moves nothing where it is, but makes the model sure there.
	believed := sbo.Data{NX: 3, NY: 1, X: x, Y: some.Predict(nil, x), Partials: some.PredictPartials(nil, x)}
	sure, err := some.Condition(d.Subset(indices(8)).Append(believed), Weights{})
	require.NoError(t, err)
	require.InDelta(t, some.Predict(nil, x)[0], sure.Predict(nil, x)[0], 1e-5)
	require.Less(t, sure.PredictStd(nil, x)[0], 0.1*some.PredictStd(nil, x)[0])

	_, err = all.Condition(sbo.Data{NX: 1, NY: 2, X: []float64{0}, Y: []float64{1, 2}}, Weights{})
	require.ErrorContains(t, err, "kriging: a start of 3 inputs and 1 responses for data of 1 and 2")
	nothing := d.Subset([]int{0})
	nothing.Y[0] = math.NaN()
	_, err = all.Condition(nothing, Weights{})
	require.ErrorIs(t, err, ErrNoData)
}
