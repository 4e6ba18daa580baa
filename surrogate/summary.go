package surrogate

// Progress is one step of a training.
type Progress struct {
	Network    int     // which of the networks being trained, from 0
	Networks   int     // how many there are
	Iteration  int     // of this network
	Iterations int     // at most
	Loss       float64 // the paper's J on the training samples
	Validation float64 // on the held-out samples, NaN if there are none
}

// Summary says how a fit went.
type Summary struct {
	Trainer    Trainer
	Hidden     []int
	Parameters int
	Samples    int     // used for training
	HeldOut    int     // used for early stopping
	Cost       Cost    // on the training samples, at the end
	Validation float64 // loss on the held-out samples, NaN if there are none
	Iterations int     // of the network that was kept
	Networks   int     // trained
	Status     Status  // why the network that was kept stopped
	// LogEvidence of the network that was kept: how probable the data are under
	// it, over all its parameters (trainer lm without a given lambda; else NaN).
	LogEvidence float64
}

// Status says why a training stopped. Its text is a sentence.
type Status int

// The ways a training ends.
const (
	Converged      Status = iota + 1 // the loss stopped falling
	IterationLimit                   // all iterations were used
	EarlyStop                        // the held-out loss stopped falling
)

// String returns the status as a sentence.
func (s Status) String() string {
	switch s {
	case Converged:
		return "The loss stopped falling."
	case IterationLimit:
		return "All iterations were used; more may fit better."
	case EarlyStop:
		return "The loss on held-out samples stopped falling."
	}
	return "The training has not ended."
}
