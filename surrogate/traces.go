package surrogate

import (
	"math"
	"math/rand/v2"
)

// How the evidence is estimated where matrices are too large: with askingProbes
// random vectors and askingSolve iterations of conjugate gradients for each. Twice of
// either made no difference to the networks, half of them little. To rank networks,
// judgingProbes and judgingSolve.
const (
	askingProbes  = 2
	askingSolve   = 25
	judgingProbes = 4
	judgingSolve  = 50
	solveEnough   = 1e-4 // of the residual, squared
)

// estimate finds what a re-estimation of the hyperparameters needs, and the log
// evidence, at x. With H = J'J + precisions/noise, M a diagonal close to that of H, and
// z a vector of random signs, conjugate gradients solve H u = M^1/2 z. Then
//
//	z_i u_i / M_ii^1/2                  has the mean (H^-1)_ii
//	(J_c M^-1/2 z)' J_c u               that of tr J_c H^-1 J_c', of column c
//	z' log(M^-1/2 H M^-1/2) z           that of log det H - log det M
//
// (Hutchinson, Commun. Stat. Simul. Comput. 19, 1990; Ubaru, Chen and Saad, Fast
// estimation of tr(f(A)) via stochastic Lanczos quadrature, SIAM J. Matrix Anal. Appl.
// 38, 2017). The closer M is to H, the less they scatter. The signs are the same each
// time, so that estimates in turn differ by what has changed.
func (m *matrixFree) estimate(probes, most int) (spread, float64) {
	before := m.spent
	m.linearize()
	p := len(m.x)
	damping := leastDamping * m.scale()
	s := m.squares()
	s.diagonal, s.damping = make([]float64, p), damping
	diagonal := m.hessianDiagonal()
	logDet := 0.0
	for _, d := range diagonal {
		logDet += math.Log(d)
	}
	rng := rand.New(rand.NewPCG(uint64(p), 0))
	b, u, z := make([]float64, p), make([]float64, p), make([]float64, p)
	for range probes {
		for i, d := range diagonal {
			z[i] = float64(2*rng.IntN(2) - 1)
			b[i] = z[i] * math.Sqrt(d)
		}
		clear(u)
		m.solver.solve(u, b, diagonal, m.product(damping), most, func(int) bool { return m.solver.reduction() < solveEnough })
		logDet += m.solver.logarithm() / float64(probes)
		for i, d := range diagonal {
			z[i] /= math.Sqrt(d)
			s.diagonal[i] += z[i] * u[i] / float64(probes)
		}
		if m.evidence.Trust != nil {
			m.jacobian.determined(s.well, z, u, 1/float64(probes))
			m.spent += m.cost.product
		}
	}
	penalty := m.evidence.penalty(m.x)
	logEvidence := m.evidence.log(2*m.value-penalty, penalty, logDet, damping, s.count)
	m.asked += m.spent - before
	return s, logEvidence
}

// reestimate updates the hyperparameters. It returns the largest change, as a factor
// minus 1, and the log evidence before.
func (m *matrixFree) reestimate() (change, logEvidence float64) {
	s, logEvidence := m.estimate(askingProbes, askingSolve)
	m.reprice(func() { change = m.evidence.update(s, m.x, askingRelax) })
	return change, logEvidence
}

// reprice goes on with hyperparameters that are changed by the function.
func (m *matrixFree) reprice(change func()) {
	by := make([]float64, len(m.x))
	for i := range by {
		by[i] = -m.evidence.prior(i)
	}
	change()
	for i := range by {
		by[i] += m.evidence.prior(i)
	}
	if m.evidence.Trust != nil {
		m.loss.set = m.t.runs.train.trusted(m.evidence.Trust)
		if m.jacobian != nil {
			m.jacobian.trust(m.evidence.Trust)
		}
		m.descent.forget()
		m.estimateDiagonal()
	}
	m.value = m.evaluate(m.x, m.gradient)
	m.descent.reprice(by, m.hessianDiagonal())
	m.recent, m.done = m.recent[:0], false
}

// judge estimates the log evidence of the present state well enough to compare it
// with that of other networks.
func (m *matrixFree) judge() {
	if !m.fixed && m.t.runs.ctx.Err() == nil {
		_, m.t.best.logEvidence = m.estimate(judgingProbes, judgingSolve)
		m.jacobian = nil
	}
}

// squares counts and squares the residuals by columns, after linearize.
func (m *matrixFree) squares() spread {
	set := m.curved
	columns := 1 + set.ny*set.nx
	s := spread{count: make([]int, columns), square: make([]float64, columns), well: make([]float64, columns)}
	for b := range m.jacobian.blocks {
		m.jacobian.each(b, func(column int, prediction, target, weight []float64) {
			for i, a := range prediction {
				if w := weight[i]; w > 0 {
					e := a - target[i]
					s.count[1+column]++
					s.square[1+column] += w * e * e
				}
			}
		})
	}
	if set.of > 0 {
		for c, n := range s.count {
			s.count[c] = int(float64(n) / m.share())
		}
	}
	for c, weight := range m.relative { // a noise of its own must not undo the weights of a column
		s.square[c] /= weight
	}
	return s
}

// diagonalSamples are how many samples the diagonal of J'J is estimated from.
const diagonalSamples = 64

// estimateDiagonal finds the diagonal of J'J from the rows of J of some samples.
func (m *matrixFree) estimateDiagonal() {
	all, net := m.loss.set, m.t.network
	var some []int
	for i := 0; i < all.m; i += max(all.m/diagonalSamples, 1) {
		some = append(some, i)
	}
	set := all.batch(some)
	z := newLinearization(net, diagonalSamples, set.gamma != nil)
	z.set(m.x)
	row := make([]float64, len(m.x))
	clear(m.diagonal)
	add := func(weight float64) {
		for i, v := range row {
			m.diagonal[i] += weight * v * v
		}
	}
	for from := 0; from < set.m; from += z.samples {
		n := min(z.samples, set.m-from)
		for c := range n {
			for j := range set.nx {
				z.input(c)[j] = set.x[j*set.m+from+c]
			}
		}
		z.forward(n, set.gamma != nil)
		z.backward(n, set.gamma != nil)
		for c := range n {
			i := from + c
			for k := range set.ny {
				if w := set.beta[k*set.m+i]; w > 0 {
					z.valueRow(row, c, k, 1)
					add(w)
				}
				for j := range set.nx {
					if set.gamma == nil {
						break
					}
					if w := set.gamma[(k*set.nx+j)*set.m+i]; w > 0 {
						z.partialRow(row, c, k, j, 1)
						add(w)
					}
				}
			}
		}
	}
	for i := range m.diagonal {
		m.diagonal[i] *= float64(all.m) / float64(set.m)
	}
	m.spent += m.cost.row * float64(set.m)
}
