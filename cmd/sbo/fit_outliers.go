package main

import (
	"fmt"

	"github.com/sbo-go/sbo/surrogate"
)

// outlierDocument is a number that a robust fit let go of, in JSON.
type outlierDocument struct {
	Row      int    `json:"row"` // of the table, from 1
	Output   string `json:"output"`
	Input    string `json:"input,omitempty"` // of a partial
	Value    number `json:"value"`
	Residual number `json:"residual"` // value less prediction
	Weight   number `json:"weight"`   // how much it counted, of 1
}

// outliers describes what the network let go of.
func (f fitted) outliers(all []surrogate.Outlier) []outlierDocument {
	var documents []outlierDocument
	for _, o := range all {
		d := outlierDocument{Row: f.rows[o.Sample] + 1, Output: f.columns.Outputs[o.Response], Residual: number(o.Residual), Weight: number(o.Weight)}
		if o.Variable < 0 {
			d.Value = number(f.train.Responses(o.Sample)[o.Response])
		} else {
			d.Input = f.columns.Inputs[o.Variable]
			d.Value = number(f.train.Partials[f.train.Partial(o.Sample, o.Response, o.Variable)])
		}
		documents = append(documents, d)
	}
	return documents
}

// printOutliers lists the numbers that the others contradict.
func (a *app) printOutliers(f fitted, m learned) {
	const most = 20
	all := f.outliers(m.summary.Outliers)
	if len(all) == 0 {
		return
	}
	a.printf("%s of the table that the others contradict hardly counted for the network of %s:\n\n", plural(len(all), "number"), m.name())
	t := &table{left: 2, header: []string{"row", "number", "in the table", "by the network", "counted"}}
	for _, o := range all[:min(len(all), most)] {
		name := o.Output
		if o.Input != "" {
			name += " by " + o.Input
		}
		t.add(itoa(o.Row), name, fmt.Sprintf("%.4g", float64(o.Value)), fmt.Sprintf("%.4g", float64(o.Value-o.Residual)), fmt.Sprintf("%.1g of 1", float64(o.Weight)))
	}
	a.printf("%s\n", t)
	if len(all) > most {
		a.printf("and %d more; --json lists all\n\n", len(all)-most)
	}
}
