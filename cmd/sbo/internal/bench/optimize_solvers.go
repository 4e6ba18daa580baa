package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/study"
)

// A solver runs until the referee has seen enough, and otherwise says why it ended
// in the referee's course.
type solver func(ctx context.Context, r *referee, seed uint64) error

// runLoop is sbo run, without a folder.
func runLoop(ctx context.Context, r *referee, seed uint64) error {
	return runLoopFrom(ctx, r, seed, nil)
}

// runLoopFrom is sbo run with points of one's own before its design.
func runLoopFrom(ctx context.Context, r *referee, seed uint64, own []float64) error {
	plan := study.PlanFor(r.problem.Problem, r.partials, study.Plan{
		Seed: seed, Budget: study.BudgetPlan{Evaluations: r.budget}, Polish: study.PolishPlan{Batch: r.workers},
	})
	x, err := plan.DesignPoints()
	if err != nil {
		return err
	}
	design, err := r.batch(ctx, slices.Concat(own, x))
	if err != nil {
		return err
	}
	loop := plan.Loop()
	loop.Evaluate = r.batch
	for round, err := range loop.Rounds(ctx, design) {
		if err != nil {
			return err
		}
		if round.Stop != "" {
			r.course.Why = string(round.Stop)
		}
	}
	return nil
}

// startsAtOnce is how many starts of a multistart are spread together.
const startsAtOnce = 10

// runMultistart is package optimize on the problem itself, gonum's L-BFGS in the box
// and sequential quadratic programming under constraints, from ever new Latin
// hypercubes until the budget is spent. Without constraints a start ends where the
// projected gradient has all but vanished.
func runMultistart(ctx context.Context, r *referee, seed uint64) error {
	box, nx := r.problem.Box(), r.problem.NX()
	rng := sbo.Rand(seed, "starts")
	for {
		before := r.course.Evaluations
		starts := hypercube(box, startsAtOnce, rng.Uint64())
		for i := 0; i < len(starts); i += nx {
			_, err := optimize.Minimize(ctx, r.problem.Problem, &start{referee: r}, starts[i:i+nx], optimize.Options{MaxEvaluations: r.budget})
			switch {
			case errors.Is(err, errEnd):
			case err != nil:
				return err
			}
		}
		if r.course.Evaluations == before {
			return fmt.Errorf("%d starts asked for nothing new", startsAtOnce)
		}
	}
}

// errEnd ends a start.
var errEnd = errors.New("this start has come to its end")

// flat is the projected gradient, in gaps of a random design across the box, at
// which a start has come to its end.
const flat = 1e-7

// start is the referee as the evaluator of one start.
type start struct {
	*referee
	ended bool
}

// Evaluate implements [sbo.Evaluator].
func (s *start) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	switch {
	case s.finished():
		s.course.Why = "solved"
		return errDone
	case s.ended:
		return errEnd
	}
	a, err := s.ask(ctx, x)
	switch {
	case err != nil:
		return err
	case a.y == nil:
		return sbo.ErrFailed
	}
	copy(y, a.y)
	copy(dydx, a.dydx)
	s.ended = len(y) == 1 && s.slope(x, a.dydx) <= flat*s.Spread
	return nil
}

// slope returns the largest change of the objective across the box that a variable
// promises to first order, of those that can move.
func (s *start) slope(x, gradient []float64) float64 {
	box := s.problem.Box()
	steepest := 0.0
	for j, g := range gradient {
		if g > 0 && x[j] > box.Lower[j] || g < 0 && x[j] < box.Upper[j] {
			steepest = max(steepest, math.Abs(g)*(box.Upper[j]-box.Lower[j]))
		}
	}
	return steepest
}
