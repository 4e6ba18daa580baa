package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo"
)

// reply is an answer in the json protocol as it was written: names are not yet
// compared with those of the study.
//
//	{"id": 7, "values": {"cd": 0.012}, "partials": {"cd": {"alpha": 0.001}}}
//	{"id": 7, "failed": "mesh did not close"}
type reply struct {
	id       *int
	values   map[string]float64            // may be NaN and Inf; null is left out
	partials map[string]map[string]float64 // as values
	failed   string
	unknown  []string // members nobody reads
}

// findReply returns the text of the answer in what a program printed: the last
// line that opens a JSON object, with the lines that complete it if it does not
// do so itself. Chatter around it is fine, but an object that breaks off is not
// passed over for an earlier one, which may have been preliminary. It is nil if
// there is none.
func findReply(output []byte) []byte {
	for end := len(output); end > 0; {
		start := bytes.LastIndexByte(output[:end], '\n') + 1
		line := bytes.TrimSpace(output[start:end])
		if bytes.HasPrefix(line, []byte("{")) {
			if json.Valid(quoteOddNumbers(line)) {
				return line
			}
			rest := bytes.TrimSpace(output[start:])
			var object json.RawMessage
			if json.NewDecoder(bytes.NewReader(quoteOddNumbers(rest))).Decode(&object) == nil {
				return object
			}
			return rest
		}
		end = max(start-1, 0)
	}
	return nil
}

// parseReply reads an answer. It is strict where leniency could make an answer
// mean what it does not say: a name that comes twice, text behind the answer, a
// number in quotes are errors.
func parseReply(text []byte) (reply, error) {
	d := json.NewDecoder(bytes.NewReader(quoteOddNumbers(text)))
	d.UseNumber()
	r := reply{values: map[string]float64{}, partials: map[string]map[string]float64{}}
	err := readObject(d, "the answer", func(member string) (err error) {
		switch member {
		case "id":
			r.id, err = readID(d)
		case "values":
			err = readNumberMap(d, `"values"`, r.values)
		case "partials":
			err = readObject(d, `"partials"`, func(response string) error {
				r.partials[response] = map[string]float64{}
				return readNumberMap(d, fmt.Sprintf("partials of %q", response), r.partials[response])
			})
		case "failed":
			r.failed, err = readReason(d)
		default:
			r.unknown = append(r.unknown, member)
			var ignored json.RawMessage
			err = d.Decode(&ignored)
		}
		return err
	})
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more text behind the answer")
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it breaks off")
	}
	return r, err
}

// readObject reads a JSON object, calling member for each of its names with the
// decoder at the value. null is an empty object.
func readObject(d *json.Decoder, what string, member func(name string) error) error {
	token, err := d.Token()
	if err != nil || token == nil {
		return err
	}
	if token != json.Delim('{') {
		return fmt.Errorf("%s is no object in braces", what)
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder accepts nothing else here
		if seen[name] {
			return fmt.Errorf("%s has %q twice", what, name)
		}
		seen[name] = true
		if err := member(name); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func readNumberMap(d *json.Decoder, what string, numbers map[string]float64) error {
	return readObject(d, what, func(name string) error {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case nil:
			return nil
		case json.Number:
			v, err := strconv.ParseFloat(t.String(), 64)
			if err != nil && !errors.Is(err, strconv.ErrRange) { // too large is Inf
				return fmt.Errorf("%q in %s is no number: %s", name, what, t)
			}
			numbers[name] = v
			return nil
		case string:
			if v, err := strconv.ParseFloat(strings.TrimSpace(t), 64); err == nil && !finite(v) {
				numbers[name] = v
				return nil
			}
			return fmt.Errorf("%q in %s is the text %.40q, not a number", name, what, t)
		}
		return fmt.Errorf("%q in %s is no number", name, what)
	})
}

func readID(d *json.Decoder) (*int, error) {
	token, err := d.Token()
	if err != nil || token == nil {
		return nil, err
	}
	id, err := strconv.Atoi(fmt.Sprint(token))
	if err != nil {
		return nil, fmt.Errorf(`"id" is %.40v, not the number of the request`, token)
	}
	return &id, nil
}

// readReason reads why the program has no values: words, or true without words.
func readReason(d *json.Decoder) (string, error) {
	token, err := d.Token()
	switch t := token.(type) {
	case string:
		return strings.TrimSpace(t), err
	case bool:
		if t {
			return "the evaluator gives no reason", err
		}
		return "", err
	case nil:
		return "", err
	}
	return "", errors.New(`"failed" is no reason in words`)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// quoteOddNumbers puts quotes around NaN, Inf and Infinity, which many programs
// write though JSON does not have them.
func quoteOddNumbers(text []byte) []byte {
	letter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
	var out []byte // nil while nothing was changed
	copied := 0
	for i := 0; i < len(text); {
		start := i
		switch c := text[i]; {
		case c == '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			i++
			continue
		case (c == '-' || c == '+') && i+1 < len(text) && letter(text[i+1]), letter(c):
			for i++; i < len(text) && letter(text[i]); i++ {
			}
		default:
			i++
			continue
		}
		if slices.Contains([]string{"nan", "inf", "infinity"}, strings.ToLower(strings.TrimLeft(string(text[start:i]), "+-"))) {
			out = append(append(out, text[copied:start]...), '"')
			out = append(append(out, text[start:i]...), '"')
			copied = i
		}
	}
	if out == nil {
		return text
	}
	return append(out, text[copied:]...)
}

// judge compares an answer with what was asked. It returns the responses and
// partials, NaN where a partial is missing, and a note on what was odd but
// harmless; or the cause of a failure.
func (r reply) judge(id int, p sbo.Problem) (y, partials []float64, note, cause string) {
	if r.id != nil && *r.id != id {
		return nil, nil, "", fmt.Sprintf("malformed answer: it is for request %d, not %d", *r.id, id)
	}
	if r.failed != "" {
		return nil, nil, "", "the evaluator reports: " + r.failed
	}
	strangers := unknownNames(r, p)
	y = make([]float64, p.NY())
	for k, response := range p.Responses {
		v, ok := r.values[response.Name]
		switch {
		case !ok && strangers != "":
			return nil, nil, "", fmt.Sprintf("no value for %s (the answer has %s, which the study does not)", response.Name, strangers)
		case !ok:
			return nil, nil, "", "no value for " + response.Name
		case !finite(v):
			return nil, nil, "", fmt.Sprintf("the value of %s is %v", response.Name, v)
		}
		y[k] = v
	}
	partials = make([]float64, p.NY()*p.NX())
	for k, response := range p.Responses {
		for j, variable := range p.Variables {
			v, ok := r.partials[response.Name][variable.Name]
			if !ok || !finite(v) {
				v = math.NaN()
			}
			partials[k*p.NX()+j] = v
		}
	}
	if strangers != "" {
		note = "the answer has " + strangers + ", which the study does not"
	}
	return y, partials, note, ""
}

// unknownNames lists the names in the answer that are no variable or response.
func unknownNames(r reply, p sbo.Problem) string {
	response := func(name string) bool {
		return slices.ContainsFunc(p.Responses, func(r sbo.Response) bool { return r.Name == name })
	}
	variable := func(name string) bool {
		return slices.ContainsFunc(p.Variables, func(v sbo.Variable) bool { return v.Name == name })
	}
	var names []string
	for name := range r.values {
		if !response(name) {
			names = append(names, fmt.Sprintf("%q", name))
		}
	}
	for name, by := range r.partials {
		if !response(name) {
			names = append(names, fmt.Sprintf("partials of %q", name))
			continue
		}
		for v := range by {
			if !variable(v) {
				names = append(names, fmt.Sprintf("a partial of %q by %q", name, v))
			}
		}
	}
	for _, name := range r.unknown {
		names = append(names, fmt.Sprintf("%q", name))
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
