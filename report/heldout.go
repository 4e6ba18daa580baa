package report

import (
	"context"
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
	"github.com/sbo-go/sbo/surrogate"
)

// heldOut is predictions of a result's samples by surrogates.
type heldOut struct {
	sbo.Data        // of the shape of Result.Data; NaN where nothing is predicted
	How      string // a sentence
	infill   []bool // which rows were predicted before their evaluation
	accuracy surrogate.Assessment
}

const (
	folds      = 5
	foldSteps  = 100   // of a training; the networks need not be the very best
	foldEffort = 1.2e9 // multiplications in all trainings, a few seconds
)

// predict returns predictions of the samples: those of infill as they were made
// before its evaluation; all others by cross-validation if that takes seconds,
// else by the last model, which has seen them. Partials are treated alike, but
// for those of infill, of which only values were kept.
func predict(ctx context.Context, r *study.Result, samples []sample, force bool) (heldOut, error) {
	h := heldOut{Data: sbo.NewData(r.Data.NX, r.Data.NY, r.Data.Len()), infill: make([]bool, r.Data.Len())}
	if r.Model == nil {
		return h, nil
	}
	var validated *sbo.Data
	var err error
	if r.Network != nil {
		validated, err = crossValidate(ctx, r, force)
	}
	partials := ""
	if r.Data.HasPartials() {
		partials = " and all partials"
	}
	switch {
	case err != nil:
		return h, err
	case validated != nil:
		h.Data = *validated
		h.How = fmt.Sprintf("Predictions are honest: infill was predicted before it was evaluated, the design%s by %d-fold cross-validation (networks of the same size, trained on the other samples).", partials, folds)
	default:
		h.How = fmt.Sprintf("Infill was predicted before it was evaluated. The samples of the design%s are compared with the last model, which has seen them: this is its fit, not its accuracy on new points (cross-validation of so few or so many samples was left out).", partials)
		for i := range r.Data.Len() {
			if !r.Data.Failed(i) {
				r.Model.Predict(h.Responses(i), r.Data.Point(i))
				r.Model.PredictPartials(h.PartialsOf(i), r.Data.Point(i))
			}
		}
	}
	for i, s := range samples {
		if s.predicted != nil && !s.Failed {
			copy(h.Responses(i), s.predicted)
			h.infill[i] = true
		}
	}
	h.accuracy = surrogate.Compare(r.Data, h.Data)
	return h, nil
}

// crossValidate returns predictions of all samples by networks that have not seen
// them, nil if that is not possible or would take too long.
func crossValidate(ctx context.Context, r *study.Result, force bool) (*sbo.Data, error) {
	answered := r.Data.Answered()
	summary := r.Rounds[len(r.Rounds)-1].Fit
	known := 0
	for _, v := range append(append([]float64(nil), answered.Y...), answered.Partials...) {
		if !math.IsNaN(v) {
			known++
		}
	}
	effort := folds * foldSteps * float64(known) * float64(summary.Parameters) * float64(summary.Parameters)
	if answered.Len() < 2*folds || summary.Parameters == 0 || effort > foldEffort && !force {
		return nil, nil
	}
	o := surrogate.Options{Hidden: summary.Hidden, Activation: r.Network.Networks()[0].Hidden, Restarts: 1, Iterations: foldSteps}
	if r.Plan != nil {
		o.Robust = r.Plan.Surrogate.Robust
	}
	task := surrogate.Task{Data: r.Data, Problem: r.Problem}
	_, predictions, err := surrogate.CrossValidate(ctx, task, folds, sbo.Rand(r.Seed, "report"), o)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return &predictions, nil
}
