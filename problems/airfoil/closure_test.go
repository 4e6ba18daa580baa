package airfoil

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The slopes of all closures are those of their values.
func TestSlopesOfClosures(t *testing.T) {
	tests := map[string]struct {
		f        func(x float64) (v, slope float64)
		from, to float64
	}{
		"smoothStep":           {smoothStep, -0.2, 1.2},
		"smoothPositive":       {func(x float64) (v, slope float64) { return smoothPositive(x, 0.06) }, -1, 1},
		"laminarShape":         {laminarShape, -0.3, 0.4},
		"turbulentShape":       {turbulentShape, 2.5, 12},
		"entrainment":          {entrainment, 2.5, 12},
		"amplification by H":   {func(h float64) (v, slope float64) { v, slope, _ = amplification(h, 6.5); return v, slope }, 2.1, 4.5},
		"amplification by Re":  {func(l float64) (v, slope float64) { v, _, slope = amplification(2.6, l); return v, slope }, 4, 9},
		"friction by H":        {func(h float64) (v, slope float64) { v, slope, _ = turbulentFriction(h, 2000); return v, slope }, 1.2, 4},
		"friction by Re":       {func(l float64) (v, slope float64) { v, _, slope = turbulentFriction(1.5, math.Exp(l)); return v, slope }, 1, 10},
		"pressure by speed":    {func(q float64) (v, slope float64) { v, slope, _ = correction(0.3).pressure(q); return v, slope }, -1, 2},
		"pressure by Mach":     {func(m float64) (v, slope float64) { v, _, slope = correction(m).pressure(1.4); return v, slope }, 0.01, 0.5},
		"speed by speed":       {func(q float64) (v, slope float64) { s := correction(0.3).speed(q, 2); return s.u, s.byQ }, 0, 1.8},
		"speed by Mach":        {func(m float64) (v, slope float64) { s := correction(m).speed(1.3, 2); return s.u, s.byMach }, 0.01, 0.5},
		"its slope by speed":   {func(q float64) (v, slope float64) { s := correction(0.3).speed(q, 2); return s.du, s.duByQ }, 0, 1.8},
		"its slope by slope":   {func(d float64) (v, slope float64) { s := correction(0.3).speed(1.3, d); return s.du, s.duByDQ }, -3, 3},
		"its slope by Mach":    {func(m float64) (v, slope float64) { s := correction(m).speed(1.3, 2); return s.du, s.duByMach }, 0.01, 0.5},
		"angle of a panel":     {func(x float64) (v, slope float64) { return arc(0.3, x), -0.3 / (0.09 + x*x) }, -5, 5},
		"angle across a panel": {func(y float64) (v, slope float64) { return arc(y, 2), 2 / (4 + y*y) }, -1, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			const n, h = 500, 1e-5
			size := 0.0
			for i := range n {
				_, slope := test.f(test.from + (test.to-test.from)*float64(i)/n)
				size = max(size, math.Abs(slope))
			}
			require.Positive(t, size)
			for i := range n {
				x := test.from + (test.to-test.from)*(float64(i)+0.5)/n
				_, slope := test.f(x)
				plus, _ := test.f(x + h)
				minus, _ := test.f(x - h)
				require.InDelta(t, (plus-minus)/(2*h), slope, 1e-5*size, "at %g", x)
			}
		})
	}
}

// Known values: shape factors of Thwaites's table and of Head's relation, friction
// and waves on a flat plate.
func TestClosures(t *testing.T) {
	for lambda, want := range map[float64]float64{0.08: 2.34, 0.048: 2.44, 0: 2.61, -0.09: 3.55} { // Thwaites's table
		h, _ := laminarShape(lambda)
		require.InDelta(t, want, h, 0.04, "lambda = %g", lambda)
	}
	for _, h1 := range []float64{turbulentStart, 3.3 + 0.8234*math.Pow(1.3-1.1, -1.287), 3.3 + 1.5501*math.Pow(2.2-0.6778, -3.064)} {
		h, _ := turbulentShape(h1)
		want := 1.6
		switch {
		case h1 > 7:
			want = 1.3
		case h1 < 4:
			want = 2.2
		}
		require.InDelta(t, want, h, 0.05, "H1 = %g", h1)
	}
	cf, _, _ := turbulentFriction(1.4, 1000)
	require.InDelta(t, 0.0041, cf, 0.0004) // 2 (2.44 ln Re + 4.4)^-2 or so
	below, _, _ := amplification(2.59, math.Log(150))
	require.Zero(t, below, "waves are damped below the critical Reynolds number")
	above, _, _ := amplification(2.59, math.Log(1000))
	require.InDelta(t, 0.0104*0.2204, above, 0.0013) // dn/dRe and dRe/ds of Blasius's layer, 0.220/theta
}

// Node speeds follow from a spline whose pieces join smoothly: value, slope and
// curvature of both pieces agree at a knot.
func TestSplineIsSmooth(t *testing.T) {
	const n = 9
	p := spline{s: newJets(n, 0), v: newJets(n, 0), m: newJets(n, 0)}
	for i := range n {
		p.s.v[i] = float64(i) + 0.3*math.Sin(float64(i))
		p.v.v[i] = math.Cos(p.s.v[i])
	}
	p.solve(newSplineWork(n))
	for i := 1; i < n-1; i++ {
		left, right := p.cubic(i-1, p.s.v[i]), p.cubic(i, p.s.v[i])
		require.InDelta(t, p.v.v[i], left.v, 1e-14)
		require.InDelta(t, left.v, right.v, 1e-14)
		require.InDelta(t, left.slope, right.slope, 1e-13)
		require.InDelta(t, left.curvature, right.curvature, 1e-13)
	}
	require.Zero(t, p.m.v[0])
	require.Zero(t, p.m.v[n-1])
}
