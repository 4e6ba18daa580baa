package airfoil_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems/airfoil"
)

var cruise = airfoil.Flow{Mach: 0.15, Reynolds: 3e6}

func naca(tb testing.TB, digits string) *airfoil.Section {
	tb.Helper()
	n, err := airfoil.ParseNACA4(digits)
	require.NoError(tb, err)
	return n.Section(airfoil.Panels)
}

// A mirrored section at the opposite angle has the opposite lift and moment.
func TestMirroredSection(t *testing.T) {
	for i, c := range goldenCases(t)[3:] {
		upright, mirrored := section(c.X), section(slices.Clone(c.X))
		for k := range mirrored.Camber {
			mirrored.Camber[k] = -mirrored.Camber[k]
		}
		var solver airfoil.Solver
		flow := airfoil.Flow{Mach: c.X[14], Reynolds: 3e6}
		require.NoError(t, solver.Load(upright.Section(airfoil.Panels)))
		a, err := solver.Analyze(flow, c.X[15], nil)
		require.NoError(t, err)
		require.NoError(t, solver.Load(mirrored.Section(airfoil.Panels)))
		b, err := solver.Analyze(flow, -c.X[15], nil)
		require.NoError(t, err)
		require.InDelta(t, a.CL, -b.CL, 1e-9, "case %d", i)
		require.InDelta(t, a.CD, b.CD, 1e-11)
		require.InDelta(t, a.CM, -b.CM, 1e-9)
		require.InDelta(t, a.Transition[0], b.Transition[1], 1e-7)
	}
}

// The partials are the slopes of the values, on random sections, with a trip, and
// with a sharp trailing edge, which has an equation of its own.
func TestPartialsAreSlopes(t *testing.T) {
	rng := sbo.Rand(7, "airfoil")
	box := airfoil.AF3().Box()
	box.Lower, box.Upper = append(box.Lower, 0.05), append(box.Upper, 0.35) // the Mach number
	for i, test := range []struct {
		edge float64
		flow airfoil.Flow
	}{
		{0.0025, airfoil.Flow{Reynolds: 3e6}},
		{0, airfoil.Flow{Reynolds: 1e6}},
		{0.01, airfoil.Flow{Reynolds: 8e6, Trip: airfoil.Trip{From: 0.02, To: 0.05}}},
		{0.0025, airfoil.Flow{Reynolds: 5e5, Ncrit: 4}},
	} {
		x, direction := make([]float64, box.Dim()), make([]float64, box.Dim())
		for j := range x {
			x[j] = box.Lower[j] + (0.2+0.6*rng.Float64())*(box.Upper[j]-box.Lower[j])
			direction[j] = rng.NormFloat64() * (box.Upper[j] - box.Lower[j])
		}
		var solver airfoil.Solver
		at := func(step float64, partials []float64) [3]float64 {
			p := make([]float64, len(x))
			for j := range p {
				p[j] = x[j] + step*direction[j]
			}
			c := airfoil.CST{Thickness: p[:7], Camber: p[7:14], TrailingEdge: test.edge}
			require.NoError(t, solver.Load(c.Section(airfoil.Panels)))
			flow := test.flow
			flow.Mach = p[15]
			r, err := solver.Analyze(flow, p[14], partials)
			require.NoError(t, err)
			return [3]float64{r.CL, r.CD, r.CM}
		}
		const nd = 16
		partials := make([]float64, 3*nd)
		at(0, partials)
		const h = 1e-4
		plus, minus, plus2, minus2 := at(h, nil), at(-h, nil), at(2*h, nil), at(-2*h, nil)
		for k := range 3 {
			row := partials[k*nd : (k+1)*nd]
			slope, size := row[0]*direction[14]+row[1]*direction[15], 0.0
			for j, p := range row[2:] {
				slope += p * direction[j]
				size += math.Abs(p * direction[j])
			}
			difference := (8*(plus[k]-minus[k]) - (plus2[k] - minus2[k])) / (12 * h)
			require.InDelta(t, difference, slope, 1e-7*size, "test %d, response %d", i, k)
		}
	}
}

func TestTrim(t *testing.T) {
	var solver airfoil.Solver
	c := section(goldenCases(t)[4].X)
	const nd, cl = 16, 0.5
	trimmed, free := make([]float64, 3*nd), make([]float64, 3*nd)
	require.NoError(t, solver.Load(c.Section(airfoil.Panels)))
	r, err := solver.Trim(cruise, cl, trimmed)
	require.NoError(t, err)
	require.Equal(t, cl, r.CL)
	again, err := solver.Analyze(cruise, r.Alpha, free)
	require.NoError(t, err)
	require.InDelta(t, cl, again.CL, 1e-11)
	require.InDelta(t, r.CD, again.CD, 1e-13)
	require.InDelta(t, r.CM, again.CM, 1e-11)
	alone, err := solver.Trim(cruise, cl, nil)
	require.NoError(t, err)
	require.InDelta(t, r.Alpha, alone.Alpha, 1e-10)

	// The partials are slopes along the line of constant lift.
	at := func(j int, h float64) [3]float64 {
		p := section(slices.Clone(goldenCases(t)[4].X))
		flow, lift := cruise, cl
		switch j {
		case 0:
			lift += h
		case 1:
			flow.Mach += h
		default:
			p.Thickness[:14][j-2] += h
		}
		require.NoError(t, solver.Load(p.Section(airfoil.Panels)))
		r, err := solver.Trim(flow, lift, nil)
		require.NoError(t, err)
		return [3]float64{r.Alpha, r.CD, r.CM}
	}
	for _, j := range []int{0, 1, 2, 5, 15} {
		const h = 1e-4
		plus, minus := at(j, h), at(j, -h)
		for k := range 3 {
			slope := (plus[k] - minus[k]) / (2 * h)
			require.InDelta(t, slope, trimmed[k*nd+j], 1e-5*max(math.Abs(slope), []float64{1, 1e-2, 0.1}[k]), "row %d, variable %d", k, j)
		}
	}
}

// Values that the model is known to give, near those of XFOIL for the same flow.
func TestNACASections(t *testing.T) {
	tests := []struct {
		digits          string
		alpha, reynolds float64
		cl, cd, cm      float64 // of this model
		xfoil           [3]float64
	}{
		{"0012", 0, 3e6, 0, 0.00530, 0, [3]float64{0, 0.00508, 0}},
		{"0012", 4, 3e6, 0.4447, 0.00627, 0.0002, [3]float64{0.4425, 0.00622, 0.0013}},
		{"0012", 8, 6e6, 0.8807, 0.00787, 0.0023, [3]float64{0.8841, 0.00797, 0.0028}},
		{"2412", 2, 3e6, 0.4733, 0.00546, -0.0537, [3]float64{0.4689, 0.00512, -0.0522}},
		{"4412", 4, 3e6, 0.9346, 0.00599, -0.1053, [3]float64{0.9330, 0.00573, -0.1038}},
		{"4412", 8, 3e6, 1.3505, 0.00997, -0.1010, [3]float64{1.3199, 0.01111, -0.0945}},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s at %g", test.digits, test.alpha), func(t *testing.T) {
			var solver airfoil.Solver
			require.NoError(t, solver.Load(naca(t, test.digits)))
			r, err := solver.Analyze(airfoil.Flow{Reynolds: test.reynolds}, test.alpha, nil)
			require.NoError(t, err)
			require.InDelta(t, test.cl, r.CL, 6e-5)
			require.InDelta(t, test.cd, r.CD, 6e-6)
			require.InDelta(t, test.cm, r.CM, 6e-5)
			require.InDelta(t, test.xfoil[0], r.CL, 0.035)
			require.InEpsilon(t, test.xfoil[1], r.CD, 0.12)
			require.InDelta(t, test.xfoil[2], r.CM, 0.008)
		})
	}
}

// Wind tunnel: NACA 2412 has a lift slope of 0.105 per degree and no lift at -2.2
// degrees (I. H. Abbott, A. E. von Doenhoff, Theory of Wing Sections, 1959, in
// Anderson's reading of the chart).
func TestNACA2412InTheWindTunnel(t *testing.T) {
	var solver airfoil.Solver
	require.NoError(t, solver.Load(naca(t, "2412")))
	partials := make([]float64, 6)
	r, err := solver.Trim(airfoil.Flow{Reynolds: 3.1e6}, 0, partials)
	require.NoError(t, err)
	require.InDelta(t, -2.2, r.Alpha, 0.1)
	require.InEpsilon(t, 0.105, 1/partials[0], 0.1)
}

// A trip near the nose makes drag that of a turbulent layer. NASA's turbulence
// modeling resource has 0.0081 for NACA 0012 at a Reynolds number of 6e6.
func TestTrip(t *testing.T) {
	var solver airfoil.Solver
	require.NoError(t, solver.Load(naca(t, "0012")))
	flow := airfoil.Flow{Mach: 0.15, Reynolds: 6e6}
	free, err := solver.Analyze(flow, 0, nil)
	require.NoError(t, err)
	flow.Trip = airfoil.Trip{From: 0.02, To: 0.05}
	tripped, err := solver.Analyze(flow, 0, nil)
	require.NoError(t, err)
	require.InEpsilon(t, 0.0081, tripped.CD, 0.02)
	require.Greater(t, tripped.CD, 1.4*free.CD)
	require.Less(t, tripped.Transition[0], 0.05)
	require.Greater(t, free.Transition[0], 0.2)
}

func TestPeakMachGrowsWithTheAngle(t *testing.T) {
	var solver airfoil.Solver
	require.NoError(t, solver.Load(naca(t, "0012")))
	low, err := solver.Analyze(airfoil.Flow{Mach: 0.3, Reynolds: 3e6}, 0, nil)
	require.NoError(t, err)
	high, err := solver.Analyze(airfoil.Flow{Mach: 0.3, Reynolds: 3e6}, 6, nil)
	require.NoError(t, err)
	require.Greater(t, low.PeakMach, 0.33)
	require.Greater(t, high.PeakMach, 1.5*low.PeakMach)
}

func TestFaultsOfFlowsAndCalls(t *testing.T) {
	var solver airfoil.Solver
	require.PanicsWithValue(t, "airfoil: Analyze without a section: call Load, and check its error", func() { _, _ = solver.Analyze(cruise, 0, nil) })
	require.NoError(t, solver.Load(naca(t, "0012")))
	_, err := solver.Analyze(airfoil.Flow{Mach: 0.8, Reynolds: 100, Ncrit: 1, Trip: airfoil.Trip{From: 0.5, To: 0.2}}, 0, nil)
	for _, says := range []string{"Mach number of 0.8", "Reynolds number of 100", "Ncrit is 1", "trip from 0.5 to 0.2"} {
		require.ErrorContains(t, err, says)
	}
	require.Panics(t, func() { _, _ = solver.Analyze(cruise, 0, make([]float64, 5)) })
	require.Panics(t, func() { solver.Inviscid(0, 0, make([]float64, 5), nil) })
	require.Panics(t, func() { solver.Pressures(make([]float64, 5)) })
	_, err = solver.Trim(cruise, 20, nil)
	require.ErrorIs(t, err, airfoil.ErrNotConverged)
	_, err = solver.Analyze(cruise, 85, nil)
	require.ErrorIs(t, err, airfoil.ErrNotConverged)
}
