package study

import (
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/surrogate"
)

// Result is what a run of a study came to. Every field but Seconds is a pure
// function of the plan and the answers: it does not depend on the number of
// workers or on how often the run was interrupted.
type Result struct {
	Plan    *Plan
	Problem sbo.Problem
	Data    sbo.Data       // every sample used: the design, then the infill in the order of the rounds
	IDs     []int          // the evaluation of each row of Data, as in History
	Rounds  []polish.Round // in their order; empty if the run ended before the first
	History []Evaluation   // every evaluation of the store in the order of ids, also those a changed plan no longer uses
	Best    *Best          // nil if nothing has been answered
	Doubts  []string       // sentences on declared partials that were not used, as the values contradict them

	Stopped Stopped // why the run ended, a short word
	Why     string  // the same as a sentence

	// Certificate is the KKT condition at Best from measured partials;
	// Certificate.Known is false where a partial it needs was not delivered.
	Certificate optimize.KKT
	Evaluations Counts
	Seconds     Seconds
	Seed        uint64
	Version     string          // of sbo
	Model       surrogate.Model // of the last round, nil before the first
	Network     *surrogate.JENN // behind it, nil if none was trained
}

// Basins returns in how many basins descents end, and the estimated chance that there
// is another one, as of the last time a descent of the study ended (polish.Round); 0 and
// NaN before the first.
func (r *Result) Basins() (seen int, unseen float64) {
	for _, round := range slices.Backward(r.Rounds) {
		if round.Basins > 0 {
			return round.Basins, round.Unseen
		}
	}
	return 0, math.NaN()
}

// Best is the best evaluated point: the feasible one with the best objective or,
// if none is feasible, the one with the smallest violation.
type Best struct {
	ID        int       // of the evaluation
	X, Y      []float64 // NX design variables, NY responses as measured
	Partials  []float64 // NY*NX measured partials, NaN where not delivered
	Feasible  bool      // all constraints hold within sbo.FeasibilityTolerance
	Violation float64   // as sbo.Problem.Violation has it
}

// Seconds is where the time of a study went.
type Seconds struct {
	Evaluate float64 // the evaluations of this Result, added up, whenever they ran
	Fit      float64 // training in this run; little if the networks were cached
	Optimize float64 // searching the surrogates in this run
}
