package main

import (
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// uncertaintyDocument is how far a prediction can be relied on, in JSON. Null is what
// the model does not know.
type uncertaintyDocument struct {
	Std         pairs    `json:"std"`
	PartialsStd jacobian `json:"partials_std,omitzero"`
	Lower       pairs    `json:"lower"`
	Upper       pairs    `json:"upper"`
	Interval    float64  `json:"interval"` // the probability of lower to upper
	Trust       pairs    `json:"trust"`
	Distance    *float64 `json:"distance"` // to the nearest sample, in typical distances between samples
}

// uncertainty returns that of the predictions at a point.
func uncertainty(m model, c sbo.Columns, x []float64, o predictOptions) *uncertaintyDocument {
	lower, upper := m.PredictInterval(nil, nil, x, o.interval)
	trust := m.trust(x)
	u := &uncertaintyDocument{
		Std: named(c.Outputs, m.PredictStd(nil, x)), Lower: named(c.Outputs, lower), Upper: named(c.Outputs, upper),
		Interval: o.interval, Trust: named(c.Outputs, trust.Score),
	}
	if o.partials {
		u.PartialsStd = jacobian{c.Outputs, c.Inputs, m.PredictPartialsStd(nil, x)}
	}
	if !math.IsNaN(trust.Distance) {
		u.Distance = &trust.Distance
	}
	return u
}

// withUncertainty returns the predictions with further columns: the standard
// deviation, the interval and the trust of each response, and with partials their
// standard deviations.
func withUncertainty(m model, c sbo.Columns, p sbo.Data, o predictOptions) (sbo.Columns, sbo.Data) {
	more := sbo.Columns{Inputs: c.Inputs, Outputs: slices.Clone(c.Outputs)}
	for _, kind := range []string{"std_", "lower_", "upper_", "trust_"} {
		for _, name := range c.Outputs {
			more.Outputs = append(more.Outputs, kind+name)
		}
	}
	if o.partials {
		for _, y := range c.Outputs {
			for _, x := range c.Inputs {
				more.Outputs = append(more.Outputs, "std_"+sbo.PartialColumn(y, x))
			}
		}
	}
	d := sbo.NewData(p.NX, len(more.Outputs), p.Len())
	copy(d.X, p.X)
	for i := range p.Len() {
		x := p.Point(i)
		lower, upper := m.PredictInterval(nil, nil, x, o.interval)
		row := slices.Concat(p.Responses(i), m.PredictStd(nil, x), lower, upper, m.trust(x).Score)
		if o.partials {
			row = append(row, m.PredictPartialsStd(nil, x)...)
		}
		copy(d.Responses(i), row)
		copy(d.PartialsOf(i), p.PartialsOf(i)) // of the first responses
	}
	return more, d
}
