package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"

	"github.com/sbo-go/sbo/study"
)

// trial evaluates points in a folder of their own, outside the study. The folder
// is kept if something failed there that is worth a look.
func (a *app) trial(ctx context.Context, s *study.Study, x []float64) ([]study.Evaluation, error) {
	dir, err := os.MkdirTemp("", "sbo-check-")
	if err != nil {
		return nil, fmt.Errorf("cannot make a folder for the trial: %w", err)
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

// tryOnce runs the evaluator at the center and reports on what it answered.
func (a *app) tryOnce(ctx context.Context, s *study.Study, d *checkDocument) error {
	trial, err := a.trial(ctx, s, center(s))
	if err != nil {
		return err
	}
	e, p := trial[0], s.Plan().Problem()
	document := newEvaluationDocument(p, e)
	d.Evaluation = &document
	if e.State == study.Failed {
		return &study.AllFailedError{Failures: map[string]int{e.Cause: 1}, Example: e}
	}
	nx := p.NX()
	declared := 0
	for i, wanted := range s.Plan().PartialMask() {
		switch {
		case !wanted:
		case math.IsNaN(e.Partials[i]):
			declared++
			d.Missing = append(d.Missing, fmt.Sprintf("%s by %s", p.Responses[i/nx].Name, p.Variables[i%nx].Name))
		default:
			declared++
		}
	}
	if a.json {
		return nil
	}
	a.printf("at the center of the bounds, in %.3g s:\n\n", e.Seconds)
	a.printResponses(p.VariableNames(), p.ResponseNames(), e.Y, e.Partials)
	a.printf("\n")
	switch {
	case declared == 0:
		a.printf("The answer is complete; no partials are declared.\n")
	case len(d.Missing) == 0:
		a.printf("The answer is complete, with all %d partials that the study declares.\n", declared)
	default:
		a.printf("%d of %d declared partials were not delivered: %s.\nThe study can do without them, but learns less from every evaluation.\n", len(d.Missing), declared, list(d.Missing))
	}
	if e.Note != "" {
		a.printf("Note: %s.\n", e.Note)
	}
	return nil
}
