package slurm

import "slices"

// State is that of a task, as squeue prints it.
type State string

// The states that matter here.
const (
	Pending     State = "PENDING"
	Running     State = "RUNNING"
	Canceled    State = "CANCELLED" //nolint:misspell // it is what squeue prints
	Timeout     State = "TIMEOUT"
	Deadline    State = "DEADLINE"
	OutOfMemory State = "OUT_OF_MEMORY"
	NodeFail    State = "NODE_FAIL"
	BootFail    State = "BOOT_FAIL"
	Preempted   State = "PREEMPTED"
	Revoked     State = "REVOKED"
	Completed   State = "COMPLETED"
	Failed      State = "FAILED"
)

// LaunchFailure is the reason of tasks that have failed with their node, or on it before
// they began.
const LaunchFailure = "JobLaunchFailure"

// ended are the states from which a task does not come back. Slurm has more states
// than these for tasks that wait, run, or are being tidied up after, and gets new ones.
var ended = []State{Canceled, Timeout, Deadline, OutOfMemory, NodeFail, BootFail, Preempted, Revoked, Completed, Failed}

// Alive reports whether the task may still run, now or later.
func (s State) Alive() bool { return !slices.Contains(ended, s) }

// waits are the states of tasks that do not run yet, or not any more but will again.
var waits = []State{Pending, "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"}

// Waits reports whether the task waits to be started.
func (s State) Waits() bool { return slices.Contains(waits, s) }
