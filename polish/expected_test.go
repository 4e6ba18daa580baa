package polish_test

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/polish"
	"github.com/stretchr/testify/require"
)

// Two holes, of which the deeper one is half as wide as the other: where designs of six
// samples see the other, values alone have to tell that not all has been seen.
func TestDeeperHoleWithoutPartials(t *testing.T) {
	t.Parallel()
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 1}, {Name: "b", Lower: 0, Upper: 1}},
		Responses: []sbo.Response{sbo.Maximize("hole")},
	}
	e := answering(func(y, dydx, x []float64) {
		hole := func(a, b, width float64) float64 {
			return math.Exp(-((x[0]-a)*(x[0]-a) + (x[1]-b)*(x[1]-b)) / (2 * width * width))
		}
		y[0] = hole(0.25, 0.3, 0.3) + 2*hole(0.8, 0.75, 0.12)
	})
	for seed := range uint64(2) {
		got := run(t, polish.Loop{Problem: p, Budget: 60, Seed: seed}, without(e, 2, func(int, int) bool { return true }), 6)
		require.InDelta(t, 2+math.Exp(-(0.55*0.55+0.45*0.45)/0.18), got.y[0], 1e-3, seed)
		require.Equal(t, polish.Converged, got.last.Stop, got.last.Why)
		require.Nil(t, got.last.Network, "kriging does alone")
		require.Less(t, got.last.Data.Len(), 60)
	}
}
