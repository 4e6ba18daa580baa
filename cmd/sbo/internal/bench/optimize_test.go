package bench

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems"
)

func fieldOf(t *testing.T, name string) field {
	t.Helper()
	f, err := loadFigures()
	require.NoError(t, err)
	all, err := f.fields()
	require.NoError(t, err)
	for _, c := range all {
		if c.Name == name {
			return c
		}
	}
	require.Failf(t, "no problem", name)
	return field{}
}

// The spreads and scales came from elsewhere; here they are computed again, from
// fewer points.
func TestFiguresAreThoseOfOurProblems(t *testing.T) {
	f, err := loadFigures()
	require.NoError(t, err)
	all, err := f.fields()
	require.NoError(t, err)
	require.Len(t, all, 26)
	for _, c := range all {
		own, err := survey(t.Context(), c.problem)
		require.NoError(t, err)
		tolerance := 0.05
		if c.Name == "speedreducer" { // of which a thousandth is feasible
			tolerance = 0.3
		}
		require.InEpsilon(t, c.Spread, own.Spread, tolerance, c.Name)
		require.Len(t, own.Scales, len(c.Scales))
		for k := range c.Scales {
			require.InEpsilon(t, c.Scales[k], own.Scales[k], tolerance, "%s %d", c.Name, k)
		}
	}
}

func TestFiguresOfOtherSolvers(t *testing.T) {
	f, err := loadFigures()
	require.NoError(t, err)
	for name, want := range map[string]struct {
		solver string
		median Evaluations
	}{
		"rosen2": {"L-BFGS-B", 7.5}, "rosen5": {"SLSQP", 21.5}, "styblinski5": {"MLSL", 171}, "spring3": {"MMA", 53}, "G08": {"SLSQP", 108.5}, "zakharov10": {"MMA", 2},
	} {
		s, ok := f.best(gradientSolvers, name, 1)
		require.True(t, ok)
		require.Equal(t, want.solver, s.Solver, name)
		require.Equal(t, want.median, s.Median[1], name)
		require.True(t, s.Published)
	}
	_, ok := f.best(gradientSolvers, "ackley5", 1)
	require.False(t, ok, "only CMA-ES solves it")
	require.Equal(t, 574.0, *f.Solvers["CMA-ES"]["ackley5"].Median[1])
}

// A history made by hand, on x^2.
func TestRefereeKeepsTheScore(t *testing.T) {
	c := field{reference{Name: "sphere", Spread: 1}, problems.Sphere(1).WithBox([]float64{-1}, []float64{1})}
	course := Course{Case: c.Name}
	r := newReferee(c, &course, 5, 2)
	d, err := r.batch(t.Context(), []float64{1, 0.5, 0.5, 0.05})
	require.NoError(t, err)
	require.Equal(t, []float64{1, 0.25, 0.25, 0.0025000000000000005}, d.Y)
	require.Equal(t, []float64{2, 1, 1, 0.1}, d.Partials)
	require.Equal(t, 3, course.Evaluations, "what is asked twice is one evaluation")
	require.Equal(t, 2, r.rounds, "two workers answer three points in two rounds")
	d, err = r.batch(t.Context(), []float64{0.03})
	require.NoError(t, err)
	require.Equal(t, []Evaluations{3, 4, Evaluations(never)}, course.Reached)
	require.Equal(t, []Evaluations{2, 3, Evaluations(never)}, course.Rounds)
	require.Equal(t, Evaluations(d.Y[0]), course.Regret)
	_, err = r.batch(t.Context(), []float64{1e-4})
	require.ErrorIs(t, err, errDone)
	require.Equal(t, solved, course.Why)

	_, err = newReferee(c, &Course{}, 1, 1).batch(t.Context(), []float64{1, 0.5})
	require.ErrorIs(t, err, errDone, "the budget is spent")
}

// A point beyond the limits counts where the tolerance of the accuracy allows it.
func TestScoreOfConstraints(t *testing.T) {
	c := fieldOf(t, "G04")
	y := make([]float64, c.problem.NY())
	require.NoError(t, c.problem.Evaluate(t.Context(), y, nil, c.problem.Minimizers[0]))
	regret, excess := c.score(y)
	require.InDelta(t, 0, regret, 1e-12)
	require.InDelta(t, 0, excess, 1e-12)
	y[1] = 92 + 1e-5*0.824095 // of g1 <= 92
	_, excess = c.score(y)
	require.InEpsilon(t, 1e-5, excess, 1e-6)
	y[1] = -1e-3 * 92.411 // of g1 >= 0
	_, excess = c.score(y)
	require.InEpsilon(t, 1e-3, excess, 1e-6)
}

func TestStandingAndProfiles(t *testing.T) {
	e := func(v ...Evaluations) []Evaluations { return v }
	n := Evaluations(never)
	courses := []Course{
		{Case: "a", Solver: "s", Reached: e(3, 6, 9), Evaluations: 9},
		{Case: "a", Solver: "s", Reached: e(5, 8, n), Evaluations: 12},
		{Case: "a", Solver: "s", Reached: e(4, n, n), Evaluations: 12},
		{Case: "a", Solver: "s", Reached: e(4, n, n), Evaluations: 20},
	}
	s := standing(courses, entry{budget: 20, last: 2}, reached)
	require.Equal(t, e(4, n, n), s.Median)
	require.Equal(t, []float64{1, 0.5, 0.25}, s.Success)
	require.Equal(t, e(4, 27, 69), s.ERT, "who stops early spends all the same")
	all := profiles(courses, map[string]int{"a": 2})
	require.Len(t, all, 3)
	require.Equal(t, "1e-3", all[1].Accuracy)
	require.Equal(t, []float64{0, 0.25, 0.5, 0.5}, all[1].Shares[:4]) // within 3, 6, 9 and 12
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.Contains(t, string(text), `"median":[4,null,null]`)
	text, err = json.Marshal(Row{Value: never})
	require.NoError(t, err)
	require.Contains(t, string(text), `"value":null`)
}

// A run of the loop and the multistart, and what becomes of errors.
func TestOptimizeRuns(t *testing.T) {
	o := Options{Only: []string{"branin"}, Seeds: 1, Runs: true}
	r, err := Run(t.Context(), "optimize", o)
	require.NoError(t, err)
	require.Len(t, r.Runs, 2)
	require.Len(t, r.Standings, 6) // four of them published
	for _, course := range r.Runs {
		require.Equal(t, solved, course.Why)
		require.EqualValues(t, course.Evaluations, course.Reached[2])
	}
	require.Equal(t, 1.0, value(t, r.Rows, "branin", "success_1e-3").Value)
	require.Equal(t, value(t, r.Rows, "branin", "over_best_direct").Value, value(t, r.Rows, together, "geomean_over_best_direct").Value)
	again, err := Run(t.Context(), "optimize", o)
	require.NoError(t, err)
	require.Equal(t, r, again)

	tour := &tournament{seeds: 1}
	broken := entry{solver: "broken", run: func(context.Context, *referee, uint64) error { return errors.New("no more") }}
	_, err = tour.start(t.Context(), partExact, fieldOf(t, "branin"), []entry{broken}, func(float64) {})
	require.NoError(t, err)
	tour.complete(&r)
	require.Equal(t, "no more", tour.courses[0].Why)
	require.Contains(t, r.Notes[len(r.Notes)-1], "1 runs ended with an error")
}

// Errors are as large as they are meant to be, and the score doesn't see them.
func TestDisturb(t *testing.T) {
	c := fieldOf(t, "G04")
	course := Course{}
	r := newReferee(c, &course, 1000, 1)
	disturb(r, 1)
	box, nx, ny := c.problem.Box(), c.problem.NX(), c.problem.NY()
	y, dydx := make([]float64, ny), make([]float64, ny*nx)
	values, partials := make([]float64, ny), 0.0
	const n = 1000
	for _, x := range [][]float64{scattered(box, n, "errors")} {
		d, err := r.batch(t.Context(), x)
		require.NoError(t, err)
		for i := range n {
			require.NoError(t, c.problem.Evaluate(t.Context(), y, dydx, d.Point(i)))
			for k := range y {
				values[k] += math.Pow(d.Responses(i)[k]-y[k], 2) / n
			}
			partials += math.Pow(d.PartialsOf(i)[0]/dydx[0]-1, 2) / n
		}
	}
	require.InEpsilon(t, 0.1, math.Sqrt(partials), 0.1)
	// g1 has two limits, and so g2 the third scale.
	for k, size := range []float64{c.Spread, c.Scales[0], c.Scales[2], c.Scales[4]} {
		require.InEpsilon(t, 1e-4*size, math.Sqrt(values[k]), 0.1)
	}
}

// What the rows over all problems are made of.
func TestOptimizeTogether(t *testing.T) {
	e := &exact{tournament: &tournament{}}
	with := func(median Evaluations, success float64) Standing {
		return Standing{Budget: 100, Median: []Evaluations{1, median}, Success: []float64{1, success}}
	}
	named := func(name string) field { return field{reference: reference{Name: name}} }
	e.count(named("a"), with(10, 1), with(20, 1), true, 0.9)
	e.count(named("G08"), with(80, 1), with(20, 1), true, 0.9)
	e.count(named("b"), with(20, 0.6), with(20, 1), true, 0.9)
	e.count(named("c"), with(Evaluations(never), 0.4), with(20, 1), true, 0.9)
	e.count(named("d"), with(Evaluations(never), 0), Standing{}, false, 0.9)
	r, err := e.together(t.Context(), nil)
	require.NoError(t, err)
	require.InEpsilon(t, math.Pow(0.5*4*1*10, 1.0/4), value(t, r, together, "geomean_over_best_direct").Value, 1e-12, "never counts as twice the budget")
	require.Equal(t, 0.25, value(t, r, together, "noregret_share").Value)
	require.Equal(t, 4.0, value(t, r, together, "threefold_worst_over_best_direct").Value)
	require.InEpsilon(t, 0.6, value(t, r, together, "success_1e-3").Value, 1e-12)
}
