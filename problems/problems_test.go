package problems_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/sbotest"
)

// every returns all test problems in their standard size, and those of any size
// in others too, so that index slips that one size hides are seen. Simulations
// are tested in their own packages, with fewer points.
func every(t *testing.T) []problems.Problem {
	t.Helper()
	all := formulas()
	for _, name := range problems.Names() {
		for _, size := range []int{1, 3, 7, 20} {
			sized := fmt.Sprintf("%s%d", name, size)
			if p, err := problems.Lookup(sized); err == nil && p.Name == sized { // not an alias
				all = append(all, p)
			}
		}
	}
	return all
}

func formulas() []problems.Problem {
	return slices.DeleteFunc(problems.All(), func(p problems.Problem) bool { return strings.HasPrefix(p.Name, "airfoil-") })
}

func evaluate(t *testing.T, p problems.Problem, x []float64) (y, dydx []float64) {
	t.Helper()
	y, dydx = make([]float64, p.NY()), make([]float64, p.NY()*p.NX())
	require.NoError(t, p.Evaluate(t.Context(), y, dydx, x))
	return y, dydx
}

// The suite must not pass by not running: these are the numbers of problems it
// goes through.
func TestTheSuiteIsWhole(t *testing.T) {
	constrained := 0
	for _, p := range problems.All() {
		if len(p.Constraints()) > 0 {
			constrained++
		}
	}
	sized := len(every(t)) - len(formulas())
	require.Len(t, problems.Names(), 37)
	require.Len(t, formulas(), 34)
	require.Equal(t, 14, constrained)
	require.Equal(t, 9*4+3, sized) // ten families in four sizes, but no rosenbrock1
}

func TestEveryProblemIsComplete(t *testing.T) {
	for _, p := range every(t) {
		t.Run(p.Name, func(t *testing.T) {
			require.NoError(t, p.Validate())
			require.Equal(t, 0, p.Objective())
			require.False(t, p.Responses[0].Maximize)
			require.Len(t, p.Constraints(), p.NY()-1)
			require.Regexp(t, `[A-Z].*(19|20)\d\d`, p.Source, "a source has an author and a year")
			require.NotEmpty(t, p.Minimizers)
			again, err := problems.Lookup(p.Name)
			require.NoError(t, err)
			require.Equal(t, p.Problem, again.Problem)
		})
	}
}

func TestEveryProblemKeepsTheRulesOfEvaluators(t *testing.T) {
	for _, p := range every(t) {
		t.Run(p.Name, func(t *testing.T) {
			require.NoError(t, sbotest.CheckEvaluator(t.Context(), p, p.Problem, sbo.Rand(1, p.Name), sbotest.Options{AllPartials: true, Tolerance: 1e-8}))
		})
	}
}

func TestTheMinimizersGiveTheMinimum(t *testing.T) {
	for _, p := range every(t) {
		for i, x := range p.Minimizers {
			t.Run(fmt.Sprint(p.Name, " ", i+1), func(t *testing.T) {
				y, _ := evaluate(t, p, x)
				require.True(t, p.Box().Contains(x))
				require.LessOrEqual(t, p.Violation(y), 1e-10)
				require.InDelta(t, p.Minimum, y[0], 1e-13*max(1, math.Abs(p.Minimum)))
			})
		}
	}
}

// No point of a Sobol sequence, nor of one drawn ever closer around the minimizers,
// is feasible and lower. The count says that they were not all infeasible.
func TestNoPointIsLower(t *testing.T) {
	const far, near = 2048, 2048
	for _, p := range every(t) {
		feasible := 0
		box, nx := p.Box(), p.NX()
		points, y := doe.Sobol{}.Sample(far+near, nx, nil), make([]float64, p.NY())
		for i := range far + near {
			x := points[i*nx : (i+1)*nx]
			box.Place(x, x)
			if i >= far {
				radius := math.Pow(10, -6*float64(i-far)/near)
				for j, m := range p.Minimizers[i%len(p.Minimizers)] {
					x[j] = m + radius*(x[j]-m)
				}
			}
			require.NoError(t, p.Evaluate(t.Context(), y, nil, x))
			if p.Violation(y) == 0 {
				feasible++
				require.GreaterOrEqual(t, y[0], p.Minimum-1e-13*max(1, math.Abs(p.Minimum)), "%s at %v", p.Name, x)
			}
		}
		require.Positive(t, feasible, p.Name)
	}
}

// Every minimizer is a KKT point: minus the gradient of the objective is a
// combination of the outward normals of what is active there, with multipliers
// that are not negative.
func TestTheMinimizersAreKKTPoints(t *testing.T) {
	for _, p := range every(t) {
		for i, x := range p.Minimizers {
			t.Run(fmt.Sprint(p.Name, " ", i+1), func(t *testing.T) {
				residual, multipliers := kkt(t, p, x)
				require.Less(t, residual, 1e-9)
				for _, m := range multipliers {
					require.GreaterOrEqual(t, m, -1e-9)
				}
			})
		}
	}
}

func TestProblemsOfOneCallAreTheCallers(t *testing.T) {
	a, b := problems.Branin(), problems.Branin()
	a.Minimizers[0][0], a.Variables[0].Lower, a.Responses[0].Name = 7, 7, "seven"
	require.Equal(t, -math.Pi, b.Minimizers[0][0])
	require.Equal(t, b.Problem, problems.Branin().Problem)
}

func TestEvaluateOutsideTheBox(t *testing.T) {
	y, _ := evaluate(t, problems.Rosenbrock(2), []float64{-5, 30})
	require.Equal(t, 100*5.0*5+36, y[0])
}

func TestEvaluateChecksLengths(t *testing.T) {
	p := problems.Gomez3()
	two, one := make([]float64, 2), make([]float64, 1)
	tests := map[string][3][]float64{
		"x":    {two, nil, one},
		"y":    {one, nil, two},
		"dydx": {two, two, two},
	}
	for name, s := range tests {
		t.Run(name, func(t *testing.T) {
			require.PanicsWithValue(t,
				fmt.Sprintf("problems: gomez3 takes 2 variables, 2 responses and 4 partials, not %d, %d and %d", len(s[2]), len(s[0]), len(s[1])),
				func() { _ = p.Evaluate(t.Context(), s[0], s[1], s[2]) })
		})
	}
}

func TestShekelHasFiveSevenOrTenHoles(t *testing.T) {
	require.PanicsWithValue(t, "problems: a Shekel function of 6 holes; there are those of 5, 7 and 10", func() { problems.Shekel(6) })
}

func TestEvaluateReturnsTheErrorOfItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, problems.Sphere(1).Evaluate(ctx, make([]float64, 1), nil, make([]float64, 1)), context.Canceled)
}

func TestWithBox(t *testing.T) {
	branin := problems.Branin()
	tests := map[string]struct {
		problem      problems.Problem
		lower, upper []float64
		minimizers   [][]float64
		minimum      float64
	}{
		"inside":                       {branin, []float64{0, 1}, []float64{10, 14}, branin.Minimizers[1:], branin.Minimum},
		"inside, without the optimum":  {branin, []float64{-5, 0}, []float64{0, 1}, nil, math.NaN()},
		"beyond, unknown":              {branin, []float64{-5, 0}, []float64{10, 16}, nil, math.NaN()},
		"beyond, known for all points": {problems.Rosenbrock(2), []float64{-2.048, -2.048}, []float64{2.048, 2.048}, [][]float64{{1, 1}}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before := test.problem.Box()
			p := test.problem.WithBox(test.lower, test.upper)
			require.Equal(t, sbo.Box{Lower: test.lower, Upper: test.upper}, p.Box())
			require.True(t, slices.EqualFunc(test.minimizers, p.Minimizers, slices.Equal))
			require.Equal(t, math.Float64bits(test.minimum), math.Float64bits(p.Minimum))
			require.Equal(t, before, test.problem.Box(), "the original is not changed")
		})
	}
	require.Panics(t, func() { branin.WithBox([]float64{0}, []float64{1, 1}) })
}
