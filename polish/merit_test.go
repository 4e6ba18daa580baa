package polish

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// table is samples with the given responses and nothing else.
func table(nx, ny int, y ...float64) sbo.Data {
	return sbo.Data{NX: nx, NY: ny, X: make([]float64, len(y)/ny*nx), Y: y}
}

var nan = math.NaN()

func TestScales(t *testing.T) {
	for name, c := range map[string]struct {
		costs          []float64
		origin, spread float64
	}{
		"median":             {[]float64{1, 2, 3, 4, 1e9}, 3, 1},
		"even number":        {[]float64{1, 3, 5, 9}, 4, 2},
		"failures":           {[]float64{nan, 1, 3, 5, nan}, 3, 2},
		"most are the same":  {[]float64{2, 2, 2, 7}, 2, 5},
		"all are the same":   {[]float64{-1e-5, -1e-5}, -1e-5, 1e-5},
		"one":                {[]float64{300}, 300, 300},
		"all are zero":       {[]float64{0, 0, 0}, 0, 1},
		"nothing is known":   {[]float64{nan}, 0, 1},
		"rounding is no one": {[]float64{1, 1 + 1e-15, 1 - 1e-15}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerit(square(sbo.Minimize("f")), table(2, 1, c.costs...))
			require.InDelta(t, c.origin, m.origin, 1e-15*math.Abs(c.origin))
			require.InDelta(t, c.spread, m.spread, 1e-9*c.spread)
		})
	}
}

func TestMerit(t *testing.T) {
	p := square(sbo.Maximize("f"), sbo.AtMost("g", 10), sbo.Equal("h", 2), sbo.Monitored("m"))
	m := newMerit(p, table(2, 4,
		-1, 6, 2, 0, // gaps 4 and 0
		-3, 12, 5, 0, // 2 and 3
		-5, 11, 1, nan, // 1 and 1
	))
	require.Equal(t, 3.0, m.origin) // of the costs 1, 3, 5
	require.Equal(t, 2.0, m.spread)
	require.Equal(t, []float64{0, 1.0 / 2, 1, 0}, m.weight)
	for name, c := range map[string]struct {
		y    []float64
		want float64
	}{
		"feasible":              {[]float64{-1, 6, 2, 0}, -1},
		"beyond the limit":      {[]float64{-1, 16, 2, 0}, -1 + 3},
		"off the equality":      {[]float64{-1, 6, 1.5, 0}, -1 + 0.5},
		"no objective":          {[]float64{nan, 6, 2, 0}, nan},
		"no constraint":         {[]float64{-1, nan, 2, 0}, math.Inf(1)},
		"failed":                {[]float64{nan, nan, nan, nan}, nan},
		"monitors don't matter": {[]float64{-1, 6, 2, nan}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := m.of(c.y); math.IsNaN(c.want) {
				require.True(t, math.IsNaN(got), got)
			} else {
				require.Equal(t, c.want, got)
			}
		})
	}
	m.penalize([]float64{0, -3, 0.25, 9})
	require.Equal(t, []float64{0, 0.5 + 6, 1 + 0.5, 0}, m.weight)
}

func TestMeritBest(t *testing.T) {
	p := square(sbo.Minimize("f"), sbo.AtMost("g", 0))
	d := table(2, 2, nan, nan, 5, -1, 4, -1, 4, -1, -9, nan, 3, 100)
	require.Equal(t, 2, newMerit(p, d).best(d)) // the first of equals
	d = table(2, 2, nan, nan, 1, nan)
	require.Equal(t, -1, newMerit(p, d).best(d))
}

// Penalties that are too small for the limits to be respected grow until the way
// to the limits pays, and no further.
func TestToughen(t *testing.T) {
	p := square(sbo.Minimize("f"), sbo.AtMost("g", 0), sbo.AtMost("h", 0))
	d := table(2, 3, 0, -1, -2, 2, 1, 2) // spread 1, sizes 1 and 2
	inside := []float64{50, -1, 0}
	outside := []float64{10, 4, 6}
	m := newMerit(p, d)
	require.Less(t, m.of(outside), m.of(inside))
	require.True(t, m.toughen(outside, inside))
	gain := m.of(outside) - m.of(inside)
	require.InDelta(t, 40, gain, 1e-9) // the way costs 40, and now counts 80
	require.False(t, m.toughen(outside, inside))
	before := slices.Clone(m.weight)
	m.penalize([]float64{0, 0, 0}) // it lasts
	require.InDeltaSlice(t, before, m.weight, 1e-12)

	for name, c := range map[string][2][]float64{
		"already feasible": {{10, 0, 0}, {50, -1, 0}},
		"no nearer":        {{10, 1, 0}, {50, 1, 0}},
		"not known":        {{10, 1, 0}, {nan, nan, nan}},
		"pays anyway":      {{10, 1, 0}, {9, 0, 0}},
	} {
		m := newMerit(p, d)
		require.False(t, m.toughen(c[0], c[1]), name)
		require.Equal(t, 1.0, m.tough, name)
	}
}

func TestScaleAndRestore(t *testing.T) {
	for _, p := range []sbo.Problem{square(sbo.Monitored("m"), sbo.Minimize("f")), square(sbo.Monitored("m"), sbo.Maximize("f"))} {
		m := newMerit(p, table(2, 2, 0, 3, 0, 7, 0, 4))
		y, dydx := []float64{8, 11}, []float64{1, 2, 3, -4}
		ys, js := m.scaled(y, dydx)
		require.Equal(t, []float64{8, 11}, y) // copies
		require.InDelta(t, (p.Cost(y)-m.origin)/m.spread, m.problem().Cost(ys), 1e-12)
		sign := p.Cost([]float64{0, 1})
		require.InDeltaSlice(t, []float64{1, 2, sign * 3 / m.spread, sign * -4 / m.spread}, js, 1e-12)
		m.restore(ys)
		require.InDeltaSlice(t, y, ys, 1e-12)
		_, js = m.scaled(y, nil)
		require.Nil(t, js)
	}
}

// The residual doesn't change with the unit of the objective; the multipliers are
// in its unit.
func TestKKTInAnyUnit(t *testing.T) {
	sample := func(unit float64) (sbo.Problem, sbo.Data) {
		p := square(sbo.Minimize("f"), sbo.AtLeast("g", 1))
		d := sbo.Data{NX: 2, NY: 2, X: []float64{5, 0, 1, 1}, Y: []float64{3 * unit, 1, 7 * unit, 2}}
		d.Partials = []float64{2 * unit, 1e-3 * unit, 1, 0, 0, 0, 0, 0}
		return p, d
	}
	p, d := sample(1)
	plain := newMerit(p, d).kkt(d, 0)
	require.True(t, plain.Known)
	require.InDelta(t, 2, plain.Multipliers[1], 1e-9)
	// By hand: what remains is 1e-3 a unit of b, 2 units wide, of 2 a spread,
	// relative to the steepest, 2 a unit of a, 10 wide.
	require.InDelta(t, 1e-3*2/(2*10), plain.Residual, 1e-12)
	for _, unit := range []float64{1e-3, 1e6} {
		p, d := sample(unit)
		got := newMerit(p, d).kkt(d, 0)
		require.InEpsilon(t, plain.Residual, got.Residual, 1e-9)
		require.InEpsilon(t, unit*plain.Multipliers[1], got.Multipliers[1], 1e-9)
	}
	d.Partials = nil
	require.False(t, newMerit(p, d).kkt(d, 0).Known)
}
