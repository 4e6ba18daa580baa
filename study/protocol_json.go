package study

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/sbo-go/sbo"
)

// inJSON speaks the json protocol.
type inJSON struct {
	problem    sbo.Problem
	persistent bool // so that an answer has to say what it is an answer to
}

// ask leaves everything to request.json, which the program gets on its stdin.
func (inJSON) ask(attempt, []float64, *spec) error { return nil }

// read finds the answer in the file SBO_ANSWER or in what the program printed.
func (j inJSON) read(a attempt, e exit) (reading, error) {
	text, err := tail(a.path(answerFile), stdoutTail)
	if err != nil {
		return reading{}, err
	}
	if len(text) == 0 {
		output, err := tail(a.path(stdoutFile), stdoutTail)
		if err != nil {
			return reading{}, err
		}
		text = findReply(output)
	}
	said, malformed := parseReply(text)
	var r reading
	switch {
	case e.Code != 0 && text != nil && malformed == nil && said.failed != "":
		r.failed = fmt.Sprintf("exit code %d: %s", e.Code, said.failed)
	case e.Code != 0:
		r.failed = fmt.Sprintf("exit code %d", e.Code)
	case len(text) == 0 && j.persistent:
		r.failed = "no answer: the program ended without one"
	case len(text) == 0:
		r.failed = "no answer: neither a JSON line on stdout nor the file SBO_ANSWER"
	case malformed != nil:
		r.failed = fmt.Sprintf("malformed answer: %v", malformed)
	case j.persistent && said.id == nil:
		r.failed = `malformed answer: it has no "id", and a program that answers more than once has to say what it answers`
	default:
		r.y, r.partials, r.note, r.failed = said.judge(a.evaluation, j.problem)
	}
	return r, nil
}

// request writes what a program is asked in the json protocol: the point with the
// names of the variables, and of which responses the partials are wanted besides
// the value. Numbers are written so that they read back to the bit.
//
//	{"id": 7, "x": {"alpha": 1.5}, "want": {"cd": ["value", "partials"], "cl": ["value"]}}
func request(id int, p sbo.Problem, mask []bool, x []float64) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"id": %d, "x": {`, id)
	member := func(i int, name string, value any) error {
		if i > 0 {
			b.WriteString(", ")
		}
		key, err := json.Marshal(name)
		if err != nil {
			return fmt.Errorf("study: %w", err)
		}
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("study: %s: %w", name, err)
		}
		fmt.Fprintf(&b, "%s: %s", key, text)
		return nil
	}
	for j, v := range p.Variables {
		if err := member(j, v.Name, x[j]); err != nil {
			return nil, err
		}
	}
	b.WriteString(`}, "want": {`)
	for k, r := range p.Responses {
		want := []string{"value"}
		for _, declared := range mask[k*p.NX() : (k+1)*p.NX()] {
			if declared {
				want = []string{"value", "partials"}
				break
			}
		}
		if err := member(k, r.Name, want); err != nil {
			return nil, err
		}
	}
	b.WriteString("}}\n")
	return b.Bytes(), nil
}
