package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
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
	options Options
	figures figures
	seeds   int

	mu        sync.Mutex // guards races
	races     []Race
	standings []Standing
	sizes     map[string]int // variables of each problem
}

// Parts returns the parts of the suite optimize.
func Parts() []string { return []string{"exact"} }

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
	s := suite{notes: t.notes(), complete: t.complete}
	parts := o.Parts
	if len(parts) == 0 {
		parts = []string{"exact"}
	}
	for _, part := range parts {
		s.steps = append(s.steps, t.steps(part, all)...)
	}
	return s
}

// quickest are the problems of --quick: some of each kind, none of them large.
var quickest = []string{"rosen2", "branin", "hartmann6", "G24", "weldedbeam", "mystery"}

// steps returns those of a part of the suite.
func (t *tournament) steps(part string, all []field) []step {
	var steps []step
	if part == "exact" {
		e := &exact{tournament: t}
		for _, c := range all {
			if t.options.Quick && len(t.options.Only) == 0 && !slices.Contains(quickest, c.Name) {
				continue
			}
			steps = append(steps, step{c.Name, func(ctx context.Context, progress func(float64)) ([]Row, error) { return e.compare(ctx, c, progress) }})
		}
		steps = append(steps, step{together, e.together})
	}
	return steps
}

func (t *tournament) notes() []string {
	return []string{
		fmt.Sprintf("Evaluations of value and partials together until the regret, the share of the gap of a random design that is left, is 1e-2, 1e-3 and 1e-6; medians of %d seeds.", t.seeds),
		fmt.Sprintf("sbo runs with its defaults and may spend %d evaluations a variable, direct solvers %d. What is marked with * was measured beforehand, with other programs.", budgetPerVariable, directBudgetPerVariable),
		"best direct: the one of " + fmt.Sprint(gradientSolvers) + " with the least expected running time to 1e-3. - or never: more than half of the runs never got there.",
	}
}

// complete adds to the report what was found besides the rows.
func (t *tournament) complete(r *Report) {
	r.Standings = t.standings
	r.Profiles = profiles(t.races, t.sizes)
	if t.options.Races {
		r.Races = t.races
	}
}

// entry is a solver that takes part, as what, and with what budget.
type entry struct {
	solver string
	run    solver
	budget int
	equip  func(r *referee, seed uint64) // changes what it gets to see; nil: nothing
	side   int                           // evaluations side by side
}

// race runs the entries on a problem, for every seed, and returns their races, one
// list for each.
func (t *tournament) race(ctx context.Context, c field, entries []entry, progress func(float64)) ([][]Race, error) {
	races := make([][]Race, len(entries))
	var jobs []func() error
	for i, e := range entries {
		races[i] = make([]Race, t.seeds)
		for seed := range t.seeds {
			races[i][seed] = Race{Case: c.Name, Solver: e.solver, Seed: seed}
			jobs = append(jobs, func() error {
				r := newReferee(c, &races[i][seed], e.budget, max(e.side, 1))
				if e.equip != nil {
					e.equip(r, uint64(seed))
				}
				err := e.run(ctx, r, uint64(seed))
				if ctx.Err() != nil || err == nil || errors.Is(err, errDone) {
					return ctx.Err()
				}
				return fmt.Errorf("%s, seed %d: %w", e.solver, seed, err)
			})
		}
	}
	err := inParallel(ctx, jobs, progress)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, list := range races {
		t.races = append(t.races, list...)
	}
	return races, err
}

// exact is the part with exact partials.
type exact struct {
	*tournament
	ratios, threefold []float64
	regrets, losses   int
	successes         []float64
}

// compare makes the rows of a problem.
func (e *exact) compare(ctx context.Context, c field, progress func(float64)) ([]Row, error) {
	nx := c.problem.NX()
	entries := []entry{
		{solver: solverLoop, run: runLoop, budget: budgetPerVariable * nx},
		{solver: solverDirect, run: runMultistart, budget: directBudgetPerVariable * nx},
	}
	races, err := e.race(ctx, c, entries, progress)
	if err != nil {
		return nil, err
	}
	ours := standing(races[0], entries[0].budget, reached)
	e.standings = append(e.standings, ours, standing(races[1], entries[1].budget, reached))
	for _, solver := range gradientSolvers {
		if p, ok := e.figures.Solvers[solver][c.Name]; ok {
			e.standings = append(e.standings, p.standing(c.Name, solver))
		}
	}
	r := &rows{name: c.Name}
	r.add("median_1e-2", "evaluations", lower, float64(ours.Median[0]))
	r.add("median_1e-3", "evaluations", lower, float64(ours.Median[1]), goals(c.Wanted[0])...)
	r.add("median_1e-6", "evaluations", lower, float64(ours.Median[2]), goals(c.Wanted[1])...)
	share := goalSuccess
	rival, ok := e.figures.best(gradientSolvers, c.Name, 1)
	if ok {
		share = min(share, rival.Success[1])
	}
	if ok {
		r.add("success_1e-3", "share", higher, ours.Success[1], share)
		r.add("over_best_direct", "ratio", lower, float64(ours.Median[1]/rival.Median[1]), goalNoRegret)
	} else {
		r.add("success_1e-3", "share", higher, ours.Success[1])
	}
	r.add("ert_1e-3", "evaluations", lower, float64(ours.ERT[1]))
	e.count(c, ours, rival, ok, share)
	return r.list, nil
}

func goals(v *float64) []float64 {
	if v == nil {
		return nil
	}
	return []float64{*v}
}

// Goals of the part exact.
const (
	goalSuccess   = 0.9
	goalNoRegret  = 1.25
	goalGeomean   = 0.6
	goalThreefold = 1.0 / 3
)

// threefold are problems with several basins, or scales that differ, where a model
// should save most.
var threefold = []string{"styblinski5", "spring3", "gomez3", "G08", "hartmann6", "rastrigin2"}

// count gathers what the rows of all problems together are made of.
func (e *exact) count(c field, ours, rival Standing, ok bool, share float64) {
	e.successes = append(e.successes, ours.Success[1])
	if !ok {
		return // whatever we do is no regret, and no ratio
	}
	e.regrets++
	ratio := float64(ours.Median[1] / rival.Median[1])
	if ratio > goalNoRegret || ours.Success[1] < share {
		e.losses++
	}
	if math.IsInf(ratio, 1) {
		ratio = 2 * float64(ours.Budget) / float64(rival.Median[1])
	}
	e.ratios = append(e.ratios, ratio)
	if slices.Contains(threefold, c.Name) {
		e.threefold = append(e.threefold, ratio)
	}
}

// together makes the rows over all problems that ran.
func (e *exact) together(context.Context, func(float64)) ([]Row, error) {
	r := &rows{name: together}
	if len(e.ratios) > 0 {
		r.add("geomean_over_best_direct", "ratio", lower, geomean(e.ratios), goalGeomean)
		r.add("noregret_share", "share", higher, 1-float64(e.losses)/float64(e.regrets), 1)
	}
	if len(e.threefold) > 0 {
		r.add("threefold_worst_over_best_direct", "ratio", lower, slices.Max(e.threefold), goalThreefold)
	}
	if len(e.successes) > 0 {
		r.add("success_1e-3", "share", higher, mean(e.successes))
	}
	return r.list, nil
}

func geomean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(v)))
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
