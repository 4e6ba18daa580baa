package optimize

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// escape looks around a point where the gradient sees no way down, for it may
// be a saddle or a maximum: along the direction of the most negative curvature
// of the Lagrangian, and from there back to where the constraints hold. What is
// found is remembered by the gate as the best point.
func (r *run) escape() {
	n := newNewton(r.g, r.u, 0)
	if n.step = n.downward(); n.step == nil {
		return
	}
	for _, t := range []float64{0.1, 0.01, 1e-3} {
		r.hold(n.moved(t))
		r.hold(n.moved(-t))
	}
}

// hold moves u to a point near it that keeps the constraints, if a few Newton steps of least
// length come to one.
func (r *run) hold(u []float64) {
	for range 4 {
		s := r.g.at(u)
		if s.failed || s.lack <= r.g.o.Feasibility {
			return
		}
		q := newSequential(r, s)
		m, _ := q.linear(nil)
		m.b, m.gradient = q.hessian, make([]float64, len(u))
		p, _, ok := m.solve()
		if !ok {
			return
		}
		q.moved(u, p, 1)
	}
	r.g.at(u)
}

// downward returns the direction of the most negative curvature that keeps the
// active constraints to first order, or nil if there is none.
func (n *newton) downward() []float64 {
	nf, nx := len(n.free), len(n.u)
	s := n.g.at(n.u)
	if nf == 0 || s.failed {
		return nil
	}
	hessian := mat.NewDense(nf, nf, nil)
	rows := mat.NewDense(max(len(n.active), 1), nf, nil)
	for c, k := range n.active {
		for i, j := range n.free {
			rows.Set(c, i, s.jac[k*nx+j])
		}
		if size := mat.Norm(rows.RowView(c), 2); size > 0 {
			rows.SetRow(c, scaled(1/size, rows.RawRowView(c)))
		}
	}
	n.hessian(hessian)
	size := mat.Norm(hessian, 2)
	// A stiff spring along the normals of the constraints leaves the curvature along the constraints.
	curvature := mat.NewSymDense(nf, nil)
	for i := range nf {
		for j := i; j < nf; j++ {
			spring := mat.Dot(rows.ColView(i), rows.ColView(j))
			curvature.SetSym(i, j, hessian.At(i, j)+1e3*size*spring)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(curvature, true) {
		return nil
	}
	least := eigen.Values(nil)[0]
	if math.IsNaN(least) || least > -1e-6*size {
		return nil
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	return mat.Col(nil, 0, &vectors)
}

func scaled(f float64, v []float64) []float64 {
	w := make([]float64, len(v))
	for i := range v {
		w[i] = f * v[i]
	}
	return w
}
