package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/sbo-go/sbo/surrogate"
)

// Factors is a setting of the surrogate that responses may have of their own, and
// the partials of a response by a variable: weights and regularization. In a file it
// is a number for all, or a mapping of names to numbers: of responses, or of a
// response and a variable as in drag/mach.
type Factors struct {
	All *float64           // of all that is not named; nil: as if nothing were given
	By  map[string]float64 // by name
}

// Of returns the setting of a response, its own or that of all; nil if there is none.
func (f *Factors) Of(response string) *float64 {
	if v := f.own(response); v != nil || f == nil {
		return v
	}
	return f.All
}

// OfPartial returns the setting of the partials of a response by a variable: their
// own, else that of the response. Nil if there is none.
func (f *Factors) OfPartial(response, variable string) *float64 {
	if v := f.own(response + "/" + variable); v != nil {
		return v
	}
	return f.Of(response)
}

// own returns what is given for a name, nil if there is nothing.
func (f *Factors) own(name string) *float64 {
	if f == nil {
		return nil
	}
	if v, ok := f.By[name]; ok {
		return &v
	}
	return nil
}

// MarshalJSON writes the number or the mapping.
func (f Factors) MarshalJSON() ([]byte, error) { return json.Marshal(f.value()) }

// MarshalYAML writes the number or the mapping.
func (f Factors) MarshalYAML() (any, error) { return f.value(), nil }

func (f Factors) value() any {
	if f.All != nil {
		return *f.All
	}
	return f.By
}

// UnmarshalJSON reads a number or a mapping.
func (f *Factors) UnmarshalJSON(text []byte) error {
	*f = Factors{}
	var all float64
	if json.Unmarshal(text, &all) == nil {
		f.All = &all
		return nil
	}
	if json.Unmarshal(text, &f.By) == nil {
		return nil
	}
	return errors.New("study: such a setting is a number, or a mapping of names to numbers")
}

// ResponseSettings returns what each response has of its own, nil if none has
// anything: the widths of its hidden layers, its lambda, and the factors beta and
// gamma of the weights of its values and partials. Widths and a lambda of all are
// left to [surrogate.Options].
func ResponseSettings(responses, variables []string, hidden *Layers, lambda, beta, gamma *Factors) []surrogate.ResponseOptions {
	all := make([]surrogate.ResponseOptions, len(responses))
	given := false
	for k, name := range responses {
		r := &all[k]
		if hidden != nil {
			r.Hidden = hidden.By[name]
		}
		r.Lambda, r.Beta = lambda.own(name), beta.Of(name)
		for j, variable := range variables {
			if v := gamma.OfPartial(name, variable); v != nil {
				if r.Gamma == nil {
					r.Gamma = slices.Repeat([]float64{1}, len(variables))
				}
				r.Gamma[j] = *v
			}
		}
		given = given || r.Hidden != nil || r.Lambda != nil || r.Beta != nil || r.Gamma != nil
	}
	if !given {
		return nil
	}
	return all
}

// readFactors reads a number, or a mapping of names to numbers.
func (r *reader) readFactors(n ast.Node, path string, v reflect.Value) {
	pairs, ok := entries(n)
	if !ok {
		if _, text := plain(n); !text {
			r.fault(path, "%s must be a number, or a mapping of names to numbers, not %s", subject(path), describe(n))
			return
		}
		number := 0.0
		r.readFactor(n, path, &number)
		v.FieldByName("All").Set(reflect.ValueOf(&number))
		return
	}
	if len(pairs) == 0 {
		r.fault(path, "%s is an empty mapping; write at least one entry%s", subject(path), orRemove(path))
	}
	by := map[string]float64{}
	r.each(pairs, path, func(key string, at *token.Position, value ast.Node) {
		p, number := child(path, key), 0.0
		r.places[p], r.items[p] = start(value), at
		r.readFactor(value, p, &number)
		by[key] = number
	})
	v.FieldByName("By").Set(reflect.ValueOf(by))
}

// readFactor reads a number of at least 0.
func (r *reader) readFactor(n ast.Node, path string, number *float64) {
	if _, null := n.(*ast.NullNode); null {
		r.fault(path, "%s has no value; write a number%s", subject(path), orRemove(path))
		return
	}
	r.readNumber(n, path, reflect.ValueOf(number).Elem())
	if r.clean(path) && *number < 0 {
		r.fault(path, "%s must be at least 0, not %v", subject(path), *number)
	}
}

// factors checks that what the settings name is there.
func (c checker) factors() {
	variables, variablesKnown := c.variableNames()
	responses, responsesKnown := c.responseNames()
	s := c.plan.Surrogate
	for name, f := range map[string]*Factors{"lambda": s.Lambda, "beta": s.Beta, "gamma": s.Gamma} {
		if f == nil {
			continue
		}
		for key := range f.By {
			path := child(child("surrogate", name), key)
			response, variable, partial := strings.Cut(key, "/")
			switch {
			case !c.clean(path):
			case responsesKnown && !slices.Contains(responses, response):
				c.faultAtKey(path, "there is no response %q%s", clip(response), suggestion(response, responses))
			case partial && name != "gamma":
				c.faultAtKey(path, "%s is a setting of a response, not of its partials; write %s: %v", name, response, f.By[key])
			case partial && variablesKnown && !slices.Contains(variables, variable):
				c.faultAtKey(path, "there is no variable %q%s", clip(variable), suggestion(variable, variables))
			}
		}
	}
	if path := "surrogate.lambda"; s.Shared && s.Lambda != nil && len(s.Lambda.By) > 0 && c.clean(path) {
		c.fault(path, "a network that all responses share has one lambda; write a number, or remove shared")
	}
	c.robust()
}

// robust checks what a robust loss does not go with.
func (c checker) robust() {
	s := c.plan.Surrogate
	if !s.Robust {
		return
	}
	beside := func(key, why string) {
		if path := child("surrogate", key); c.has(path) && c.clean(path) {
			c.faultAtKey(path, "%s; remove %s or robust", why, key)
		}
	}
	if s.Trainer != "" && s.Trainer != string(surrogate.LM) {
		beside("trainer", fmt.Sprintf("only the trainer lm lets go of outliers, not %s", s.Trainer))
	}
	beside("lambda", "what an outlier is follows from the noise, which is not estimated with a given lambda")
	if s.Validation > 0 {
		beside("validation", "samples that are held out may be outliers")
	}
}

// responseNames returns the names of the responses, and whether all are known.
func (c checker) responseNames() (names []string, known bool) {
	known = c.has("responses") && !c.broken["responses"]
	for i, v := range c.plan.Responses {
		names = append(names, v.Name)
		known = known && c.clean(fmt.Sprintf("responses[%d].name", i))
	}
	return names, known
}
