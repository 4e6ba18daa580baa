package kriging

import (
	"context"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// The closed form is what leaving out samples one by one gives.
func TestLeaveOneOutAgreesWithRefits(t *testing.T) {
	d := holes(bumps(9))
	for _, kernel := range Kernels() {
		h := someHyper(kernel)
		m := fitted(t, d, h)
		p := m.processes[0]
		predicted, std := m.LeaveOneOut()
		for i := range d.Len() {
			var others []int
			for o := range d.Len() {
				if o != i {
					others = append(others, o)
				}
			}
			refit, err := newProcess(p.c.r.subset(others), h, p.variance, p.scaling)
			require.NoError(t, err)
			refit.calibration = p.calibration
			without := &Model{processes: []*process{refit}, nx: 3, ny: 1}
			x := d.Point(i)
			require.InDelta(t, without.Predict(nil, x)[0], predicted.Responses(i)[0], 1e-9)
			require.InDelta(t, without.PredictStd(nil, x)[0], std.Responses(i)[0], 1e-9)
			partials, spread := without.PredictPartials(nil, x), without.PredictPartialsStd(nil, x)
			for j, known := range d.PartialsOf(i) {
				require.InDelta(t, x[j], predicted.Point(i)[j], 1e-12)
				if math.IsNaN(known) {
					require.True(t, math.IsNaN(predicted.PartialsOf(i)[j]))
					continue
				}
				require.InDelta(t, partials[j], predicted.PartialsOf(i)[j], 1e-8)
				require.InDelta(t, spread[j], std.PartialsOf(i)[j], 1e-8)
			}
		}
	}
}

// Intervals cover what has not been seen.
func TestIntervalsCover(t *testing.T) {
	m, _, err := Fit(context.Background(), Task{Data: bumps(14)}, sbo.Rand(1, "fit"), Options{})
	require.NoError(t, err)
	fresh := bumps(214)
	inside := 0
	for i := 14; i < fresh.Len(); i++ {
		lower, upper := m.PredictInterval(nil, nil, fresh.Point(i), 0.9)
		if lower[0] <= fresh.Y[i] && fresh.Y[i] <= upper[0] {
			inside++
		}
	}
	require.Greater(t, inside, 160, "of 200")
}
