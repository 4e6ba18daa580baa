package main

import (
	"fmt"
	"math"

	"github.com/sbo-go/sbo/surrogate"
)

// accuracyDocument is the accuracy of one response or partial in JSON.
type accuracyDocument struct {
	R2       number `json:"r2"`
	RMSE     number `json:"rmse"`
	NRMSE    number `json:"nrmse"`
	MaxError number `json:"max_error"`
	N        int    `json:"n"`
}

// assessmentDocument is the accuracy of a model in JSON.
type assessmentDocument struct {
	Values   map[string]accuracyDocument            `json:"values"`
	Partials map[string]map[string]accuracyDocument `json:"partials,omitempty"`
}

func newAccuracyDocument(a surrogate.Accuracy) accuracyDocument {
	return accuracyDocument{number(a.R2), number(a.RMSE), number(a.NRMSE), number(a.MaxError), a.N}
}

func (f fitted) assessment(a *surrogate.Assessment) *assessmentDocument {
	if a == nil {
		return nil
	}
	d := &assessmentDocument{map[string]accuracyDocument{}, map[string]map[string]accuracyDocument{}}
	for k, output := range f.columns.Outputs {
		d.Values[output] = newAccuracyDocument(a.Values[k])
		for j, input := range f.columns.Inputs {
			if a.Partials[k][j].N == 0 {
				continue
			}
			if d.Partials[output] == nil {
				d.Partials[output] = map[string]accuracyDocument{}
			}
			d.Partials[output][input] = newAccuracyDocument(a.Partials[k][j])
		}
	}
	return d
}

// modelDocument is one trained network in JSON.
type modelDocument struct {
	Partials   bool                `json:"trained_on_partials"`
	Trainer    surrogate.Trainer   `json:"trainer"`
	Hidden     []int               `json:"hidden"`
	Parameters int                 `json:"parameters"`
	Lambda     number              `json:"lambda"`
	Loss       number              `json:"loss"`
	Iterations int                 `json:"iterations"`
	Status     string              `json:"status"`
	Seconds    number              `json:"seconds"`
	Noise      []float64           `json:"partial_noise,omitempty"` // of each output by each input, relative to their size; none: no doubt
	Outliers   []outlierDocument   `json:"outliers,omitempty"`
	Training   *assessmentDocument `json:"training"`
	HeldOut    *assessmentDocument `json:"held_out,omitempty"`
	KFold      *assessmentDocument `json:"kfold,omitempty"`
}

// fitDocument is what fit --json prints.
type fitDocument struct {
	File    string   `json:"file"`
	Inputs  []string `json:"inputs"`
	Outputs []string `json:"outputs"`
	Samples int      `json:"samples"` // trained on
	HeldOut int      `json:"held_out"`
	Models  []any    `json:"models"` // the first is the one that was written
	Output  string   `json:"output,omitempty"`
	JENN    string   `json:"jenn,omitempty"`

	Diagnosis *diagnosisDocument `json:"diagnosis,omitempty"` // of the first
}

func (f fitted) document(o fitOptions) fitDocument {
	d := fitDocument{
		File: f.file, Inputs: f.columns.Inputs, Outputs: f.columns.Outputs, Samples: f.train.Len(), HeldOut: f.rest.Len(), Output: o.output, JENN: o.jenn,
		Diagnosis: f.diagnosisDocument(),
	}
	for _, m := range f.models {
		if m.kriging != nil {
			d.Models = append(d.Models, f.krigingDocument(m))
			continue
		}
		s := m.summary
		d.Models = append(d.Models, modelDocument{
			m.partials, s.Trainer, s.Hidden, s.Parameters, number(m.network.Facts.Lambda), number(s.Cost.Total()), s.Iterations, s.Status.String(), number(m.seconds), s.PartialNoise, f.outliers(s.Outliers),
			f.assessment(&m.training), f.assessment(m.heldOut), f.assessment(m.folds),
		})
	}
	return d
}

func (a *app) printFit(f fitted, o fitOptions) {
	rows := plural(f.train.Len(), "row")
	if f.rest.Len() > 0 {
		rows = fmt.Sprintf("%d of %d rows, drawn at random", f.train.Len(), f.train.Len()+f.rest.Len())
	}
	a.printf("trained on %s\n\n", rows)
	if f.models[0].kriging != nil {
		a.printKriging(f)
	} else {
		a.printNetworks(f)
	}
	for _, m := range f.models {
		a.printDoubts(f, m)
		a.printOutliers(f, m)
	}
	if f.rest.Len() > 0 {
		a.printf("accuracy on the %s held out:\n\n", plural(f.rest.Len(), "row"))
		a.printAccuracy(f, func(m learned) *surrogate.Assessment { return m.heldOut })
	}
	if f.models[0].leftOut != nil {
		a.printf("accuracy on the rows of the training, each predicted from the others (leave-one-out):\n\n")
		a.printAccuracy(f, func(m learned) *surrogate.Assessment { return m.leftOut })
	}
	if f.folds > 0 {
		a.printf("accuracy on the rows of the training, each predicted by a network that has not seen it (%d folds):\n\n", f.folds)
		a.printAccuracy(f, func(m learned) *surrogate.Assessment { return m.folds })
	}
	a.printf("accuracy on the rows of the training:\n\n")
	a.printAccuracy(f, func(m learned) *surrogate.Assessment { return &m.training })
	if f.diagnosis != nil {
		a.printDiagnosis(f)
	}
	for _, file := range []string{o.output, o.jenn} {
		if file != "" {
			what := "network"
			if f.models[0].kriging != nil {
				what = "model"
			}
			a.printf("the %s that learned %s is in %s\n", what, f.models[0].name(), file)
		}
	}
}

// printNetworks prints how the trainings of the networks went.
func (a *app) printNetworks(f fitted) {
	t := &table{left: 4, header: []string{"network", "hidden layers", "trainer", "it stopped because", "iterations", "loss", "seconds"}}
	for _, m := range f.models {
		parts := m.summary.Parts
		if parts == nil {
			parts = []surrogate.Summary{m.summary}
		}
		for k, s := range parts {
			name := m.name()
			if len(parts) > 1 {
				name += ", " + f.columns.Outputs[k]
			}
			seconds := ""
			if k == len(parts)-1 {
				seconds = fmt.Sprintf("%.2g", m.seconds) // of all
			}
			t.add(name, fmt.Sprint(s.Hidden), string(s.Trainer), s.Status.String(), itoa(s.Iterations), fmt.Sprintf("%.3g", s.Cost.Total()), seconds)
		}
	}
	a.printf("%s\n", t)
}

func (m learned) name() string {
	if m.partials {
		return "values and partials"
	}
	return "values only"
}

// digits is a measure for tables: a dash for one that the rows do not allow, since
// all of them hold the same.
func digits(format string, v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf(format, v)
}

// printAccuracy prints the accuracy of all networks side by side.
func (a *app) printAccuracy(f fitted, of func(learned) *surrogate.Assessment) {
	t := &table{left: 2, header: []string{"", "learned", "R2", "NRMSE", "RMSE", "max error", "rows"}}
	add := func(name string, pick func(*surrogate.Assessment) surrogate.Accuracy) {
		for _, m := range f.models {
			if c := pick(of(m)); c.N > 0 {
				t.add(name, m.name(), digits("%.6f", c.R2), digits("%.3g", c.NRMSE), fmt.Sprintf("%.3g", c.RMSE), fmt.Sprintf("%.3g", c.MaxError), itoa(c.N))
				name = ""
			}
		}
	}
	for k, output := range f.columns.Outputs {
		add(output, func(s *surrogate.Assessment) surrogate.Accuracy { return s.Values[k] })
		for j, input := range f.columns.Inputs {
			add("  by "+input, func(s *surrogate.Assessment) surrogate.Accuracy { return s.Partials[k][j] })
		}
	}
	a.printf("%s\n", t)
}

// printDoubts says which partials contradict the values, and so counted little.
func (a *app) printDoubts(f fitted, m learned) {
	const worthSaying = 0.2 // of their size
	nx := len(f.columns.Inputs)
	for at, noise := range m.summary.PartialNoise {
		if noise > worthSaying {
			a.warnf("the partials of %s by %s do not fit the values and the other partials: they seem wrong by %.0f %% of their size, and counted little; are they noisy, in other units, or of the wrong sign?",
				f.columns.Outputs[at/nx], f.columns.Inputs[at%nx], 100*noise)
		}
	}
}
