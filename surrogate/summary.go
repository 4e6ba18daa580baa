package surrogate

import "slices"

// Progress is one step of a training.
type Progress struct {
	Part       int     // which of the networks of the model, from 0
	Parts      int     // how many it will have: one, or one for each response
	Network    int     // which of the candidates for that network, from 0
	Networks   int     // how many there are
	Iteration  int     // of this network
	Iterations int     // at most
	Loss       float64 // the paper's J on the training samples
	Validation float64 // on the held-out samples, NaN if there are none
}

// Summary says how a fit went. For a model with a network for each response,
// counts and losses are sums over the networks; what can't be added, like Hidden
// and Status, is that of the network with the largest loss.
type Summary struct {
	Parts      []Summary // of each response's network; nil for a single network
	Trainer    Trainer
	Hidden     []int
	Parameters int
	Samples    int     // used for training
	HeldOut    int     // used for early stopping
	Lambda     float64 // of the loss; 0 where the evidence set the regularization
	Cost       Cost    // on the training samples, at the end
	Validation float64 // loss on the held-out samples, NaN if there are none
	Iterations int     // of the network that was kept
	Networks   int     // trained
	Members    int     // networks of the ensemble that was kept
	Stages     int     // networks of what that left, see the package's documentation
	Status     Status  // why the network that was kept stopped
	// LogEvidence of the network that was kept: how probable the data are under
	// it, over all its parameters (NaN with a given lambda and with the trainer adam).
	LogEvidence float64
	// PartialNoise is how wrong the partials seem to be: entry k*nx+j is the estimated
	// standard deviation of the noise of those of response k by variable j, relative
	// to their root mean square. Nil where values and partials agree with one noise
	// for all. Partials of the wrong sign come out near 2, useless ones near 1.
	PartialNoise []float64
	// Outliers are the numbers that a robust fit let go of because the others
	// contradict them, those that counted least first. None without Options.Robust.
	Outliers []Outlier
}

// total sums up the fits of several networks.
func total(parts []Summary, nx int) Summary {
	if len(parts) == 1 {
		return parts[0]
	}
	worst := parts[0]
	for _, p := range parts {
		if p.Cost.Total() > worst.Cost.Total() {
			worst = p
		}
	}
	s := worst
	s.PartialNoise, s.Outliers = nil, nil
	s.Parts, s.Parameters, s.Networks, s.Members, s.Stages, s.Iterations, s.Cost, s.Validation, s.LogEvidence = parts, 0, 0, 0, 0, 0, Cost{}, 0, 0
	for k, p := range parts {
		for i := range p.Outliers {
			p.Outliers[i].Response = k
		}
		s.Outliers = append(s.Outliers, p.Outliers...)
		s.Parameters += p.Parameters
		s.Networks += p.Networks
		s.Members += p.Members
		s.Stages += p.Stages
		s.Samples, s.HeldOut = max(s.Samples, p.Samples), max(s.HeldOut, p.HeldOut)
		s.Iterations = max(s.Iterations, p.Iterations)
		s.Cost.Values += p.Cost.Values
		s.Cost.Partials += p.Cost.Partials
		s.Cost.Regularization += p.Cost.Regularization
		s.Validation += p.Validation
		s.LogEvidence += p.LogEvidence
	}
	sortOutliers(s.Outliers)
	if slices.ContainsFunc(parts, func(p Summary) bool { return p.PartialNoise != nil }) {
		for _, p := range parts {
			s.PartialNoise = append(s.PartialNoise, p.partialNoise(nx)...)
		}
	}
	return s
}

// partialNoise returns the noise of the partials of one response, 0 where it is
// that of the values.
func (s Summary) partialNoise(nx int) []float64 {
	if s.PartialNoise != nil {
		return s.PartialNoise
	}
	return make([]float64, nx)
}

// Status says why a training stopped. Its text is a sentence.
type Status int

// The ways a training ends.
const (
	Converged      Status = iota + 1 // the loss stopped falling
	IterationLimit                   // all iterations were used
	EarlyStop                        // the held-out loss stopped falling
	Drafted                          // there was no time for steps, see Options.FitTime
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
	case Drafted:
		return "There was no time to train more than the output layer."
	}
	return "The training has not ended."
}
