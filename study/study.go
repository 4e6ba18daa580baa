package study

import "time"

// Options are the settings of a run that are not part of the plan. The zero value
// runs the study as planned, every attempt in a goroutine of this process.
type Options struct {
	Workers  int           // evaluations at a time; 0: as planned
	Budget   int           // evaluations at most; 0: as planned
	Seed     *uint64       // nil: as planned
	Deadline time.Duration // ends the run this long after its start, besides the planned walltime; 0: none

	// Shim is the command that runs one attempt in a process of its own, which
	// outlives this one: the arguments before the attempt's folder, as in
	// ["/usr/bin/sbo", "attempt"]. That command calls [RunAttempt]. nil: attempts
	// run in this process and end with it.
	Shim []string

	Progress func(Event) // called for every event, one at a time; nil: not wanted
}
