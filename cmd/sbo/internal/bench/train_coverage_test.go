package bench

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// about is a model that says x, give or take a tenth of the first response and a
// half of the second.
type about struct{ t *testing.T }

func (a about) PredictInterval(lower, upper, x []float64, level float64) (lo, up []float64) {
	require.InDelta(a.t, 0.9, level, 0)
	lower[0], upper[0] = x[0]-0.1, x[0]+0.1
	lower[1], upper[1] = x[0]-0.5, x[0]+0.5
	return lower, upper
}

func TestCoverageCountsWhatIsKnown(t *testing.T) {
	d := sbo.Data{NX: 1, NY: 2, X: []float64{0, 1, 2, 3}, Y: []float64{
		0, 0.6, // inside, outside
		1.1, 0.6, // on the bound, inside
		math.NaN(), 2, // not known, inside
		2.8, math.NaN(), // outside, not known
	}}
	require.InDelta(t, 100*4.0/6, coverage(about{t}, d), 1e-12)
}
