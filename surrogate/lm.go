package surrogate

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// levenberg trains a network by Levenberg-Marquardt with geodesic acceleration
// (Transtrum and Sethna, arXiv 1201.5885). Unless lambda is given, the
// regularization follows the evidence. It can be run in stages.
type levenberg struct {
	t        *training
	model    *residualModel
	evidence *evidence // regularization, also when fixed
	fixed    bool      // lambda was given

	x, r     []float64 // parameters and residuals there
	jacobian *mat.Dense
	normal   *mat.SymDense // J'J
	damping  float64
	calm     int // iterations in a row that changed almost nothing
	steps    int
	done     bool
}

// Settings of the method: Transtrum and Sethna's, section 5, but for the start.
const (
	dampingStart    = 1e-2 // relative to the mean diagonal of J'J
	dampingUp       = 4
	dampingDown     = 0.2
	leastDamping    = 1e-14
	accelerationMax = 0.75 // of the velocity's length
	evidencePeriod  = 2    // iterations between updates of the hyperparameters
	evidenceRelax   = 2    // largest factor of an update
)

// newLevenberg prepares the training.
func newLevenberg(t *training, start *evidence) *levenberg {
	net := t.network
	lm := &levenberg{
		t: t, model: newResidualModel(net, t.runs.train), evidence: newEvidence(net, start),
		x: net.Parameters, damping: dampingStart,
	}
	t.newest = true
	n, p := lm.model.n, len(lm.x)
	lm.r = make([]float64, n)
	lm.jacobian = mat.NewDense(max(n, 1), p, nil)
	lm.normal = mat.NewSymDense(p, nil)
	if o := t.runs.o; o.Lambda != nil {
		lm.fixed = true
		lm.evidence.fix(net, *o.Lambda)
	}
	return lm
}

// fix sets the hyperparameters to those of the paper's loss with a given lambda:
// weights have precision lambda, biases none.
func (e *evidence) fix(n Network, lambda float64) {
	isBias := make([]float64, len(n.Parameters))
	for l := 1; l <= n.layers(); l++ {
		_, b := n.layer(isBias, l)
		fill(b, 1)
	}
	e.Noise = 1
	for i, g := range e.group {
		e.Precisions[g] = lambda * (1 - isBias[i])
	}
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
	lm.model.at(lm.x, lm.r, lm.jacobian)
	lm.normal.SymOuterK(1, lm.jacobian.T())
	change := 0.0
	logEvidence := math.NaN()
	if !lm.fixed && lm.steps%evidencePeriod == 0 {
		change, logEvidence = lm.reestimate()
	}
	before := lm.objective(lm.r, lm.x)
	after := lm.step(before)
	lm.steps++
	lm.note(logEvidence)
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

// objective returns |r|^2 + penalty: twice the loss, relative to the noise.
func (lm *levenberg) objective(r, x []float64) float64 {
	return dot(r, r) + lm.evidence.penalty(x)
}

// reestimate updates the hyperparameters. It returns the largest change and the
// log evidence at the present state.
func (lm *levenberg) reestimate() (change, logEvidence float64) {
	var factor mat.Cholesky
	// The least damping keeps the factorization going where rounding would end it.
	damping := leastDamping * lm.scale()
	if !factor.Factorize(lm.regularized(damping)) {
		return 0, math.NaN()
	}
	var inverse mat.SymDense
	if err := factor.InverseTo(&inverse); !usable(err) {
		return 0, math.NaN()
	}
	residual2 := dot(lm.r, lm.r)
	n := len(lm.r)
	logEvidence = lm.evidence.log(residual2, lm.evidence.penalty(lm.x), factor.LogDet(), damping, n)
	return lm.evidence.update(&inverse, lm.x, residual2, damping, n, evidenceRelax), logEvidence
}

// regularized returns J'J + prior + damping.
func (lm *levenberg) regularized(damping float64) *mat.SymDense {
	p := len(lm.x)
	h := mat.NewSymDense(p, nil)
	h.CopySym(lm.normal)
	for i := range p {
		h.SetSym(i, i, h.At(i, i)+lm.evidence.prior(i)+damping)
	}
	return h
}

// step moves x downhill and returns the objective there; the old one if no step
// could be found.
func (lm *levenberg) step(before float64) float64 {
	p := len(lm.x)
	gradient := mat.NewVecDense(p, nil)
	gradient.MulVec(lm.jacobian.T(), mat.NewVecDense(len(lm.r), lm.r))
	for i, w := range lm.x {
		gradient.SetVec(i, gradient.AtVec(i)+lm.evidence.prior(i)*w)
	}
	scale := lm.scale()
	trial, r := make([]float64, p), make([]float64, len(lm.r))
	for range 12 {
		var factor mat.Cholesky
		if !factor.Factorize(lm.regularized(lm.damping * scale)) {
			lm.damping *= dampingUp
			continue
		}
		move := lm.move(&factor, gradient)
		for i := range trial {
			trial[i] = lm.x[i] + move[i]
		}
		lm.model.at(trial, r, nil)
		if after := lm.objective(r, trial); after < before {
			copy(lm.x, trial)
			copy(lm.r, r)
			lm.damping = max(lm.damping*dampingDown, leastDamping)
			return after
		}
		lm.damping = min(lm.damping*dampingUp, 1e8)
	}
	return before
}

// move returns the velocity plus half the geodesic acceleration, the latter from
// a difference along the velocity; without it where it is too large to trust.
func (lm *levenberg) move(factor *mat.Cholesky, gradient *mat.VecDense) []float64 {
	const h = 0.1 // Transtrum and Sethna, section 5
	p, n := len(lm.x), len(lm.r)
	velocity := mat.NewVecDense(p, nil)
	if err := factor.SolveVecTo(velocity, gradient); !usable(err) {
		return make([]float64, p)
	}
	velocity.ScaleVec(-1, velocity)
	v := velocity.RawVector().Data
	ahead, r := make([]float64, p), make([]float64, n)
	for i := range ahead {
		ahead[i] = lm.x[i] + h*v[i]
	}
	lm.model.at(ahead, r, nil)
	slope := mat.NewVecDense(n, nil)
	slope.MulVec(lm.jacobian, velocity)
	for i := range r {
		r[i] = 2 / h * ((r[i]-lm.r[i])/h - slope.AtVec(i))
	}
	bend := mat.NewVecDense(p, nil)
	bend.MulVec(lm.jacobian.T(), mat.NewVecDense(n, r))
	acceleration := mat.NewVecDense(p, nil)
	if err := factor.SolveVecTo(acceleration, bend); usable(err) &&
		mat.Norm(acceleration, 2) <= accelerationMax*mat.Norm(velocity, 2) {
		velocity.AddScaledVec(velocity, -0.5, acceleration)
	}
	return slices.Clone(velocity.RawVector().Data)
}

// scale returns the mean diagonal of J'J, to which damping is relative.
func (lm *levenberg) scale() float64 {
	return lm.normal.Trace()/float64(len(lm.x)) + 1e-300
}

// usable reports whether a solution can be used: gonum reports an ill-conditioned
// system as an error, but its solution is still a direction, and is tried out.
func usable(err error) bool {
	var condition mat.Condition
	return err == nil || errors.As(err, &condition)
}

// note reports the state to the training, in the paper's terms.
func (lm *levenberg) note(logEvidence float64) {
	cost := lm.t.loss.evaluate(lm.x, nil)
	cost.Regularization = lm.evidence.penalty(lm.x) / float64(2*lm.t.runs.train.m)
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

func dot(a, b []float64) float64 {
	total := 0.0
	for i, v := range a {
		total += v * b[i]
	}
	return total
}
