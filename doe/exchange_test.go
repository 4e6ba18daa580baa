package doe

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// After many exchanges the sums still are what the coordinates say.
func TestExchangeKeepsBooks(t *testing.T) {
	const dim = 3
	rng := sbo.Rand(1, "test")
	points := LatinHypercube{}.Sample(12, dim, rng)
	existing := Random{}.Sample(7, dim, rng)
	copy(existing, points[:dim]) // a distance of nought, until the point moves
	e := newExchange(points, existing, dim)

	// By the measure of finished designs, less the pairs of existing points.
	want := func() float64 {
		all := append(e.points(), existing...)
		sum := 0.0
		for i := 0; i < 12*dim; i += dim {
			for k := i + dim; k < len(all); k += dim {
				pair := []float64{0, math.Max(math.Sqrt(distance2(all[i:i+dim], all[k:k+dim])), math.Sqrt(1e-6*e.unit))}
				sum += math.Pow(math.Sqrt(e.unit)*PhiP(pair, 1, esePower), esePower)
			}
		}
		return sum
	}
	require.InEpsilon(t, want(), e.sum, 1e-9)
	for range 500 {
		s := e.bestOf(3, rng.IntN(dim), rng)
		before := e.sum
		e.apply(s)
		fresh := want()
		require.InDelta(t, fresh, e.sum, 1e-6*max(fresh, 1e-3*before))
		require.InDelta(t, fresh, before+s.change, 1e-6*max(fresh, before))
	}
	require.Less(t, e.largest, 1e100, "the sum was added up afresh after the coincident points parted")
}

func TestThreshold(t *testing.T) {
	after := func(start threshold, improved bool, accepted float64, all bool) threshold {
		start.adapt(improved, accepted, all)
		return start
	}
	warm, cooling := threshold{value: 1}, threshold{value: 1, cooling: true}
	require.Equal(t, 0.8, after(warm, true, 0.5, false).value, "improving: demand more")
	require.Equal(t, 1.0, after(warm, true, 0.5, true).value, "only improvements: leave it")
	require.Equal(t, 1/0.8, after(warm, true, 0.05, true).value, "hardly a move: demand less")
	require.Equal(t, threshold{value: 0.8}, after(cooling, true, 0.5, false))

	require.Equal(t, 1/0.7, after(warm, false, 0.5, false).value, "stuck: up")
	require.Equal(t, threshold{value: 0.9, cooling: true}, after(warm, false, 0.9, false), "far enough: down")
	require.Equal(t, threshold{value: 0.9, cooling: true}, after(cooling, false, 0.5, false), "and on down")
	require.Equal(t, threshold{value: 1 / 0.7}, after(cooling, false, 0.05, false), "until nothing moves: up again")
}
