package optimize

import "math"

// restore moves the point to where the largest violation is least, near. It
// minimizes a weighted sum of the squared violations again and again, each time
// with heavier weights for the larger violations: Lawson's algorithm for
// Chebyshev approximation (Rice, Usow, Math. Comp. 22 (1968) 118-127). The gate
// remembers the best point.
func (r *run) restore() {
	l := newLagrangian(r.g, r.g.at(r.u), 1)
	l.ignore = true
	least, idle := math.Inf(1), 0
	for idle < 3 {
		worst := l.reweigh(r.g.at(r.u))
		if worst <= r.g.o.Feasibility || math.IsInf(worst, 1) {
			return
		}
		if idle++; worst < 0.999*least {
			least, idle = worst, 0
		}
		r.descend(l.value, func() float64 { return 1e-10 })
	}
}

// reweigh makes the weights of the constraints those of the next round of
// Lawson's algorithm, by their relative violations, and returns the largest of these.
func (l *lagrangian) reweigh(s *sample) float64 {
	worst := 0.0
	if s.failed {
		return math.Inf(1)
	}
	for _, k := range l.ks {
		r := l.g.p.Responses[k]
		worst = max(worst, r.Excess(s.y[k])/r.Scale())
	}
	top := 0.0
	for i, k := range l.ks {
		r := l.g.p.Responses[k]
		l.sizes[i] = r.Scale() * max(worst, 1e-12) // so that the sum is of size one
		l.weight[i] *= max(r.Excess(s.y[k])/r.Scale()/worst, 0.01)
		top = max(top, l.weight[i])
	}
	for i := range l.weight {
		l.weight[i] = max(l.weight[i]/top, 1e-4) // one that holds now must not be forgotten
	}
	return worst
}
