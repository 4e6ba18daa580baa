package surrogate

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"
)

// residualModel computes the weighted residuals of a network on a training set,
// one number per known value and partial, and their Jacobian by the parameters.
// It is a workspace for one goroutine.
type residualModel struct {
	set    trainingSet
	s      *sensitivities
	n      int         // residuals
	column []int       // of each residual: its place in trust, -1 for a value
	trust  []float64   // how much the partials of each column count, ny by nx; nil = 1
	u      []float64   // a scaled input
	down   [][]float64 // loss by z of each layer, for one partial
}

func newResidualModel(net Network, set trainingSet) *residualModel {
	n := set.residuals()
	m := &residualModel{set: set, s: newSensitivities(net), n: n, column: make([]int, n), u: make([]float64, set.nx)}
	m.down = make([][]float64, len(net.Sizes))
	for l, size := range net.Sizes {
		m.down[l] = make([]float64, size)
	}
	return m
}

// at writes the residuals at the parameters into r and, unless nil, their
// Jacobian, a row per residual, into jacobian.
func (m *residualModel) at(parameters, r []float64, jacobian *blas64.General) {
	t, nx, ny := m.set, m.set.nx, m.set.ny
	m.s.net.Parameters = parameters
	last := m.s.net.layers()
	next := 0
	for i := range t.m {
		for j := range m.u {
			m.u[j] = t.x[j*t.m+i]
		}
		m.s.forward(m.u)
		if jacobian != nil {
			m.s.backward()
		}
		for k := range ny {
			if w := t.beta[k*t.m+i]; w > 0 {
				root := math.Sqrt(w)
				m.column[next] = -1
				r[next] = root * (m.s.a[last][k] - t.y[k*t.m+i])
				if jacobian != nil {
					m.valueRow(row(*jacobian, next), k, root)
				}
				next++
			}
			if t.gamma == nil {
				continue
			}
			for j := range nx {
				at := (k*nx+j)*t.m + i
				if w := t.gamma[at]; w > 0 {
					root := math.Sqrt(w * m.trusted(k*nx+j))
					m.column[next] = k*nx + j
					r[next] = root * (m.s.da[last][k*nx+j] - t.dydx[at])
					if jacobian != nil {
						m.partialRow(row(*jacobian, next), k, j, root)
					}
					next++
				}
			}
		}
	}
}

// trusted returns how much the partials of a column count.
func (m *residualModel) trusted(column int) float64 {
	if m.trust == nil || column < 0 {
		return 1
	}
	return m.trust[column]
}

// cost returns the paper's loss, without regularization, of residuals that at
// wrote; it knows no trust.
func (m *residualModel) cost(r []float64) Cost {
	var c Cost
	for i, e := range r {
		if m.column[i] < 0 {
			c.Values += e * e
		} else {
			c.Partials += e * e / m.trusted(m.column[i])
		}
	}
	c.Values /= float64(2 * m.set.m)
	c.Partials /= float64(2 * m.set.m)
	return c
}

// valueRow writes the derivatives of output k: dW_l = s_l a_{l-1}', db_l = s_l.
func (m *residualModel) valueRow(dst []float64, k int, scale float64) {
	s, ny := m.s, m.set.ny
	for l := 1; l <= s.net.layers(); l++ {
		w, b := s.net.layer(dst, l)
		for i := range w.Rows {
			v := scale * s.s[l][i*ny+k]
			b[i] = v
			for h, a := range s.a[l-1] {
				w.Data[i*w.Stride+h] = v * a
			}
		}
	}
}

// partialRow writes the derivatives of the partial of output k by input j:
//
//	q_l = g' * (W_{l+1}' q_{l+1}) + g'' * z'_l,j * t_l,k   with q_L = 0
//	dW_l = q_l a_{l-1}' + s_l,k a'_{l-1},j'                and db_l = q_l
func (m *residualModel) partialRow(dst []float64, k, j int, scale float64) {
	s, nx, ny := m.s, m.set.nx, m.set.ny
	last := s.net.layers()
	clear(m.down[last])
	for l := last; l >= 1; l-- {
		q := m.down[l]
		if l < last {
			above, _ := s.net.layer(s.net.Parameters, l+1)
			clear(q)
			for h, v := range m.down[l+1] {
				axpy(q, v, row(above, h))
			}
			for i := range q {
				q[i] = s.d1[l][i]*q[i] + s.d2[l][i]*s.dz[l][i*nx+j]*s.t[l][i*ny+k]
			}
		}
		w, b := s.net.layer(dst, l)
		for i := range w.Rows {
			qi, si := scale*q[i], scale*s.s[l][i*ny+k]
			b[i] = qi
			to := row(w, i)
			for h, a := range s.a[l-1] {
				to[h] = qi*a + si*s.da[l-1][h*nx+j]
			}
		}
	}
}
