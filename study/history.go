package study

import "time"

// State is where an evaluation stands.
type State string

// The states of an evaluation.
const (
	Waiting State = "waiting" // it is next, or was interrupted and will be started again
	Queued  State = "queued"  // it was given to a cluster, which has not started it yet
	Running State = "running"
	Done    State = "done"   // it has an answer
	Failed  State = "failed" // it has none, and is not tried again
)

// Evaluation is one evaluation of the study: what was asked, why, and what came
// of it. Numbers that are not known are NaN; slices are nil before an answer.
type Evaluation struct {
	ID        int       // from 1, in the order in which the study asked
	X         []float64 // NX design variables
	State     State
	Y         []float64 // NY responses
	Partials  []float64 // NY*NX partials as declared by the plan, NaN where missing
	Phase     string    // "design" or "infill"
	Round     int       // 0 for the design, from 1 for infill
	Reason    string    // why the point was chosen, a few words
	Predicted []float64 // NY responses as the surrogate had them when it chose the point; nil for the design
	Cause     string    // of a failure
	Note      string    // what was odd in an answer that was used all the same
	Dir       string    // folder of the last attempt; empty for a built-in problem
	Stderr    string    // the end of the last attempt's standard error, if it failed
	Job       string    // of a cluster that has the evaluation now: what the cluster calls it; empty if none has
	Seconds   float64   // duration of the attempt that was answered
	Attempts  int       // how many were started
	Ended     time.Time // when the answer was stored, zero before
}

// Counts are the evaluations of a study.
type Counts struct {
	Total        int // Done + Failed + Running + Queued + Waiting
	Done         int
	Failed       int
	Running      int
	Queued       int // by a cluster
	Waiting      int
	WithPartials int // of Done: at least one partial is known
	Imported     int // samples from elsewhere, which count nowhere else
}

// JobCounts are the evaluations that a job of a cluster has.
type JobCounts struct {
	ID      string `json:"id"` // what the cluster calls it
	Running int    `json:"running"`
	Queued  int    `json:"queued"`
}

// Status is where a study stands. It can be had while another process runs it.
type Status struct {
	Study       string
	Dir         string
	Holder      *Holder // the process that runs it now, nil if none does
	Phase       string  // "new", "design", "infill", or "ended"
	Round       int     // the latest round begun
	Evaluations Counts
	Jobs        []JobCounts    // of a cluster that have evaluations now
	Budget      int            // evaluations at most, by the plan
	Failures    map[string]int // how many evaluations failed, by cause
	Best        *Evaluation    // the best feasible, or the least violating; nil if nothing has been answered
	Violation   float64        // of Best
	Feasible    bool           // of Best
	Stopped     Stopped        // why the last run ended, a short word; empty if it has not, or was killed
	Why         string         // the same as a sentence
	Updated     time.Time      // when something last happened
}

// Holder is a process that holds the lock of a study.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}
