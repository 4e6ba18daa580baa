package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// answerAt evaluates f = sin(3 a) + b^2 with noise of some amplitude, of which no two
// points have the same.
func answerAt(x []float64, noise float64) study.Evaluation {
	f := math.Sin(3*x[0]) + x[1]*x[1] + noise*math.Sin(1e7*(x[0]+2*x[1]))
	return study.Evaluation{X: x, State: study.Done, Y: []float64{f}}
}

func TestAuditSeparatesMistakesFromNoise(t *testing.T) {
	box := sbo.Box{Lower: []float64{0, 1}, Upper: []float64{2, 3}}
	x := []float64{0.7, 2}
	truth := []float64{3 * math.Cos(3*0.7), 4}
	points := stencil(box, x, auditStep)
	require.Len(t, points, 2*9)
	for _, c := range []struct {
		noise, error float64
		want         string
	}{
		{0, 0, agrees},
		{0, 1e-5, agrees},
		{0, 2e-2, wrong},
		{1e-9, 0, agrees},
		{1e-9, 2e-2, wrong}, // noise does not excuse a mistake that is larger
		{1e-2, 2e-2, unresolved},
	} {
		var trial []study.Evaluation
		for i := 0; i < len(points); i += 2 {
			trial = append(trial, answerAt(points[i:i+2], c.noise))
		}
		difference, uncertainty, _ := slopes(trial, 0, 2)
		for j := range truth {
			claimed := truth[j] * (1 + c.error)
			require.Equal(t, c.want, judge(claimed, difference[j], uncertainty[j], 1), "noise %g, error %g, variable %d: %g against %g +- %g", c.noise, c.error, j, claimed, difference[j], uncertainty[j])
			require.Equal(t, missing, judge(math.NaN(), difference[j], uncertainty[j], 1))
		}
		trial[2].State = study.Failed
		difference, uncertainty, _ = slopes(trial, 0, 2)
		require.Equal(t, unresolved, judge(truth[0], difference[0], uncertainty[0], 1))
	}
	// A partial that is zero at an extremum is compared on the scale of the response.
	require.Equal(t, agrees, judge(0, 1e-10, 0, 1))
	require.Equal(t, wrong, judge(0, 1e-3, 1e-9, 1))
}
