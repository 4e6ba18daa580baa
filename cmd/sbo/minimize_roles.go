package main

import (
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// roles reports whether the flags ask for an objective or constraints.
func (o minimizeOptions) roles() bool {
	return o.minimize != "" || o.maximize != "" || len(o.atMost)+len(o.atLeast)+len(o.equals) > 0
}

// bound lays --bounds over the problem.
func (o minimizeOptions) bound(p *sbo.Problem) error {
	ranges, err := assignments("bounds", o.bounds, p.VariableNames())
	if err != nil {
		return err
	}
	p.Variables = slices.Clone(p.Variables)
	for j, text := range ranges {
		if p.Variables[j].Lower, p.Variables[j].Upper, err = parseRange("bounds", p.Variables[j].Name, text); err != nil {
			return err
		}
	}
	return nil
}

// wanted gives the responses of a model the roles that the flags ask for.
func (o minimizeOptions) wanted(outputs []string) ([]sbo.Response, error) {
	objective := o.minimize + o.maximize // one of them is empty
	if objective == "" {
		if len(outputs) > 1 {
			return nil, usage("the model has %d responses: say which to minimize", len(outputs)).hint("add --minimize with one of %s", list(outputs))
		}
		objective = outputs[0]
	}
	at := slices.Index(outputs, objective)
	if at < 0 {
		return nil, usage("the model has no response %q%s", objective, didYouMean(objective, outputs)).hint("its responses are %s", list(outputs))
	}
	responses := make([]sbo.Response, len(outputs))
	for k, name := range outputs {
		responses[k] = sbo.Monitored(name)
	}
	responses[at] = sbo.Response{Name: objective, Role: sbo.Objective, Maximize: o.maximize != ""}
	return responses, o.constrain(responses)
}

// constrain gives responses the limits that the flags ask for.
func (o minimizeOptions) constrain(responses []sbo.Response) error {
	outputs := sbo.Problem{Responses: responses}.ResponseNames()
	for _, limit := range []struct {
		flag         string
		pairs        []string
		lower, upper bool
	}{{"at-most", o.atMost, false, true}, {"at-least", o.atLeast, true, false}, {"equals", o.equals, true, true}} {
		values, err := assignments(limit.flag, limit.pairs, outputs)
		if err != nil {
			return err
		}
		for k, text := range values {
			v, err := parseNumber(limit.flag, text)
			if err != nil {
				return err
			}
			r := &responses[k]
			if r.Role == sbo.Objective {
				return usage("%s cannot be both the objective and a constraint", r.Name)
			}
			if r.Role == sbo.Monitor {
				*r = sbo.Between(r.Name, math.Inf(-1), math.Inf(1))
			}
			if limit.lower {
				r.Lower = v
			}
			if limit.upper {
				r.Upper = v
			}
			if r.Lower > r.Upper {
				return usage("%s cannot be at least %s and at most %s", r.Name, short(r.Lower), short(r.Upper))
			}
		}
	}
	return nil
}
