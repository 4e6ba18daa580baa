package airfoil_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems/airfoil"
	"github.com/sbo-go/sbo/sbotest"
)

func benchmarks() []airfoil.Benchmark {
	return []airfoil.Benchmark{airfoil.AF1(), airfoil.AF2(), airfoil.AF3()}
}

// line is a benchmark on a line through the middle of its box, so that one
// variable, which is quick to check, stands for many.
type line struct {
	airfoil.Benchmark
	origin, direction []float64
}

func onLine(b airfoil.Benchmark) (line, sbo.Problem) {
	rng, box := sbo.Rand(1, b.Name), b.Box()
	l := line{Benchmark: b}
	for j := range b.NX() {
		l.origin = append(l.origin, (box.Lower[j]+box.Upper[j])/2)
		l.direction = append(l.direction, (rng.Float64()-0.5)*(box.Upper[j]-box.Lower[j])/2)
	}
	on := b.Problem
	on.Variables = []sbo.Variable{{Name: "along", Lower: -1, Upper: 1}}
	return l, on
}

func (l line) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	at := make([]float64, l.NX())
	for j := range at {
		at[j] = l.origin[j] + x[0]*l.direction[j]
	}
	var all []float64
	if dydx != nil {
		all = make([]float64, l.NX()*l.NY())
	}
	if err := l.Benchmark.Evaluate(ctx, y, all, at); err != nil {
		return err
	}
	clear(dydx)
	for i, d := range all {
		dydx[i/l.NX()] += d * l.direction[i%l.NX()]
	}
	return nil
}

func TestBenchmarksKeepTheRulesOfEvaluators(t *testing.T) {
	for _, b := range []airfoil.Benchmark{airfoil.AF1(), airfoil.AF3()} { // AF2 is made as AF1
		t.Run(b.Name, func(t *testing.T) {
			require.NoError(t, b.Validate())
			l, on := onLine(b)
			require.NoError(t, sbotest.CheckEvaluator(t.Context(), l, on, sbo.Rand(1, b.Name), sbotest.Options{AllPartials: true, Points: 2}))
		})
	}
}

func TestPartialsOfSeveralPoints(t *testing.T) {
	l, on := onLine(airfoil.AF2())
	require.NoError(t, on.Validate())
	ny := on.NY()
	plus, minus, y, dydx := make([]float64, ny), make([]float64, ny), make([]float64, ny), make([]float64, ny)
	const h = 1e-4
	require.NoError(t, l.Evaluate(t.Context(), plus, nil, []float64{h}))
	require.NoError(t, l.Evaluate(t.Context(), minus, nil, []float64{-h}))
	require.NoError(t, l.Evaluate(t.Context(), y, dydx, []float64{0}))
	for k := range ny {
		require.InDelta(t, (plus[k]-minus[k])/(2*h), dydx[k], 1e-5*max(math.Abs(dydx[k]), 1e-3), on.Responses[k].Name)
	}
}

// The set of samples has the derivatives of the golden cases in its own order.
func TestPolars(t *testing.T) {
	b := airfoil.Polars(3e6)
	c := goldenCases(t)[5]
	y, dydx := make([]float64, 3), make([]float64, 3*16)
	require.NoError(t, b.Evaluate(t.Context(), y, dydx, c.X))
	require.InDeltaSlice(t, []float64{c.CL, c.CD, c.CM}, y, 1e-9)
	for k, want := range [][]float64{c.DCL, c.DCD, c.DCM} {
		require.InDeltaSlice(t, want, dydx[16*k:16*(k+1)], 1e-8)
	}
	require.NoError(t, b.Evaluate(t.Context(), y, nil, c.X))
}

func TestBestPointsOfBenchmarks(t *testing.T) {
	for _, b := range benchmarks() {
		t.Run(b.Name, func(t *testing.T) {
			require.NotEmpty(t, b.Best)
			for _, x := range b.Best {
				y := make([]float64, b.NY())
				require.NoError(t, b.Evaluate(t.Context(), y, nil, x))
				require.True(t, b.Box().Contains(x))
				require.InDelta(t, b.Least, y[0], 1e-12)
				require.LessOrEqual(t, b.Violation(y), 1e-9, "%v", y)
			}
		})
	}
}

func TestBenchmarkOfNoSection(t *testing.T) {
	b := airfoil.AF1()
	x := b.Box().Lower
	for j := range 7 {
		x[j] = -0.1
	}
	y := make([]float64, b.NY())
	err := b.Evaluate(t.Context(), y, nil, x)
	require.ErrorIs(t, err, sbo.ErrFailed)
	require.ErrorIs(t, err, airfoil.ErrGeometry)
	x[0] = math.NaN()
	require.ErrorIs(t, b.Evaluate(t.Context(), y, nil, x), sbo.ErrFailed)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, b.Evaluate(ctx, y, nil, x), context.Canceled)
	require.Panics(t, func() { _ = b.Evaluate(t.Context(), y, nil, x[1:]) })
}
