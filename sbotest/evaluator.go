package sbotest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sbo-go/sbo"
)

// Options tune [CheckEvaluator]. The zero value suits an evaluator that answers
// within milliseconds and is smooth to rounding.
type Options struct {
	// Points is how many random points of the box are asked. 0 means 10; at
	// least 2 are.
	Points int
	// Step is the largest step of the finite differences, as a fraction of the
	// width of the box. 0 means 1e-3. Take a larger one for an evaluator with
	// numerical noise.
	Step float64
	// Tolerance is the allowed error of a partial, relative to the largest of
	// the partial, its finite difference, and the spread of the response over
	// the points; all per width of the box. 0 means 1e-6.
	Tolerance float64
	// AllPartials says that every partial has to be available. Otherwise NaN is
	// taken as not available, and not checked.
	AllPartials bool
	// Patience is how long an evaluation may go on after its context has ended.
	// 0 means 10 s.
	Patience time.Duration
}

// withDefaults returns the options with the zero values replaced.
func (o Options) withDefaults() Options {
	if o.Points == 0 {
		o.Points = 10
	}
	o.Points = max(o.Points, 2)
	if o.Step == 0 {
		o.Step = 1e-3
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	return o
}

// CheckEvaluator checks e, which answers p, against the rules of
// [sbo.Evaluator], at random points of the box:
//
//   - it leaves x alone;
//   - it answers the same x with the same bits;
//   - it fills y and dydx wholly, whatever they held;
//   - it does not keep x, which the caller may use for the next point;
//   - it accepts a nil dydx, and answers with the same responses to 1e-9;
//   - it answers several goroutines as it answers one;
//   - it returns the error of a context that has ended, promptly;
//   - its partials are the slopes of its responses, by finite differences.
//
// A point whose evaluation fails with [sbo.ErrFailed] is passed over, but has to
// fail again when asked again. That nothing could be checked is an error too: no
// point is answered, or no partial is resolved by the differences though some are
// available. The error joins one fault for every rule that is broken. A panic of
// e counts as an error of the evaluation.
//
// It takes about (9 + 8 nx) evaluations a point.
func CheckEvaluator(ctx context.Context, e sbo.Evaluator, p sbo.Problem, rng *rand.Rand, o Options) error {
	if err := p.Validate(); err != nil {
		return fmt.Errorf("sbotest: the problem is not valid: %w", err)
	}
	c := &checker{evaluator: sbo.Guard(e), problem: p, options: o.withDefaults()}
	if err := c.collect(ctx, rng); err != nil {
		return err
	}
	// What differs from call to call cannot be compared in the other checks.
	if err := errors.Join(c.repeats(ctx), c.fills(ctx)); err != nil {
		return err
	}
	return errors.Join(c.forgetsX(ctx), c.answersWithoutPartials(ctx), c.answersTogether(ctx), c.stops(ctx), c.partials(ctx))
}

// A checker holds what the checks of one evaluator have in common.
type checker struct {
	evaluator sbo.Evaluator
	problem   sbo.Problem
	options   Options
	points    [][]float64
	answers   []answer // of the points
}

// An answer is what an evaluator made of a point.
type answer struct {
	failed  bool
	y, dydx []float64
}

// What destinations hold before a call. No simulation answers with these.
const (
	junk      = -6.02214076e-231
	otherJunk = 1.380649e-223
)

// ask evaluates a copy of x with destinations full of fill. An error means that a
// rule is broken; that the evaluation failed is an answer.
func (c *checker) ask(ctx context.Context, x []float64, fill float64) (answer, error) {
	ny := c.problem.NY()
	a := answer{y: slices.Repeat([]float64{fill}, ny), dydx: slices.Repeat([]float64{fill}, ny*len(x))}
	given := slices.Clone(x)
	err := c.evaluator.Evaluate(ctx, a.y, a.dydx, given)
	if at := firstDifference(given, x); at >= 0 {
		return a, fmt.Errorf("sbotest: evaluating x = %v changed it: variable %d became %v", x, at+1, given[at])
	}
	return a, a.settle(err, x)
}

// settle notes a failed evaluation in the answer and returns any other error.
func (a *answer) settle(err error, x []float64) error {
	if a.failed = errors.Is(err, sbo.ErrFailed); a.failed || err == nil {
		return nil
	}
	return fmt.Errorf("sbotest: the evaluation of x = %v: %w", x, err)
}

// collect draws the points and keeps their answers, to compare others with.
func (c *checker) collect(ctx context.Context, rng *rand.Rand) error {
	box, nx := c.problem.Box(), c.problem.NX()
	answered := 0
	for range c.options.Points {
		u := make([]float64, nx)
		for j := range u {
			// Away from the bounds by what the differences need.
			u[j] = c.options.Step + (1-2*c.options.Step)*rng.Float64()
		}
		x := box.Place(nil, u)
		a, err := c.ask(ctx, x, junk)
		if err != nil {
			return err
		}
		if !a.failed {
			answered++
		}
		c.points, c.answers = append(c.points, x), append(c.answers, a)
	}
	if answered == 0 {
		return fmt.Errorf("sbotest: nothing could be checked: all %d evaluations failed", c.options.Points)
	}
	return nil
}

// repeats checks that the same x has the same answer.
func (c *checker) repeats(ctx context.Context) error {
	for i, x := range c.points {
		again, err := c.ask(ctx, x, junk)
		if err != nil {
			return err
		}
		if what := c.difference(c.answers[i], again); what != "" {
			return fmt.Errorf("sbotest: two evaluations of x = %v differ: %s", x, what)
		}
	}
	return nil
}

// fills checks that the answer does not depend on what the destinations held.
func (c *checker) fills(ctx context.Context) error {
	for i, x := range c.points {
		other, err := c.ask(ctx, x, otherJunk)
		if err != nil {
			return err
		}
		if what := c.difference(c.answers[i], other); what != "" {
			return fmt.Errorf("sbotest: the evaluation of x = %v does not fill y and dydx wholly, or adds to what they hold: %s", x, what)
		}
	}
	return nil
}

// forgetsX checks that the slice x can be used for the next point.
func (c *checker) forgetsX(ctx context.Context) error {
	ny, nx := c.problem.NY(), c.problem.NX()
	shared := make([]float64, nx)
	for i, x := range c.points {
		copy(shared, x)
		a := answer{y: make([]float64, ny), dydx: make([]float64, ny*nx)}
		if err := a.settle(c.evaluator.Evaluate(ctx, a.y, a.dydx, shared), x); err != nil {
			return err
		}
		if what := c.difference(c.answers[i], a); what != "" {
			return fmt.Errorf("sbotest: the evaluator keeps the slice x: when it was used again, now for x = %v, the answer was wrong: %s", x, what)
		}
	}
	return nil
}

// answersWithoutPartials checks the responses when dydx is nil.
func (c *checker) answersWithoutPartials(ctx context.Context) error {
	for i, x := range c.points {
		a := answer{y: slices.Repeat([]float64{junk}, c.problem.NY())}
		if err := a.settle(c.evaluator.Evaluate(ctx, a.y, nil, slices.Clone(x)), x); err != nil {
			return fmt.Errorf("%w (with a nil dydx)", err)
		}
		if a.failed != c.answers[i].failed {
			return fmt.Errorf("sbotest: the evaluation of x = %v fails either with or without partials, not both", x)
		}
		if a.failed {
			continue
		}
		for k, v := range a.y {
			// To rounding only: without partials a cheaper way may be taken.
			if want := c.answers[i].y[k]; math.Abs(v-want) > 1e-9*max(math.Abs(v), math.Abs(want)) {
				return fmt.Errorf("sbotest: at x = %v, %s is %v with partials but %v with a nil dydx", x, c.response(k), want, v)
			}
		}
	}
	return nil
}

// difference says where b differs from a, "" if nowhere.
func (c *checker) difference(a, b answer) string {
	switch {
	case a.failed && b.failed:
		return ""
	case a.failed != b.failed:
		return "one of them failed"
	}
	if k := firstDifference(a.y, b.y); k >= 0 {
		return fmt.Sprintf("%s is %v and %v", c.response(k), a.y[k], b.y[k])
	}
	if i := firstDifference(a.dydx, b.dydx); i >= 0 {
		return fmt.Sprintf("%s is %v and %v", c.partial(i), a.dydx[i], b.dydx[i])
	}
	return ""
}

// response names response k.
func (c *checker) response(k int) string {
	return fmt.Sprintf("response %d (%s)", k+1, c.problem.Responses[k].Name)
}

// partial names entry i of dydx.
func (c *checker) partial(i int) string {
	k, j := i/c.problem.NX(), i%c.problem.NX()
	return fmt.Sprintf("the partial of %s by variable %d (%s)", c.response(k), j+1, c.problem.Variables[j].Name)
}

// firstDifference is the first index where the bits differ, -1 if none does. All
// NaN are the same.
func firstDifference(a, b []float64) int {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return i
		}
	}
	return -1
}
