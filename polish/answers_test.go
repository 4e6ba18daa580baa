package polish_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/surrogate"
)

func TestKnownOptima(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		problem problems.Problem
		design  int
		budget  int
		within  float64 // of the minimum
	}{
		{problems.Rosenbrock(2), 6, 40, 1e-6},
		{problems.Branin(), 6, 40, 1e-6},
		{problems.Sphere(1), 3, 30, 1e-6},
		{problems.G24(), 5, 30, 1e-4},
		{problems.G04(), 7, 30, 0.1}, // the limits of about 100 are met to 1e-6 of that
		{problems.PressureVessel(), 6, 30, 1e-2},
	} {
		t.Run(c.problem.Name, func(t *testing.T) {
			got := run(t, polish.Loop{Problem: c.problem.Problem, Budget: c.budget, Seed: 1}, c.problem, c.design)
			require.Equal(t, polish.Converged, got.last.Stop, got.last.Why)
			require.InDelta(t, c.problem.Minimum, got.y[0], c.within)
			require.True(t, got.last.Feasible)
			require.LessOrEqual(t, got.last.KKT.Residual, 1e-4)
		})
	}
}

// The loop must end converged, not stalled at a point that breaks a limit, be it
// by a hair or far out, where the cost falls without end.
func TestConstrainedFromManyDesigns(t *testing.T) {
	t.Parallel()
	g24 := problems.G24()
	chasm := problems.Problem{Problem: sbo.Problem{
		Name:      "chasm",
		Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 1}, {Name: "b", Lower: 0, Upper: 1}},
		Responses: []sbo.Response{sbo.Minimize("f"), sbo.AtLeast("g", 0.6)},
	}, Minimum: -math.Pow(0.62, -4)}
	for name, c := range map[string]struct {
		problem   problems.Problem
		evaluator sbo.Evaluator
	}{
		"g24": {g24, g24},
		"chasm": {chasm, answering(func(y, dydx, x []float64) {
			a, b := x[0]+0.02, x[1]-0.3
			y[0], y[1] = b*b-math.Pow(a, -4), x[0]-b*b
			copy(dydx, []float64{4 * math.Pow(a, -5), 2 * b, 1, -2 * b})
		})},
	} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprint(name, seed), func(t *testing.T) {
				got := run(t, polish.Loop{Problem: c.problem.Problem, Budget: 40, Seed: seed}, c.evaluator, 5)
				require.Equal(t, polish.Converged, got.last.Stop, got.last.Why)
				require.InDelta(t, c.problem.Minimum, got.y[0], 1e-5)
				require.True(t, got.last.Feasible)
				require.LessOrEqual(t, got.last.KKT.Residual, 1e-4) // the certificate is that of the reported point
			})
		}
	}
}

func TestMaximize(t *testing.T) {
	p := problems.Branin()
	up := p.Problem
	up.Responses = []sbo.Response{sbo.Maximize("f")}
	negative := answering(func(y, dydx, x []float64) {
		_ = p.Evaluate(context.Background(), y, dydx, x)
		y[0] = -y[0]
		for j := range dydx {
			dydx[j] = -dydx[j]
		}
	})
	got := run(t, polish.Loop{Problem: up, Budget: 40, Seed: 1}, negative, 6)
	require.Equal(t, polish.Converged, got.last.Stop)
	require.InDelta(t, -p.Minimum, got.y[0], 1e-6)
}

// A point of the circle of radius 1 that is closest to (2, 1): (2, 1)/sqrt(5), at
// a distance of sqrt(5)-1.
func TestEquality(t *testing.T) {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: -2, Upper: 2}, {Name: "b", Lower: -2, Upper: 2}},
		Responses: []sbo.Response{sbo.Minimize("distance2"), sbo.Equal("circle", 1)},
	}
	e := answering(func(y, dydx, x []float64) {
		a, b := x[0], x[1]
		y[0], y[1] = (a-2)*(a-2)+(b-1)*(b-1), a*a+b*b
		copy(dydx, []float64{2 * (a - 2), 2 * (b - 1), 2 * a, 2 * b})
	})
	got := run(t, polish.Loop{Problem: p, Budget: 40, Seed: 3}, e, 5)
	require.Equal(t, polish.Converged, got.last.Stop, got.last.Why)
	require.InDelta(t, math.Pow(math.Sqrt(5)-1, 2), got.y[0], 1e-5)
	require.InDelta(t, 1, got.y[1], 1e-6)
	require.InDeltaSlice(t, []float64{2 / math.Sqrt(5), 1 / math.Sqrt(5)}, got.last.Data.Point(got.last.Best), 1e-3)
	// The multiplier by hand: d/dr (sqrt(5) - r)^2 for the limit r^2 = 1.
	require.InDelta(t, -(math.Sqrt(5) - 1), got.last.KKT.Multipliers[1], 1e-3)
}

func TestMissingPartials(t *testing.T) {
	t.Parallel()
	for name, hidden := range map[string]func(k, j int) bool{
		"all":               func(int, int) bool { return true },
		"by one variable":   func(_, j int) bool { return j == 1 },
		"of the constraint": func(k, _ int) bool { return k == 1 },
	} {
		t.Run(name, func(t *testing.T) {
			p := problems.G24()
			got := run(t, polish.Loop{Problem: p.Problem, Budget: 40, Seed: 1}, without(p, 2, hidden), 8)
			require.InDelta(t, p.Minimum, got.y[0], 1e-3)
			require.Equal(t, polish.Converged, got.last.Stop, got.last.Why)
		})
	}
	t.Run("nil", func(t *testing.T) { // a batch that knows of no partials at all
		p := problems.Trid(2)
		l := polish.Loop{Problem: p.Problem, Budget: 40, Seed: 1, Evaluate: func(ctx context.Context, x []float64) (sbo.Data, error) {
			d, err := sbo.Workers(p.Problem, p, 1)(ctx, x)
			d.Partials = nil
			return d, err
		}}
		got := run(t, l, nil, 10)
		require.InDelta(t, p.Minimum, got.y[0], 1e-3)
		require.Equal(t, polish.Converged, got.last.Stop, got.last.Why)
		require.False(t, got.last.KKT.Known)
	})
}

func TestFailures(t *testing.T) {
	t.Parallel()
	p := problems.Branin()
	failing := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		if hash(x) < 0.2 {
			return fmt.Errorf("%w: no mesh", sbo.ErrFailed)
		}
		return p.Evaluate(ctx, y, dydx, x)
	})
	got := run(t, polish.Loop{Problem: p.Problem, Budget: 50, Seed: 2}, failing, 8)
	failed := 0
	for i := range got.last.Data.Len() {
		if got.last.Data.Failed(i) {
			failed++
		}
	}
	require.Positive(t, failed, "nothing failed")
	require.InDelta(t, p.Minimum, got.y[0], 1e-4)
}

// Where a part of the box has no answers, the loop goes along its edge: the best points
// are those of the bowl that are nearest to the origin.
func TestFailingRegions(t *testing.T) {
	t.Parallel()
	p := problems.Sphere(2).WithBox([]float64{-3, -3}, []float64{2, 2})
	for name, c := range map[string]struct {
		fails func(x []float64) bool
		best  float64
	}{
		"half":        {func(x []float64) bool { return x[0] > -1 }, 1},
		"slanted":     {func(x []float64) bool { return x[0]+2*x[1] > -2 }, 0.8},
		"in the way":  {func(x []float64) bool { return math.Hypot(x[0], x[1]) < 0.8 }, 0.64},
		"but an isle": {func(x []float64) bool { return math.Hypot(x[0]+1.5, x[1]+1.5) > 1.3 }, (1.5*math.Sqrt2 - 1.3) * (1.5*math.Sqrt2 - 1.3)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failing := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
				if c.fails(x) {
					return sbo.ErrFailed
				}
				return p.Evaluate(ctx, y, dydx, x)
			})
			got := run(t, polish.Loop{Problem: p.Problem, Budget: 35, Seed: 3}, failing, 8)
			require.InDelta(t, c.best, got.y[0], 0.03)
		})
	}
}

func TestNoisyPartials(t *testing.T) {
	p := problems.Branin()
	noisy := answering(func(y, dydx, x []float64) {
		_ = p.Evaluate(context.Background(), y, dydx, x)
		for j := range dydx {
			dydx[j] *= 1 + 0.2*(hash([]float64{x[0], x[1], float64(j)})-0.5)
		}
	})
	got := run(t, polish.Loop{Problem: p.Problem, Budget: 40, Seed: 1}, noisy, 8)
	require.InDelta(t, p.Minimum, got.y[0], 1e-3)

	// By partials that are off all over, no optimality conditions will ever hold. Said
	// to be so, they are not waited for, and most runs end in time, close to the optimum.
	off := answering(func(y, dydx, x []float64) {
		_ = p.Evaluate(context.Background(), y, dydx, x)
		for j := range dydx {
			dydx[j] += 10 * (hash([]float64{x[0], x[1], float64(j)}) - 0.5) // of 60, the root mean square
		}
	})
	l := polish.Loop{Problem: p.Problem, Budget: 40, Seed: 1, Unseen: 1}
	got = run(t, l, off, 8)
	require.NotEqual(t, polish.Converged, got.last.Stop)
	l.Surrogate.Responses = []surrogate.ResponseOptions{{PartialNoise: 0.07}}
	var gaps []float64
	ended := 0
	for seed := range uint64(5) {
		l.Seed = seed
		got = run(t, l, off, 8)
		gaps = append(gaps, got.y[0]-p.Minimum)
		if got.last.Stop != polish.Budget {
			ended++
		}
	}
	slices.Sort(gaps)
	require.Less(t, gaps[2], 0.1, "of 300")
	require.GreaterOrEqual(t, ended, 3)
}

// No point of the circle of radius 1 has a sum of 4. The loop ends near where the
// largest violation is least; nearer it can't tell, since its penalties add up the
// violations.
func TestInfeasible(t *testing.T) {
	t.Parallel()
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: -3, Upper: 3}, {Name: "b", Lower: -3, Upper: 3}},
		Responses: []sbo.Response{sbo.Minimize("f"), sbo.AtMost("circle", 1), sbo.AtLeast("sum", 4)},
	}
	e := answering(func(y, dydx, x []float64) {
		a, b := x[0], x[1]
		y[0], y[1], y[2] = a, a*a+b*b, a+b
		copy(dydx, []float64{1, 0, 2 * a, 2 * b, 1, 1})
	})
	got := run(t, polish.Loop{Problem: p, Budget: 40, Seed: 1}, e, 6)
	require.Equal(t, polish.Stalled, got.last.Stop)
	require.False(t, got.last.Feasible)
	// At a = b: 2a^2-1 = (4-2a)/4.
	a := (-0.5 + math.Sqrt(0.25+16)) / 4
	require.InDelta(t, 2*a*a-1, got.last.Violation, 0.1)
}

func TestFlatAndLinear(t *testing.T) {
	square := []sbo.Variable{{Name: "a", Lower: -1, Upper: 3}, {Name: "b", Lower: 10, Upper: 20}}
	// Without partials, what is to be expected of samples that are all alike is not known: the loop stalls.
	for name, c := range map[string]struct {
		slope   [2]float64
		hidden  bool
		minimum float64
		corner  []float64
		stop    polish.Stop
	}{
		"constant":                   {minimum: 7, stop: polish.Converged},
		"constant, no partials":      {minimum: 7, hidden: true, stop: polish.Stalled},
		"linear":                     {slope: [2]float64{2, -3}, minimum: 7 - 2 - 60, corner: []float64{-1, 20}, stop: polish.Converged},
		"linear, no partials":        {slope: [2]float64{2, -3}, hidden: true, minimum: 7 - 2 - 60, corner: []float64{-1, 20}, stop: polish.Converged},
		"in one variable, no slopes": {slope: [2]float64{2, 0}, hidden: true, minimum: 7 - 2, stop: polish.Converged},
	} {
		t.Run(name, func(t *testing.T) {
			p := sbo.Problem{Variables: square, Responses: []sbo.Response{sbo.Minimize("f")}}
			e := answering(func(y, dydx, x []float64) {
				y[0] = 7 + c.slope[0]*x[0] + c.slope[1]*x[1]
				copy(dydx, c.slope[:])
			})
			e = without(e, 2, func(int, int) bool { return c.hidden })
			got := run(t, polish.Loop{Problem: p, Budget: 30, Seed: 1}, e, 5)
			require.Equal(t, c.stop, got.last.Stop, got.last.Why)
			require.InDelta(t, c.minimum, got.y[0], 1e-9)
			if c.corner != nil {
				require.Equal(t, c.corner, got.last.Data.Point(got.last.Best))
			}
			require.LessOrEqual(t, got.last.Data.Len(), 20)
		})
	}
}

func TestMonitoredResponses(t *testing.T) {
	t.Parallel()
	branin := problems.Branin()
	p := branin.Problem
	p.Responses = []sbo.Response{sbo.Monitored("m"), sbo.Minimize("f"), sbo.Monitored("constant")}
	e := answering(func(y, dydx, x []float64) {
		_ = branin.Evaluate(context.Background(), y[1:2], dydx[2:4], x)
		y[0], y[2] = math.Sin(x[0]), 3
		dydx[0], dydx[1], dydx[4], dydx[5] = math.Cos(x[0]), 0, 0, 0
	})
	got := run(t, polish.Loop{Problem: p, Budget: 40, Seed: 1}, e, 6)
	require.Equal(t, polish.Converged, got.last.Stop)
	require.InDelta(t, branin.Minimum, got.y[1], 1e-6)
}
