package main

import (
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
)

// minimumDocument is what minimize --json prints.
type minimumDocument struct {
	X           pairs               `json:"x"`
	Y           pairs               `json:"y"`
	Feasible    bool                `json:"feasible"`
	Violation   number              `json:"violation"`
	Certificate certificateDocument `json:"certificate"`
	Status      string              `json:"status"`
	Evaluations int                 `json:"evaluations"` // of all starts
	Starts      int                 `json:"starts"`
	Agreeing    int                 `json:"agreeing_starts"` // that came to the same objective
}

func newMinimumDocument(p sbo.Problem, results []optimize.Result) minimumDocument {
	best := results[0]
	d := minimumDocument{
		X: named(p.VariableNames(), best.X), Y: named(p.ResponseNames(), best.Y), Feasible: best.Feasible, Violation: number(best.Violation),
		Certificate: newCertificateDocument(p, best.KKT), Status: best.Status.String(), Starts: len(results), Agreeing: agreeing(results),
	}
	for _, r := range results {
		d.Evaluations += r.Evaluations
	}
	return d
}

// agreeing counts the starts that came to the same objective as the best.
func agreeing(results []optimize.Result) int {
	n := 0
	best := results[0]
	for _, r := range results {
		if r.Feasible == best.Feasible && math.Abs(r.Objective-best.Objective) <= 1e-6*max(1, math.Abs(best.Objective)) {
			n++
		}
	}
	return n
}

func (a *app) printMinimum(t target, results []optimize.Result) {
	p, best := t.problem, results[0]
	x := &table{left: 1, header: []string{"variable", "value", "lower", "upper", "unit", "cost of the bound"}}
	for j, v := range p.Variables {
		x.add(v.Name, long(best.X[j]), short(v.Lower), short(v.Upper), v.Unit, multiplier(best.KKT.Known, best.KKT.Bounds, j))
	}
	a.printf("%s\n", x)
	y := &table{left: 1, header: []string{"response", "value", "wanted", "unit", "cost of the limit"}}
	for k, r := range p.Responses {
		y.add(r.Name, long(best.Y[k]), r.Wanted(), r.Unit, multiplier(best.KKT.Known, best.KKT.Multipliers, k))
	}
	a.printf("%s\n", y)
	d := newMinimumDocument(p, results)
	a.printf("%s\n%s; ", d.Status, feasibility(best.Feasible, best.Violation))
	if len(results) > 1 {
		a.printf("%d of %d starts came to this objective; ", d.Agreeing, d.Starts)
	}
	a.printf("%s\n", plural(d.Evaluations, "evaluation"))
	if t.model {
		a.notef("this is what the model believes; ask the simulation")
	}
}
