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
	z      *linearization
	n      int       // residuals
	column []int     // of each residual: its place in trust, -1 for a value
	trust  []float64 // how much the partials of each column count, ny by nx; nil = 1
	credit []float64 // how much each residual counts with a robust loss; nil = 1
}

func newResidualModel(net Network, set trainingSet) *residualModel {
	n := set.residuals()
	return &residualModel{set: set, z: newLinearization(net, set.m, set.gamma != nil), n: n, column: make([]int, n)}
}

// at writes the residuals at the parameters into r and, unless nil, their
// Jacobian, a row per residual, into jacobian.
func (m *residualModel) at(parameters, r []float64, jacobian *blas64.General) {
	t := m.set
	m.z.set(parameters)
	next := 0
	for from := 0; from < t.m; from += m.z.samples {
		samples := min(m.z.samples, t.m-from)
		for c := range samples {
			for j := range t.nx {
				m.z.input(c)[j] = t.x[j*t.m+from+c]
			}
		}
		m.z.forward(samples, t.gamma != nil)
		if jacobian != nil {
			m.z.backward(samples, t.gamma != nil)
		}
		for c := range samples {
			next = m.sample(next, c, from+c, r, jacobian)
		}
	}
}

// sample writes the residuals of sample i, the c-th of its block, and their rows,
// from number `next` on. It returns the next number.
func (m *residualModel) sample(next, c, i int, r []float64, jacobian *blas64.General) int {
	t := m.set
	for k := range t.ny {
		if w := t.beta[k*t.m+i]; w > 0 {
			root := math.Sqrt(w * m.credited(next))
			m.column[next] = -1
			r[next] = root * (m.z.output(c, k) - t.y[k*t.m+i])
			if jacobian != nil {
				m.z.valueRow(row(*jacobian, next), c, k, root)
			}
			next++
		}
		if t.gamma == nil {
			continue
		}
		for j := range t.nx {
			at := (k*t.nx+j)*t.m + i
			if w := t.gamma[at]; w > 0 {
				root := math.Sqrt(w * m.trusted(k*t.nx+j) * m.credited(next))
				m.column[next] = k*t.nx + j
				r[next] = root * (m.z.partial(c, k, j) - t.dydx[at])
				if jacobian != nil {
					m.z.partialRow(row(*jacobian, next), c, k, j, root)
				}
				next++
			}
		}
	}
	return next
}

// trusted returns how much the partials of a column count.
func (m *residualModel) trusted(column int) float64 {
	if m.trust == nil || column < 0 {
		return 1
	}
	return m.trust[column]
}

// credited returns how much a residual counts.
func (m *residualModel) credited(residual int) float64 {
	if m.credit == nil {
		return 1
	}
	return m.credit[residual]
}

// cost returns the paper's loss, without regularization, of residuals that at
// wrote; it knows neither trust nor credit.
func (m *residualModel) cost(r []float64) Cost {
	var c Cost
	for i, e := range r {
		square := e * e / (m.trusted(m.column[i]) * m.credited(i))
		if m.column[i] < 0 {
			c.Values += square
		} else {
			c.Partials += square
		}
	}
	c.Values /= float64(2 * m.set.m)
	c.Partials /= float64(2 * m.set.m)
	return c
}
