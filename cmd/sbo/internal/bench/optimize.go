package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// How much of a budget there is for each variable: for sbo as much as it is
// expected to get by with, for direct solvers what they were given elsewhere.
const (
	budgetPerVariable       = 50
	directBudgetPerVariable = 200
)

const (
	solverLoop   = "sbo"
	solverDirect = "L-BFGS (gonum)"
)

// tournament is the suite optimize: how many evaluations the loop needs, beside
// direct solvers.
type tournament struct {
	options   Options
	figures   figures
	seeds     int
	courses   []Course
	standings []Standing
	sizes     map[string]int // variables of each problem
}

// The parts of the suite optimize.
const (
	partExact      = "exact"
	partNoise      = "noise"
	partBatch      = "batch"
	partNoPartials = "nopartials"
	partFurther    = "further"
	partTime       = "time"
)

// Parts returns the parts of the suite optimize. The first is run if nothing else is
// asked for.
func Parts() []string {
	return []string{partExact, partNoise, partBatch, partNoPartials, partFurther, partTime}
}

func optimizeSuite(o Options) suite {
	f, err := loadFigures()
	if err != nil {
		panic("bench: " + err.Error()) // a file that is part of the program
	}
	all, err := f.fields()
	if err != nil {
		panic("bench: " + err.Error())
	}
	t := &tournament{options: o, figures: f, seeds: 10, sizes: map[string]int{}}
	if o.Quick {
		t.seeds = 3
	}
	if o.Seeds > 0 {
		t.seeds = o.Seeds
	}
	for _, c := range all {
		t.sizes[c.Name] = c.problem.NX()
	}
	parts := o.Parts
	if len(parts) == 0 {
		parts = Parts()[:1]
	}
	s := suite{notes: t.notes(parts), complete: t.complete}
	for _, part := range parts {
		s.steps = append(s.steps, t.steps(part, all)...)
	}
	return s
}

// quickest are the problems of --quick: some of each kind, none of them large.
var quickest = []string{"rosen2", "branin", "hartmann6", "G24", "weldedbeam", "mystery", "camel6", "hartmann3"}

// A discipline is a part of the suite that runs every problem.
type discipline interface {
	compare(ctx context.Context, c field, progress func(float64)) ([]Row, error)
	together(ctx context.Context, progress func(float64)) ([]Row, error)
}

// steps returns those of a part of the suite.
func (t *tournament) steps(part string, all []field) []step {
	var d discipline
	switch part {
	case partExact:
		d = &exact{tournament: t}
	case partNoise:
		d = &noise{tournament: t}
	case partBatch:
		d = &batch{tournament: t}
	case partNoPartials:
		d = &noPartials{tournament: t}
	case partFurther:
		d, all = &further{tournament: t}, furtherFields()
	default:
		return paces(t.options.Quick)
	}
	var steps []step
	for _, c := range all {
		if t.options.Quick && len(t.options.Only) == 0 && !slices.Contains(quickest, c.Name) {
			continue
		}
		name := c.Name
		if part != partExact {
			name += ", " + part
		}
		steps = append(steps, step{name, func(ctx context.Context, progress func(float64)) ([]Row, error) { return d.compare(ctx, c, progress) }})
	}
	return append(steps, step{together, d.together})
}

// notes say what holds for the parts.
func (t *tournament) notes(parts []string) []string {
	notes := []string{
		fmt.Sprintf("Evaluations until the regret, the share of the gap of a random design that is left, is 1e-2/1e-3/1e-6; medians of %d seeds, share of runs that get to 1e-3.", t.seeds),
		"An evaluation is value and partials together. - or never: half of the runs or more don't get there. *: measured beforehand, with other programs.",
	}
	for _, part := range parts {
		if about := map[string]string{
			partExact: fmt.Sprintf("exact: sbo with its defaults may spend %d evaluations a variable, direct solvers from many starts %d. The best of these has the least expected running time to 1e-3. In means of ratios never is twice the budget.",
				budgetPerVariable, directBudgetPerVariable),
			partNoise: fmt.Sprintf("noise: normal errors of %g spreads on values and %g of themselves on partials; regrets of the true values; all may spend %d evaluations a variable.",
				noiseOfValues, noiseOfPartials, budgetPerVariable),
			partBatch:      fmt.Sprintf("batch: rounds of q evaluations side by side, to a regret of 1e-3, with at most %d evaluations a variable.", budgetPerVariable),
			partNoPartials: "nopartials: an evaluation is a value.",
			partFurther:    "further: as exact, on problems for which nothing was measured beforehand.",
			partTime:       "time: seconds of the loop itself in a round, after so many samples.",
		}[part]; about != "" {
			notes = append(notes, about)
		}
	}
	return notes
}

// complete adds to the report what was found besides the rows.
func (t *tournament) complete(r *Report) {
	r.Standings = t.standings
	r.Profiles = profiles(slices.DeleteFunc(slices.Clone(t.courses), func(r Course) bool { return r.Part != partExact }), t.sizes)
	failed := 0
	for _, c := range t.courses {
		if c.Failed {
			failed++
		}
	}
	if failed > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d runs ended with an error, which --runs shows; they count as far as they got.", failed))
	}
	if t.options.Runs {
		r.Runs = t.courses
	}
}

// entry is a solver that takes part, as what, and with what budget.
type entry struct {
	solver string
	run    solver
	budget int                           // evaluations
	last   int                           // index of the accuracy at which a run is ended
	side   int                           // evaluations side by side; 0: 1
	equip  func(r *referee, seed uint64) // changes what it gets to see; nil: nothing
}

// start runs the entries on a problem, for every seed, and returns their courses, one
// list for each.
func (t *tournament) start(ctx context.Context, part string, c field, entries []entry, progress func(float64)) ([][]Course, error) {
	courses := make([][]Course, len(entries))
	var jobs []func() error
	for i, e := range entries {
		courses[i] = make([]Course, t.seeds)
		for seed := range t.seeds {
			courses[i][seed] = Course{Part: part, Case: c.Name, Solver: e.solver, Seed: seed}
			jobs = append(jobs, func() error {
				r := newReferee(c, &courses[i][seed], e.budget, max(e.side, 1))
				r.last = e.last
				if e.equip != nil {
					e.equip(r, uint64(seed))
				}
				if err := e.run(ctx, r, uint64(seed)); err != nil && !errors.Is(err, errDone) {
					r.course.Why, r.course.Failed = err.Error(), true // a run that got no further
				}
				return ctx.Err()
			})
		}
	}
	err := inParallel(ctx, jobs, progress)
	for _, list := range courses {
		t.courses = append(t.courses, list...)
	}
	return courses, err
}

// cite adds what was published of solvers on a problem to the standings.
func (t *tournament) cite(part, name string, of map[string]map[string]published, solvers []string) {
	for _, solver := range solvers {
		if p, ok := of[solver][name]; ok {
			s := p.standing(name, solver)
			s.Part = part
			t.standings = append(t.standings, s)
		}
	}
}
