package optimize

import "fmt"

// Status says how a minimization ended, as a sentence.
type Status int

// The ways a minimization ends.
const (
	// NotRun is the zero value.
	NotRun Status = iota
	// Converged: the point is feasible and its KKT residual is within the tolerance.
	Converged
	// Stalled: the arithmetic, or a function that is not smooth, allows no
	// further decrease, but the KKT residual is above the tolerance.
	Stalled
	// Infeasible: no point near satisfies the constraints better, yet some are violated.
	Infeasible
	// EvaluationLimit: [Options.MaxEvaluations] was reached first.
	EvaluationLimit
	// StartFailed: the evaluation at the start failed, so there is nothing to descend from.
	StartFailed
	// Interrupted: the context ended. The result is the best point until then.
	Interrupted
	// Broken: the evaluator returned an error, which is returned with the result.
	Broken
)

var sentences = [...]string{
	NotRun:          "The minimization has not been run.",
	Converged:       "The point is optimal: it is feasible and the KKT conditions hold within the tolerance.",
	Stalled:         "No further decrease was found, but the KKT conditions do not hold within the tolerance.",
	Infeasible:      "No feasible point was found: the violation of the constraints cannot be reduced from here.",
	EvaluationLimit: "The limit of evaluations was reached before convergence.",
	StartFailed:     "The evaluation at the start failed, so there was nothing to descend from.",
	Interrupted:     "The minimization was interrupted; this is the best point until then.",
	Broken:          "The evaluator stopped the minimization with an error.",
}

// String returns the sentence.
func (s Status) String() string {
	if s < 0 || int(s) >= len(sentences) {
		return fmt.Sprintf("Status(%d)", int(s))
	}
	return sentences[s]
}
