package polish

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// judged returns samples of a box of 10 by 2 at rows of a, b, and 1 if it succeeded.
func judged(rows ...[3]float64) sbo.Data {
	d := sbo.NewData(2, 1, len(rows))
	for i, r := range rows {
		copy(d.Point(i), r[:2])
		if r[2] == 1 {
			d.Responses(i)[0] = 0
		}
	}
	return d
}

func TestSuccess(t *testing.T) {
	box := square().Box()
	require.Equal(t, 1.0, success{}.of([]float64{5, 1}), "nothing has failed")
	require.Equal(t, 1.0, newSuccess(box, judged([3]float64{5, 1, 1})).of([]float64{0, 0}))
	s := newSuccess(box, judged([3]float64{0, 0, 1}, [3]float64{4, 0, 0}))
	require.InDelta(t, 0.5, s.of([]float64{2, 1}), 1e-15)
	require.InDelta(t, 27.0/28, s.of([]float64{1, 0}), 1e-15) // distances 0.1 and 0.3, to the power of -3
	require.InDelta(t, 1, s.of([]float64{0, 0}), 1e-15)
	require.InDelta(t, 0, s.of([]float64{4, 0}), 1e-15)
	require.InDelta(t, 1, s.of([]float64{1e-200, 0}), 1e-15)
	require.InDelta(t, 0, newSuccess(box, judged([3]float64{4, 0, 0})).of([]float64{9, 0}), 1e-15)
	near := newSuccess(box, judged([3]float64{0, 0, 1}, [3]float64{4e-9, 0, 0}, [3]float64{10, 2, 0}))
	require.InDelta(t, 27.0/28, near.of([]float64{1e-9, 0}), 1e-12, "the same on any scale")
}

// Of two failures and two successes on either side of a line it is concluded how that
// lies, whatever the scale.
func TestEdge(t *testing.T) {
	box := square().Box()
	for _, scale := range []float64{1, 1e-4} {
		at := func(a, b, succeeded float64) [3]float64 { // in the unit box, around its middle
			return [3]float64{5 + 10*scale*a, 1 + 2*scale*b, succeeded}
		}
		d := judged(at(0, 0, 1), at(0.05, 0.3, 0), at(0.05, -0.3, 0), at(-0.05, 0.3, 1), at(-0.05, -0.3, 1), at(0.2, 0, 0), at(-0.2, 0, 1))
		e := newEdge(sbo.Rand(1, "edge"), box, d, 0)
		of := func(a, b float64) float64 {
			x := at(a, b, 0)
			return e.of(x[:2])
		}
		require.Greater(t, of(-0.3, 0), 0.9)
		require.Less(t, of(0.3, 0), 0.1)
		require.InDelta(t, of(0, 0.3), of(0, -0.3), 0.2)
		require.Greater(t, of(0, 0.3), 0.35)
		require.Greater(t, of(-0.05, 0.3), of(0.05, 0.3)+0.4)
		require.InDelta(t, 1, e.of(d.Point(0)), 1e-12)
	}
}

// With one failure, straight on, it is open where the edge turns.
func TestEdgeIsOpen(t *testing.T) {
	d := judged([3]float64{5, 1, 1}, [3]float64{5.1, 1, 0})
	e := newEdge(sbo.Rand(1, "edge"), square().Box(), d, 0)
	ahead, slanted, aside, back := e.of([]float64{6, 1}), e.of([]float64{6, 1.2}), e.of([]float64{5, 1.2}), e.of([]float64{4, 1})
	require.Less(t, ahead, 0.2)
	require.Less(t, ahead, slanted)
	require.Less(t, slanted, aside)
	require.InDelta(t, 0.5, aside, 0.2)
	require.Greater(t, back, 0.85)
}

func TestTurn(t *testing.T) {
	rng := sbo.Rand(1, "turn")
	from, to, x := []float64{0.1, 0.2, 0.3}, []float64{0.4, 0.2, 0.7}, make([]float64, 3)
	turn(rng, x, from, to, 0.5, true)
	require.InDeltaSlice(t, []float64{0.25, 0.2, 0.5}, x, 1e-15)
	for range 100 {
		turn(rng, x, from, to, 0.5, false)
		length, along := 0.0, 0.0
		for j := range x {
			length += (x[j] - from[j]) * (x[j] - from[j])
			along += (x[j] - from[j]) * (to[j] - from[j])
		}
		require.InDelta(t, 0.25, math.Sqrt(length), 1e-12)
		require.GreaterOrEqual(t, along, 0.0)
	}
	turn(rng, x[:1], []float64{0.2}, []float64{0.4}, 0.5, false) // on a line nothing turns
	require.InDelta(t, 0.3, x[0], 1e-15)
}
