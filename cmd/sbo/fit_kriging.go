package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/surrogate"
)

// checkKind returns an error if a kind is unknown, or flags of networks are given for
// another kind.
func (o fitOptions) checkKind(given func(flag string) bool) error {
	kinds := []string{kindJENN, kindKriging}
	if !slices.Contains(kinds, o.kind) {
		return usage("--kind: there is no %q%s", o.kind, didYouMean(o.kind, kinds)).hint("the kinds are %s", list(kinds))
	}
	if o.kind == kindJENN {
		return nil
	}
	for _, name := range []string{"hidden", "shared", "trainer", "activation", "lambda", "beta", "gamma", "robust", "ensemble", "fit-time", "jenn", "diagnose", "kfold"} {
		if given(name) {
			return usage("--%s is about networks, and does not go with --kind %s", name, o.kind)
		}
	}
	return nil
}

// learnKriging fits one kriging model, as learn trains a network.
func (a *app) learnKriging(ctx context.Context, f fitted, partials bool, o surrogate.Options, seed uint64) (learned, error) {
	m := learned{partials: partials}
	task := kriging.Task{Data: f.train, Problem: tableProblem(f.columns, f.train)}
	if !partials {
		task.Data.Partials = nil
	}
	began := time.Now()
	var err error
	m.kriging, _, err = kriging.Fit(ctx, task, sbo.Rand(seed, "fit"), kriging.Options{Restarts: o.Restarts, Iterations: o.Iterations, Workers: o.Workers})
	if err != nil {
		return m, err
	}
	m.seconds = time.Since(began).Seconds()
	m.training = surrogate.Assess(m.kriging, f.train)
	predicted, _ := m.kriging.LeaveOneOut()
	m.leftOut = new(surrogate.Compare(task.Data, predicted))
	if f.rest.Len() > 0 {
		m.heldOut = new(surrogate.Assess(m.kriging, f.rest))
	}
	return m, nil
}

// printKriging prints what the fits found of each response.
func (a *app) printKriging(f fitted) {
	t := &table{left: 2, header: []string{"model", "kernel", "log evidence", "noise of values", "seconds"}}
	scales := &table{left: 2, header: append([]string{"length scales", ""}, f.columns.Inputs...)}
	for _, m := range f.models {
		for k, output := range f.columns.Outputs {
			noise, _ := m.kriging.Noise(k)
			inputs, log, shift := m.kriging.Logarithms(k)
			if log {
				output = "log|" + output + "|"
				if shift != 0 {
					output = fmt.Sprintf("log|%s %+g|", f.columns.Outputs[k], -shift)
				}
			}
			t.add(m.name()+", "+output, string(m.kriging.Kernel(k)), fmt.Sprintf("%.1f", m.kriging.LogEvidence(k)), short(noise), fmt.Sprintf("%.2g", m.seconds))
			row := []string{m.name(), output}
			for j, l := range m.kriging.LengthScales(k) {
				scale := short(l)
				if inputs != nil && inputs[j] {
					scale += " of log"
				}
				row = append(row, scale)
			}
			scales.add(row...)
		}
	}
	a.printf("%s\n%s\n", t, scales)
}

// krigingDocument is one kriging model in JSON.
type krigingDocument struct {
	Kind      string                             `json:"kind"`
	Partials  bool                               `json:"trained_on_partials"`
	Seconds   number                             `json:"seconds"`
	Responses map[string]krigingResponseDocument `json:"responses"`
	LeftOut   *assessmentDocument                `json:"leave_one_out"`
	Training  *assessmentDocument                `json:"training"`
	HeldOut   *assessmentDocument                `json:"held_out,omitempty"`
}

type krigingResponseDocument struct {
	Kernel       kriging.Kernel `json:"kernel"`
	Interaction  *number        `json:"interaction,omitempty"`
	LogEvidence  number         `json:"log_evidence"`
	LengthScales pairs          `json:"length_scales"`
	ValueNoise   number         `json:"noise"`
	PartialNoise pairs          `json:"partial_noise"`
	Logarithms   *logarithms    `json:"logarithms,omitempty"`
}

// logarithms says what was learned instead of the inputs and the response.
type logarithms struct {
	Inputs   []string `json:"inputs"`
	Response bool     `json:"response"`
	Shift    number   `json:"shift"` // of which the distance to the response was taken
}

// logarithms returns what was learned of response k, nil if the numbers as they are.
func (f fitted) logarithms(m *kriging.Model, k int) *logarithms {
	inputs, response, shift := m.Logarithms(k)
	if inputs == nil && !response {
		return nil
	}
	l := &logarithms{Inputs: []string{}, Response: response, Shift: number(shift)}
	for j, log := range inputs {
		if log {
			l.Inputs = append(l.Inputs, f.columns.Inputs[j])
		}
	}
	return l
}

func (f fitted) krigingDocument(m learned) krigingDocument {
	d := krigingDocument{
		Kind: kindKriging, Partials: m.partials, Seconds: number(m.seconds), Responses: map[string]krigingResponseDocument{},
		LeftOut: f.assessment(m.leftOut), Training: f.assessment(&m.training), HeldOut: f.assessment(m.heldOut),
	}
	for k, output := range f.columns.Outputs {
		values, partials := m.kriging.Noise(k)
		var interaction *number
		if v := number(m.kriging.Interaction(k)); m.kriging.Kernel(k) == kriging.Additive {
			interaction = &v
		}
		d.Responses[output] = krigingResponseDocument{
			Kernel: m.kriging.Kernel(k), Interaction: interaction, LogEvidence: number(m.kriging.LogEvidence(k)), LengthScales: named(f.columns.Inputs, m.kriging.LengthScales(k)),
			ValueNoise: number(values), PartialNoise: named(f.columns.Inputs, partials),
			Logarithms: f.logarithms(m.kriging, k),
		}
	}
	return d
}
