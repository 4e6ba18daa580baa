package main

import (
	"context"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// diagnose looks for what is wrong with the main model and its rows, and for what
// would make it better.
func (a *app) diagnose(ctx context.Context, f fitted, o surrogate.Options, seed uint64) (surrogate.Diagnosis, error) {
	const text = "diagnosing"
	main := f.models[0]
	task := surrogate.Task{Data: f.train, Problem: tableProblem(f.columns, f.train)}
	if !main.partials {
		task.Data.Partials = nil
	}
	b := a.bar(text)
	defer b.end()
	rows := make([]int, len(f.rows))
	for i, row := range f.rows {
		rows[i] = row + 1
	}
	return surrogate.Diagnose(ctx, task, main.network, sbo.Rand(seed, "diagnose"), surrogate.DiagnoseOptions{
		Fit: o, Summary: main.summary, Rows: rows,
		Progress: func(done, total int) { b.at(done*barLength/total, text) },
	})
}

// printDiagnosis prints the advice, and the leave-one-out accuracy that it rests on.
func (a *app) printDiagnosis(f fitted) {
	d := f.diagnosis
	if d.LeaveOneOut.Values[0].N > 0 {
		f.models = f.models[:1]
		a.printf("accuracy on the rows of the training, each predicted from the others (leave-one-out, without refitting):\n\n")
		a.printAccuracy(f, func(learned) *surrogate.Assessment { return &d.LeaveOneOut })
	}
	a.printf("diagnosis, the most important first (sample 1 is the first row below the header):\n\n")
	for i, advice := range d.Advice {
		a.printf("  %d. %s\n", i+1, advice.Text)
	}
	a.printf("\n")
}

// diagnosisDocument is a diagnosis in JSON.
type diagnosisDocument struct {
	Advice      []adviceDocument            `json:"advice"` // the most important first
	LeaveOneOut *assessmentDocument         `json:"leave_one_out"`
	Clean       *assessmentDocument         `json:"leave_one_out_without_suspects,omitempty"`
	Suspects    []suspectDocument           `json:"suspects"`
	Responses   map[string]responseDocument `json:"responses"`
}

type adviceDocument struct {
	About    surrogate.Topic `json:"about"`
	Response string          `json:"response"`
	Text     string          `json:"text"`
}

// suspectDocument is a number that the others contradict.
type suspectDocument struct {
	Row        int    `json:"row"` // below the header, from 1
	Response   string `json:"response"`
	By         string `json:"by,omitempty"` // of a partial
	Found      number `json:"found"`
	Expected   number `json:"expected"`
	Std        number `json:"std"`
	Deviations number `json:"deviations"`
}

// responseDocument is about one response. Errors are those of values held out, over the
// spread of the response, for each split.
type responseDocument struct {
	Noise           number         `json:"noise"`
	PartialNoise    pairs          `json:"partial_noise"`
	PartialFactor   pairs          `json:"partial_factor"`
	Curve           *curveDocument `json:"learning_curve,omitempty"`
	WithoutPartials []number       `json:"errors_without_partials,omitempty"`
	Larger          []number       `json:"errors_with_a_larger_network,omitempty"`
}

type curveDocument struct {
	Samples []int      `json:"samples"`
	Errors  [][]number `json:"errors"`
	Rate    number     `json:"rate"`
	Spread  number     `json:"rate_spread"`
	Now     number     `json:"error_now"`
	Doubled number     `json:"error_with_twice_the_samples"`
}

func (f fitted) diagnosisDocument() *diagnosisDocument {
	d := f.diagnosis
	if d == nil {
		return nil
	}
	c := &diagnosisDocument{
		Advice: []adviceDocument{}, LeaveOneOut: f.assessment(&d.LeaveOneOut), Clean: f.assessment(d.Clean),
		Suspects: []suspectDocument{}, Responses: map[string]responseDocument{},
	}
	for _, v := range d.Advice {
		c.Advice = append(c.Advice, adviceDocument{v.About, f.columns.Outputs[v.Response], v.Text})
	}
	for _, s := range d.Suspects {
		v := suspectDocument{
			Row: f.rows[s.Sample] + 1, Response: f.columns.Outputs[s.Response],
			Found: number(s.Found), Expected: number(s.Expected), Std: number(s.Std), Deviations: number(s.Deviations),
		}
		if s.Variable >= 0 {
			v.By = f.columns.Inputs[s.Variable]
		}
		c.Suspects = append(c.Suspects, v)
	}
	for k, r := range d.Responses {
		v := responseDocument{
			Noise: number(r.Noise), PartialNoise: named(f.columns.Inputs, r.PartialNoise), PartialFactor: named(f.columns.Inputs, r.PartialFactor),
			WithoutPartials: numbers(r.WithoutPartials.Changed), Larger: numbers(r.Larger.Changed),
		}
		if n := r.Curve; len(n.Samples) > 0 {
			v.Curve = &curveDocument{Samples: n.Samples, Rate: number(n.Rate), Spread: number(n.Spread), Now: number(n.Now), Doubled: number(n.Doubled)}
			for _, errors := range n.Errors {
				v.Curve.Errors = append(v.Curve.Errors, numbers(errors))
			}
		}
		c.Responses[f.columns.Outputs[k]] = v
	}
	return c
}
