package study

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study/internal/deck"
)

// inTemplate drives programs by their input and output files.
type inTemplate struct {
	plan     TemplatePlan
	problem  sbo.Problem
	command  []*deck.Template // the arguments
	inputs   []*deck.Template
	outputs  []deck.Anchor
	failures []*regexp.Regexp
}

// newTemplate reads the templates of a plan from the folder of the study.
func newTemplate(plan *Plan, dir string) (language, error) {
	t := inTemplate{plan: *plan.Evaluator.Template, problem: plan.Problem()}
	var errs []error
	compile := func(text, where string) *deck.Template {
		tmpl, faults := deck.Parse(text, t.plan.delimiters())
		for _, f := range faults {
			errs = append(errs, fmt.Errorf("study: %s:%w", where, f))
		}
		return tmpl
	}
	for _, argument := range plan.Evaluator.Command[1:] {
		t.command = append(t.command, compile(argument, "evaluator.command"))
	}
	for _, in := range t.plan.Inputs {
		text, err := in.read(dir)
		errs = append(errs, err)
		t.inputs = append(t.inputs, compile(text, in.name()))
	}
	for _, out := range t.plan.Outputs {
		a, err := out.anchor()
		errs = append(errs, err)
		t.outputs = append(t.outputs, a)
	}
	for _, f := range t.plan.Failures {
		re, err := f.regexp()
		errs = append(errs, err)
		t.failures = append(t.failures, re)
	}
	return t, errors.Join(errs...)
}

// delimiters of a plan that passed the checks.
func (p *TemplatePlan) delimiters() deck.Delimiters {
	if len(p.Delimiters) != 2 {
		return deck.Braces
	}
	return deck.Delimiters{Open: p.Delimiters[0], Close: p.Delimiters[1]}
}

// maxTemplate is the largest size of a template in bytes. Meshes are no templates.
const maxTemplate = 64 << 20

// read returns the text of the template.
func (p InputPlan) read(dir string) (string, error) {
	if p.Template == "" {
		return p.Text, nil
	}
	path := p.Template
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("study: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxTemplate {
		return "", fmt.Errorf("study: %s is no template: it is no file, or larger than 64 MiB", p.Template)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("study: %w", err)
	}
	return string(text), nil
}

// name is what faults of the template are reported for.
func (p InputPlan) name() string {
	if p.Template == "" {
		return "the text of " + p.File
	}
	return p.Template
}

func (p OutputPlan) anchor() (a deck.Anchor, err error) {
	a = deck.Anchor{After: p.After, Occurrence: p.Occurrence, Line: p.Line, Field: p.Field, Separator: p.Separator}
	if len(p.Columns) == 2 {
		a.Columns = [2]int(p.Columns)
	}
	if p.Pattern != "" {
		if a.Pattern, err = regexp.Compile(p.Pattern); err != nil {
			return a, fmt.Errorf("study: %w", err)
		}
	}
	return a, nil
}

// regexp returns the text or pattern as a regular expression for one line.
func (p FailurePlan) regexp() (*regexp.Regexp, error) {
	if p.Pattern == "" {
		return regexp.MustCompile(regexp.QuoteMeta(p.Text)), nil
	}
	re, err := regexp.Compile(p.Pattern)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	return re, nil
}

// ask writes the input files.
func (t inTemplate) ask(_ attempt, x []float64, s *spec) error {
	values := map[string]float64{}
	for j, v := range t.problem.Variables {
		values[v.Name] = x[j]
	}
	for i, tmpl := range t.inputs {
		in := t.plan.Inputs[i]
		text, err := tmpl.Render(values)
		if err != nil {
			return fmt.Errorf("study: %s:%w", in.name(), err)
		}
		path := filepath.Join(s.Dir, in.File)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("study: %w", err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return fmt.Errorf("study: %w", err)
		}
	}
	argv := s.Command[:1:1]
	for i, tmpl := range t.command {
		if len(tmpl.Places()) == 0 {
			argv = append(argv, s.Command[i+1]) // it may have been made an absolute path
			continue
		}
		text, err := tmpl.Render(values)
		if err != nil {
			return fmt.Errorf("study: evaluator.command:%w", err)
		}
		argv = append(argv, text)
	}
	s.Command, s.Stdin = argv, os.DevNull
	if t.plan.Stdin != "" {
		s.Stdin = filepath.Join(s.Dir, t.plan.Stdin)
	}
	return nil
}

// outputTexts are the outputs of an attempt, each read once.
type outputTexts struct {
	a     attempt
	since time.Time // what is older was there before the program ran
	read  map[string]string
}

// errStale says that a file is none of the program's.
var errStale = errors.New("it is older than the evaluation: the program has not written it")

// coarse is how inexact the times of files may be.
const coarse = 2 * time.Second

// of returns a file of the attempt, or its standard output.
func (o outputTexts) of(file string) (string, error) {
	if text, known := o.read[file]; known {
		return text, nil
	}
	path := o.a.path(stdoutFile)
	if file != "" {
		path = filepath.Join(o.a.path(runFolder), file)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.ModTime().Before(o.since.Add(-coarse)) {
		return "", errStale
	}
	text, err := readOutput(path)
	if err == nil {
		o.read[file] = string(text)
	}
	return string(text), err
}

func outputName(file string) string {
	if file == "" {
		return "standard output"
	}
	return file
}

// read finds the numbers in the outputs.
func (t inTemplate) read(a attempt, e exit) (reading, error) {
	info, err := os.Stat(a.path(specFile))
	if err != nil {
		return reading{}, fmt.Errorf("study: %w", err)
	}
	outputs := outputTexts{a: a, since: info.ModTime(), read: map[string]string{}}
	if why := t.failed(outputs); why != "" {
		return reading{failed: why}, nil
	}
	allowed := t.plan.ExitCodes
	if len(allowed) == 0 {
		allowed = []int{0}
	}
	if !slices.Contains(allowed, e.Code) {
		return reading{failed: fmt.Sprintf("exit code %d", e.Code)}, nil
	}
	nx := t.problem.NX()
	r := reading{y: make([]float64, t.problem.NY()), partials: make([]float64, t.problem.NY()*nx)}
	for i := range r.partials {
		r.partials[i] = math.NaN()
	}
	var notes []string
	for i, out := range t.plan.Outputs {
		k := slices.IndexFunc(t.problem.Responses, func(r sbo.Response) bool { return r.Name == out.Response })
		numbers, why := t.find(outputs, i)
		switch {
		case why != "" && len(out.By) == 0:
			return reading{failed: why}, nil
		case why != "":
			notes = append(notes, why)
			continue
		case len(out.By) == 0 && !finite(numbers[0]):
			return reading{failed: fmt.Sprintf("the value of %s is %v", out.Response, numbers[0])}, nil
		case len(out.By) == 0:
			r.y[k] = numbers[0]
		}
		for n, name := range out.By {
			j := slices.IndexFunc(t.problem.Variables, func(v sbo.Variable) bool { return v.Name == name })
			if finite(numbers[n]) {
				r.partials[k*nx+j] = numbers[n]
			}
		}
	}
	r.note = strings.Join(notes, "; ")
	return r, nil
}

// find returns the numbers of an output, scaled, or why they are not there.
func (t inTemplate) find(outputs outputTexts, i int) (numbers []float64, why string) {
	out := t.plan.Outputs[i]
	what := "the value of " + out.Response
	if len(out.By) > 0 {
		what = fmt.Sprintf("the partials of %s by %s", out.Response, strings.Join(out.By, ", "))
	}
	text, err := outputs.of(out.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Sprintf("no answer: there is no file %s with %s", out.File, what)
	case err != nil:
		return nil, fmt.Sprintf("%s cannot be read: %v", outputName(out.File), err)
	}
	numbers, missing := t.outputs[i].Find(text, max(len(out.By), 1))
	if missing != nil {
		return nil, fmt.Sprintf("%s is not found in %s: %s", what, outputName(out.File), strings.ReplaceAll(missing.Error(), "\n", "; "))
	}
	for n := range numbers {
		if out.Scale != nil {
			numbers[n] *= *out.Scale
		}
	}
	return numbers, ""
}

// failed looks for the texts that tell of a failure.
func (t inTemplate) failed(outputs outputTexts) (why string) {
	for i, f := range t.plan.Failures {
		text, err := outputs.of(f.File)
		if err == nil && f.File == "" {
			var printed []byte
			printed, err = readOutput(outputs.a.path(stderrFile))
			text += "\n" + string(printed)
		}
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errStale) {
			continue
		}
		if err != nil {
			return fmt.Sprintf("%s cannot be read: %v", outputName(f.File), err)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); t.failures[i].MatchString(line) {
				return fmt.Sprintf("the evaluator reports: %s", clip(line))
			}
		}
	}
	return ""
}
