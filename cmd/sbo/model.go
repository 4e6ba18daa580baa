package main

import (
	"bytes"
	"io"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/surrogate"
)

// model is a fitted model of either kind, and what the commands say of it.
type model struct {
	imitation
	inputs, outputs []string // names, if known
	units           []string // of the inputs, if known
	lower, upper    []float64
	extrapolates    func(x []float64) []surrogate.Extrapolation
	trust           func(x []float64) surrogate.Trust
}

// imitation is what both kinds of models predict.
type imitation interface {
	surrogate.Model
	PredictStd(std, x []float64) []float64
	PredictPartialsStd(std, x []float64) []float64
	PredictInterval(lower, upper, x []float64, level float64) ([]float64, []float64)
}

// The kinds of models.
const (
	kindJENN    = "jenn"
	kindKriging = "kriging"
)

// readModel reads a model of either kind.
func readModel(file []byte) (model, error) {
	if kriging.IsModel(file) {
		m, err := kriging.Load(bytes.NewReader(file))
		if err != nil {
			return model{}, err
		}
		f := m.Facts
		return model{
			imitation: m, inputs: f.Inputs, outputs: f.Outputs, units: f.InUnits, lower: f.Lower, upper: f.Upper,
			trust: func(x []float64) surrogate.Trust { return surrogate.Trust(m.Trust(x)) },
			extrapolates: func(x []float64) (all []surrogate.Extrapolation) {
				for _, e := range m.Extrapolates(x) {
					all = append(all, surrogate.Extrapolation(e))
				}
				return all
			},
		}, nil
	}
	m, err := surrogate.Load(bytes.NewReader(file))
	if err != nil {
		return model{}, err
	}
	f := m.Facts
	return model{
		imitation: m, inputs: f.Inputs, outputs: f.Outputs, units: f.InUnits, lower: f.Lower, upper: f.Upper,
		trust: m.Trust, extrapolates: m.Extrapolates,
	}, nil
}

// loadModel reads a model that the user named.
func (a *app) loadModel(file string) (model, sbo.Columns, error) {
	r, err := a.open(file)
	if err != nil {
		return model{}, sbo.Columns{}, err
	}
	raw, err := io.ReadAll(r)
	if closed := r.Close(); err == nil {
		err = closed
	}
	var m model
	if err == nil {
		m, err = readModel(raw)
	}
	if err != nil {
		return model{}, sbo.Columns{}, usage("%s is not a model that can be used: %s", file, plain(err.Error())).hint("sbo fit writes one")
	}
	nx, ny := m.Dims()
	c := sbo.Columns{Inputs: m.inputs, Outputs: m.outputs}
	if len(c.Inputs) != nx {
		c.Inputs = numbered("x", nx)
	}
	if len(c.Outputs) != ny {
		c.Outputs = numbered("y", ny)
	}
	return m, c, nil
}
