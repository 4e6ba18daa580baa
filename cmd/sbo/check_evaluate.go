package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/sbo-go/sbo/study"
)

// trial evaluates points in a folder of their own, outside the study. The folder
// is kept if something failed there that is worth a look.
func (a *app) trial(ctx context.Context, s *study.Study, x []float64) ([]study.Evaluation, error) {
	dir, err := trialFolder(s)
	if err != nil {
		return nil, err
	}
	evaluations, err := s.Try(ctx, dir, x)
	keep := err != nil
	for _, e := range evaluations {
		keep = keep || e.State == study.Failed
	}
	if keep && ctx.Err() == nil {
		return evaluations, err
	}
	return evaluations, errors.Join(err, os.RemoveAll(dir))
}

func center(s *study.Study) []float64 {
	box := s.Plan().Problem().Box()
	x := make([]float64, box.Dim())
	for j := range x {
		x[j] = box.Lower[j] + (box.Upper[j]-box.Lower[j])/2
	}
	return x
}

// conform tries the evaluator at the center and reports on what it answered, and on
// whether it does what studies count on.
func (a *app) conform(ctx context.Context, s *study.Study, d *checkDocument) error {
	dir, err := trialFolder(s)
	if err != nil {
		return err
	}
	c, err := s.Conform(ctx, dir, center(s))
	if ctx.Err() != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	if c == nil {
		return err // its message names the folder, which stays
	}
	e, p := c.Evaluation, s.Plan().Problem()
	document := newEvaluationDocument(p, e)
	d.Evaluation, d.Checks = &document, append(d.Checks, c.Checks...)
	if e.State == study.Failed {
		return errors.Join(err, &study.AllFailedError{Failures: map[string]int{e.Cause: 1}, Example: e})
	}
	d.Missing = missingPartials(s.Plan(), e)
	wrong := wrongs(c.Checks)
	if !a.json {
		a.printConformance(s.Plan(), c, d.Missing)
	}
	switch {
	case err != nil:
		return err
	case wrong > 0:
		return fmt.Errorf("%s of %d went wrong; what was asked and printed is in %s", plural(wrong, "check"), len(c.Checks), dir)
	}
	return os.RemoveAll(dir)
}

// missingPartials names the partials that were declared and did not come.
func missingPartials(plan *study.Plan, e study.Evaluation) []string {
	p := plan.Problem()
	nx := p.NX()
	var missing []string
	for i, wanted := range plan.PartialMask() {
		if wanted && math.IsNaN(e.Partials[i]) {
			missing = append(missing, fmt.Sprintf("%s by %s", p.Responses[i/nx].Name, p.Variables[i%nx].Name))
		}
	}
	return missing
}

func (a *app) printConformance(plan *study.Plan, c *study.Conformance, missing []string) {
	e, p := c.Evaluation, plan.Problem()
	declared := 0
	for _, wanted := range plan.PartialMask() {
		if wanted {
			declared++
		}
	}
	a.printf("at the center of the bounds, in %.3g s:\n\n", e.Seconds)
	a.printResponses(p.VariableNames(), p.ResponseNames(), e.Y, e.Partials)
	a.printf("\n")
	switch {
	case declared == 0:
		a.printf("The answer is complete; no partials are declared.\n")
	case len(missing) == 0:
		a.printf("The answer is complete, with all %d partials that the study declares.\n", declared)
	default:
		a.printf("%d of %d declared partials were not delivered: %s.\nThe study can do without them, but learns less from every evaluation.\n", len(missing), declared, list(missing))
	}
	a.printf("\n")
	a.printChecks(c.Checks)
}

func (a *app) printChecks(checks []study.Check) {
	t := &table{left: 3, header: []string{"check", "", "what was seen"}}
	for _, check := range checks {
		t.add(check.Name, string(check.Verdict), check.Text)
	}
	a.printf("%s", t)
}

// wrongs counts the checks that went wrong.
func wrongs(checks []study.Check) (n int) {
	for _, check := range checks {
		if check.Verdict == study.Wrong {
			n++
		}
	}
	return n
}

// trialFolder makes a folder to try the evaluator in: outside the study, or, where a
// cluster has to find it, in what sbo writes there.
func trialFolder(s *study.Study) (string, error) {
	home := ""
	if s.Plan().Evaluator.Executor == study.ExecutorSlurm {
		home = filepath.Join(s.Dir(), ".sbo")
		if err := os.MkdirAll(home, 0o755); err != nil {
			return "", fmt.Errorf("cannot make a folder for the trial: %w", err)
		}
	}
	dir, err := os.MkdirTemp(home, "sbo-check-")
	if err != nil {
		return "", fmt.Errorf("cannot make a folder for the trial: %w", err)
	}
	return dir, nil
}
