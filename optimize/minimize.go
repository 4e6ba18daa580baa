package optimize

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// run is one minimization: a gate and the point it has come to.
type run struct {
	g      *gate
	u      []float64
	stride float64 // of the next search, a fraction of the box
	weight float64 // the first penalty of the constraints
}

// passes is how often a minimization may begin anew from where it came to.
const passes = 4

// unnoticed is the progress, relative to the change of the cost across the box, for which
// another pass does not pay.
const unnoticed = 1e-7

func minimize(ctx context.Context, p sbo.Problem, e sbo.Evaluator, start []float64, o Options) (Result, error) {
	if len(start) != p.NX() {
		panic(fmt.Sprintf("optimize: a start of %d numbers for %d variables", len(start), p.NX()))
	}
	for j, v := range start {
		if math.IsNaN(v) {
			return Result{}, fmt.Errorf("optimize: the start of variable %q is not a number", p.Variables[j].Name)
		}
	}
	r := &run{g: newGate(ctx, p, e, o), stride: 0.1, weight: 10}
	r.u = r.g.box.Unit(nil, r.g.box.Clip(nil, start))
	if r.g.at(r.u).failed {
		return r.result(), r.g.err
	}
	if r.confirm() {
		return r.result(), r.g.err
	}
	for pass := range passes {
		from, before := slices.Clone(r.u), r.g.best.cost
		r.solve()
		still := stretch(from, r.u) < 1e-6
		if still && !r.g.stopped() {
			r.escape()
		}
		switch {
		case r.g.stopped(), r.g.best.lack > sbo.FeasibilityTolerance:
			return r.result(), r.g.err
		case pass > 0 && stretch(from, r.u) < 1e-2 && before-r.g.best.cost < unnoticed*r.g.sizes[r.g.goal]:
			return r.result(), r.g.err // rounding has won
		case r.elsewhere():
			// There is a deeper valley. Go on in it, without leaving it again.
			copy(r.u, r.g.best.u)
			r.stride, r.weight = 0.01, 100*r.weight
		case still || r.merit(r.g.at(r.u)) <= 1:
			return r.result(), r.g.err
		default:
			// Progress ended before the optimum. Go on with the scales of this point.
		}
	}
	return r.result(), r.g.err
}

// confirm reports whether the point is a minimum but for the last digits, which
// it then mends. A start often is: the answer to nearly the same problem.
func (r *run) confirm() bool {
	return r.merit(r.g.at(r.u)) <= 1e4 && r.refine() && newNewton(r.g, r.u, 0).downward() == nil
}

// solve moves the point to a local optimum.
func (r *run) solve() {
	if len(r.g.needed) > 1 {
		r.constrained()
		return
	}
	l := newLagrangian(r.g, r.g.at(r.u), r.weight)
	r.descend(l.value, func() float64 {
		// What the tolerance allows at the last point, in units of the scaled cost.
		return 0.1 * r.g.o.Tolerance * min(1, max(1, math.Abs(r.g.last.cost))/l.scale)
	})
	r.refine()
}

// descend moves the point to a local minimum of f.
func (r *run) descend(f func(g, u []float64) float64, small func() float64) {
	d := &descent{method: r.g.o.Method, f: f, small: small, stop: r.g.stopped, u: slices.Clone(r.u), stride: r.stride}
	d.minimize()
	copy(r.u, d.u)
	r.stride = d.stride
}

// elsewhere reports whether the best point on the way is clearly better than
// the one that was reached, so that another valley is worth a visit.
func (r *run) elsewhere() bool {
	s, best := r.g.at(r.u), r.g.best
	if best.lack > r.g.o.Feasibility || s.lack > sbo.FeasibilityTolerance {
		return r.g.better(best, s)
	}
	digits := 1e-6*max(math.Abs(s.cost), math.Abs(best.cost)) + 1e-10*r.g.sizes[r.g.goal]
	return s.cost-best.cost > digits
}

// result says where the run ended.
func (r *run) result() Result {
	g := r.g
	s := g.at(r.u)
	if !g.best.failed && (s.failed || r.elsewhere()) {
		s = g.best
	}
	return r.describe(s)
}

func (r *run) describe(s *sample) Result {
	p := r.g.p
	res := Result{
		X: slices.Clone(s.x), Y: slices.Clone(s.y), Objective: s.cost, Violation: s.violation,
		Evaluations: r.g.count,
	}
	if s.failed {
		res.KKT = ComputeKKT(p, res.X, res.Y, nil)
		for k := range res.Y {
			res.Y[k] = math.NaN()
		}
	} else {
		dydx := slices.Clone(s.jac)
		for i := range dydx {
			dydx[i] /= r.g.width[i%p.NX()]
		}
		res.KKT = ComputeKKT(p, res.X, res.Y, dydx)
		res.Feasible = p.Feasible(res.Y)
	}
	res.Status = r.status(res)
	return res
}

func (r *run) status(res Result) Status {
	switch {
	case r.g.ctx.Err() != nil && r.g.err != nil:
		return Interrupted
	case r.g.err != nil:
		return Broken
	case math.IsNaN(res.Objective) || math.IsInf(res.Objective, 0):
		return StartFailed
	case res.KKT.Residual <= r.g.o.Tolerance && res.Violation <= r.g.o.Feasibility:
		return Converged
	case r.g.limited:
		return EvaluationLimit
	case !res.Feasible:
		return Infeasible
	default:
		return Stalled
	}
}
