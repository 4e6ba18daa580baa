package study

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// restart reads what dakota_restart_util print prints of a restart file: for every
// record the parameters, the active set vector, the values that it asks for, and the
// gradients. Hessians are passed over. A failure is not kept in a restart file.
func (r Reader) restart(text []byte, name string) ([]Answer, error) {
	p := r.Problem
	in := restartReader{Reader: r, found: faults{name: name}, variables: index(p.VariableNames()), responses: index(p.ResponseNames())}
	for line := range strings.SplitSeq(string(text), "\n") {
		in.line++
		in.read(strings.TrimSpace(line))
	}
	in.finish()
	if in.found.list == nil && len(in.answers) == 0 {
		in.found.add(1, "no record was found")
	}
	return in.answers, errors.Join(in.found.list...)
}

type restartReader struct {
	Reader
	found                faults
	variables, responses map[string]int
	line, begun          int
	answers              []Answer
	open                 *Answer
	inResponses          bool
	by                   []int  // variables of the gradients
	bracket              string // an open one
}

var (
	gradientLine = regexp.MustCompile(`^\[([^\[\]]*)\]\s+(\S+)\s+gradient$`)
	byLine       = regexp.MustCompile(`^Active set derivative vars\s*=\s*\{([^}]*)\}`)
)

// read takes one line.
func (in *restartReader) read(line string) {
	words := strings.Fields(line)
	switch {
	case line == "Parameters:":
		in.finish()
		in.open, in.begun, in.inResponses, in.bracket = &Answer{X: missing(len(in.variables))}, in.line, false, ""
	case in.open == nil || line == "" || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "Restart record"):
	case line == "Active response data:":
		in.inResponses, in.by = true, nil
	case strings.HasPrefix(line, "Active set vector"):
	case byLine.MatchString(line):
		for word := range strings.FieldsSeq(byLine.FindStringSubmatch(line)[1]) {
			v, err := number(word)
			if j := int(v) - 1; err != nil || j < 0 || j >= len(in.variables) {
				in.found.add(in.line, "%q is no variable to derive by", word)
			} else {
				in.by = append(in.by, j)
			}
		}
	case in.bracket != "" || strings.HasPrefix(line, "["):
		in.gradient(line)
	case len(words) == 2:
		in.value(words[0], in.rename(words[1]))
	}
}

// value takes a number with its label.
func (in *restartReader) value(text, label string) {
	v, err := number(text)
	if err != nil {
		return // no such line
	}
	if !in.inResponses {
		if j, is := in.variables[label]; is {
			in.open.X[j] = v
		}
		return // Dakota's study may have had more variables, which are constants here
	}
	k, is := in.responses[label]
	if !is {
		return
	}
	if in.open.Y == nil {
		in.open.Y = missing(len(in.responses))
	}
	in.open.Y[k] = v
}

// gradient takes a line of a gradient, which may go over several.
func (in *restartReader) gradient(line string) {
	if strings.HasPrefix(line, "[[") || strings.HasPrefix(in.bracket, "[[") { // a Hessian
		if in.bracket = "[["; strings.Contains(line, "]]") {
			in.bracket = ""
		}
		return
	}
	in.bracket = strings.TrimSpace(in.bracket + " " + line)
	if !strings.Contains(in.bracket, "]") {
		return
	}
	m := gradientLine.FindStringSubmatch(in.bracket)
	in.bracket = ""
	if m == nil {
		in.found.add(in.line, "this is no gradient as dakota_restart_util prints it: %.60s", line)
		return
	}
	k, is := in.responses[in.rename(m[2])]
	if !is {
		return
	}
	nx, numbers := len(in.variables), strings.Fields(m[1])
	by := in.by
	if by == nil {
		for j := range nx {
			by = append(by, j)
		}
	}
	if len(numbers) != len(by) {
		in.found.add(in.line, "the gradient of %s has %d numbers where %d are expected", m[2], len(numbers), len(by))
		return
	}
	if in.open.Partials == nil {
		in.open.Partials = missing(len(in.responses) * nx)
	}
	for i, text := range numbers {
		v, err := number(text)
		if err != nil {
			in.found.add(in.line, "the gradient of %s: %v", m[2], err)
		}
		if finite(v) {
			in.open.Partials[k*nx+by[i]] = v
		}
	}
}

// finish ends a record. Gradients without values, which Dakota may have asked for
// alone, are of no use.
func (in *restartReader) finish() {
	a := in.open
	if in.open = nil; a == nil || a.Y == nil {
		return
	}
	if j := slices.IndexFunc(a.X, math.IsNaN); j >= 0 {
		in.found.add(in.begun, "the record has no variable %s; --rename gives a name in the file its name in the study", in.Problem.Variables[j].Name)
		return
	}
	a.Where = fmt.Sprintf("%s:%d", in.found.name, in.begun)
	in.answers = append(in.answers, *a)
}

func missing(n int) []float64 { return slices.Repeat([]float64{math.NaN()}, n) }
