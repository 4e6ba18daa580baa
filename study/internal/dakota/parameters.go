package dakota

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Variable is a parameter of the simulation: a float64, an int64 or a string.
type Variable struct {
	Label string `json:"label"`
	Value any    `json:"value"`
}

// The bits of a response's entry in the active set vector.
const (
	WantValue    = 1
	WantGradient = 2
	WantHessian  = 4
)

// Function is a response and what is wanted of it, the sum of the Want bits.
type Function struct {
	Label     string `json:"label"`
	ActiveSet int    `json:"active_set"`
}

// Component is an analysis component: a string that the driver of that name is given.
type Component struct {
	Driver    string `json:"driver"`
	Component string `json:"component"`
}

// Parameters is what a driver is told.
type Parameters struct {
	Variables   []Variable  `json:"variables"`
	Functions   []Function  `json:"responses"`
	Derivatives []int       `json:"derivative_variables"` // numbers of variables from 1, in the order of a gradient's entries
	Components  []Component `json:"analysis_components"`
	EvalID      string      `json:"eval_id"`
	Metadata    []string    `json:"metadata"` // labels
}

// Format is one of the ways to write a parameters file.
type Format string

// The formats of parameters files.
const (
	Standard Format = "standard"
	Aprepro  Format = "aprepro"
	JSON     Format = "json"
)

// Formats lists them.
func Formats() []Format { return []Format{Standard, Aprepro, JSON} }

// Write returns the parameters file. A variable that is no finite number and no
// string is an error, as is a format that there is not.
func (p Parameters) Write(f Format) ([]byte, error) {
	for _, v := range p.Variables {
		switch value := v.Value.(type) {
		case int64, string:
		case float64:
			if math.IsNaN(value) || math.IsInf(value, 0) {
				return nil, fmt.Errorf("dakota: the variable %s is %v", v.Label, value)
			}
		default:
			return nil, fmt.Errorf("dakota: the variable %s is a %T", v.Label, v.Value)
		}
	}
	switch f {
	case Standard:
		return p.lines(standardLine, names{"variables", "functions", "derivative_variables", "analysis_components", "eval_id", "metadata"}), nil
	case Aprepro:
		return p.lines(apreproLine, names{"DAKOTA_VARS", "DAKOTA_FNS", "DAKOTA_DER_VARS", "DAKOTA_AN_COMPS", "DAKOTA_EVAL_ID", "DAKOTA_METADATA"}), nil
	case JSON:
		return p.json()
	}
	return nil, fmt.Errorf("dakota: there is no format %q of parameters files", f)
}

// names are the tags of the counters in a format.
type names struct{ variables, functions, derivatives, components, id, metadata string }

// standardLine has the value right-aligned in 22 columns behind 21 blanks, and the
// tag behind exactly one more, which Dakota's own parser insists on.
func standardLine(b *bytes.Buffer, value any, tag string) {
	fmt.Fprintf(b, "%21s%22s %s\n", "", text(value), tag)
}

// apreproLine is an assignment that APREPRO and its relatives evaluate.
func apreproLine(b *bytes.Buffer, value any, tag string) {
	written := fmt.Sprintf("%22s", text(value))
	if s, ok := value.(string); ok {
		written = fmt.Sprintf("%21s\"%s\"", "", s)
	}
	fmt.Fprintf(b, "%20s{ %-15s = %s }\n", "", tag, written)
}

func text(value any) string {
	if v, ok := value.(float64); ok {
		return strconv.FormatFloat(v, 'e', 15, 64)
	}
	return fmt.Sprint(value)
}

// number is a value that is written without quotes in any format.
type number string

// lines writes the formats that are made of lines of a value and a tag.
func (p Parameters) lines(line func(b *bytes.Buffer, value any, tag string), n names) []byte {
	var b bytes.Buffer
	line(&b, len(p.Variables), n.variables)
	for _, v := range p.Variables {
		line(&b, v.Value, v.Label)
	}
	line(&b, len(p.Functions), n.functions)
	for i, f := range p.Functions {
		line(&b, f.ActiveSet, fmt.Sprintf("ASV_%d:%s", i+1, f.Label))
	}
	line(&b, len(p.Derivatives), n.derivatives)
	for i, v := range p.Derivatives {
		line(&b, v, fmt.Sprintf("DVV_%d:%s", i+1, p.Variables[v-1].Label))
	}
	line(&b, len(p.Components), n.components)
	for i, c := range p.Components {
		line(&b, c.Component, fmt.Sprintf("AC_%d:%s", i+1, c.Driver))
	}
	line(&b, number(p.EvalID), n.id)
	line(&b, len(p.Metadata), n.metadata)
	for i, label := range p.Metadata {
		line(&b, label, fmt.Sprintf("MD_%d", i+1))
	}
	return b.Bytes()
}

func (p Parameters) json() ([]byte, error) {
	// Lists that are empty are [], not null.
	p.Variables = append([]Variable{}, p.Variables...)
	p.Functions = append([]Function{}, p.Functions...)
	p.Derivatives = append([]int{}, p.Derivatives...)
	p.Components = append([]Component{}, p.Components...)
	p.Metadata = append([]string{}, p.Metadata...)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "    ")
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("dakota: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
