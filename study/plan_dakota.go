package study

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/sbo-go/sbo/study/internal/dakota"
	"github.com/sbo-go/sbo/study/internal/numeral"
)

// DakotaPlan is how a driver expects what Dakota's interface section says of it.
// The keys are Dakota's.
type DakotaPlan struct {
	// How the parameters file is written: standard, aprepro or json. Default standard.
	ParametersFormat dakota.Format `yaml:"parameters_format,omitempty" json:"parameters_format,omitempty"`
	// The name of the file with the parameters. Default params.in.
	ParametersFile string `yaml:"parameters_file,omitempty" json:"parameters_file,omitempty"`
	// The name of the file for the results, in text or JSON. Default results.out.
	ResultsFile string `yaml:"results_file,omitempty" json:"results_file,omitempty"`
	// Whether both names end with a dot and the number of the evaluation, as in params.in.7. Default false.
	FileTag bool `yaml:"file_tag,omitempty" json:"file_tag,omitempty"`
	// The name of the folder in which the driver runs; it is then given absolute paths of the two files. Default: run, and bare file names.
	WorkDirectory string `yaml:"work_directory,omitempty" json:"work_directory,omitempty"`
	// Whether the name of the work directory ends with a dot and the number of the evaluation, as in workdir.7. Default false.
	DirectoryTag bool `yaml:"directory_tag,omitempty" json:"directory_tag,omitempty"`
	// Whether every value in the results must come with the name of its response. Labels that are there are compared in any case. Default false.
	Labeled bool `yaml:"labeled,omitempty" json:"labeled,omitempty"`
	// A program, with its arguments, that is run before the command, in the same folder; it is given the names of the two files, as the command is. Default: none.
	InputFilter []string `yaml:"input_filter,omitempty" json:"input_filter,omitempty" jsonschema:"minItems=1"`
	// A program, with its arguments, that is run after the command, in the same way. Default: none.
	OutputFilter []string `yaml:"output_filter,omitempty" json:"output_filter,omitempty" jsonschema:"minItems=1"`
	// Strings that the driver is given as its analysis components.
	AnalysisComponents []string `yaml:"analysis_components,omitempty" json:"analysis_components,omitempty" jsonschema:"minItems=1"`
	// Parameters that the driver expects besides the variables of the study, each with its fixed value.
	StateVariables []StateVariable `yaml:"state_variables,omitempty" json:"state_variables,omitempty" jsonschema:"minItems=1"`
	// Labels of numbers that the driver writes behind the responses; they are noted with the evaluation.
	Metadata []string `yaml:"metadata,omitempty" json:"metadata,omitempty" jsonschema:"minItems=1"`
}

// StateVariable is a parameter with a fixed value.
type StateVariable struct {
	// The name of the parameter.
	Name string `yaml:"name" json:"name" jsonschema:"required"`
	// Its value: a whole number, a number or a text.
	Value Scalar `yaml:"value" json:"value" jsonschema:"required"`
}

// Scalar is a whole number, a number or a text.
type Scalar struct{ value any } // int64, float64, string

// MarshalJSON writes the number or the text.
func (s Scalar) MarshalJSON() ([]byte, error) { return json.Marshal(s.value) }

// MarshalYAML writes the number or the text.
func (s Scalar) MarshalYAML() (any, error) { return s.value, nil }

// UnmarshalJSON reads a number or a text.
func (s *Scalar) UnmarshalJSON(text []byte) (err error) {
	if i, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		s.value = i
		return nil
	}
	if err = json.Unmarshal(text, &s.value); err == nil {
		switch s.value.(type) {
		case float64, string:
		default:
			err = fmt.Errorf("study: %s is neither a number nor a text", text)
		}
	}
	return err
}

// readValue reads a [Scalar].
func (r *reader) readValue(n ast.Node, path string, v reflect.Value) {
	text, ok := plain(n)
	var s Scalar
	switch {
	case ok && whole.MatchString(text):
		var i int64
		if i, _ = strconv.ParseInt(strings.TrimPrefix(text, "+"), 10, 64); strconv.FormatInt(i, 10) != strings.TrimLeft(text, "+") {
			r.fault(path, "%s must be a whole number that fits into 64 bits and has no zeros in front; a text is written in quotes", subject(path))
		}
		s.value = i
	case ok && decimal.MatchString(text):
		var f float64
		r.readNumber(n, path, reflect.ValueOf(&f).Elem())
		s.value = f
	default:
		var t string
		r.readText(n, path, reflect.ValueOf(&t).Elem())
		s.value = t
	}
	v.Set(reflect.ValueOf(s))
}

// complete writes out the defaults.
func (d *DakotaPlan) complete() *DakotaPlan {
	if d == nil {
		d = &DakotaPlan{}
	}
	setDefault(&d.ParametersFormat, dakota.Standard)
	setDefault(&d.ParametersFile, "params.in")
	setDefault(&d.ResultsFile, "results.out")
	return d
}

// dakota checks what is said about the protocol dakota.
func (c checker) dakota() {
	const section = "evaluator.dakota"
	speaks := c.plan.Evaluator.Protocol == ProtocolDakota
	if c.has(section) && !speaks {
		c.faultAtKey(section, "these are details of the protocol dakota, which this evaluator does not speak; add `protocol: dakota`, or remove them")
		return
	}
	if !speaks {
		return
	}
	for i, v := range c.plan.Responses {
		if _, number := numeral.Parse(v.Name); number {
			c.fault(fmt.Sprintf("responses[%d].name", i), "%q reads as a number in Dakota's results files; choose another name", v.Name)
		}
	}
	d := c.plan.Evaluator.Dakota
	if d == nil {
		return
	}
	at := func(key string) string { return child(section, key) }
	c.choice(at("parameters_format"), string(d.ParametersFormat), texts(dakota.Formats()))
	for key, name := range map[string]string{"parameters_file": d.ParametersFile, "results_file": d.ResultsFile, "work_directory": d.WorkDirectory} {
		c.fileName(at(key), name)
	}
	if whole := *d; c.clean(section) {
		whole.complete()
		if whole.ParametersFile == whole.ResultsFile {
			c.fault(at("results_file"), "parameters and results cannot be in the same file, %s; choose two names", whole.ResultsFile)
		}
	}
	if d.DirectoryTag && d.WorkDirectory == "" && c.clean(at("work_directory")) {
		c.faultAtKey(at("directory_tag"), "there is no work directory to be tagged; add `work_directory: workdir`")
	}
	for key, argv := range map[string][]string{"input_filter": d.InputFilter, "output_filter": d.OutputFilter} {
		if c.clean(at(key)) {
			c.command(at(key), argv)
		}
	}
	for key, list := range map[string][]string{"analysis_components": d.AnalysisComponents, "metadata": d.Metadata} {
		for i, text := range list {
			if strings.ContainsAny(text, "\n\r\x00\"") || strings.TrimSpace(text) != text || text == "" {
				c.fault(fmt.Sprintf("%s[%d]", at(key), i), "this must be a single line of text without quotes or blanks at its ends")
			}
		}
	}
	c.stateVariables(at("state_variables"), d.StateVariables)
}

func (c checker) stateVariables(path string, list []StateVariable) {
	variables, _ := c.variableNames()
	for i, v := range list {
		p := fmt.Sprintf("%s[%d]", path, i)
		text, isText := v.Value.value.(string)
		switch name := child(p, "name"); {
		case !c.clean(name):
		case !validName.MatchString(v.Name):
			c.fault(name, "%q cannot be a name; use letters, digits and _ . : - [ ], beginning with a letter or _", clip(v.Name))
		case slices.Contains(variables, v.Name):
			c.fault(name, "%q is a variable of the study already; choose another name", v.Name)
		}
		variables = append(variables, v.Name)
		if value := child(p, "value"); isText && c.clean(value) && strings.ContainsAny(text, "\n\r\x00\"") {
			c.fault(value, "this must be a single line of text without quotes")
		}
	}
}

// fileName checks the name of a file in the folder of an attempt.
func (c checker) fileName(path, name string) {
	if !c.has(path) || !c.clean(path) {
		return
	}
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00\n") {
		c.fault(path, "%q cannot be the name of a file in the folder in which the command runs; write a name without slashes", clip(name))
	}
}
