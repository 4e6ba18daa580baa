package study

import (
	"encoding/json"
	"errors"
	"slices"
)

// Partials says which partials of a response the evaluator delivers. In a file
// it is true, false, or a list with the names of variables.
type Partials struct {
	All   bool     // by every variable
	Names []string // by these variables, if not All
}

// By reports whether the partial by the named variable is delivered.
func (p Partials) By(variable string) bool { return p.All || slices.Contains(p.Names, variable) }

// MarshalJSON writes true, false, or the list of names.
func (p Partials) MarshalJSON() ([]byte, error) { return json.Marshal(p.value()) }

// MarshalYAML writes true, false, or the list of names.
func (p Partials) MarshalYAML() (any, error) { return p.value(), nil }

func (p Partials) value() any {
	if !p.All && len(p.Names) > 0 {
		return p.Names
	}
	return p.All
}

// UnmarshalJSON reads true, false, or a list of names.
func (p *Partials) UnmarshalJSON(text []byte) error {
	*p = Partials{}
	if json.Unmarshal(text, &p.All) == nil || json.Unmarshal(text, &p.Names) == nil {
		return nil
	}
	return errors.New("study: partials are true, false, or a list of variable names")
}

// PartialMask says which partials the evaluator delivers: entry k*nx+j is true if
// response k comes with its partial by variable j.
func (p *Plan) PartialMask() []bool {
	mask := make([]bool, 0, len(p.Responses)*len(p.Variables))
	for _, r := range p.Responses {
		for _, v := range p.Variables {
			mask = append(mask, r.Partials != nil && r.Partials.By(v.Name))
		}
	}
	return mask
}
