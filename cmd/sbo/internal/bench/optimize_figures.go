package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

// figures is testdata/optimize.json: what the problems of the suite optimize are
// scored by, and what other solvers were measured to need. Its key "source" says
// more.
type figures struct {
	Problems []reference `json:"problems"`
	// By solver and problem. A solver of gradients got value and partials in one
	// evaluation, the others values only.
	Solvers map[string]map[string]published  `json:"solvers"`
	Noise   map[string]map[string]published  `json:"noise"`  // two accuracies only
	Rounds  map[string]map[string][]*float64 `json:"rounds"` // of 1, 4 and 8 side by side, to the second accuracy
}

// reference is how a problem is scored.
type reference struct {
	Name string `json:"name"`
	// Bounds of every variable, if they are not the usual ones of the problem.
	Bounds []float64 `json:"bounds"`
	// Spread is the median of the objective over the box, its feasible part where
	// that can be sampled, less the minimum: the gap of a random design.
	Spread float64 `json:"spread"`
	// Scales are the median sizes of the constraints over the box, of those with an
	// upper and a lower limit one for each, the upper first.
	Scales []float64 `json:"scales"`
	// Wanted are the evaluations to the second and third accuracy that the project
	// set itself as goals; nil: none.
	Wanted [2]*float64 `json:"wanted"`
}

// published is what a solver needed on a problem, for each of the accuracies.
type published struct {
	Runs    int        `json:"runs"`
	Budget  int        `json:"budget"`
	Median  []*float64 `json:"median"` // nil: more than half of the runs never got there
	Success []float64  `json:"success"`
	ERT     []*float64 `json:"ert"`
}

// never stands for a number of evaluations in which something was not reached.
var never = math.Inf(1)

func orNever(v *float64) float64 {
	if v == nil {
		return never
	}
	return *v
}

// standing turns what is published into what is measured.
func (p published) standing(name, solver string) Standing {
	s := Standing{Case: name, Solver: solver, Published: true, Runs: p.Runs, Budget: p.Budget, Success: slices.Clone(p.Success)}
	for i, v := range p.Median {
		s.Median = append(s.Median, Evaluations(orNever(v)))
		if i < len(p.ERT) {
			s.ERT = append(s.ERT, Evaluations(orNever(p.ERT[i])))
		}
	}
	return s
}

// loadFigures reads the file, which is part of the program.
func loadFigures() (figures, error) {
	var f figures
	text, err := points.ReadFile("testdata/optimize.json")
	if err == nil {
		err = json.Unmarshal(text, &f)
	}
	return f, err
}

// gradientSolvers are the direct solvers with partials that the loop is compared
// with: started from ever new random points until their budget is spent. Those
// that were run with a single seed are not among them.
var gradientSolvers = []string{"L-BFGS-B", "SLSQP", "MLSL", "MMA"}

// best returns the standing of the solver that is expected to reach an accuracy
// first, if it is started again and again until it does (expected running time:
// the evaluations of all runs over the number of those that got there). Ok is
// false if none got there in half of its runs.
func (f figures) best(solvers []string, name string, accuracy int) (_ Standing, ok bool) {
	var best Standing
	for _, solver := range solvers {
		p, has := f.Solvers[solver][name]
		if !has {
			continue
		}
		s := p.standing(name, solver)
		if math.IsInf(float64(s.Median[accuracy]), 1) {
			continue
		}
		if !ok || s.ERT[accuracy] < best.ERT[accuracy] {
			best, ok = s, true
		}
	}
	return best, ok
}

// field is the judge of a problem: it knows the answers.
type field struct {
	reference
	problem problems.Problem
}

// fields returns the problems of the suite in their order.
func (f figures) fields() ([]field, error) {
	var all []field
	for _, r := range f.Problems {
		p, err := problems.Lookup(r.Name)
		if err != nil {
			return nil, err
		}
		if nx := p.NX(); r.Bounds != nil {
			p = p.WithBox(slices.Repeat(r.Bounds[:1], nx), slices.Repeat(r.Bounds[1:], nx))
		}
		c := field{r, p}
		if n := len(c.excesses(make([]float64, p.NY()))); n != len(r.Scales) {
			return nil, fmt.Errorf("%s has %d limits and figures for %d", r.Name, n, len(r.Scales))
		}
		all = append(all, c)
	}
	return all, nil
}

// excesses returns by how much the responses are beyond each limit, negative
// within, in the order of the scales.
func (c field) excesses(y []float64) []float64 {
	var all []float64
	for _, k := range c.problem.Constraints() {
		r := c.problem.Responses[k]
		if !math.IsInf(r.Upper, 1) {
			all = append(all, y[k]-r.Upper)
		}
		if !math.IsInf(r.Lower, -1) {
			all = append(all, r.Lower-y[k])
		}
	}
	return all
}

// score returns how far the objective is above the minimum, as a share of the gap
// of a random design, and the largest excess, each over its scale.
func (c field) score(y []float64) (regret, excess float64) {
	for i, e := range c.excesses(y) {
		if math.IsNaN(e) {
			return math.NaN(), never
		}
		excess = max(excess, e/c.Scales[i])
	}
	return (y[0] - c.problem.Minimum) / c.Spread, excess
}

// survey scores a problem from random points: spread and scales as [reference] has
// them, to about a percent. Without a feasible point, the spread is that of all.
func survey(ctx context.Context, p problems.Problem) (field, error) {
	const n = 20000
	c := field{reference{Name: p.Name}, p}
	evaluator, nx := sbo.Guard(p), p.NX()
	y := make([]float64, p.NY())
	var gaps, feasible []float64
	sizes := make([][]float64, len(c.excesses(y)))
	x := scattered(p.Box(), n, "survey")
	for i := 0; i < len(x); i += nx {
		err := evaluator.Evaluate(ctx, y, nil, x[i:i+nx])
		if errors.Is(err, sbo.ErrFailed) {
			continue
		} else if err != nil {
			return c, err
		}
		inside := true
		for k, e := range c.excesses(y) {
			sizes[k] = append(sizes[k], math.Abs(e))
			inside = inside && e <= 0
		}
		gaps = append(gaps, math.Abs(y[0]-p.Minimum))
		if inside {
			feasible = append(feasible, y[0]-p.Minimum)
		}
	}
	if len(feasible) == 0 {
		feasible = gaps
	}
	c.Spread = median(feasible)
	for _, s := range sizes {
		c.Scales = append(c.Scales, median(s))
	}
	return c, nil
}
