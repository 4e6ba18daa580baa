package surrogate

// gaussNewton takes the steps of Levenberg and Marquardt: with the Hessian of the
// loss taken to be H = J'J + precisions, it solves (H + damping) move = -gradient by
// conjugate gradients as far as it pays, and follows the gain ratio with the damping
// (Nielsen, Damping parameter in Marquardt's method, IMM-REP-1999-05, DTU, 1999).
type gaussNewton struct {
	damping float64 // relative to the mean diagonal of J'J
	growth  float64 // of the damping, where a step fails
	move    []float64
	b       []float64
	damped  []float64 // the diagonal of H + damping
	solver  *conjugate
	model   []float64 // after each iteration of the solver
}

// Settings of the method.
const (
	// A solution is good enough when its last iterations, a tenth of them or 10, have
	// lowered the model by less than the share innerGain for each (Martens, Deep
	// learning via Hessian-free optimization, ICML 2010, section 4.4).
	innerGain   = 5e-4
	innerMost   = 100
	innerLatest = 10
	// innerDecay of the last move is where the solution of the next one begins, from
	// the same source; it spared half of the outer iterations.
	innerDecay = 0.95
)

func newGaussNewton(p int) *gaussNewton {
	vector := func() []float64 { return make([]float64, p) }
	return &gaussNewton{damping: dampingStart, growth: 2, move: vector(), b: vector(), damped: vector(), solver: newConjugate(p)}
}

// step does one iteration, and reports whether there was a way down.
func (n *gaussNewton) step(m *matrixFree) bool {
	m.linearize()
	for i, g := range m.gradient {
		n.b[i] = -g
		n.move[i] *= innerDecay
	}
	for range attempts {
		damping := n.damping * m.scale()
		n.propose(m, damping)
		copy(m.trial, m.x)
		axpy(m.trial, 1, n.move)
		value := m.evaluate(m.trial, m.trialGradient)
		// The model promises -g's - s'Hs/2, and (H + damping) s = b - residual.
		promised := 0.0
		for i, s := range n.move {
			promised += s * (n.b[i] + n.solver.residual[i] + damping*s) / 2
		}
		if gain := (m.value - value) / promised; gain > armijo {
			quality := 2*gain - 1
			n.damping = max(n.damping*min(max(1-quality*quality*quality, dampingDown), 2), leastDamping)
			n.growth = 2
			m.accept(value)
			return true
		}
		n.damping, n.growth = min(n.damping*n.growth, mostDamping), 2*n.growth
		clear(n.move)
	}
	return false
}

// propose solves for the move.
func (n *gaussNewton) propose(m *matrixFree, damping float64) {
	for i := range n.damped {
		n.damped[i] = m.diagonal[i] + m.evidence.prior(i) + damping
	}
	n.model = n.model[:0]
	n.solver.solve(n.move, n.b, n.damped, m.product(damping), innerMost, func(k int) bool {
		value := 0.0
		for i, s := range n.move {
			value -= s * (n.b[i] + n.solver.residual[i]) / 2
		}
		n.model = append(n.model, value)
		latest := max(innerLatest, k/10)
		return k > latest && value < 0 && n.model[k-1-latest]-value < -innerGain*float64(latest)*value
	})
}

// reprice and forget: nothing is remembered but the last move, which is only a start.
func (n *gaussNewton) reprice(_, _ []float64) {}
func (n *gaussNewton) forget()                {}
