package optimize

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// merit says how far a sample is from the accuracy that is sought: 1 is just
// there. It is stricter than the status [Converged] where the numbers of the
// cost or the constraints are tiny, so that even then the digits are right.
func (r *run) merit(s *sample) float64 {
	if s.failed {
		return math.Inf(1)
	}
	k := unitKKT(r.g.p, s.u, s.y, s.jac, min(1, r.g.sizes[r.g.goal]))
	return max(k.Residual/r.g.o.Tolerance, s.lack/r.g.o.Feasibility)
}

// refine improves a point near an optimum to full accuracy by Newton's method
// on the KKT conditions, with the limits held that have a multiplier (Nocedal,
// Wright, section 18.1). The descent cannot: it compares values, which round
// off at the square root of the accuracy that derivatives still have. The
// Hessian of the Lagrangian is taken by differences of its gradient. It
// reports whether the point has converged.
func (r *run) refine() bool {
	merit := r.merit(r.g.at(r.u))
	for range 12 {
		if merit <= 1 || r.g.stopped() {
			break
		}
		m := r.improve(merit)
		if m >= 0.7*merit {
			break
		}
		merit = m
	}
	return merit <= 1
}

// improve takes one Newton step if that lessens the merit well, and returns the
// merit after it. It guesses first that bounds with a multiplier hold the
// point, then that only those do at which it is.
func (r *run) improve(merit float64) float64 {
	var free []int
	for _, reach := range []float64{near, 0} {
		n := newNewton(r.g, r.u, reach)
		if slices.Equal(n.free, free) {
			break // the same step again
		}
		free = n.free
		n.solve()
		for _, t := range []float64{1, 0.25} {
			u := n.moved(t)
			if m := r.merit(r.g.at(u)); m < 0.7*merit {
				copy(r.u, u)
				return m
			}
		}
	}
	return merit
}

// newton is a Newton step on the KKT conditions.
type newton struct {
	g      *gate
	u      []float64 // the point
	kkt    KKT
	free   []int     // the variables that no bound holds
	active []int     // the constraints that are held at a limit
	limits []float64 // the limits
	step   []float64 // of the free variables
}

// newNewton returns one from u that is yet to be solved for. It holds the limits
// that have a multiplier, bounds only if they are within reach.
func newNewton(g *gate, u []float64, reach float64) *newton {
	n := &newton{g: g, u: slices.Clone(u)}
	s := g.at(u)
	n.kkt = unitKKT(g.p, s.u, s.y, s.jac, 1)
	for j := range n.u {
		switch b := n.kkt.Bounds[j]; {
		case b > 0 && n.u[j] <= reach:
			n.u[j] = 0
		case b < 0 && n.u[j] >= 1-reach:
			n.u[j] = 1
		default:
			n.free = append(n.free, j)
		}
	}
	for _, k := range g.p.Constraints() {
		r := g.p.Responses[k]
		m := n.kkt.Multipliers[k]
		switch {
		case r.Lower == r.Upper, m > 0, s.y[k] < r.Lower:
			n.active, n.limits = append(n.active, k), append(n.limits, r.Lower)
		case m < 0, s.y[k] > r.Upper:
			n.active, n.limits = append(n.active, k), append(n.limits, r.Upper)
		}
	}
	return n
}

// solve sets the step from
//
//	[ W  -Aᵀ ] [ step ]   [ -gradient of the Lagrangian ]
//	[ A   0  ] [ dm   ] = [ limits - y                  ]
func (n *newton) solve() {
	nf, na, nx := len(n.free), len(n.active), len(n.u)
	n.step = make([]float64, nf)
	if nf == 0 {
		return
	}
	m := mat.NewDense(nf+na, nf+na, nil)
	b := make([]float64, nf+na)
	n.hessian(m)
	// The blocks are brought to size one, lest units decide about the rank; dm is not used.
	size := mat.Max(m)
	size = max(size, -mat.Min(m))
	if size == 0 {
		size = 1
	}
	m.Scale(1/size, m)
	s := n.g.at(n.u)
	if s.failed {
		return
	}
	gradient := make([]float64, nx)
	n.gradient(gradient, s)
	for i, j := range n.free {
		b[i] = -gradient[j] / size
	}
	for c, k := range n.active {
		size := 0.0
		for _, j := range n.free {
			size = max(size, math.Abs(s.jac[k*nx+j]))
		}
		if size == 0 {
			continue
		}
		for i, j := range n.free {
			m.Set(nf+c, i, s.jac[k*nx+j]/size)
			m.Set(i, nf+c, -s.jac[k*nx+j]/size)
		}
		b[nf+c] = (n.limits[c] - s.y[k]) / size
	}
	copy(n.step, leastSquares(m, b))
}

// gradient writes the gradient of the Lagrangian in the unit box, without the bounds.
func (n *newton) gradient(dst []float64, s *sample) {
	nx := len(dst)
	n.g.gradient(dst, s)
	for _, k := range n.active {
		for j := range dst {
			dst[j] -= n.kkt.Multipliers[k] * s.jac[k*nx+j]
		}
	}
}

// hessian writes that of the Lagrangian by the free variables into m.
func (n *newton) hessian(m *mat.Dense) {
	const h = 1e-5
	nx := len(n.u)
	lower, upper := make([]float64, nx), make([]float64, nx)
	for i, j := range n.free {
		v := n.u[j]
		a, b := max(v-h, 0), min(v+h, 1)
		known := true
		for _, end := range []struct {
			at       float64
			gradient []float64
		}{{a, lower}, {b, upper}} {
			n.u[j] = end.at
			s := n.g.at(n.u)
			n.gradient(end.gradient, s)
			known = known && !s.failed
		}
		n.u[j] = v
		if !known {
			continue
		}
		for c, q := range n.free {
			d := (upper[q] - lower[q]) / (b - a) / 2
			m.Set(i, c, m.At(i, c)+d)
			m.Set(c, i, m.At(c, i)+d)
		}
	}
}

// moved returns the point after the fraction t of the step.
func (n *newton) moved(t float64) []float64 {
	u := slices.Clone(n.u)
	for i, j := range n.free {
		if !math.IsNaN(n.step[i]) {
			u[j] = min(max(u[j]+t*n.step[i], 0), 1)
		}
	}
	return u
}
