package study

// EventKind says what an [Event] is about.
type EventKind string

// The kinds of events.
const (
	EventChanged   EventKind = "changed"   // the plan differs from that of the last run; Text says in what
	EventPhase     EventKind = "phase"     // a design or a round begins; Text says which
	EventEvaluated EventKind = "evaluated" // an evaluation ended; Evaluation holds it
	EventFit       EventKind = "fit"       // training goes on; Text says how far
	EventRound     EventKind = "round"     // a round ended; Text sums it up
	EventDoubt     EventKind = "doubt"     // the values contradict partials, which are no longer used; Text says which
	EventCluster   EventKind = "cluster"   // Text says what there is to know about the cluster that evaluates
	EventStopped   EventKind = "stopped"   // the run ended; Text says why
)

// Event is something that happened in a run, for a progress display. Events come
// one at a time, in their order.
type Event struct {
	Kind       EventKind
	Phase      string      // "design" or "infill"
	Round      int         // 0 for the design, from 1 for infill
	Done       int         // evaluations of this run's course that have ended, remembered ones included
	Total      int         // for the design: its samples; for infill: the budget
	Evaluation *Evaluation // of an EventEvaluated
	Fraction   float64     // of an EventFit: how much of the training is done, 0 to 1
	Text       string      // a sentence
}
