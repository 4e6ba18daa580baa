package main

import (
	"context"
	"math"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/surrogate"
)

// fitted is what a fit came to.
type fitted struct {
	file        string
	columns     sbo.Columns
	rows        []int // of the table, those of train
	train, rest sbo.Data
	folds       int
	models      []learned            // the main one first
	diagnosis   *surrogate.Diagnosis // of the main one; nil if not asked for
}

// learned is one network and how accurate it is.
type learned struct {
	network  *surrogate.JENN
	kriging  *kriging.Model // instead of a network
	partials bool           // it was trained on them
	summary  surrogate.Summary
	seconds  float64

	training surrogate.Assessment
	heldOut  *surrogate.Assessment // nil if no row was held out
	folds    *surrogate.Assessment // nil if not asked for

	leftOut *surrogate.Assessment // leave-one-out, of a kriging model
}

// learn trains one network.
func (a *app) learn(ctx context.Context, f fitted, partials bool, o surrogate.Options, seed uint64) (learned, error) {
	m := learned{partials: partials}
	task := surrogate.Task{Data: f.train, Problem: tableProblem(f.columns, f.train)}
	text := "learning values and partials"
	if !partials {
		task.Data.Partials, text = nil, "learning values"
	}
	b := a.bar(text)
	task.Progress = func(p surrogate.Progress) {
		done := (float64(p.Network) + float64(p.Iteration)/float64(p.Iterations)) / float64(p.Networks)
		b.at(int(done*barLength), text)
	}
	began := time.Now()
	var err error
	m.network, m.summary, err = surrogate.Fit(ctx, task, sbo.Rand(seed, "fit"), o)
	b.end()
	if err != nil {
		return m, err
	}
	m.seconds = time.Since(began).Seconds()
	m.training = surrogate.Assess(m.network, f.train)
	if f.rest.Len() > 0 {
		held := surrogate.Assess(m.network, f.rest)
		m.heldOut = &held
	}
	if f.folds > 0 {
		task.Progress, task.Data = nil, f.train
		if !partials { // not trained on, but compared
			task.Weights.Gamma = make([]float64, len(f.train.Partials))
		}
		folds, _, err := surrogate.CrossValidate(ctx, task, f.folds, sbo.Rand(seed, "folds"), o)
		if err != nil {
			return m, err
		}
		m.folds = &folds
	}
	return m, nil
}

// tableProblem names the columns of a table, with the ranges of the samples.
func tableProblem(c sbo.Columns, d sbo.Data) sbo.Problem {
	p := sbo.Problem{}
	for j, name := range c.Inputs {
		v := sbo.Variable{Name: name, Lower: math.Inf(1), Upper: math.Inf(-1)}
		for i := range d.Len() {
			v.Lower, v.Upper = min(v.Lower, d.Point(i)[j]), max(v.Upper, d.Point(i)[j])
		}
		p.Variables = append(p.Variables, v)
	}
	for _, name := range c.Outputs {
		p.Responses = append(p.Responses, sbo.Monitored(name))
	}
	return p
}
