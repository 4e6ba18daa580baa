package polish

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/surrogate"
)

// Loop is the settings of the rounds: imitate, optimize, check, reweight, again.
type Loop struct {
	// Problem to solve.
	Problem sbo.Problem
	// Evaluate answers candidates with the truth.
	Evaluate sbo.Batch
	// Budget is the number of samples, those of the design included, after which
	// the loop stops. 0: no limit.
	Budget int
	// Batch is the number of candidates of a round, for evaluations that run side
	// by side. 0: 1.
	Batch int
	// Starts is the number of points from which each round searches the surrogate
	// over the whole box. 0: 12 + 2 nx, at most 24.
	Starts int
	// Weighting of the samples in each fit but the first. Zero value: [NearOptimum].
	Weighting Weighting
	// Surrogate and Optimize are the options of the fits and of the searches.
	Surrogate surrogate.Options
	Optimize  optimize.Options
	// Tolerance is the KKT residual, relative to the spread of the objective over
	// the samples, below which the optimum counts as found. 0: 1e-6.
	Tolerance float64
	// Unseen is the estimated chance that the problem has a basin in which no descent
	// has ended yet, below which the loop stops; until then it makes new starts. 0: 0.1.
	// At 1 or more it stops at the first optimum it finds.
	Unseen float64
	// Seed of the fits and searches.
	Seed uint64
	// Fit trains a network; nil: [surrogate.Fit]. A place for a cache.
	Fit func(context.Context, surrogate.Task, *rand.Rand, surrogate.Options) (*surrogate.JENN, surrogate.Summary, error)
	// Model is the kind of surrogate. Empty: [Foretelling].
	Model Model
	// Krige fits kriging; nil: [kriging.Fit].
	Krige func(context.Context, kriging.Task, *rand.Rand, kriging.Options) (*kriging.Model, kriging.Summary, error)
	// Progress, if not nil, hears of the training's progress.
	Progress func(round int, p surrogate.Progress)
}

// Reason says why a candidate was chosen, as a phrase.
type Reason string

// The reasons.
const (
	Promised Reason = "best of the surrogate"                             // over the whole box
	Descent  Reason = "best of the surrogate corrected at the best point" // within the trust region
	Basin    Reason = "another optimum of the surrogate"                  // fills a batch
	Rival    Reason = "best of another surrogate"                         // fills a batch
	NewStart Reason = "a new start where the surrogate may be good"       // once descents have ended
	Space    Reason = "far from all samples"                              // once descents have ended, or fills a batch
	Probe    Reason = "beside the best point, where no sample is near"    // once descents bring little, without partials
	Expected Reason = "the greatest improvement to be expected"           // once descents bring little, without partials
)

// Candidate is a point that a round checked against the truth.
type Candidate struct {
	X         []float64 // nx
	Reason    Reason
	Predicted []float64 // ny responses foretold by the surrogate that chose it
	True      []float64 // ny responses, NaN if the evaluation failed
	Index     int       // its row in the round's Data
}

// Stop says why the rounds ended, in a word; empty while they go on.
type Stop string

// The ways to end.
const (
	Converged Stop = "converged" // prediction and truth agree, and the optimality conditions hold
	Stalled   Stop = "stalled"   // nothing improves any more, but the conditions do not hold
	Budget    Stop = "budget"    // the samples are used up
)

// Round is what one round came to.
type Round struct {
	Number     int               // from 1
	Data       sbo.Data          // all samples after the round: the design, then the candidates of each round
	Model      surrogate.Model   // that was searched
	Network    *surrogate.JENN   // behind the model, for some responses or all; nil: none was trained
	Fit        surrogate.Summary // of the network
	Candidates []Candidate       // the main one first; none when the round only found that all is done

	// Best is the row of the best sample in the sense of sbo.Problem.Better, -1 if
	// none is known. When the loop has converged it is the sample whose optimality
	// was confirmed: another may have a cost that is lower by a hair, where it
	// makes use of the tolerance of the limits.
	Best      int
	Feasible  bool
	Violation float64 // sbo.Problem.Violation there

	// KKT at the best sample from its measured partials. Its Residual is relative
	// to the spread of the objective over the samples, so that it means the same
	// in any unit: no variable moved across its range promises, to first order, a
	// gain above Residual spreads (or that fraction of the cost, or of its steepest
	// slope across the box, where those are larger).
	KKT optimize.KKT
	// Disagreement is |predicted - true| of the main candidate's objective,
	// relative to that spread; NaN if there is none.
	Disagreement float64
	// Radius of the trust region of the descent, as a fraction of the box.
	Radius float64
	// Basins in which descents end, of the surrogate and those that were made, and the
	// chance that another one is unseen. Found when a descent ends; else 0 and NaN.
	Basins int
	Unseen float64

	Stop Stop   // empty while the loop goes on
	Why  string // Stop as a sentence

	FitTime, OptimizeTime, EvaluateTime time.Duration
}

// Validate returns every fault of the settings, joined.
func (l Loop) Validate() error {
	var faults []error
	if l.Evaluate == nil {
		faults = append(faults, errors.New("polish: Evaluate is missing"))
	}
	for _, n := range []struct {
		name  string
		value int
	}{{"Budget", l.Budget}, {"Batch", l.Batch}, {"Starts", l.Starts}} {
		if n.value < 0 {
			faults = append(faults, fmt.Errorf("polish: %s is %d; it must not be negative", n.name, n.value))
		}
	}
	if !(l.Tolerance >= 0) {
		faults = append(faults, fmt.Errorf("polish: Tolerance is %v; it must be a small positive number, or 0 for 1e-6", l.Tolerance))
	}
	if l.Model != "" && !slices.Contains(Models(), l.Model) {
		faults = append(faults, fmt.Errorf("polish: there is no model %q; choose one of %v", string(l.Model), Models()))
	}
	if !(l.Unseen >= 0) {
		faults = append(faults, fmt.Errorf("polish: Unseen is %v; it must be a chance between 0 and 1, or 0 for 0.1", l.Unseen))
	}
	return errors.Join(append(faults, l.Problem.Validate(), l.Weighting.validate(), l.Surrogate.Validate(), l.Optimize.Validate())...)
}
