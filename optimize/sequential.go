package optimize

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// sequential is sequential quadratic programming (Nocedal, Wright, 2nd ed., chapter 18): each step
// minimizes a quadratic model of the Lagrangian under the constraints made linear, and is taken as
// far as it lessens the cost plus weighted violations. The Hessian of the Lagrangian is learned by
// damped BFGS (Powell, "A fast algorithm for nonlinearly constrained optimization calculations",
// Lecture Notes in Math. 630 (1978) 144-157, as are the weights).
type sequential struct {
	r       *run
	g       *gate
	s       *sample // the present point, our own copy
	scale   float64 // of the cost
	hessian *mat.SymDense
	learned bool      // the Hessian has been updated
	force   []float64 // of each response, in scaled cost per unit of it; positive at a lower limit
	weight  []float64 // of the violation of each response, in the same units
}

const (
	quadraticSteps = 60   // before the augmented Lagrangian goes on
	reluctance     = 10.0 // the curvature to begin with: a step of a tenth of the box
	// By so much, relative, the cost plus weighted violations may rise if the conditions of
	// optimality hold twice as well: rounding of a surrogate hides smaller changes.
	hidden = 1e-6
	// mostVariables are those for which steps are worth their time, which grows with the cube: 50 ms
	// for a minimization of 100 variables, 2 s of 400. Beyond, the augmented Lagrangian goes all the way.
	mostVariables = 100
	// refinable is the merit from which Newton's method has a chance.
	refinable = 1e4
)

func newSequential(r *run, s *sample) *sequential {
	nx, ny := len(s.u), len(s.y)
	q := &sequential{
		r: r, g: r.g, s: newSample(nx, ny), scale: costScale(r.g, s), hessian: mat.NewSymDense(nx, nil),
		force: make([]float64, ny), weight: make([]float64, ny),
	}
	q.s.copyFrom(s)
	q.forget()
	return q
}

// forget begins with the Hessian anew.
func (q *sequential) forget() {
	q.hessian.Zero()
	for j := range q.s.u {
		q.hessian.SetSym(j, j, reluctance)
	}
	q.learned = false
}

// quadratics moves u along steps of sequential quadratic programming and reports whether it has
// converged. Where steps end before that, it tries Newton's method, and a new Hessian.
func (r *run) quadratics() bool {
	switch s := r.g.at(r.u); {
	case s.failed:
		return false
	case len(r.u) > mostVariables:
		return r.merit(s) < 100*refinable && r.refine()
	}
	q := newSequential(r, r.g.last)
	least, refined, anew := math.Inf(1), math.Inf(1), 0
	for range quadraticSteps {
		moved := q.step()
		copy(r.u, q.s.u)
		merit := r.merit(q.s)
		if merit <= 1 || r.g.stopped() {
			return merit <= 1
		}
		if merit < refinable && merit < 0.1*refined && (!moved || merit > 0.5*least) {
			if refined = merit; r.refine() {
				return true
			}
			copy(r.u, q.s.u)
		}
		if !moved {
			if anew++; anew == 3 || !q.learned {
				return false
			}
			q.forget()
		}
		least = min(least, merit)
	}
	return false
}

// step takes one step, and reports whether there is one of any length.
func (q *sequential) step() bool {
	p, force, left, ok := q.direction(nil)
	if !ok {
		return false
	}
	for k, f := range force {
		f = math.Abs(f)
		q.weight[k] = max(f, (q.weight[k]+f)/2)
	}
	slope := floats.Dot(q.gradient(q.s), p) - (1-left)*q.violations(q.s)
	if slope >= 0 {
		return false
	}
	u := make([]float64, len(p))
	for t := 1.0; t > 1e-6; t /= 4 {
		q.moved(u, p, t)
		s := q.g.at(u)
		if q.g.stopped() {
			return false
		}
		if t == 1 && !s.failed && !q.lower(s, slope) {
			// Curved constraints reject good steps (Maratos). Aim again with what they are there.
			if second, _, _, ok := q.direction(s); ok {
				q.moved(u, second, 1)
				s = q.g.at(u)
			}
		}
		if q.lower(s, t*slope) || t == 1 && q.nearer(s) {
			length := stretch(q.s.u, s.u)
			q.learn(s, force)
			q.s.copyFrom(s)
			copy(q.force, force)
			return length > 1e-10
		}
	}
	return false
}

// lower reports whether the sample keeps what a change promised.
func (q *sequential) lower(s *sample, change float64) bool {
	return q.penalized(s) <= q.penalized(q.s)+sufficient*change
}

// nearer reports whether the conditions of optimality hold much better at the sample, at the same
// level but for rounding.
func (q *sequential) nearer(s *sample) bool {
	here := q.penalized(q.s)
	return q.penalized(s) < here+hidden*(1+math.Abs(here)) && q.r.merit(s) < 0.5*q.r.merit(q.s)
}

// moved writes the point after the fraction t of the step.
func (q *sequential) moved(u, p []float64, t float64) {
	for j := range u {
		u[j] = min(max(q.s.u[j]+t*p[j], 0), 1)
		// What the step takes to a bound is there exactly.
		if t == 1 && u[j] < 1e-14 {
			u[j] = 0
		} else if t == 1 && u[j] > 1-1e-14 {
			u[j] = 1
		}
	}
}

// direction returns the step of the quadratic model, the forces of the responses, and what share
// of the violations it leaves because the linear constraints contradict each other. With a sample
// at the end of the step before it, it takes the constraints' values from there.
func (q *sequential) direction(corrected *sample) (p, force []float64, left float64, ok bool) {
	m, limits := q.linear(corrected)
	m.b, m.gradient = q.hessian, q.gradient(q.s)
	p, pushes, ok := m.solve()
	if !ok && corrected == nil {
		if p, pushes, ok = m.relaxed(len(limits)); ok {
			last := len(p) - 1
			p, left = p[:last], min(max(p[last], 0), 1)
		}
	}
	if !ok {
		return nil, nil, 0, false
	}
	force = make([]float64, len(q.force))
	for i, l := range limits {
		force[l.index] += pushes[i] * l.sign / l.size
	}
	return p, force, left, true
}

// linear returns the constraints made linear, of which the sides are the first rows, and the bounds.
func (q *sequential) linear(corrected *sample) (m *quadratic, limits []side) {
	nx := len(q.s.u)
	add := func(k int, sign, limit float64) {
		l := side{index: k, sign: sign, row: make([]float64, nx), size: q.s.steepest(k)}
		if l.size == 0 {
			l.size = q.g.p.Responses[k].Scale() // flat: no step changes it
		}
		for j := range l.row {
			l.row[j] = sign * q.s.jac[k*nx+j] / l.size
		}
		l.slack = sign * (q.s.y[k] - limit) / l.size
		if corrected != nil {
			l.slack = sign * (corrected.y[k] - limit) / l.size
			for j, v := range l.row {
				l.slack -= v * (corrected.u[j] - q.s.u[j])
			}
		}
		limits = append(limits, l)
	}
	m = &quadratic{}
	for _, k := range q.g.p.Constraints() {
		if r := q.g.p.Responses[k]; r.Lower == r.Upper {
			add(k, 1, r.Lower)
			m.equal++
		}
	}
	for _, k := range q.g.p.Constraints() {
		r := q.g.p.Responses[k]
		if r.Lower > math.Inf(-1) && r.Lower < r.Upper {
			add(k, 1, r.Lower)
		}
		if r.Upper < math.Inf(1) && r.Lower < r.Upper {
			add(k, -1, r.Upper)
		}
	}
	for _, l := range limits {
		m.rows, m.slack = append(m.rows, l.row), append(m.slack, l.slack)
	}
	for j, v := range q.s.u {
		lower, upper := make([]float64, nx), make([]float64, nx)
		lower[j], upper[j] = 1, -1
		m.rows, m.slack = append(m.rows, lower, upper), append(m.slack, v, 1-v)
	}
	return m, limits
}

// gradient returns that of the scaled cost.
func (q *sequential) gradient(s *sample) []float64 {
	g := make([]float64, len(s.u))
	q.g.gradient(g, s)
	floats.Scale(1/q.scale, g)
	return g
}

// violations returns the weighted sum of the violations.
func (q *sequential) violations(s *sample) float64 {
	sum := 0.0
	for _, k := range q.g.p.Constraints() {
		sum += q.weight[k] * q.g.p.Responses[k].Excess(s.y[k])
	}
	return sum
}

// penalized returns the scaled cost plus the weighted violations.
func (q *sequential) penalized(s *sample) float64 {
	if s.failed {
		return math.Inf(1)
	}
	if v := s.cost/q.scale + q.violations(s); !math.IsNaN(v) {
		return v
	}
	return math.Inf(1)
}

// learn updates the Hessian of the Lagrangian by the change of its gradient to the sample.
func (q *sequential) learn(s *sample, force []float64) {
	nx := len(s.u)
	step, change := make([]float64, nx), q.gradient(s)
	floats.SubTo(step, s.u, q.s.u)
	floats.Sub(change, q.gradient(q.s))
	for k, f := range force {
		if f != 0 {
			for j := range change {
				change[j] -= f * (s.jac[k*nx+j] - q.s.jac[k*nx+j])
			}
		}
	}
	along := floats.Dot(step, change)
	if !q.learned && along > 0 {
		q.learned = true
		first := floats.Dot(change, change) / along
		for j := range nx {
			q.hessian.SetSym(j, j, first)
		}
	}
	v := mat.NewVecDense(nx, step)
	var curved mat.VecDense
	curved.MulVec(q.hessian, v)
	bent := mat.Dot(v, &curved)
	if !(bent > 0) {
		return
	}
	if along < 0.2*bent { // keep it positive definite (Powell's damping)
		t := 0.8 * bent / (bent - along)
		floats.Scale(t, change)
		floats.AddScaled(change, 1-t, curved.RawVector().Data)
		along = floats.Dot(step, change)
	}
	q.hessian.SymRankOne(q.hessian, -1/bent, &curved)
	q.hessian.SymRankOne(q.hessian, 1/along, mat.NewVecDense(nx, change))
}
