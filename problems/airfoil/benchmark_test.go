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

// plane is a benchmark on a plane through its box, so that few variables, which
// are quick to check, stand for many.
type plane struct {
	airfoil.Benchmark
	origin     []float64
	directions [2][]float64
}

func onPlane(b airfoil.Benchmark) (plane, sbo.Problem) {
	rng, box := sbo.Rand(1, b.Name), b.Box()
	p := plane{Benchmark: b, origin: make([]float64, b.NX())}
	for j := range p.origin {
		middle := (box.Lower[j] + box.Upper[j]) / 2
		for k := range p.directions {
			p.directions[k] = append(p.directions[k], (rng.Float64()-0.5)*(box.Upper[j]-box.Lower[j])/2)
		}
		p.origin[j] = middle
	}
	on := b.Problem
	on.Variables = []sbo.Variable{{Name: "a", Lower: -1, Upper: 1}, {Name: "b", Lower: -1, Upper: 1}}
	return p, on
}

func (p plane) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	at := make([]float64, p.NX())
	for j := range at {
		at[j] = p.origin[j] + x[0]*p.directions[0][j] + x[1]*p.directions[1][j]
	}
	var all []float64
	if dydx != nil {
		all = make([]float64, p.NX()*p.NY())
	}
	if err := p.Benchmark.Evaluate(ctx, y, all, at); err != nil {
		return err
	}
	clear(dydx)
	for i, d := range all {
		dydx[2*(i/p.NX())] += d * p.directions[0][i%p.NX()]
		dydx[2*(i/p.NX())+1] += d * p.directions[1][i%p.NX()]
	}
	return nil
}

func TestBenchmarksKeepTheRulesOfEvaluators(t *testing.T) {
	for _, b := range benchmarks() {
		t.Run(b.Name, func(t *testing.T) {
			require.NoError(t, b.Validate())
			p, on := onPlane(b)
			require.NoError(t, sbotest.CheckEvaluator(t.Context(), p, on, sbo.Rand(1, b.Name), sbotest.Options{AllPartials: true, Points: 2}))
		})
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
