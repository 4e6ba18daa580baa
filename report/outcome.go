package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sbo-go/sbo/study"
)

// failure is a cause and how many evaluations failed of it.
type failure struct {
	Cause string
	Count int
	First study.Evaluation
}

// failuresOf returns the causes of failed evaluations, the most frequent first:
// those of the result's data, or of all evaluations if it has none.
func failuresOf(r *study.Result) []failure {
	used := map[int]bool{}
	for _, id := range r.IDs {
		used[id] = true
	}
	var list []failure
	for _, e := range r.History {
		if e.State != study.Failed || len(used) > 0 && !used[e.ID] {
			continue
		}
		i := slices.IndexFunc(list, func(f failure) bool { return f.Cause == e.Cause })
		if i < 0 {
			i = len(list)
			list = append(list, failure{Cause: e.Cause, First: e})
		}
		list[i].Count++
	}
	slices.SortStableFunc(list, func(a, b failure) int { return cmp.Compare(b.Count, a.Count) })
	return list
}

// headline sums a result up: "converged: 18 evaluations, 9 rounds".
func headline(r *study.Result) string {
	return fmt.Sprintf("%s: %s, %s", or(string(r.Stopped), "not ended"), plural(r.Evaluations.Total, "evaluation"), plural(len(r.Rounds), "round"))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// next says what can be done now.
func next(r *study.Result) []string {
	var list []string
	again := "Every answer is kept: running the study again goes on from here."
	switch r.Stopped {
	case study.Converged:
		advice := "Nothing has to be done."
		if len(prices(r)) > 0 {
			advice += " The active limits say where a better design would be."
		}
		list = append(list, advice)
	case study.Stalled:
		list = append(list, "Look at the accuracy of the surrogate in the report: noisy or wrong partials stall a study. Check those with sbo check --partials.")
	case study.Budget:
		budget := 2 * r.Evaluations.Total
		if r.Plan != nil {
			budget = 2 * r.Plan.Budget.Evaluations
		}
		list = append(list, fmt.Sprintf("Raise the budget, for instance with sbo run --budget %d. %s", max(budget, 2), again))
	case study.Deadline, study.Interrupted, study.Unanswered:
		list = append(list, again)
	case study.AllFailed:
		list = append(list, allFailed(r))
	case study.Broken:
		list = append(list, "Mend what is wrong. "+again)
	}
	if r.Best != nil && !r.Best.Feasible {
		list = append(list, infeasible(r))
	}
	for _, doubt := range r.Doubts {
		list = append(list, "Mind that "+doubt+".")
	}
	if e := r.Evaluations; e.Failed > 0 && r.Stopped != study.AllFailed && 5*e.Failed >= e.Total {
		list = append(list, fmt.Sprintf("%d of %s failed; their folders hold what they printed.", e.Failed, plural(e.Total, "evaluation")))
	}
	if e := r.Evaluations; e.Done > 0 && e.WithPartials == 0 {
		list = append(list, "No partials came. With partials a study needs fewer evaluations, and its optimum gets a certificate.")
	}
	return list
}

func allFailed(r *study.Result) string {
	s := "Run one evaluation by hand with sbo check --evaluate."
	for _, e := range r.History {
		if e.State == study.Failed && e.Dir != "" {
			return s + " What the first one printed is in " + e.Dir + "."
		}
	}
	return s
}

// infeasible says which limits the best point does not keep.
func infeasible(r *study.Result) string {
	var broken []string
	for k, c := range r.Problem.Responses {
		if c.Excess(r.Best.Y[k]) > 0 {
			broken = append(broken, fmt.Sprintf("%s (%s%s, wanted %s)", c.Name, number(r.Best.Y[k]), unit(c.Unit), c.Wanted()))
		}
	}
	if len(broken) > 5 {
		broken = append(broken[:4], fmt.Sprintf("and %d more limits", len(broken)-4))
	}
	return "No feasible point was found. The best one misses " + strings.Join(broken, ", ") + ": widen the bounds or relax these limits, or raise the budget."
}
