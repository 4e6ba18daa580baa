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

// constrained is a problem with the given responses behind the objective.
func constrained(lower, upper []float64, formula func(x []complex128) []complex128, responses ...sbo.Response) testCase {
	p := problem("constrained", lower, upper, 0)
	p.Responses = append(p.Responses, responses...)
	return testCase{Problem: p, formula: formula}
}

// Problems whose minimizers and multipliers follow by hand, or are those of
// Hock, Schittkowski: Test Examples for Nonlinear Programming Codes (1981), by their numbers.
func TestConstraints(t *testing.T) {
	circle := func(x []complex128) []complex128 { return []complex128{x[0] + x[1], x[0]*x[0] + x[1]*x[1]} }
	tests := []struct {
		name        string
		c           testCase
		start       []float64
		x           []float64
		multipliers []float64 // of the constraints; nil where the source has none
	}{
		{
			"equality", constrained(fill(2, -2), fill(2, 2), circle, sbo.Equal("h", 2)),
			[]float64{0.3, 1},
			[]float64{-1, -1},
			[]float64{-0.5}, // c = -√(2h)
		},
		{
			"equality, from the maximum", constrained(fill(2, -2), fill(2, 2), circle, sbo.Equal("h", 2)),
			[]float64{1, 1},
			[]float64{-1, -1},
			[]float64{-0.5},
		},
		{
			"equality, from where its gradient vanishes", constrained(fill(2, -2), fill(2, 2), circle, sbo.Equal("h", 2)),
			[]float64{0, 0},
			[]float64{-1, -1},
			[]float64{-0.5},
		},
		{
			"upper limit", constrained(fill(2, -2), fill(2, 2), circle, sbo.AtMost("g", 2)),
			[]float64{0, 0},
			[]float64{-1, -1},
			[]float64{-0.5},
		},
		{
			"lower limit", constrained(fill(1, -2), fill(1, 2), func(x []complex128) []complex128 {
				return []complex128{x[0] * x[0], 3 * x[0]}
			}, sbo.AtLeast("g", 3)),
			[]float64{-1},
			[]float64{1},
			[]float64{2. / 3}, // c = (g/3)²
		},
		{
			"two-sided, pressed to its lower limit", constrained(fill(2, -2), fill(2, 2), func(x []complex128) []complex128 {
				return []complex128{x[0] + 2*x[1]*x[1], x[0] - x[1]}
			}, sbo.Between("g", -1, 1)),
			[]float64{1, 1},
			[]float64{-1.25, -0.25},
			[]float64{1},
		},
		{
			"linear program", constrained(fill(2, 0), fill(2, 10), func(x []complex128) []complex128 {
				return []complex128{-3*x[0] - 5*x[1], x[0] + 2*x[1], 3*x[0] + x[1]}
			}, sbo.AtMost("a", 14), sbo.AtMost("b", 18)),
			[]float64{0, 0},
			[]float64{4.4, 4.8},
			[]float64{-2.4, -0.2},
		},
		{
			"as many equalities as variables", constrained(fill(2, 0), fill(2, 10), func(x []complex128) []complex128 {
				return []complex128{x[0], x[0] + x[1], x[0] * x[1]}
			}, sbo.Equal("sum", 7), sbo.Equal("product", 10)),
			[]float64{5, 1},
			[]float64{2, 5},
			[]float64{-2. / 3, 1. / 3},
		},
		{
			"the same constraint three times", constrained(fill(2, -2), fill(2, 2), func(x []complex128) []complex128 {
				s := x[0] + x[1]
				return []complex128{x[0]*x[0] + x[1]*x[1], s, 2 * s, s}
			}, sbo.AtLeast("a", 1), sbo.AtLeast("b", 2), sbo.AtLeast("c", 1)),
			[]float64{2, -1},
			[]float64{0.5, 0.5},
			nil,
		},
		{
			"a constraint that is active without force", constrained(fill(2, -2), fill(2, 2), func(x []complex128) []complex128 {
				return []complex128{x[0]*x[0] + x[1]*x[1], x[0] + x[1]}
			}, sbo.AtLeast("g", 0)),
			[]float64{1, -2},
			[]float64{0, 0},
			[]float64{0},
		},
		{
			"corner of the box and a constraint", constrained(fill(2, 0), fill(2, 2), func(x []complex128) []complex128 {
				return []complex128{-x[0] - 2*x[1], x[0] + x[1]}
			}, sbo.AtMost("g", 3)),
			[]float64{0, 0},
			[]float64{1, 2},
			[]float64{-1},
		},
		{
			"HS 71", constrained(fill(4, 1), fill(4, 5), func(x []complex128) []complex128 {
				return []complex128{
					x[0]*x[3]*(x[0]+x[1]+x[2]) + x[2], x[0] * x[1] * x[2] * x[3],
					x[0]*x[0] + x[1]*x[1] + x[2]*x[2] + x[3]*x[3],
				}
			}, sbo.AtLeast("product", 25), sbo.Equal("squares", 40)),
			[]float64{1, 5, 5, 1},
			[]float64{1, 4.7429996, 3.8211500, 1.3794083},
			[]float64{0.5522936, -0.1614686},
		},
		{
			"HS 6", constrained(fill(2, -10), fill(2, 10), func(x []complex128) []complex128 {
				return []complex128{(1 - x[0]) * (1 - x[0]), 10 * (x[1] - x[0]*x[0])}
			}, sbo.Equal("h", 0)),
			[]float64{-1.2, 1},
			[]float64{1, 1},
			[]float64{0},
		},
		{
			"HS 39", constrained(fill(4, -10), fill(4, 10), func(x []complex128) []complex128 {
				return []complex128{-x[0], x[1] - x[0]*x[0]*x[0] - x[2]*x[2], x[0]*x[0] - x[1] - x[3]*x[3]}
			}, sbo.Equal("a", 0), sbo.Equal("b", 0)),
			[]float64{2, 2, 2, 2},
			[]float64{1, 1, 0, 0},
			[]float64{1, 1},
		},
	}
	for _, tt := range tests {
		for _, method := range methods {
			t.Run(fmt.Sprintf("%s/%s", tt.name, method), func(t *testing.T) {
				r, err := optimize.Minimize(t.Context(), tt.c.Problem, tt.c, tt.start, optimize.Options{Method: method})
				require.NoError(t, err)
				certify(t, tt.c, r)
				require.InDeltaSlice(t, tt.x, r.X, 1e-6)
				require.Zero(t, r.KKT.Multipliers[0], "the objective has none")
				if tt.multipliers != nil {
					require.InDeltaSlice(t, tt.multipliers, r.KKT.Multipliers[1:], 1e-6)
				}
				require.Less(t, r.Evaluations, 600)
			})
		}
	}
}

// A start may be a maximum along the constraints, too.
func TestLeavesConstrainedMaxima(t *testing.T) {
	c := constrained(fill(2, -1), fill(2, 2), func(x []complex128) []complex128 {
		return []complex128{x[0] * x[1], x[0] + x[1]}
	}, sbo.Equal("h", 0))
	r, err := optimize.Minimize(t.Context(), c.Problem, c, []float64{0, 0}, optimize.Options{})
	require.NoError(t, err)
	certify(t, c, r)
	require.InDelta(t, -1, r.Objective, 1e-9, "at (-1, 1) or (1, -1)")
}

// Without a cost, what is sought is any feasible point.
func TestNoCost(t *testing.T) {
	for _, cost := range []complex128{0, 3} {
		c := constrained(fill(2, -2), fill(2, 2), func(x []complex128) []complex128 {
			return []complex128{cost, x[0]*x[0] + x[1]*x[1], x[0] - x[1]}
		}, sbo.Equal("h", 1), sbo.AtLeast("g", 0.5))
		for _, start := range [][]float64{{0, 0}, {-1, 2}, {1, 0}} {
			r, err := optimize.Minimize(t.Context(), c.Problem, c, start, optimize.Options{})
			require.NoError(t, err)
			certify(t, c, r)
			require.Less(t, r.Evaluations, 500)
		}
	}
}

// A start that is the optimum is confirmed, in few evaluations.
func TestStartsAtTheOptimum(t *testing.T) {
	for _, c := range knownCases() {
		first, err := optimize.Minimize(t.Context(), c.Problem, c, c.x, optimize.Options{})
		require.NoError(t, err)
		certify(t, c, first)
		again, err := optimize.Minimize(t.Context(), c.Problem, c, first.X, optimize.Options{})
		require.NoError(t, err)
		certify(t, c, again)
		require.InDelta(t, first.Objective, again.Objective, 1e-9*max(1, math.Abs(first.Objective)))
		require.Less(t, again.Evaluations, 150+20*c.NX(), c.Name)
	}
}

// A multiplier is the change of the optimal cost by its limit, a bound's included,
// also when maximizing.
func TestMultipliersAreSlopes(t *testing.T) {
	optimum := func(limit, bound float64) optimize.Result {
		c := constrained([]float64{0, 0}, []float64{bound, 9}, func(x []complex128) []complex128 {
			return []complex128{x[0]*x[1] + x[0], x[0]*x[0] + x[1]*x[1]}
		}, sbo.AtMost("g", limit))
		c.Responses[0] = sbo.Maximize("f")
		r, err := optimize.Minimize(t.Context(), c.Problem, c, []float64{0.1, 0.1}, optimize.Options{})
		require.NoError(t, err)
		certify(t, c, r)
		return r
	}
	const h = 1e-4
	r := optimum(4, 1.2)
	require.InDelta(t, -1.2*math.Sqrt(4-1.2*1.2)-1.2, r.Objective, 1e-9)
	require.InDelta(t, (optimum(4+h, 1.2).Objective-optimum(4-h, 1.2).Objective)/(2*h), r.KKT.Multipliers[1], 1e-6)
	require.InDelta(t, (optimum(4, 1.2+h).Objective-optimum(4, 1.2-h).Objective)/(2*h), r.KKT.Bounds[0], 1e-6)
	require.Zero(t, r.KKT.Bounds[1])
}

// Where no point is feasible, the answer violates the constraints least, and says so.
func TestInfeasible(t *testing.T) {
	tests := []struct {
		name      string
		c         testCase
		violation float64
	}{
		{"limits that contradict each other", constrained(fill(2, -2), fill(2, 2), func(x []complex128) []complex128 {
			return []complex128{x[1], x[0], x[0]}
		}, sbo.AtLeast("a", 3), sbo.AtMost("b", 1)), 0.5},
		{"an equality out of reach", constrained(fill(2, -2), fill(2, 2), func(x []complex128) []complex128 {
			return []complex128{x[1], x[0]*x[0] + x[1]*x[1]}
		}, sbo.Equal("h", 20)), 12. / 20},
		{"a limit below the least value", constrained(fill(2, -2), fill(2, 2), func(x []complex128) []complex128 {
			return []complex128{x[0], 1 + (x[0]-1)*(x[0]-1) + x[1]*x[1]}
		}, sbo.AtMost("g", 0.5)), 0.5},
	}
	for _, tt := range tests {
		for _, method := range methods {
			t.Run(fmt.Sprintf("%s/%s", tt.name, method), func(t *testing.T) {
				r, err := optimize.Minimize(t.Context(), tt.c.Problem, tt.c, []float64{0.3, 1}, optimize.Options{Method: method})
				require.NoError(t, err)
				require.Equal(t, optimize.Infeasible, r.Status)
				require.False(t, r.Feasible)
				require.InDelta(t, tt.violation, r.Violation, 1e-3)
				require.Less(t, r.Evaluations, 3000)
			})
		}
	}
}

// Units change nothing: the same Rosenbrock valley in a disk, whatever the
// sizes of the variables and of the responses.
func TestUnits(t *testing.T) {
	for _, fUnit := range []float64{1e-6, 1, 1e6} {
		for _, gUnit := range []float64{1e-6, 1, 1e6} {
			for _, xUnit := range []float64{1e-6, 1, 1e6} {
				t.Run(fmt.Sprintf("f %g g %g x %g", fUnit, gUnit, xUnit), func(t *testing.T) {
					c := constrained([]float64{-2.048 * xUnit, -2.048}, []float64{2.048 * xUnit, 2.048}, func(x []complex128) []complex128 {
						a, b := x[0]/complex(xUnit, 0), x[1]
						v := b - a*a
						return []complex128{complex(fUnit, 0) * (100*v*v + (1-a)*(1-a)), complex(gUnit, 0) * (a*a + b*b - 1)}
					}, sbo.AtMost("g", 0))
					for _, method := range methods {
						r, err := optimize.Minimize(t.Context(), c.Problem, c, []float64{-1.2 * xUnit, 1}, optimize.Options{Method: method})
						require.NoError(t, err)
						certify(t, c, r)
						// MATLAB's documentation of fmincon has this example: x = (0.7864, 0.6177).
						require.InDelta(t, 0.786415, r.X[0]/xUnit, 1e-5)
						require.InDelta(t, 0.617698, r.X[1], 1e-5)
						require.InDelta(t, -0.1215, r.KKT.Multipliers[1]*gUnit/fUnit, 1e-4)
					}
				})
			}
		}
	}
}

// A feasible island far from the start's valley is not lost: the answer is
// never worse than a feasible start.
func TestNeverWorseThanTheStart(t *testing.T) {
	for _, c := range []testCase{g24(), gomez3(), mystery()} {
		found := 0
		rows := starts(c, 100)
		for i := range 100 {
			start := rows[i*2 : i*2+2]
			y := make([]float64, c.NY())
			require.NoError(t, c.Evaluate(context.Background(), y, nil, start))
			if !c.Feasible(y) {
				continue
			}
			found++
			r, err := optimize.Minimize(t.Context(), c.Problem, c, start, optimize.Options{})
			require.NoError(t, err)
			require.True(t, r.Feasible)
			require.LessOrEqual(t, r.Objective, c.Cost(y)+1e-6)
		}
		require.Greater(t, found, 10)
	}
}

// With many variables, few or more than steps of sequential quadratic programming are made for, the
// answer is the same: by symmetry all variables are 1.
func TestManyVariables(t *testing.T) {
	for _, n := range []int{80, 150} {
		c := constrained(fill(n, -1), fill(n, 2), func(x []complex128) []complex128 {
			squares, sum := complex(0, 0), complex(0, 0)
			for _, v := range x {
				squares += v * v
				sum += v
			}
			return []complex128{squares, sum}
		}, sbo.AtLeast("sum", float64(n)))
		r, err := optimize.Minimize(t.Context(), c.Problem, c, starts(c, 1), optimize.Options{})
		require.NoError(t, err)
		require.Equal(t, optimize.Converged, r.Status, "%d variables", n)
		require.InDeltaSlice(t, fill(n, 1), r.X, 1e-6)
		require.InDelta(t, 2, r.KKT.Multipliers[1], 1e-6)
	}
}
