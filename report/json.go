package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// JSON writes the result as one document. Its keys are study, best {x, y,
// partials, feasible, violation, id}, evaluations {total, done, failed, running,
// waiting, with_partials, imported, failures}, rounds, stopped (a short word), why (a
// sentence), certificate {known, residual, bounds, multipliers, basins, unseen}, seconds
// {evaluate, fit, optimize}, seed and version. Numbers by variable or response
// are objects with their names, in the order of the study; numbers that are not
// known, and infinite ones, are null, and so is best if nothing has been answered.
// The error is that of w.
func JSON(w io.Writer, r *study.Result) error {
	text, err := json.MarshalIndent(document(r), "", "  ")
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if _, err := w.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func document(r *study.Result) object {
	xs, ys := r.Problem.VariableNames(), r.Problem.ResponseNames()
	var best any
	if b := r.Best; b != nil {
		best = object{
			{"id", b.ID},
			{"x", named(xs, b.X)},
			{"y", named(ys, b.Y)},
			{"partials", jacobian(r.Problem, b.Partials)},
			{"feasible", b.Feasible},
			{"violation", jsonNumber(b.Violation)},
		}
	}
	failures := object{}
	for _, f := range failuresOf(r) {
		failures = append(failures, entry{f.Cause, f.Count})
	}
	e, k := r.Evaluations, r.Certificate
	residual := math.NaN()
	if k.Known {
		residual = k.Residual
	}
	seen, unseen := r.Basins()
	return object{
		{"study", r.Problem.Name},
		{"best", best},
		{"evaluations", object{
			{"total", e.Total},
			{"done", e.Done},
			{"failed", e.Failed},
			{"running", e.Running},
			{"queued", e.Queued},
			{"waiting", e.Waiting},
			{"with_partials", e.WithPartials},
			{"imported", e.Imported},
			{"failures", failures},
		}},
		{"rounds", len(r.Rounds)},
		{"stopped", string(r.Stopped)},
		{"why", r.Why},
		{"certificate", object{
			{"known", k.Known},
			{"residual", jsonNumber(residual)},
			{"bounds", named(xs, k.Bounds)},
			{"multipliers", named(ys, k.Multipliers)},
			{"basins", seen},
			{"unseen", jsonNumber(unseen)},
		}},
		{"seconds", object{
			{"evaluate", jsonNumber(r.Seconds.Evaluate)}, {"fit", jsonNumber(r.Seconds.Fit)}, {"optimize", jsonNumber(r.Seconds.Optimize)},
		}},
		{"seed", r.Seed},
		{"version", r.Version},
	}
}

// object is a JSON object whose keys keep their order.
type object []entry

type entry struct {
	key   string
	value any
}

// MarshalJSON writes the object.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		key, err := json.Marshal(e.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// named returns an object of numbers by name; those that are missing are null.
func named(names []string, values []float64) object {
	o := object{}
	for i, n := range names {
		v := math.NaN()
		if i < len(values) {
			v = values[i]
		}
		o = append(o, entry{n, jsonNumber(v)})
	}
	return o
}

// jacobian returns an object of the partials by response and variable, nil if
// none was delivered.
func jacobian(p sbo.Problem, partials []float64) any {
	if partials == nil {
		return nil
	}
	o := object{}
	for k, r := range p.Responses {
		o = append(o, entry{r.Name, named(p.VariableNames(), partials[k*p.NX():(k+1)*p.NX()])})
	}
	return o
}
