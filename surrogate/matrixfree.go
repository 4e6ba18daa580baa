package surrogate

import "math"

// matrixFree trains a network whose matrices of parameters by parameters would be too
// large: all it needs are gradients and, for the evidence, products with the Jacobian
// of the residuals. It can be run in stages.
//
// Where the samples are too many to be copied, gradients are of all, but what is asked
// of the Jacobian is asked of some that stand for them: a curvature needs fewer samples
// than a direction (Byrd, Chin, Neveitt and Nocedal, On the use of stochastic Hessian
// information in optimization methods for machine learning, SIAM J. Optim. 21, 2011).
//
// Unless lambda is given, the regularization follows the evidence as with lm, see
// estimate.
type matrixFree struct {
	t        *training
	loss     *objective  // of the residuals as they count, lambda 0
	curved   trainingSet // of which the Jacobian is
	evidence *evidence
	fixed    bool      // lambda was given
	settled  bool      // the hyperparameters stay
	relative []float64 // with trust: mean weights of the columns over that of all
	descent  descent

	jacobian *implicit // only while it is needed: it holds much
	solver   *conjugate

	x, gradient          []float64 // p parameters, and the gradient of value there
	value                float64   // (|r|^2 + penalty)/2: the loss relative to the noise
	diagonal             []float64 // of J'J, about
	trial, trialGradient []float64
	recent               []float64 // value at the last iterations

	steps int
	cost  work // of its operations, by kind
	spent float64
	asked float64 // of it, for the evidence
	fresh float64 // spent when the diagonal was new
	done  bool
}

// descent is a way downhill.
type descent interface {
	// step lowers m.value, and reports whether it could.
	step(m *matrixFree) bool
	// reprice follows a change of the objective by sum_i by_i x_i^2/2 (nil: none);
	// the diagonal of its Hessian is now about as given.
	reprice(by, diagonal []float64)
	// forget drops what was learned of an objective that is no more.
	forget()
}

// Settings of the trainers without matrices. They did well on six problems with 300
// to 1500 samples, at the same work: Rosenbrock in ten dimensions, borehole,
// Styblinski-Tang in five, and three with sixteen variables and kinks.
const (
	// firstPrecision of the weights: a standard deviation of 0.18, strong for the noise
	// that the evidence begins with, so that training begins with a smooth function and
	// lets go. Beginning with 1, errors were a sixth larger on Rosenbrock's function in
	// ten dimensions with 300 samples, and the same on 200 of the drag of an airfoil.
	firstPrecision = 30
	// The evidence may take askingShare of the work, from firstAsked gradients on, and
	// change a hyperparameter by the factor askingRelax.
	askingShare = 0.25
	firstAsked  = 200
	askingRelax = 4
	// The diagonal is estimated anew after so many gradients.
	diagonalPeriod = 100
	// Where stalledSteps iterations lower the loss by less than the share stalled, a
	// training has converged, if the evidence is settled too.
	stalled      = 1e-7
	stalledSteps = 50
	unsettled    = 1e-2
)

// newMatrixFree prepares the training.
func newMatrixFree(t *training, start *evidence) *matrixFree {
	net, set := t.network, t.runs.train
	p := len(net.Parameters)
	vector := func() []float64 { return make([]float64, p) }
	m := &matrixFree{
		t: t, loss: newObjective(net, set, 0), curved: set.memory(), evidence: newEvidence(net, start), solver: newConjugate(p),
		x: net.Parameters, gradient: vector(), diagonal: vector(), trial: vector(), trialGradient: vector(),
		cost: newWork(net, set), descent: newQuasiNewton(p),
	}
	if t.runs.o.Trainer == GaussNewtonCG {
		m.descent = newGaussNewton(p)
		m.cost.gradient -= pairsWork * float64(p)
	}
	m.loss.cores = t.runs.cores
	m.cost.product *= m.share()
	switch o := t.runs.o; {
	case o.Lambda != nil:
		m.fixed = true
		m.evidence.fix(net, *o.Lambda)
	case start == nil:
		fill(m.evidence.Precisions, firstPrecision)
	}
	t.newest = !m.fixed
	if m.evidence.Trust != nil {
		m.relative = set.relativeWeights()
		m.loss.set = set.trusted(m.evidence.Trust)
	}
	return m
}

// run goes on until so many iterations are done or so many operations spent, both
// counted from the beginning.
func (m *matrixFree) run(steps int, spent float64) {
	if m.steps == 0 {
		m.value = m.evaluate(m.x, m.gradient)
	}
	for !m.done && m.steps < steps && m.spent < spent && m.t.runs.ctx.Err() == nil {
		m.iterate()
	}
	m.jacobian = nil
}

// iterate does one iteration.
func (m *matrixFree) iterate() {
	if m.steps == 0 || m.spent-m.fresh > diagonalPeriod*m.cost.gradient {
		m.estimateDiagonal()
		m.descent.reprice(nil, m.hessianDiagonal())
		m.fresh = m.spent
	}
	down := m.descent.step(m)
	m.steps++
	m.recent = append(m.recent, m.value)
	still := len(m.recent) > stalledSteps && m.recent[len(m.recent)-1-stalledSteps]-m.value <= stalled*m.value
	change, logEvidence := 0.0, math.NaN()
	if due := m.spent > firstAsked*m.cost.gradient && m.asked < askingShare*(m.spent-m.asked); !m.fixed && !m.settled && (due || still || !down) {
		change, logEvidence = m.reestimate()
	}
	m.note(logEvidence)
	if (still || !down) && change < unsettled {
		m.t.best.status = Converged
		m.done = true
	}
}

// evaluate returns the objective at the parameters and, unless nil, writes its
// gradient.
func (m *matrixFree) evaluate(parameters, gradient []float64) float64 {
	c := m.loss.evaluate(parameters, gradient)
	samples := float64(m.loss.set.m)
	for i := range gradient {
		gradient[i] = samples*gradient[i] + m.evidence.prior(i)*parameters[i]
	}
	m.spent += m.cost.gradient
	return samples*(c.Values+c.Partials) + m.evidence.penalty(parameters)/2
}

// accept moves to the trial, whose value is given.
func (m *matrixFree) accept(value float64) {
	copy(m.x, m.trial)
	copy(m.gradient, m.trialGradient)
	m.value = value
}

// share returns how many of the samples are asked for the Jacobian.
func (m *matrixFree) share() float64 { return float64(m.curved.m) / float64(m.loss.set.m) }

// linearize prepares products with the Jacobian at x.
func (m *matrixFree) linearize() {
	if m.jacobian == nil {
		m.jacobian = newImplicit(m.t.network, m.curved)
		m.jacobian.trust(m.evidence.Trust)
	}
	m.jacobian.at(m.x)
	m.spent += m.cost.gradient / 3 * m.share()
}

// product returns the product with H = J'J + precisions + damping, after linearize.
func (m *matrixFree) product(damping float64) func(dst, v []float64) {
	return func(dst, v []float64) {
		clear(dst)
		m.jacobian.product(dst, v)
		for i, w := range v {
			dst[i] += (m.evidence.prior(i) + damping) * w
		}
		m.spent += m.cost.product
	}
}

// scale returns the mean diagonal of J'J, to which damping is relative.
func (m *matrixFree) scale() float64 {
	trace := 0.0
	for _, d := range m.diagonal {
		trace += d
	}
	return trace/float64(len(m.diagonal)) + 1e-300
}

// leastDiagonal is the least entry of the diagonal that divides, relative to its mean.
const leastDiagonal = 1e-3

// hessianDiagonal returns about the diagonal of the Hessian, none of it small.
func (m *matrixFree) hessianDiagonal() []float64 {
	h, least := make([]float64, len(m.x)), leastDiagonal*m.scale()
	for i, d := range m.diagonal {
		h[i] = d + least + m.evidence.prior(i)
	}
	return h
}

// note reports the state to the training, in the paper's terms.
func (m *matrixFree) note(logEvidence float64) {
	penalty := m.evidence.penalty(m.x)
	samples := float64(m.loss.set.m)
	cost := Cost{Values: (m.value - penalty/2) / samples, Regularization: penalty / (2 * samples)}
	best := &m.t.best
	if m.t.observe(m.steps, m.x, cost) {
		m.done = true
	}
	if m.fixed || best.iterations != m.steps { // the state was not kept
		return
	}
	best.evidence = m.evidence.clone()
	if !math.IsNaN(logEvidence) {
		best.logEvidence = logEvidence
	}
}
