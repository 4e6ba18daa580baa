package optimize

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// quadratic is the problem
//
//	min ½ pᵀBp + gᵀp   subject to   row_i·p + slack_i >= 0, with = for the first equal rows
//
// of nx variables and a positive definite B.
type quadratic struct {
	b        *mat.SymDense
	gradient []float64   // nx
	rows     [][]float64 // of nx each
	slack    []float64
	equal    int
}

// tie is how nearly a row may depend on those that hold, and how far it may be violated, both
// relative: rounding.
const tie = 1e-11

// solve returns the minimizer (nx) and the forces of the rows (one each, negative only for
// equalities), so that Bp + g = Σ force_i row_i. It is the dual method of Goldfarb and Idnani,
// "A numerically stable dual method for solving strictly convex quadratic programs", Math. Prog. 27
// (1983) 1-33: from the minimizer without rows it adds the one that is violated most, and lets go of
// those that no longer push, so that it needs no feasible start. It reports false if the rows
// contradict each other, B is not positive definite, or numbers are not finite.
func (q *quadratic) solve() (p, force []float64, ok bool) {
	n := len(q.gradient)
	var cholesky mat.Cholesky
	known := finite(q.gradient) && finite(q.slack)
	for _, row := range q.rows {
		known = known && finite(row)
	}
	if !known || !cholesky.Factorize(q.b) {
		return nil, nil, false
	}
	var l mat.TriDense
	cholesky.LTo(&l)
	// In w = Lᵀp this is to find the point next to the minimizer in which the rows hold.
	d := newDual(n, len(q.rows), q.equal)
	lowered := func(v []float64) []float64 {
		w := mat.NewVecDense(n, nil)
		_ = w.SolveVec(&l, mat.NewVecDense(n, v)) // a warning of B's condition changes nothing
		return w.RawVector().Data
	}
	d.w = lowered(q.gradient)
	floats.Scale(-1, d.w)
	sizes := make([]float64, len(q.rows))
	for i, row := range q.rows {
		d.rows[i] = lowered(row)
		if sizes[i] = floats.Norm(d.rows[i], 2); sizes[i] > 0 {
			floats.Scale(1/sizes[i], d.rows[i])
			d.slack[i] = q.slack[i] / sizes[i]
		}
	}
	if !d.solve() {
		return nil, nil, false
	}
	step := mat.NewVecDense(n, nil)
	_ = step.SolveVec(l.T(), mat.NewVecDense(n, d.w))
	if !finite(step.RawVector().Data) {
		return nil, nil, false
	}
	force = make([]float64, len(q.rows))
	for c, i := range d.holding {
		force[i] = d.push[c] * d.sign[c] / sizes[i]
	}
	return step.RawVector().Data, force, true
}

// finite reports whether no number is NaN or infinite.
func finite(v []float64) bool {
	return !slices.ContainsFunc(v, func(v float64) bool { return math.IsNaN(v - v) })
}

// relaxed solves the problem with one variable more, the share of the violations of the first rows
// that is left as it is, at a high price.
func (q *quadratic) relaxed(limits int) (p, force []float64, ok bool) {
	const price = 1e4
	n := len(q.gradient)
	m := &quadratic{b: mat.NewSymDense(n+1, nil), gradient: make([]float64, n+1), slack: q.slack, equal: q.equal}
	copy(m.gradient, q.gradient)
	for i := range n {
		for j := i; j < n; j++ {
			m.b.SetSym(i, j, q.b.At(i, j))
		}
	}
	m.b.SetSym(n, n, price)
	for i, row := range q.rows {
		longer := append(slices.Clone(row), 0)
		if i < q.equal || i < limits && q.slack[i] < 0 {
			longer[n] = -q.slack[i]
		}
		m.rows = append(m.rows, longer)
	}
	return m.solve()
}

// dual is the state of the method: the point, and the rows that hold there with their pushes.
type dual struct {
	w       []float64
	rows    [][]float64 // of length one, or zero
	slack   []float64
	equal   int
	holding []int
	sign    []float64   // -1 for an equality that is violated from above
	push    []float64   // never negative but for equalities
	base    [][]float64 // orthonormal, of the rows that hold, in their order
	r       [][]float64 // row c that holds is Σ_i r[c][i] base[i]
}

func newDual(n, rows, equal int) *dual {
	return &dual{rows: make([][]float64, rows), slack: make([]float64, rows), equal: equal, base: make([][]float64, 0, n)}
}

// solve moves w to the nearest point at which all rows hold.
func (d *dual) solve() bool {
	for i := range d.equal {
		if !d.add(i) {
			return false
		}
	}
	for range 10 * (len(d.w) + len(d.rows)) {
		worst, least := -1, -tie*(1+floats.Norm(d.w, math.Inf(1)))
		for i := d.equal; i < len(d.rows); i++ {
			if v := floats.Dot(d.rows[i], d.w) + d.slack[i]; v < least {
				worst, least = i, v
			}
		}
		if worst < 0 {
			return true
		}
		if !d.add(worst) {
			return false
		}
	}
	return false
}

// add moves w to where row i holds too, letting go of those that stop pushing on the way.
func (d *dual) add(i int) bool {
	row, sign, push := d.rows[i], 1.0, 0.0
	if floats.Dot(row, d.w)+d.slack[i] > 0 { // an equality
		sign = -1
	}
	for {
		lack := -sign * (floats.Dot(row, d.w) + d.slack[i])
		rest, parts := d.apart(row)
		floats.Scale(sign, rest)
		ease := d.eased(parts, sign)
		full, part, leaving := math.Inf(1), math.Inf(1), -1
		if size := floats.Dot(rest, rest); size > tie {
			full = lack / size
		} else if lack <= tie*(1+floats.Norm(d.w, math.Inf(1))) {
			return true // it holds already, by those that hold
		}
		for c, e := range ease {
			if d.holding[c] >= d.equal && e > 0 && d.push[c]/e < part {
				part, leaving = d.push[c]/e, c
			}
		}
		t := min(full, part)
		if !(t < math.Inf(1)) {
			return false
		}
		if !math.IsInf(full, 1) {
			floats.AddScaled(d.w, t, rest)
		}
		floats.AddScaled(d.push, -t, ease)
		push += t
		if full <= part {
			d.hold(i, sign, push)
			return true
		}
		d.release(leaving)
	}
}

// apart returns what is left of the row without its parts along the base, and these.
func (d *dual) apart(row []float64) (rest, parts []float64) {
	rest, parts = slices.Clone(row), make([]float64, len(d.base))
	for range 2 { // the second time for what rounding left
		for c, b := range d.base {
			part := floats.Dot(rest, b)
			parts[c] += part
			floats.AddScaled(rest, -part, b)
		}
	}
	return rest, parts
}

// eased returns by how much the pushes of the rows that hold lessen per push of a new one with
// these parts along the base.
func (d *dual) eased(parts []float64, sign float64) []float64 {
	ease := make([]float64, len(parts))
	for c := len(parts) - 1; c >= 0; c-- {
		ease[c] = parts[c]
		for later := c + 1; later < len(parts); later++ {
			ease[c] -= d.r[later][c] * ease[later]
		}
		ease[c] /= d.r[c][c]
	}
	for c := range ease {
		ease[c] *= sign * d.sign[c]
	}
	return ease
}

func (d *dual) hold(i int, sign, push float64) {
	d.holding, d.sign, d.push = append(d.holding, i), append(d.sign, sign), append(d.push, push)
	d.extend(d.rows[i])
}

// extend adds a row to the base.
func (d *dual) extend(row []float64) {
	rest, parts := d.apart(row)
	size := floats.Norm(rest, 2)
	floats.Scale(1/size, rest)
	d.base, d.r = append(d.base, rest), append(d.r, append(parts, size))
}

// release lets go of the row that holds at place c.
func (d *dual) release(c int) {
	d.holding = slices.Delete(d.holding, c, c+1)
	d.sign = slices.Delete(d.sign, c, c+1)
	d.push = slices.Delete(d.push, c, c+1)
	d.base, d.r = d.base[:c], d.r[:c]
	for _, i := range d.holding[c:] {
		d.extend(d.rows[i])
	}
}
