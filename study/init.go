package study

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

// The starters: a template for the built-in problems, and a folder with a program.
//
//go:embed starters
var starters embed.FS

// External is the starter with a program of its own: a driver in POSIX shell and
// awk that delivers values and partials.
const External = "external"

// Starters returns what a study can begin from, as [Init] takes it: [External] and
// the names of the built-in problems.
func Starters() []string { return append([]string{External}, problems.Names()...) }

// Init writes a study that runs as it is into dir, which is made if need be, and
// returns the files it wrote: the study, its schema and, for [External], the
// program. from is one of [Starters], or "" for rosenbrock. What is already there
// is never overwritten: if one of the files exists, nothing is written.
func Init(dir, from string) ([]string, error) {
	if from == "" {
		from = "rosenbrock"
	}
	files, err := starter(from)
	if err != nil {
		return nil, err
	}
	var taken []error
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			taken = append(taken, fmt.Errorf("study: %s is there already; remove it, or name another folder", path))
		}
	}
	if err := errors.Join(taken...); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	var written []string
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := writeNew(path, f); err != nil {
			return written, fmt.Errorf("study: %w", err)
		}
		written = append(written, path)
	}
	return written, nil
}

// file is one to be written.
type file struct {
	name string
	text []byte
	mode fs.FileMode
}

// writeNew writes a file that must not exist yet.
func writeNew(path string, f file) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode)
	if err != nil {
		return err
	}
	_, err = out.Write(f.text)
	return errors.Join(err, out.Close())
}

// starter returns the files of a starter.
func starter(from string) ([]file, error) {
	schema := file{SchemaFileName, schemaText, 0o666}
	if from != External {
		text, err := problemStudy(from)
		return []file{{FileName, text, 0o666}, schema}, err
	}
	entries, err := starters.ReadDir("starters/external")
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	files := []file{schema}
	for _, e := range entries {
		text, err := starters.ReadFile("starters/external/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("study: %w", err)
		}
		mode := fs.FileMode(0o666)
		if strings.HasSuffix(e.Name(), ".sh") {
			mode = 0o777 // less the umask
		}
		files = append(files, file{e.Name(), text, mode})
	}
	return files, nil
}

// problemStudy writes a study of a built-in problem.
func problemStudy(name string) ([]byte, error) {
	p, err := problems.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("study: there is no starter %q%s", name, suggestion(name, Starters()))
	}
	text, err := template.ParseFS(starters, "starters/problem.yaml.tmpl")
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	facts := struct {
		Name, Source         string
		Known                bool
		Minimum, Minimizer   string
		Variables, Responses []string
		Samples, Budget      int
	}{Name: p.Name, Source: strings.Join(strings.Fields(p.Source), " ")}
	if facts.Known = !math.IsNaN(p.Minimum) && len(p.Minimizers) > 0; facts.Known {
		facts.Minimum, facts.Minimizer = short(p.Minimum), point(p.Minimizers[0])
	}
	plan := Plan{Study: p.Name, Evaluator: EvaluatorPlan{Problem: p.Name}}
	for _, v := range p.Variables {
		facts.Variables = append(facts.Variables, variableLine(v))
		plan.Variables = append(plan.Variables, VariablePlan{Name: v.Name, Lower: v.Lower, Upper: v.Upper})
	}
	for _, r := range p.Responses {
		facts.Responses = append(facts.Responses, responseLine(r))
		plan.Responses = append(plan.Responses, ResponsePlan{Name: r.Name, Minimize: r.Role == sbo.Objective})
	}
	plan.complete()
	facts.Samples, facts.Budget = plan.Design.Samples, plan.Budget.Evaluations
	var out bytes.Buffer
	if err := text.Execute(&out, facts); err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	return out.Bytes(), nil
}

func variableLine(v sbo.Variable) string {
	return fmt.Sprintf("{name: %s, lower: %s, upper: %s%s}", v.Name, exact(v.Lower), exact(v.Upper), unitPart(v.Unit))
}

func responseLine(r sbo.Response) string {
	role := ""
	switch {
	case r.Role == sbo.Objective && r.Maximize:
		role = ", maximize: true"
	case r.Role == sbo.Objective:
		role = ", minimize: true"
	case r.Role == sbo.Constraint && r.Lower == r.Upper:
		role = ", equals: " + exact(r.Lower)
	case r.Role == sbo.Constraint:
		if !math.IsInf(r.Lower, 0) {
			role += ", lower: " + exact(r.Lower)
		}
		if !math.IsInf(r.Upper, 0) {
			role += ", upper: " + exact(r.Upper)
		}
	}
	return fmt.Sprintf("{name: %s%s%s}", r.Name, role, unitPart(r.Unit))
}

func unitPart(unit string) string {
	if unit == "" {
		return ""
	}
	return ", unit: " + strconv.Quote(unit)
}

// exact writes a number so that it is read back to the last bit.
func exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// short writes a number for people.
func short(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

func point(x []float64) string {
	const most = 8 // of the numbers of a point fit a line
	numbers := make([]string, 0, most+1)
	for _, v := range x[:min(len(x), most)] {
		numbers = append(numbers, short(v))
	}
	if len(x) > most {
		numbers = append(numbers, "...")
	}
	return "(" + strings.Join(numbers, ", ") + ")"
}
