package optimize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// ErrMissingPartials says that the evaluator does not know a partial that is
// needed. Set [Options.Differences], or use an evaluator that knows it.
var ErrMissingPartials = errors.New("a partial is missing")

// sample is an evaluated point. Its derivatives are taken in the unit box, so
// that they are comparable between variables: jac[k*nx+j] = ∂y_k/∂u_j.
type sample struct {
	u, x, y, jac []float64 // nx, nx, ny, ny*nx
	cost         float64   // +Inf if failed
	violation    float64   // sbo.Problem.Violation, +Inf if failed
	lack         float64   // the same in the stricter measure of the gate
	failed       bool
}

func newSample(nx, ny int) *sample {
	return &sample{
		u: make([]float64, nx), x: make([]float64, nx), y: make([]float64, ny), jac: make([]float64, ny*nx),
		cost: math.Inf(1), violation: math.Inf(1), lack: math.Inf(1), failed: true,
	}
}

func (s *sample) copyFrom(t *sample) {
	copy(s.u, t.u)
	copy(s.x, t.x)
	copy(s.y, t.y)
	copy(s.jac, t.jac)
	s.cost, s.violation, s.lack, s.failed = t.cost, t.violation, t.lack, t.failed
}

// gate is the only place where the user's evaluator is called. It counts,
// remembers the last and the best answer, and turns whatever can go wrong into
// either a point to avoid or a reason to stop.
type gate struct {
	ctx     context.Context
	p       sbo.Problem
	e       sbo.Evaluator
	o       Options
	box     sbo.Box
	width   []float64
	needed  []int // the responses whose partials are needed: objective and constraints
	sign    float64
	goal    int
	sizes   []float64 // the change of each response across the box, by its steepest partial at the start
	count   int
	known   bool  // all needed partials were known once
	err     error // why the evaluator must not be called any more
	limited bool  // the limit of evaluations was reached
	last    *sample
	best    *sample
	dydx    []float64
}

func newGate(ctx context.Context, p sbo.Problem, e sbo.Evaluator, o Options) *gate {
	g := &gate{ctx: ctx, p: p, e: sbo.Guard(e), o: o, box: p.Box(), goal: p.Objective(), sign: 1}
	if p.Responses[g.goal].Maximize {
		g.sign = -1
	}
	g.needed = append([]int{g.goal}, p.Constraints()...)
	g.width = make([]float64, p.NX())
	for j := range g.width {
		g.width[j] = g.box.Upper[j] - g.box.Lower[j]
	}
	g.last, g.best = newSample(p.NX(), p.NY()), newSample(p.NX(), p.NY())
	g.dydx = make([]float64, p.NY()*p.NX())
	return g
}

// stopped reports whether the evaluator must not be called any more.
func (g *gate) stopped() bool { return g.err != nil || g.limited }

// at returns the answer at the point u of the unit box. It is valid until the
// next call, and marked as failed if there is none.
func (g *gate) at(u []float64) *sample {
	s := g.last
	if g.count > 0 && slices.Equal(u, s.u) {
		return s
	}
	copy(s.u, u)
	g.place(s.x, u)
	s.failed = !g.answer(s)
	if s.failed {
		s.cost, s.violation, s.lack = math.Inf(1), math.Inf(1), math.Inf(1)
		return s
	}
	s.cost, s.violation = g.p.Cost(s.y), g.p.Violation(s.y)
	for k := range g.p.NY() {
		for j, w := range g.width {
			s.jac[k*len(u)+j] = g.dydx[k*len(u)+j] * w
		}
	}
	if g.sizes == nil {
		g.measure(s)
	}
	s.lack = g.lack(s)
	if g.better(s, g.best) {
		g.best.copyFrom(s)
	}
	return s
}

// place maps the unit box to the box; rounding cannot carry it outside.
func (g *gate) place(x, u []float64) {
	g.box.Place(x, u)
	g.box.Clip(x, x)
}

// answer fills the responses of s and the partials, and reports whether they are usable.
func (g *gate) answer(s *sample) bool {
	if !g.call(s.y, g.dydx, s.x) {
		return false
	}
	missing := g.missing()
	if missing >= 0 && g.o.Differences {
		if !g.differences(s) {
			return false
		}
		missing = g.missing()
	}
	if missing < 0 {
		g.known = true
		return true
	}
	// Where partials were known before, this is a singular point of a function
	// that is otherwise smooth (the root of zero, say): one to avoid.
	if !g.known {
		g.err = fmt.Errorf("optimize: %w: that of response %q with respect to variable %q is not known at x = %v",
			ErrMissingPartials, g.p.Responses[missing/g.p.NX()].Name, g.p.Variables[missing%g.p.NX()].Name, s.x)
	}
	return false
}

// call calls the evaluator once, and reports whether there is an answer.
func (g *gate) call(y, dydx, x []float64) bool {
	switch {
	case g.stopped():
		return false
	case g.ctx.Err() != nil:
		g.err = context.Cause(g.ctx)
		return false
	case g.count >= g.o.MaxEvaluations:
		g.limited = true
		return false
	}
	g.count++
	err := g.e.Evaluate(g.ctx, y, dydx, x)
	if err != nil && !errors.Is(err, sbo.ErrFailed) {
		g.err = err
		if g.ctx.Err() != nil {
			g.err = context.Cause(g.ctx)
		}
	}
	return err == nil
}

// missing returns the index of the first needed partial that is not known, or -1.
func (g *gate) missing() int {
	nx := g.p.NX()
	for _, k := range g.needed {
		for j := range nx {
			if math.IsNaN(g.dydx[k*nx+j]) {
				return k*nx + j
			}
		}
	}
	return -1
}

// better reports whether a is a better answer than b. It is sbo.Problem.Better
// with the tighter feasibility, lest a point that profits from the tolerance beat the optimum.
func (g *gate) better(a, b *sample) bool {
	fa, fb := a.lack <= g.o.Feasibility, b.lack <= g.o.Feasibility
	switch {
	case a.failed || b.failed:
		return !a.failed
	case fa && fb:
		return a.cost < b.cost
	default:
		return a.lack < b.lack && !fb
	}
}

// measure sets the sizes of the responses from the first sample.
func (g *gate) measure(s *sample) {
	g.sizes = make([]float64, g.p.NY())
	for k := range g.sizes {
		g.sizes[k] = s.steepest(k)
	}
}

// steepest returns the largest partial of response k in the unit box.
func (s *sample) steepest(k int) float64 {
	size := 0.0
	for _, v := range s.jac[k*len(s.u) : (k+1)*len(s.u)] {
		size = max(size, math.Abs(v))
	}
	return size
}

// lack is the violation of the constraints, relative to their scales and to
// their change across the box, whichever says more. The first is what
// feasible means. The second sees to constraints in units so large that their
// numbers are tiny, which could otherwise be violated by any amount.
func (g *gate) lack(s *sample) float64 {
	worst := s.violation
	for _, k := range g.needed[1:] {
		if size := max(g.sizes[k], s.steepest(k)); size > 0 {
			worst = max(worst, g.p.Responses[k].Excess(s.y[k])/size)
		}
	}
	return worst
}

// gradient writes the gradient of the cost in the unit box.
func (g *gate) gradient(dst []float64, s *sample) {
	for j := range dst {
		dst[j] = g.sign * s.jac[g.goal*len(dst)+j]
	}
}
