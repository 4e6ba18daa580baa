package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study/internal/dakota"
)

// inDakota speaks with drivers made for Dakota's fork interface: the program is
// given the names of two files, one with the parameters and one for the results.
type inDakota struct {
	plan    DakotaPlan
	driver  string // the name of the program
	problem sbo.Problem
	mask    []bool // of the partials that are wanted
	dir     string // of the study
	path    string // in which programs are looked for

	before, after []filter
}

func newDakota(plan *Plan, dir string) (d inDakota, err error) {
	path, given := plan.Evaluator.Env["PATH"]
	if !given {
		path = os.Getenv("PATH")
	}
	d = inDakota{
		plan: *plan.Evaluator.Dakota, driver: filepath.Base(plan.Evaluator.Command[0]),
		problem: plan.Problem(), mask: plan.PartialMask(), dir: dir, path: path,
	}
	if d.before, err = filters(dir, inputFilter, d.plan.InputFilter); err == nil {
		d.after, err = filters(dir, outputFilter, d.plan.OutputFilter)
	}
	return d, err
}

// filters returns the filter of a plan as it is run: none or one.
func filters(dir, name string, argv []string) ([]filter, error) {
	if len(argv) == 0 {
		return nil, nil
	}
	command, err := resolveCommand(dir, argv)
	return []filter{{name, command}}, err
}

// asked is what reading the results must know of the parameters, kept with the
// attempt: the study file may change while it runs.
type asked struct {
	Results     string `json:"results"`     // the file
	ActiveSet   []int  `json:"active_set"`  // of the responses
	Derivatives []int  `json:"derivatives"` // by these variables, from 0
}

// ask writes the parameters file. As in Dakota, file names are bare unless there
// is a named work directory, which makes them absolute; and programs are found in
// the folder they run in and in that of the study.
func (d inDakota) ask(a attempt, x []float64, s *spec) error {
	tag, absolute := "."+strconv.Itoa(a.evaluation), false
	if name := d.plan.WorkDirectory; name != "" {
		if d.plan.DirectoryTag {
			name += tag
		}
		s.Dir, absolute = filepath.Join(s.Dir, name), true
		if err := os.Mkdir(s.Dir, 0o755); err != nil {
			return fmt.Errorf("study: %w", err)
		}
	}
	parameters, results := d.plan.ParametersFile, d.plan.ResultsFile
	if d.plan.FileTag {
		parameters, results = parameters+tag, results+tag
	}
	p, q := d.parameters(a.evaluation, x)
	text, err := p.Write(d.plan.ParametersFormat)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	if err := os.WriteFile(filepath.Join(s.Dir, parameters), text, 0o644); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	q.Results = filepath.Join(s.Dir, results)
	if s.Asked, err = json.Marshal(q); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	if absolute {
		parameters, results = filepath.Join(s.Dir, parameters), q.Results
	}
	s.Command = withFiles(s.Command, parameters, results)
	for _, f := range d.before {
		s.Before = append(s.Before, filter{f.Name, withFiles(f.Command, parameters, results)})
	}
	for _, f := range d.after {
		s.After = append(s.After, filter{f.Name, withFiles(f.Command, parameters, results)})
	}
	s.Stdin = os.DevNull
	s.Env = append(s.Env,
		"DAKOTA_PARAMETERS_FILE="+parameters, "DAKOTA_RESULTS_FILE="+results,
		"PATH="+strings.Join([]string{s.Dir, ".", d.dir, d.path}, string(os.PathListSeparator)))
	return nil
}

// withFiles puts the names of the two files where the command has {PARAMETERS} and
// {RESULTS}, or else at its end.
func withFiles(command []string, parameters, results string) []string {
	var argv []string
	placed := false
	for _, argument := range command {
		filled := strings.NewReplacer("{PARAMETERS}", parameters, "{RESULTS}", results).Replace(argument)
		placed = placed || filled != argument
		argv = append(argv, filled)
	}
	if !placed {
		argv = append(argv, parameters, results)
	}
	return argv
}

// parameters returns what the driver is told. A gradient is by all variables by
// which any partial is declared, or by all if none is and so none is wanted.
func (d inDakota) parameters(id int, x []float64) (dakota.Parameters, asked) {
	p := dakota.Parameters{EvalID: strconv.Itoa(id), Metadata: d.plan.Metadata}
	var q asked
	nx := d.problem.NX()
	for j, v := range d.problem.Variables {
		p.Variables = append(p.Variables, dakota.Variable{Label: v.Name, Value: x[j]})
		if d.by(j) || !slices.Contains(d.mask, true) {
			q.Derivatives, p.Derivatives = append(q.Derivatives, j), append(p.Derivatives, j+1)
		}
	}
	for _, v := range d.plan.StateVariables {
		p.Variables = append(p.Variables, dakota.Variable{Label: v.Name, Value: v.Value.value})
	}
	for k, r := range d.problem.Responses {
		want := dakota.WantValue
		if slices.Contains(d.mask[k*nx:(k+1)*nx], true) {
			want |= dakota.WantGradient
		}
		q.ActiveSet = append(q.ActiveSet, want)
		p.Functions = append(p.Functions, dakota.Function{Label: r.Name, ActiveSet: want})
	}
	for _, c := range d.plan.AnalysisComponents {
		p.Components = append(p.Components, dakota.Component{Driver: d.driver, Component: c})
	}
	return p, q
}

// by reports whether any partial by variable j is declared.
func (d inDakota) by(j int) bool {
	for i := j; i < len(d.mask); i += d.problem.NX() {
		if d.mask[i] {
			return true
		}
	}
	return false
}

// failCode is the exit code that Dakota takes for a failure; it ignores others.
const failCode = 255

// read reads the results file. Like Dakota, it takes complete results for good
// whatever the exit code of the driver, but 255; unlike Dakota, it says so.
func (d inDakota) read(a attempt, e exit) (reading, error) {
	s, err := a.spec()
	if err != nil {
		return reading{}, err
	}
	var q asked
	if err := json.Unmarshal(s.Asked, &q); err != nil {
		return reading{}, fmt.Errorf("study: %s: %w", a.path(specFile), err)
	}
	code := fmt.Sprintf("exit code %d", e.Code) + e.of()
	text, err := readOutput(q.Results)
	switch {
	case errors.Is(err, fs.ErrNotExist) && e.Code != 0:
		return reading{failed: code}, nil
	case errors.Is(err, fs.ErrNotExist):
		return reading{failed: "no answer: there is no results file " + filepath.Base(q.Results)}, nil
	case err != nil:
		return reading{failed: fmt.Sprintf("the results file cannot be read: %v", err)}, nil
	}
	r, err := dakota.Parse(text, d.request(q))
	var failed *dakota.FailedError
	switch {
	case errors.As(err, &failed):
		return reading{failed: "the evaluator reports: " + failed.Error()}, nil
	case e.Code == failCode || err != nil && e.Code != 0:
		return reading{failed: code}, nil
	case err != nil:
		return reading{failed: fmt.Sprintf("malformed results file %s: %v", filepath.Base(q.Results), err)}, nil
	}
	if e.Code != 0 {
		r.Notes = append(r.Notes, code+", with complete results")
	}
	return d.reading(r, q), nil
}

func (d inDakota) request(q asked) dakota.Request {
	r := dakota.Request{Derivatives: len(q.Derivatives), Metadata: d.plan.Metadata, Labeled: d.plan.Labeled}
	for k, response := range d.problem.Responses {
		want := dakota.WantValue
		if k < len(q.ActiveSet) {
			want = q.ActiveSet[k]
		}
		r.Functions = append(r.Functions, dakota.Function{Label: response.Name, ActiveSet: want})
	}
	return r
}

// reading puts the results at their places.
func (d inDakota) reading(r dakota.Results, q asked) reading {
	nx := d.problem.NX()
	out := reading{y: r.Values, partials: make([]float64, d.problem.NY()*nx)}
	for i := range out.partials {
		out.partials[i] = math.NaN()
	}
	for k, response := range d.problem.Responses {
		if !finite(r.Values[k]) {
			return reading{failed: fmt.Sprintf("the value of %s is %v", response.Name, r.Values[k])}
		}
		for i, v := range r.Gradients[k] {
			if finite(v) {
				out.partials[k*nx+q.Derivatives[i]] = v
			}
		}
	}
	for _, datum := range r.Metadata {
		r.Notes = append(r.Notes, fmt.Sprintf("%s = %v", datum.Label, datum.Value))
	}
	out.note = strings.Join(r.Notes, "; ")
	return out
}
