package optimize_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/stretchr/testify/require"
)

var methods = []optimize.Method{optimize.LBFGS, optimize.BFGS}

// starts returns n rows inside the box, the same for the same name.
func starts(c testCase, n int) []float64 {
	rng := sbo.Rand(1, c.Name)
	var rows []float64
	u := make([]float64, c.NX())
	for range n {
		for j := range u {
			u[j] = rng.Float64()
		}
		rows = append(rows, c.Box().Place(nil, u)...)
	}
	return rows
}

// certify checks what must hold of every converged answer, without the words of the optimizer.
func certify(t *testing.T, c testCase, r optimize.Result) {
	t.Helper()
	require.Equal(t, optimize.Converged, r.Status, "%v", r)
	require.True(t, c.Box().Contains(r.X))
	y, dydx := make([]float64, c.NY()), make([]float64, c.NY()*c.NX())
	require.NoError(t, c.Evaluate(t.Context(), y, dydx, r.X))
	require.Equal(t, y, r.Y, "the responses are those at the point")
	require.Equal(t, c.Cost(y), r.Objective)
	require.Equal(t, c.Violation(y), r.Violation)
	require.True(t, r.Feasible)
	require.LessOrEqual(t, r.Violation, 1e-9)
	kkt := optimize.ComputeKKT(c.Problem, r.X, y, dydx)
	require.True(t, kkt.Known)
	require.LessOrEqual(t, kkt.Residual, 1e-8)
	require.LessOrEqual(t, r.KKT.Residual, 1e-8)
}

// Every start ends at a certified local optimum, and the best of them at the
// published one.
func TestKnownOptima(t *testing.T) {
	for _, c := range knownCases() {
		for _, method := range methods {
			t.Run(fmt.Sprintf("%s/%s", c.Name, method), func(t *testing.T) {
				results, err := optimize.Multistart(t.Context(), c.Problem, c, starts(c, 20), optimize.Options{Method: method})
				require.NoError(t, err)
				require.Len(t, results, 20)
				for _, r := range results {
					certify(t, c, r)
					require.Less(t, r.Evaluations, 400*(c.NX()+1))
				}
				require.InDelta(t, c.cost, results[0].Objective, 1e-8*max(1, math.Abs(c.cost)))
				u, known := c.Box().Unit(nil, results[0].X), c.Box().Unit(nil, c.x)
				for j := range u {
					require.InDelta(t, known[j], u[j], 1e-5, "variable %d", j+1)
				}
			})
		}
	}
}

// From the corners of the box, where formulas are at their worst.
func TestCornerStarts(t *testing.T) {
	for _, c := range []testCase{weldedBeam(), pressureVessel(), spring(), g07(), cantilever(5), wingWeight()} {
		for _, corner := range [][]float64{c.Box().Lower, c.Box().Upper} {
			r, err := optimize.Minimize(t.Context(), c.Problem, c, corner, optimize.Options{})
			require.NoError(t, err)
			certify(t, c, r)
			require.InDelta(t, c.cost, r.Objective, 1e-8*max(1, math.Abs(c.cost)), c.Name)
		}
	}
}

func TestBounds(t *testing.T) {
	square := func(v complex128) complex128 { return v * v }
	tests := []struct {
		name    string
		n       int
		formula func(x []complex128) complex128
		start   []float64
		x       []float64
	}{
		{"corner from inside", 3, func(x []complex128) complex128 { return x[0] - 2*x[1] + 3*x[2] }, fill(3, 0), []float64{-1, 2, -1}},
		{"corner from the opposite corner", 3, func(x []complex128) complex128 { return x[0] - 2*x[1] + 3*x[2] }, []float64{2, -1, 2}, []float64{-1, 2, -1}},
		{"corner from itself", 2, func(x []complex128) complex128 { return x[0] - x[1] }, []float64{-1, 2}, []float64{-1, 2}},
		{"face", 3, func(x []complex128) complex128 { return square(x[0]-5) + square(x[1]-1) + square(x[2]+0.5*x[1]) }, fill(3, 2), []float64{2, 1, -0.5}},
		{"a bound that must be left", 2, func(x []complex128) complex128 { return square(x[0]-x[1]) + square(x[1]-1) }, []float64{-1, -1}, []float64{1, 1}},
		{"an interior minimum that touches a bound", 2, func(x []complex128) complex128 { return square(x[0]+1) + square(x[1]-1) }, fill(2, 2), []float64{-1, 1}},
		{"a saddle is no answer", 2, func(x []complex128) complex128 { return x[0] * x[1] }, []float64{0, 0}, []float64{-1, 2}},
		{"nor a maximum on a bound", 2, func(x []complex128) complex128 { return -square(x[0]+1) + square(x[1]-1) }, []float64{-1, 1}, []float64{2, 1}},
		{"narrow valley across the box", 2, func(x []complex128) complex128 { return 1e6*square(x[0]-x[1]) + square(x[0]-3) }, []float64{-1, 2}, []float64{2, 2}},
		{"start outside is clipped", 1, func(x []complex128) complex128 { return square(x[0]) }, []float64{7}, []float64{0}},
	}
	for _, tt := range tests {
		for _, method := range methods {
			t.Run(tt.name, func(t *testing.T) {
				c := testCase{Problem: problem("bounds", fill(tt.n, -1), fill(tt.n, 2), 0), formula: func(x []complex128) []complex128 {
					return []complex128{tt.formula(x)}
				}}
				r, err := optimize.Minimize(t.Context(), c.Problem, c, tt.start, optimize.Options{Method: method})
				require.NoError(t, err)
				certify(t, c, r)
				for j, want := range tt.x {
					if want == -1 || want == 2 {
						require.InDelta(t, want, r.X[j], 1e-15)
					}
					require.InDelta(t, want, r.X[j], 1e-7)
				}
			})
		}
	}
}

// From a maximum, where no gradient shows the way, either way is right.
func TestLeavesMaxima(t *testing.T) {
	c := testCase{Problem: problem("maximum", fill(2, -1), fill(2, 2), 0), formula: func(x []complex128) []complex128 {
		return []complex128{-x[0]*x[0] - 3*x[1]*x[1]}
	}}
	r, err := optimize.Minimize(t.Context(), c.Problem, c, []float64{0, 0}, optimize.Options{})
	require.NoError(t, err)
	certify(t, c, r)
	for _, v := range r.X {
		require.Contains(t, []float64{-1, 2}, v)
	}
}

// A variable that is pressed against a bound is there to the last bit, whatever
// the bound: 0.1, 0.3 and 1/3 have no exact binary form.
func TestBoundsAreExact(t *testing.T) {
	lower, upper := []float64{0.1, -1.0 / 3, 1e-7}, []float64{0.3, 1.0 / 3, 7.7}
	c := testCase{Problem: problem("exact", lower, upper, 0), formula: func(x []complex128) []complex128 {
		return []complex128{-x[0] + x[1] - x[2]}
	}}
	for _, start := range [][]float64{lower, upper, {0.2, 0, 1}} {
		r, err := optimize.Minimize(t.Context(), c.Problem, c, start, optimize.Options{})
		require.NoError(t, err)
		require.Equal(t, []float64{upper[0], lower[1], upper[2]}, r.X)
		require.Equal(t, optimize.Converged, r.Status)
		require.InDeltaSlice(t, []float64{-1, 1, -1}, r.KKT.Bounds, 1e-12)
	}
}

// The evaluator never sees a point outside the box.
func TestStaysInTheBox(t *testing.T) {
	for _, c := range knownCases() {
		e := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
			require.True(t, c.Box().Contains(x), "%v", x)
			return c.Evaluate(ctx, y, dydx, x)
		})
		for _, differences := range []bool{false, true} {
			_, err := optimize.Minimize(t.Context(), c.Problem, e, c.Box().Upper, optimize.Options{Differences: differences, MaxEvaluations: 300})
			require.NoError(t, err)
		}
	}
}

func TestFaultsAreErrors(t *testing.T) {
	c := rosenbrock(2)
	_, err := optimize.Minimize(t.Context(), sbo.Problem{}, c, nil, optimize.Options{})
	require.ErrorContains(t, err, "no design variables")
	_, err = optimize.Multistart(t.Context(), c.Problem, c, []float64{1, 1}, optimize.Options{
		Method: "newton", Tolerance: -1, Feasibility: 1, MaxEvaluations: -1,
	})
	for _, fault := range []string{`no method "newton"`, "tolerance is -1", "feasibility is 1", "evaluations is -1"} {
		require.ErrorContains(t, err, fault)
	}
	_, err = optimize.Minimize(t.Context(), c.Problem, c, []float64{1, math.NaN()}, optimize.Options{})
	require.ErrorContains(t, err, `"x2" is not a number`)
	require.PanicsWithValue(t, "optimize: a start of 3 numbers for 2 variables", func() {
		_, _ = optimize.Minimize(t.Context(), c.Problem, c, fill(3, 0), optimize.Options{})
	})
	require.PanicsWithValue(t, "optimize: starts of 3 numbers for 2 variables", func() {
		_, _ = optimize.Multistart(t.Context(), c.Problem, c, fill(3, 0), optimize.Options{})
	})
}

func TestStatusesAreSentences(t *testing.T) {
	seen := map[string]bool{}
	for s := optimize.NotRun; s <= optimize.Broken; s++ {
		require.Regexp(t, `^[A-Z].*\.$`, s.String())
		require.False(t, seen[s.String()])
		seen[s.String()] = true
	}
	require.Len(t, seen, 8)
	require.Equal(t, "Status(99)", optimize.Status(99).String())
}
