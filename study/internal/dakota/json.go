package dakota

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sbo-go/sbo/study/internal/numeral"
)

// loose is a number as JSON has it, or one of the texts NaN, Inf and -Inf.
type loose float64

// UnmarshalJSON reads it.
func (n *loose) UnmarshalJSON(text []byte) error {
	var quoted string
	isText := json.Unmarshal(text, &quoted) == nil && text[0] == '"'
	if !isText {
		quoted = string(text)
	}
	v, ok := numeral.Parse(quoted)
	if odd := v-v != 0; !ok || isText && !odd { // only NaN and infinities need quotes
		return fmt.Errorf("%.40s is no number", text)
	}
	*n = loose(v)
	return nil
}

// jsonResults is a results file in JSON.
type jsonResults struct {
	Functions map[string]loose   `json:"functions"`
	Gradients map[string][]loose `json:"gradients"`
	Hessians  json.RawMessage    `json:"hessians"`
	Metadata  map[string]loose   `json:"metadata"`
	Fail      any                `json:"fail"`
}

func parseJSON(file []byte, r Request) (Results, error) {
	if err := refuseTwins(file); err != nil {
		return Results{}, err
	}
	var in jsonResults
	if err := json.Unmarshal(file, &in); err != nil {
		return Results{}, fmt.Errorf("it is no JSON of results: %w", err)
	}
	switch reason := in.Fail.(type) {
	case nil:
	case bool:
		if reason {
			return Results{}, &FailedError{}
		}
	case string: // the manual has "true"; anything but a no is a reason
		if strings.EqualFold(reason, "true") {
			return Results{}, &FailedError{}
		}
		if !strings.EqualFold(reason, "false") && strings.TrimSpace(reason) != "" {
			return Results{}, &FailedError{Reason: strings.TrimSpace(reason)}
		}
	default:
		return Results{}, errors.New(`"fail" is neither true nor false`)
	}
	return in.results(r)
}

// results puts the parts, which have names here, into the order of the request.
func (in jsonResults) results(r Request) (Results, error) {
	out := Results{Gradients: make([][]float64, len(r.Functions))}
	missing := false
	for i, f := range r.Functions {
		v, ok := in.Functions[f.Label]
		if wanted := f.ActiveSet&WantValue != 0; wanted && !ok {
			return Results{}, fmt.Errorf("it has no value of %s%s", f.Label, in.strangers(r))
		} else if wanted {
			out.Values = append(out.Values, float64(v))
		}
		g, ok := in.Gradients[f.Label]
		if !ok {
			missing = missing || f.ActiveSet&WantGradient != 0
			continue
		}
		if len(g) != r.Derivatives {
			return Results{}, fmt.Errorf("the gradient of %s has %d of %d entries", f.Label, len(g), r.Derivatives)
		}
		out.Gradients[i] = make([]float64, len(g))
		for j, v := range g {
			out.Gradients[i][j] = float64(v)
		}
	}
	if missing {
		out.Notes = append(out.Notes, "the results lack gradients that were asked for")
	}
	if text := string(in.Hessians); text != "" && text != "null" && strings.Trim(text, "{} \t\r\n") != "" {
		out.Notes = append(out.Notes, "the results have Hessians, which were not asked for and are not used")
	}
	if others := in.strangers(r); others != "" {
		out.Notes = append(out.Notes, "the results have names that the study does not"+others)
	}
	for label, v := range in.Metadata {
		out.Metadata = append(out.Metadata, Datum{label, float64(v)})
	}
	slices.SortFunc(out.Metadata, func(a, b Datum) int { return strings.Compare(a.Label, b.Label) })
	return out, nil
}

// strangers lists the names that nobody asked for.
func (in jsonResults) strangers(r Request) string {
	var names []string
	known := func(name string) bool {
		return slices.ContainsFunc(r.Functions, func(f Function) bool { return f.Label == name })
	}
	for name := range in.Functions {
		if !known(name) {
			names = append(names, name)
		}
	}
	for name := range in.Gradients {
		if !known(name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return fmt.Sprintf(" (it has %.60s)", strings.Join(slices.Compact(names), ", "))
}

// refuseTwins reports a name that an object has twice: which one counts would be
// a guess.
func refuseTwins(file []byte) error {
	d := json.NewDecoder(bytes.NewReader(file))
	var names []map[string]bool // of the objects that are open; nil for a list
	key := false                // the next text is a name
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && len(names) == 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it is no JSON: %w", err)
		}
		switch t := t.(type) {
		case json.Delim:
			switch t {
			case '{':
				names = append(names, map[string]bool{})
			case '[':
				names = append(names, nil)
			default:
				names = names[:len(names)-1]
			}
			key = len(names) > 0 && names[len(names)-1] != nil
			continue
		case string:
			if key {
				if open := names[len(names)-1]; open[t] {
					return fmt.Errorf("it has %.40q twice", t)
				} else {
					open[t] = true
				}
				key = false
				continue
			}
		}
		key = len(names) > 0 && names[len(names)-1] != nil
	}
}
