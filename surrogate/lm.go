package surrogate

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo/internal/kernel"
)

// levenberg trains a network by Levenberg-Marquardt with geodesic acceleration
// (Transtrum and Sethna, arXiv 1201.5885). Unless lambda is given, the
// regularization follows the evidence. It can be run in stages.
type levenberg struct {
	t        *training
	model    *residualModel
	evidence *evidence // regularization, also when fixed
	fixed    bool      // lambda was given
	tails    *tails    // of a robust loss, else nil
	relative []float64 // with trust: mean weights of the columns over that of all

	x, r     []float64 // p parameters and n residuals there
	jacobian blas64.General
	normal   blas64.Symmetric // J'J
	damping  float64
	calm     int       // iterations in a row that changed almost nothing
	history  []float64 // log evidence at each re-estimation
	steps    int
	done     bool

	// Workspaces.
	rows                         blas64.General // some rows as wide as J
	factor                       blas64.Symmetric
	gradient, move, bend, trialX []float64 // p
	trialR, slope                []float64 // n
}

// Settings of the method: Transtrum and Sethna's, section 5, but for the start.
const (
	dampingStart    = 1e-2 // relative to the mean diagonal of J'J
	dampingUp       = 4
	dampingDown     = 0.2
	leastDamping    = 1e-14
	mostDamping     = 1e8
	accelerationMax = 0.75 // of the velocity's length
	evidencePeriod  = 2    // iterations between updates of the hyperparameters
	evidenceRelax   = 2    // largest factor of an update
	attempts        = 12   // at a step, with ever more damping
	rowsAtOnce      = 64   // of J times the inverse factor
)

// A training whose log evidence rose by less than plateauGain for each number fitted
// over plateauUpdates re-estimations, 40 iterations, has converged: the noise it sees
// fell by 2 percent or less. Waiting for half as much doubled the time on eight
// problems and gained a tenth of their error at best. Below fewNumbers, where the
// noise is bounded and going on costs little, the wait is three times as long.
const (
	plateauUpdates    = 20
	plateauUpdatesFew = 60
	plateauGain       = 0.02
)

// plateau returns over how many re-estimations the log evidence must have risen.
func (lm *levenberg) plateau() int {
	if lm.model.n < fewNumbers {
		return plateauUpdatesFew
	}
	return plateauUpdates
}

// newLevenberg prepares the training.
func newLevenberg(t *training, start *evidence) *levenberg {
	net := t.network
	lm := &levenberg{
		t: t, model: newResidualModel(net, t.runs.train), evidence: newEvidence(net, start),
		x: net.Parameters, damping: dampingStart,
	}
	t.newest = true
	if t.runs.o.Lambda == nil {
		lm.evidence.believe(t.runs.train.mostPrecision(t.runs.o.noise))
	}
	lm.model.trust = lm.evidence.Trust
	n, p := lm.model.n, len(lm.x)
	symmetric := func() blas64.Symmetric {
		return blas64.Symmetric{N: p, Stride: p, Uplo: blas.Upper, Data: make([]float64, p*p)}
	}
	lm.jacobian, lm.rows = newMatrix(n, p), newMatrix(min(n, rowsAtOnce), p)
	lm.normal, lm.factor = symmetric(), symmetric()
	lm.r, lm.trialR, lm.slope = make([]float64, n), make([]float64, n), make([]float64, n)
	lm.gradient, lm.move, lm.bend, lm.trialX = make([]float64, p), make([]float64, p), make([]float64, p), make([]float64, p)
	if o := t.runs.o; o.Lambda != nil {
		lm.fixed = true
		lm.evidence.fix(net, *o.Lambda)
	}
	if t.runs.o.Robust {
		lm.robust()
	}
	if lm.evidence.Trust != nil {
		lm.relative = t.runs.train.relativeWeights()
	}
	return lm
}

// run does up to `steps` further iterations.
func (lm *levenberg) run(steps int) {
	for range steps {
		if lm.done || lm.t.runs.ctx.Err() != nil {
			return
		}
		lm.iterate()
	}
}

// iterate does one iteration: linearize, re-estimate the regularization, step.
func (lm *levenberg) iterate() {
	lm.linearize()
	change := 0.0
	logEvidence := math.NaN()
	if !lm.fixed && lm.steps%evidencePeriod == 0 {
		change, logEvidence = lm.reestimate()
		if lm.tails != nil {
			lm.tails.update(lm.r, lm.evidence.Noise)
		}
		if lm.evidence.Trust != nil || lm.tails != nil {
			lm.linearize() // the residuals now count otherwise
		}
	}
	before := lm.objective(lm.r, lm.x)
	after := lm.step(before)
	lm.steps++
	lm.note(logEvidence)
	if !math.IsNaN(logEvidence) {
		lm.history = append(lm.history, logEvidence)
	}
	if k := len(lm.history) - 1 - lm.plateau(); k >= 0 && lm.history[len(lm.history)-1]-lm.history[k] < plateauGain*float64(lm.model.n) {
		lm.t.best.status = Converged
		lm.done = true
	}
	if before-after <= 1e-10*before && change < 1e-3 {
		lm.calm++
	} else {
		lm.calm = 0
	}
	if lm.calm >= 2*evidencePeriod+2 {
		lm.t.best.status = Converged
		lm.done = true
	}
}

// linearize computes residuals, J and J'J at x.
func (lm *levenberg) linearize() {
	lm.model.at(lm.x, lm.r, &lm.jacobian)
	kernel.Syrk(1, lm.jacobian, 0, lm.normal)
}

// objective returns |r|^2 + penalty: twice the loss, relative to the noise.
func (lm *levenberg) objective(r, x []float64) float64 {
	return dot(r, r) + lm.evidence.penalty(x)
}

// reestimate updates the hyperparameters. It returns the largest change and the
// log evidence at the present state.
func (lm *levenberg) reestimate() (change, logEvidence float64) {
	// The least damping keeps the factorization going where rounding would end it.
	damping := leastDamping * lm.scale()
	u, ok := lm.factorize(damping)
	if !ok {
		return 0, math.NaN()
	}
	logDet := 0.0
	for i := range u.N {
		logDet += 2 * math.Log(u.Data[i*u.Stride+i])
	}
	if !kernel.Invert(u) {
		return 0, math.NaN()
	}
	inverse := lm.trialX // the diagonal of H^-1 = U^-1 U^-T: squared lengths of rows
	for i := range inverse {
		row := u.Data[i*u.Stride+i : i*u.Stride+u.N]
		inverse[i] = dot(row, row)
	}
	s := lm.spread(u)
	s.diagonal, s.damping = inverse, damping
	logEvidence = lm.evidence.log(dot(lm.r, lm.r), lm.evidence.penalty(lm.x), logDet, damping, s.count)
	if lm.tails != nil {
		logEvidence += lm.tails.log(lm.r, lm.evidence.Noise)
	}
	return lm.evidence.update(s, lm.x, evidenceRelax), logEvidence
}

// state returns the network as it is now.
func (lm *levenberg) state() Network {
	n := lm.t.network
	n.Parameters = lm.x
	return n
}

// factorize returns the Cholesky factor U of H = J'J + prior + damping = U'U, in a
// workspace, and whether there is one.
func (lm *levenberg) factorize(damping float64) (u blas64.Triangular, ok bool) {
	h := lm.factor
	copy(h.Data, lm.normal.Data)
	for i := range h.N {
		h.Data[i*h.Stride+i] += lm.evidence.prior(i) + damping
	}
	return kernel.Cholesky(h)
}

// step moves x downhill and returns the objective there; the old one if no step
// could be found.
func (lm *levenberg) step(before float64) float64 {
	kernel.Gemv(blas.Trans, 1, lm.jacobian, lm.r, 0, lm.gradient)
	for i, w := range lm.x {
		lm.gradient[i] += lm.evidence.prior(i) * w
	}
	scale := lm.scale()
	for range attempts {
		if u, ok := lm.factorize(lm.damping * scale); ok {
			lm.propose(u)
			for i, v := range lm.move {
				lm.trialX[i] = lm.x[i] + v
			}
			lm.model.at(lm.trialX, lm.trialR, nil)
			if after := lm.objective(lm.trialR, lm.trialX); after < before {
				copy(lm.x, lm.trialX)
				copy(lm.r, lm.trialR)
				lm.damping = max(lm.damping*dampingDown, leastDamping)
				return after
			}
		}
		lm.damping = min(lm.damping*dampingUp, mostDamping)
	}
	return before
}

// propose sets move to the velocity plus half the geodesic acceleration, the
// latter from a difference along the velocity; without it where it is too large
// to trust.
func (lm *levenberg) propose(u blas64.Triangular) {
	const h = 0.1 // Transtrum and Sethna, section 5
	for i, g := range lm.gradient {
		lm.move[i] = -g
	}
	kernel.Solve(u, lm.move)
	for i, v := range lm.move {
		lm.trialX[i] = lm.x[i] + h*v
	}
	lm.model.at(lm.trialX, lm.trialR, nil)
	kernel.Gemv(blas.NoTrans, 1, lm.jacobian, lm.move, 0, lm.slope)
	for i, ahead := range lm.trialR {
		lm.slope[i] = 2 / h * ((ahead-lm.r[i])/h - lm.slope[i])
	}
	kernel.Gemv(blas.Trans, 1, lm.jacobian, lm.slope, 0, lm.bend)
	kernel.Solve(u, lm.bend)
	if dot(lm.bend, lm.bend) <= accelerationMax*accelerationMax*dot(lm.move, lm.move) {
		axpy(lm.move, -0.5, lm.bend)
	}
}

// scale returns the mean diagonal of J'J, to which damping is relative.
func (lm *levenberg) scale() float64 {
	trace := 0.0
	for i := range lm.normal.N {
		trace += lm.normal.Data[i*lm.normal.Stride+i]
	}
	return trace/float64(lm.normal.N) + 1e-300
}

// note reports the state to the training, in the paper's terms.
func (lm *levenberg) note(logEvidence float64) {
	cost := lm.model.cost(lm.r)
	cost.Regularization = lm.evidence.penalty(lm.x) / float64(2*lm.model.set.m)
	best := &lm.t.best
	if lm.t.observe(lm.steps, lm.x, cost) {
		lm.done = true
	}
	if lm.fixed || best.iterations != lm.steps { // the state was not kept
		return
	}
	best.evidence = lm.evidence.clone()
	if !math.IsNaN(logEvidence) {
		best.logEvidence = logEvidence
	}
}
