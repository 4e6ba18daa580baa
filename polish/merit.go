package polish

import (
	"context"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
)

// merit orders points on the way to a constrained optimum: the cost in units of
// its spread over the samples, plus the exact l1 penalty of the constraints
// (Nocedal and Wright, Numerical Optimization, 2nd ed., section 17.2). Unlike
// sbo.Problem.Better it does not prefer a poor feasible point to an excellent
// one that misses a limit by a hair, where the steps of the loop come from.
type merit struct {
	p      sbo.Problem
	origin float64   // cost that counts 0
	spread float64   // of the cost
	size   []float64 // of each constraint's distances to its limits
	tough  float64   // least penalty of an excess of that size
	weight []float64 // penalty of each constraint's excess
}

// newMerit takes the scales from samples that are scattered over the box, since those
// that crowd around the optimum tell nothing of it. A sample speaks not only for
// itself, but also, to first order, for where one variable is a quarter of its range
// away: a few samples with partials tell as much as many without. The scales are
// medians, which a few huge values in a corner of the box don't move.
func newMerit(p sbo.Problem, d sbo.Data) merit {
	m := merit{p: p, size: make([]float64, p.NY()), tough: 1, weight: make([]float64, p.NY())}
	around := func(k int) (values []float64) {
		for i := range d.Len() {
			y := d.Responses(i)[k]
			values = append(values, y)
			if d.Partials == nil {
				continue
			}
			for j, v := range p.Variables {
				step := d.Partials[d.Partial(i, k, j)] * (v.Upper - v.Lower) / 4
				values = append(values, y-step, y+step)
			}
		}
		return values
	}
	costs := around(p.Objective())
	if p.Responses[p.Objective()].Maximize {
		for i := range costs {
			costs[i] *= -1
		}
	}
	m.origin = median(costs)
	m.spread = size(costs, m.origin)
	for _, k := range p.Constraints() {
		gaps := around(k)
		for i, y := range gaps {
			gaps[i] = gap(p.Responses[k], y)
		}
		m.size[k] = size(gaps, 0)
	}
	m.penalize(make([]float64, p.NY()))
	return m
}

// rescale takes the scales anew, from more scattered samples; the penalties stay what
// they are in the units of the problem.
func (m *merit) rescale(d sbo.Data) {
	now := newMerit(m.p, d)
	now.tough = m.tough
	for k, w := range m.weight {
		now.weight[k] = w * m.spread / now.spread
	}
	*m = now
}

// penalize sets the penalties from the multipliers, of the scaled cost, at an
// optimum: above them the penalty is exact.
func (m *merit) penalize(multipliers []float64) {
	for _, k := range m.p.Constraints() {
		m.weight[k] = m.tough/m.size[k] + 2*math.Abs(multipliers[k])
	}
}

// toughen raises the penalties for good, and returns true, if by them the point
// with responses y is no worse than one that they were to lead to, which is
// closer to the limits: then the loop would stay where it is, infeasible. The new
// ones count the way to the limits twice what it costs (Nocedal and Wright, 2nd
// ed., equation 18.36 with rho = 1/2).
func (m *merit) toughen(y, feasible []float64) bool {
	cost := (m.p.Cost(feasible) - m.p.Cost(y)) / m.spread
	nearer, relative := 0.0, 0.0
	for _, k := range m.p.Constraints() {
		r := m.p.Responses[k]
		less := r.Excess(y[k]) - r.Excess(feasible[k])
		nearer += m.weight[k] * less
		relative += less / m.size[k]
	}
	if m.p.Feasible(y) || !(nearer > 0 && relative > 0 && nearer <= cost) {
		return false
	}
	raise := (2*cost - nearer) / relative
	m.tough += raise
	for _, k := range m.p.Constraints() {
		m.weight[k] += raise / m.size[k]
	}
	return true
}

// gap returns the distance of y to the nearer limit of a constraint.
func gap(r sbo.Response, y float64) float64 {
	return min(math.Abs(y-r.Lower), math.Abs(y-r.Upper))
}

// size returns the median distance of the known numbers to the origin; where that
// vanishes their largest; where all are the same their magnitude, which at least
// is in their unit; and 1 where all are 0.
func size(v []float64, origin float64) float64 {
	distances := make([]float64, len(v))
	largest := 0.0
	for i, x := range v {
		distances[i] = math.Abs(x - origin)
		if distances[i] > largest {
			largest = distances[i]
		}
	}
	tiny := 1e-12 * math.Abs(origin)
	if d := median(distances); d > tiny {
		return d
	}
	if largest > tiny {
		return largest
	}
	if origin != 0 {
		return math.Abs(origin)
	}
	return 1
}

// median returns the median of the numbers that are known, 0 if none is.
func median(v []float64) float64 {
	known := slices.DeleteFunc(slices.Clone(v), math.IsNaN)
	if len(known) == 0 {
		return 0
	}
	slices.Sort(known)
	return (known[(len(known)-1)/2] + known[len(known)/2]) / 2
}

// of returns the merit of responses y: smaller is better, NaN if not known.
func (m merit) of(y []float64) float64 {
	v := (m.p.Cost(y) - m.origin) / m.spread
	for k, w := range m.weight {
		if w > 0 {
			v += w * m.p.Responses[k].Excess(y[k])
		}
	}
	return v
}

// best returns the row in the box with the smallest merit, -1 if none is known.
func (m merit) best(d sbo.Data) int {
	best, least, box := -1, math.Inf(1), m.p.Box()
	for i := range d.Len() {
		if v := m.of(d.Responses(i)); v < least && box.Contains(d.Point(i)) {
			best, least = i, v
		}
	}
	return best
}

// best returns the index of the best sample in the box in the sense of
// [sbo.Problem.Better], -1 if none is known: samples outside of it are there to learn
// from.
func best(p sbo.Problem, d sbo.Data) int {
	box := p.Box()
	var rows []int
	for i := range d.Len() {
		if box.Contains(d.Point(i)) {
			rows = append(rows, i)
		}
	}
	if len(rows) == d.Len() {
		return d.Best(p)
	}
	if i := d.Subset(rows).Best(p); i >= 0 {
		return rows[i]
	}
	return -1
}

// kkt returns the optimality conditions at sample i from its measured partials,
// with the residual relative to the spread of the cost.
func (m merit) kkt(d sbo.Data, i int) optimize.KKT {
	at := optimize.ComputeKKT(m.p, d.Point(i), d.Responses(i), d.PartialsOf(i))
	y, dydx := m.scaled(d.Responses(i), d.PartialsOf(i))
	at.Residual = optimize.ComputeKKT(m.problem(), d.Point(i), y, dydx).Residual
	return at
}

// problem returns the problem with the cost measured in spreads from the origin:
// what is optimized, so that tolerances mean the same in any unit.
func (m merit) problem() sbo.Problem {
	p := m.p
	p.Responses = append([]sbo.Response(nil), p.Responses...)
	k := p.Objective()
	p.Responses[k].Maximize = false
	return p
}

// scaling returns the evaluator with the objective as in problem.
func (m merit) scaling(e sbo.Evaluator) sbo.Evaluator {
	return sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		err := e.Evaluate(ctx, y, dydx, x)
		m.scale(y, dydx)
		return err
	})
}

// scaled returns copies of y and dydx with the objective as in problem.
func (m merit) scaled(y, dydx []float64) (ys, js []float64) {
	ys, js = append([]float64(nil), y...), append([]float64(nil), dydx...)
	m.scale(ys, js)
	if dydx == nil {
		return ys, nil
	}
	return ys, js
}

// scale turns the objective in y and dydx into the scaled cost, in place.
func (m merit) scale(y, dydx []float64) {
	k, nx := m.p.Objective(), m.p.NX()
	sign := 1.0
	if m.p.Responses[k].Maximize {
		sign = -1
	}
	y[k] = (sign*y[k] - m.origin) / m.spread
	if dydx != nil {
		for j := range nx {
			dydx[k*nx+j] *= sign / m.spread
		}
	}
}

// restore turns the scaled cost in y back into the objective, in place.
func (m merit) restore(y []float64) {
	k := m.p.Objective()
	y[k] = m.origin + m.spread*y[k]
	if m.p.Responses[k].Maximize {
		y[k] = -y[k]
	}
}
