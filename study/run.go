package study

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/surrogate"
)

// Run runs the study to its end: it evaluates the design, then lets package
// polish find and check better points, round after round. Every answer is stored
// before it is used, and points with an answer are not evaluated again, so that
// running a study again goes on where the last run stopped, however that came
// about, and comes to the same result as a run without a stop.
//
// The result is returned also with an error, with what is known by then, unless
// the study could not be started. The errors are [*HeldError] if another process
// runs the study, [*MismatchError] if the stored answers are not for this plan,
// [*AllFailedError], [*FailingError], [*FolderError], the error of ctx, and what keeps the store or the evaluator
// from working. A deadline is no error.
func (s *Study) Run(ctx context.Context) (*Result, error) {
	c, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	if c.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.limit, errDeadline)
		defer cancel()
	}
	r, err := c.run(ctx)
	// What waits in a queue has often waited for hours. It is of use to whoever goes on.
	c.leave = r.Stopped == Interrupted || r.Stopped == Deadline || r.Stopped == Broken
	return r, c.blame(err, c.end())
}

// Replay goes through the course of the study as far as its stored answers lead,
// under the plan of its last run, and evaluates nothing: what a report is made
// from. It may be called while another process runs the study. The result's
// Stopped is Unanswered if the course leads on.
func (s *Study) Replay(ctx context.Context) (*Result, error) {
	store, plan, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	if store == nil {
		return nil, fmt.Errorf("study: %s has no answers yet: run it first", s.dir)
	}
	c := s.session(plan)
	c.store, c.memo.store = store, store
	if c.given, err = store.latestGiven(ctx); err != nil {
		return nil, errors.Join(err, c.end())
	}
	r, err := c.run(ctx)
	return r, errors.Join(err, c.end())
}

// run goes through the course, whoever answers.
func (c *session) run(ctx context.Context) (*Result, error) {
	r := &Result{Plan: c.plan, Problem: c.problem, Seed: c.plan.Seed, Version: Version}
	err := c.pursue(ctx, r)
	return r, c.conclude(context.WithoutCancel(ctx), r, c.blame(ended(ctx, err)))
}

// ended returns the error of a run whose context ended: errDeadline or ctx.Err(),
// whoever noticed it first and in whatever words. Other errors stay as they are.
func ended(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if cause == nil || !errors.Is(err, cause) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(cause, errDeadline) {
		return errDeadline
	}
	return ctx.Err()
}

// pursue is the course of a study: design, then rounds until one says stop.
func (c *session) pursue(ctx context.Context, r *Result) (err error) {
	if r.Data, err = c.design(ctx); err != nil {
		return err
	}
	if r.Data.Answered().Len() == 0 {
		return &AllFailedError{}
	}
	c.audit(r.Data, r)
	budget := c.plan.Budget.Evaluations
	round := 0
	evaluate := func(ctx context.Context, x []float64) (sbo.Data, error) {
		round++
		if err := c.begin(ctx, phaseInfill, round, budget, fmt.Sprintf("round %d: %d of %d evaluations", round, c.passed, budget)); err != nil {
			return sbo.Data{}, err
		}
		return c.memo.batch(ctx, x, phaseInfill, round)
	}
	models := &models{dir: filepath.Join(c.dir, folder, modelsFolder), seed: c.plan.Seed}
	loop := c.plan.Loop()
	loop.Problem, loop.Evaluate, loop.Progress = c.problem, evaluate, c.training
	loop.Budget += c.bonus
	loop.Fit, loop.Krige = c.audited(models.fit, r), models.krige
	loop.Surrogate.Workers, loop.Optimize.Workers = runtime.GOMAXPROCS(0), runtime.GOMAXPROCS(0)
	for round, err := range loop.Rounds(ctx, r.Data) {
		if err != nil {
			return err
		}
		r.Rounds, r.Data, r.Model, r.Network = append(r.Rounds, round), round.Data, round.Model, round.Network
		if err := c.explain(ctx, round); err != nil {
			return err
		}
		c.emit(Event{Kind: EventRound, Phase: phaseInfill, Round: round.Number, Done: c.passed, Total: budget, Text: round.Why})
	}
	return nil
}

// training tells how far the training of a round's networks is.
func (c *session) training(round int, p surrogate.Progress) {
	if c.options.Progress == nil || p.Networks == 0 || p.Iterations == 0 {
		return
	}
	done := (float64(p.Network) + float64(p.Iteration)/float64(p.Iterations)) / float64(p.Networks)
	c.emit(Event{
		Kind: EventFit, Phase: phaseInfill, Round: round, Done: c.passed, Total: c.plan.Budget.Evaluations, Fraction: done,
		Text: fmt.Sprintf("round %d: network %d of %d, iteration %d, loss %.3g", round, p.Network+1, p.Networks, p.Iteration, p.Loss),
	})
}

// design evaluates the design of experiments, as far as the samples that are given do
// not stand in for it. With a budget below its size, the first samples are evaluated.
// With an error come the samples that have an answer.
func (c *session) design(ctx context.Context) (sbo.Data, error) {
	given, imported, err := c.memo.recall(ctx, c.given)
	if err != nil {
		return sbo.Data{}, err
	}
	spent := given.Len() - imported
	c.bonus, c.passed = imported, c.passed+spent
	x, err := c.plan.DesignPoints()
	if err != nil {
		return sbo.Data{}, err
	}
	nx := c.problem.NX()
	if given.Len() > 0 {
		x = remaining(x, c.problem.Box(), given)
		x = x[:min(len(x), max(c.plan.Budget.Evaluations-spent, 0)*nx)]
	}
	n := len(x) / nx
	text := fmt.Sprintf("design: %d samples", n)
	if given.Len() > 0 {
		text += fmt.Sprintf(", besides %d that are known", given.Len())
	}
	if err := c.begin(ctx, phaseDesign, 0, n, text); err != nil {
		return sbo.Data{}, err
	}
	d, err := c.memo.batch(ctx, x, phaseDesign, 0)
	if err != nil { // what is known of it is more than nothing
		known, lost := c.memo.known(context.WithoutCancel(ctx), x)
		return given.Append(known), errors.Join(err, lost)
	}
	return given.Append(d), nil
}

// explain stores why the points of a round were chosen.
func (c *session) explain(ctx context.Context, round polish.Round) error {
	if c.lock == nil {
		return nil
	}
	var motives []motive
	for _, candidate := range round.Candidates {
		motives = append(motives, motive{candidate.X, phaseInfill, round.Number, string(candidate.Reason), candidate.Predicted})
	}
	return c.store.explain(ctx, motives)
}

// conclude completes the result by what follows from its data, and says why the
// run ended.
func (c *session) conclude(ctx context.Context, r *Result, cause error) error {
	history, err := c.store.history(ctx, c.dir, c.memo.mask)
	if err != nil {
		err = c.blame(cause, err)
		r.Stopped, r.Why = Broken, err.Error()
		return err
	}
	r.History = history
	ids := make(map[string]int, len(history))
	for _, e := range history {
		ids[string(keyOf(e.X))] = e.ID
	}
	for i := range r.Data.Len() {
		r.IDs = append(r.IDs, ids[string(keyOf(r.Data.Point(i)))])
	}
	c.tally(r)
	best := bestInside(c.problem, r.Data)
	if len(r.Rounds) > 0 {
		best = r.Rounds[len(r.Rounds)-1].Best // the sample that the certificate is about
	}
	if best >= 0 {
		y := r.Data.Responses(best)
		r.Best = &Best{
			ID: r.IDs[best], X: r.Data.Point(best), Y: y, Partials: r.Data.PartialsOf(best),
			Feasible: c.problem.Feasible(y), Violation: c.problem.Violation(y),
		}
		if r.Certificate = optimize.ComputeKKT(c.problem, r.Best.X, r.Best.Y, r.Best.Partials); len(r.Rounds) > 0 {
			r.Certificate = r.Rounds[len(r.Rounds)-1].KKT // what the loop judged by
		}
	}
	cause = c.reason(r, cause)
	c.emit(Event{Kind: EventStopped, Phase: c.phase, Round: c.round, Done: c.passed, Total: c.total, Text: r.Why})
	if c.lock != nil {
		id := 0
		if r.Best != nil {
			id = r.Best.ID
		}
		err = c.store.note(ctx, EventStopped, string(r.Stopped), c.round, r.Why, id)
	}
	return c.blame(cause, err)
}

// tally counts the evaluations of the course, and the time.
func (c *session) tally(r *Result) {
	seen := map[int]bool{}
	var course []Evaluation
	for _, id := range r.IDs {
		if !seen[id] {
			seen[id] = true
			course = append(course, r.History[id-1])
			r.Seconds.Evaluate += r.History[id-1].Seconds
		}
	}
	r.Evaluations = count(course)
	for _, round := range r.Rounds {
		r.Seconds.Fit += round.FitTime.Seconds()
		r.Seconds.Optimize += round.OptimizeTime.Seconds()
	}
}

// reason is the one place that decides why a run ended.
func (c *session) reason(r *Result, cause error) error {
	var (
		allFailed *AllFailedError
		failing   *FailingError
	)
	switch {
	case errors.Is(cause, errUnanswered):
		r.Stopped, r.Why, cause = Unanswered, "The course of the study leads on to a point that has no answer yet.", nil
		if c.nobody {
			r.Why = fmt.Sprintf("The course goes on when sbo tell brings %d answers.", c.memo.open)
		}
	case errors.Is(cause, errDeadline):
		r.Stopped, r.Why, cause = Deadline, fmt.Sprintf("The time of %v is over; running again goes on from here.", c.limit.Round(time.Second)), nil
	case errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded):
		r.Stopped, r.Why = Interrupted, "The run was interrupted; running again goes on from here."
	case errors.As(cause, &allFailed):
		allFailed.Failures = map[string]int{}
		for i, e := range r.History {
			if e.State == Failed {
				allFailed.Failures[e.Cause]++
			}
			if allFailed.Example.ID == 0 && e.State == Failed {
				allFailed.Example = r.History[i]
			}
		}
		r.Stopped, r.Why = AllFailed, "No evaluation of the design has an answer."
	case errors.As(cause, &failing):
		r.Stopped, r.Why = AllFailed, fmt.Sprintf("%d evaluations in a row failed alike: %s. They are tried again by running again.", failing.Count, failing.Example.Cause)
	case cause != nil:
		r.Stopped, r.Why = Broken, cause.Error()
	case len(r.Rounds) > 0:
		last := r.Rounds[len(r.Rounds)-1]
		r.Stopped, r.Why = Stopped(last.Stop), last.Why
		if r.Stopped == Budget {
			r.Why = fmt.Sprintf("All %d evaluations of the budget are used.", c.plan.Budget.Evaluations)
		}
	default:
		r.Stopped, r.Why = Budget, "The budget is spent by the design alone."
	}
	return cause
}
