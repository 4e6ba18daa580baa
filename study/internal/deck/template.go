package deck

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Delimiters are what placeholders stand between.
type Delimiters struct{ Open, Close string }

// Braces are the delimiters of a template that does not name others.
var Braces = Delimiters{"{{", "}}"}

// Template is a text with placeholders.
type Template struct {
	parts []part
}

// part is some text and the placeholder behind it, if there is one.
type part struct {
	text  string
	place *Place
}

// Place is a placeholder: a variable, what is done to its value, and how the number
// is written.
type Place struct {
	Name         string
	Line, Column int // of its opening delimiter, from 1; columns in characters
	steps        []step
	format       string // empty: the shortest decimal that reads back to the same number
	width        int    // of the format; 0: any
	fortran      bool   // the exponent is written with a D
}

// step is one of the operations on the value.
type step struct {
	operator byte // + - * /
	operand  float64
}

// SyntaxError says where a template cannot be read, and why.
type SyntaxError struct {
	Line, Column int // from 1
	Message      string
}

// Error returns line:column: message.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Parse reads a template. A placeholder has a name and, with blanks between them,
// operations with numbers, and a format:
//
//	{{ name }}    {{ name * 0.0174533 }}    {{ name * 1.8 + 32 }}    {{ name %12.4e }}
//
// Operations are done from left to right; those that would come out otherwise by
// the rules of arithmetic, x + 1 * 2, are refused. The format is that of C with the
// conversions e, E, f, g and G, or D for an exponent with Fortran's letter D. All
// faults are returned, in their order.
func Parse(text string, d Delimiters) (*Template, []*SyntaxError) {
	t := &Template{}
	var faults []*SyntaxError
	line, column := 1, 1
	pass := func(s string) {
		if n := strings.Count(s, "\n"); n > 0 {
			line, column = line+n, 1
			s = s[strings.LastIndexByte(s, '\n')+1:]
		}
		column += utf8.RuneCountInString(s)
	}
	for {
		before, rest, found := strings.Cut(text, d.Open)
		if !found {
			t.parts = append(t.parts, part{text: text})
			return t, faults
		}
		pass(before)
		inside, after, closed := strings.Cut(rest, d.Close)
		fault := func(format string, args ...any) {
			faults = append(faults, &SyntaxError{line, column, fmt.Sprintf(format, args...)})
		}
		if !closed || strings.Contains(inside, "\n") {
			fault("the placeholder is not closed by %s in its line", d.Close)
			t.parts = append(t.parts, part{text: before})
			pass(d.Open)
			text = rest
			continue
		}
		place, err := parsePlace(inside)
		if err != nil {
			fault("in the placeholder %s%.40s%s, %v", d.Open, inside, d.Close, err)
			place = nil
		} else {
			place.Line, place.Column = line, column
		}
		t.parts = append(t.parts, part{before, place})
		pass(d.Open + inside + d.Close)
		text = after
	}
}

var format = regexp.MustCompile(`^%([-+ 0]*)([0-9]{0,3})(\.[0-9]{1,2})?([a-zA-Z])$`)

// parsePlace reads what stands between the delimiters.
func parsePlace(inside string) (*Place, error) {
	var p Place
	if i := strings.IndexByte(inside, '%'); i >= 0 {
		if err := p.setFormat(strings.TrimSpace(inside[i:])); err != nil {
			return nil, err
		}
		inside = inside[:i]
	}
	words := strings.Fields(inside)
	if len(words) == 0 {
		return nil, fmt.Errorf("there is no name")
	}
	p.Name = words[0]
	if len(words)%2 == 0 {
		return nil, fmt.Errorf("%q is out of place; write it as `name`, `name * 2.5` or `name * 1.8 + 32`, with blanks between", words[len(words)-1])
	}
	for i := 1; i < len(words); i += 2 {
		operand, err := strconv.ParseFloat(words[i+1], 64)
		switch {
		case !slices.Contains([]string{"+", "-", "*", "/"}, words[i]):
			return nil, fmt.Errorf("%q is none of + - * /", words[i])
		case err != nil || math.IsNaN(operand) || math.IsInf(operand, 0):
			return nil, fmt.Errorf("%q is no number", words[i+1])
		case words[i] == "/" && operand == 0 || words[i] == "*" && operand == 0:
			return nil, fmt.Errorf("the value is lost by %s 0", words[i])
		}
		s := step{words[i][0], operand}
		if n := len(p.steps); n > 0 && (s.operator == '*' || s.operator == '/') && (p.steps[n-1].operator == '+' || p.steps[n-1].operator == '-') {
			return nil, fmt.Errorf("%s comes after a sum, where it is not clear what it is applied to; multiply first", words[i])
		}
		p.steps = append(p.steps, s)
	}
	return &p, nil
}

func (p *Place) setFormat(text string) error {
	m := format.FindStringSubmatch(text)
	switch {
	case m == nil:
		return fmt.Errorf("%q is no format; write it as %%12.4e, with e, E, f, g, G or D", text)
	case strings.IndexByte("diux", m[4][0]) >= 0:
		return fmt.Errorf("%q is for whole numbers; write %%.0f", text)
	case strings.IndexByte("eEfgGD", m[4][0]) < 0:
		return fmt.Errorf("%q has the conversion %s; there are e, E, f, g, G and D", text, m[4])
	}
	p.width, _ = strconv.Atoi(m[2]) // empty: 0
	p.format = text
	if m[4] == "D" {
		p.format, p.fortran = strings.TrimSuffix(text, "D")+"E", true
	}
	return nil
}

// Places returns the placeholders in their order.
func (t *Template) Places() []Place {
	var all []Place
	for _, p := range t.parts {
		if p.place != nil {
			all = append(all, *p.place)
		}
	}
	return all
}

// Render returns the text with the values at their places. A name without a value
// panics: who renders has looked at Places. That a number does not fit into the
// columns of its format is an error: the columns behind it would be read wrong.
func (t *Template) Render(values map[string]float64) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.text)
		if p.place == nil {
			continue
		}
		v, ok := values[p.place.Name]
		if !ok {
			panic("deck: there is no value for " + p.place.Name)
		}
		text, err := p.place.write(v)
		if err != nil {
			return "", fmt.Errorf("%d:%d: %w", p.place.Line, p.place.Column, err)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (p *Place) write(v float64) (string, error) {
	for _, s := range p.steps {
		switch s.operator {
		case '+':
			v += s.operand
		case '-':
			v -= s.operand
		case '*':
			v *= s.operand
		default:
			v /= s.operand
		}
	}
	if p.format == "" {
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	}
	text := fmt.Sprintf(p.format, v)
	if p.fortran {
		text = strings.Replace(text, "E", "D", 1)
	}
	if p.width > 0 && len(text) > p.width {
		return "", fmt.Errorf("%s = %v takes %d columns, and its format has %d", p.Name, v, len(text), p.width)
	}
	return text, nil
}
