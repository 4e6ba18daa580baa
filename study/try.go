package study

import (
	"context"
	"errors"
	"maps"
)

// Try evaluates points, the rows of x, as a run would, and leaves the study as it
// is: nothing of it is remembered. The evaluations are returned in the order of
// the points; points that are equal share one. It works in the folder dir, which
// should be new: what the programs were asked and printed is found there. The
// errors are those of [Study.Run]; an evaluation that fails is none.
func (s *Study) Try(ctx context.Context, dir string, x []float64) ([]Evaluation, error) {
	return s.trial(ctx, dir, x, func(*Plan) {})
}

// trial is [Study.Try] under a plan that is adjusted.
func (s *Study) trial(ctx context.Context, dir string, x []float64, adjust func(*Plan)) (_ []Evaluation, err error) {
	plan := *s.plan
	if plan.Evaluator.Ask {
		return nil, errors.New("study: there is no program to be tried: this study is evaluated by sbo ask and sbo tell")
	}
	adjust(&plan)
	if len(plan.Evaluator.Command) > 0 {
		if plan.Evaluator.Command, err = resolveCommand(s.dir, plan.Evaluator.Command); err != nil {
			return nil, err
		}
		plan.Evaluator.Env = maps.Clone(plan.Evaluator.Env)
		if plan.Evaluator.Env == nil {
			plan.Evaluator.Env = map[string]string{}
		}
		plan.Evaluator.Env["SBO_STUDY_DIR"] = s.dir // where the program finds its files, as in a run
	}
	trial, err := New(&plan, dir, s.options)
	if err != nil {
		return nil, err
	}
	c, err := trial.start(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	c.total, c.memo.row.limit = len(x)/c.problem.NX(), 0
	if _, err := c.memo.batch(ctx, x, phaseDesign, 0); err != nil {
		return nil, err
	}
	history, err := c.store.history(ctx, c.dir, c.memo.mask)
	if err != nil {
		return nil, err
	}
	ids, err := c.store.find(ctx, x, c.problem.NX())
	if err != nil {
		return nil, err
	}
	evaluations := make([]Evaluation, len(ids))
	for i, id := range ids {
		evaluations[i] = history[id-1]
	}
	return evaluations, nil
}
