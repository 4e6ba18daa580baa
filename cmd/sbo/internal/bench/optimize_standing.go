package bench

import (
	"math"
	"slices"
)

// Standing is what a solver needed on a problem.
type Standing struct {
	Part   string `json:"part"`
	Case   string `json:"case"`
	Solver string `json:"solver"`
	// Published says that the numbers were not measured in this run, but beforehand
	// and by other programs.
	Published bool `json:"published"`
	Runs      int  `json:"runs"`
	Budget    int  `json:"budget"` // evaluations of each
	// Median evaluations to a regret of 1e-2, 1e-3 and 1e-6, but in the parts noise and
	// nopartials only to the first two, and in the part batch rounds to the second; the
	// share of runs that got there; and their expected running time, see [figures.best].
	Median  []Evaluations `json:"median"`
	Success []float64     `json:"success"`
	ERT     []Evaluations `json:"ert"`
}

// standing makes one of the runs of an entry on a problem.
func standing(courses []Course, e entry, reached func(Course) []Evaluations) Standing {
	s := Standing{Part: courses[0].Part, Case: courses[0].Case, Solver: courses[0].Solver, Runs: len(courses), Budget: e.budget}
	budget := float64((e.budget + max(e.side, 1) - 1) / max(e.side, 1))
	for i := range e.last + 1 {
		var all []float64
		spent, successes := 0.0, 0.0
		for _, course := range courses {
			n := float64(reached(course)[i])
			all = append(all, n)
			if math.IsInf(n, 1) {
				spent += budget // what it left unspent didn't help either
			} else {
				spent += n
				successes++
			}
		}
		ert := never
		if successes > 0 {
			ert = spent / successes
		}
		s.Median = append(s.Median, Evaluations(median(all)))
		s.Success = append(s.Success, successes/float64(len(courses)))
		s.ERT = append(s.ERT, Evaluations(ert))
	}
	return s
}

// over returns the ratio of medians to an accuracy, where the rival has one. If ours
// is never, it counts as twice the budget, so that means of ratios can be taken.
func over(ours, rival Standing, accuracy int) (_ float64, ok bool) {
	if math.IsInf(float64(rival.Median[accuracy]), 1) {
		return 0, false
	}
	needed := float64(ours.Median[accuracy])
	if math.IsInf(needed, 1) {
		needed = 2 * float64(ours.Budget)
	}
	return needed / float64(rival.Median[accuracy]), true
}

// What is counted: evaluations, or rounds of them.
func reached(r Course) []Evaluations    { return r.Reached }
func sideBySide(r Course) []Evaluations { return r.Rounds }

// Profile is the share of runs on all problems that had reached an accuracy after
// multiples of d + 1 evaluations, for d variables: a data profile of J. J. Moré and
// S. M. Wild, Benchmarking derivative-free optimization algorithms, SIAM Journal on
// Optimization 20 (2009) 172-191.
type Profile struct {
	Solver   string    `json:"solver"`
	Accuracy string    `json:"accuracy"`
	Budgets  []float64 `json:"budgets"` // in units of d + 1 evaluations
	Shares   []float64 `json:"shares"`
}

var profileBudgets = []float64{1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50}

// profiles makes those of every solver that ran, in the order of their first runs.
// sizes are the numbers of variables of the problems.
func profiles(courses []Course, sizes map[string]int) []Profile {
	var all []Profile
	var solvers []string
	for _, r := range courses {
		if !slices.Contains(solvers, r.Solver) {
			solvers = append(solvers, r.Solver)
		}
	}
	for i, want := range accuracies {
		for _, solver := range solvers {
			p := Profile{Solver: solver, Accuracy: want.name, Budgets: profileBudgets, Shares: make([]float64, len(profileBudgets))}
			n := 0.0
			for _, r := range courses {
				if r.Solver != solver {
					continue
				}
				n++
				for k, budget := range profileBudgets {
					if float64(r.Reached[i]) <= budget*float64(sizes[r.Case]+1) {
						p.Shares[k]++
					}
				}
			}
			for k := range p.Shares {
				p.Shares[k] /= n
			}
			all = append(all, p)
		}
	}
	return all
}
