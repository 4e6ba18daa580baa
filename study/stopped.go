package study

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Stopped is why a run ended.
type Stopped string

// The reasons to stop. All but Converged and Stalled can be gone on from by
// running again: with a larger budget, or just later.
const (
	Converged   Stopped = "converged"   // prediction and truth agree at the optimum, and the certificate holds
	Stalled     Stopped = "stalled"     // further rounds do not improve the optimum
	Budget      Stopped = "budget"      // the evaluations are spent
	Deadline    Stopped = "deadline"    // the time is over
	Interrupted Stopped = "interrupted" // the context was canceled
	AllFailed   Stopped = "failed"      // no evaluation of the design has an answer, or many in a row failed alike; Run also returns the error that tells
	Broken      Stopped = "error"       // the error that Run also returns
	Unanswered  Stopped = "unanswered"  // the course leads on to a point that has no answer yet, and nobody is there to give it
)

// AllFailedError says that no evaluation has an answer, so that
// there is nothing to learn from.
type AllFailedError struct {
	Failures map[string]int // how many evaluations failed, by cause
	Example  Evaluation     // the first of them
}

// Error says how many failed, and of what.
func (e *AllFailedError) Error() string {
	causes := slices.SortedFunc(maps.Keys(e.Failures), func(a, b string) int {
		return cmp.Or(cmp.Compare(e.Failures[b], e.Failures[a]), cmp.Compare(a, b))
	})
	total := 0
	for i, cause := range causes {
		total += e.Failures[cause]
		causes[i] = fmt.Sprintf("%s (%d times)", cause, e.Failures[cause])
	}
	text := fmt.Sprintf("study: all %d evaluations failed: %s", total, strings.Join(causes, "; "))
	if total == 1 {
		text = "study: the evaluation failed: " + e.Example.Cause
	}
	if e.Example.Dir != "" {
		text += "; see " + e.Example.Dir
	}
	if e.Example.Stderr != "" {
		text += "; its stderr ends with:\n" + strings.TrimRight(e.Example.Stderr, "\n")
	}
	return text
}
