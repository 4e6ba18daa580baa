package deck

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/sbo-go/sbo/study/internal/numeral"
)

// Anchor says where numbers stand in a text.
//
// The line is found by After or Pattern, and Line counts from there; without an
// anchor, Line counts from the top of the text. In the line, Columns or Field say
// where the number is. The groups of a Pattern that has some are the numbers
// themselves.
type Anchor struct {
	After      string         // a text in front of the number
	Pattern    *regexp.Regexp // instead of After
	Occurrence int            // which one, from 1; -1 is the last, -2 the one before it; 0: there may be only one
	Line       int            // lines below the anchor; without an anchor from 1, or -1 for the last
	Field      int            // of the line, or of what is left of it behind the anchor, from 1; -1 is the last; 0: the first
	Columns    [2]int         // first and last column from 1; zero: fields
	Separator  string         // of fields; empty: blanks
}

// anchored reports whether there is a text to be found first.
func (a Anchor) anchored() bool { return a.After != "" || a.Pattern != nil }

// String names what is to be found.
func (a Anchor) String() string {
	if a.Pattern != nil {
		return fmt.Sprintf("the pattern %s", a.Pattern)
	}
	return fmt.Sprintf("the text %q", a.After)
}

// Find returns n numbers: the one that the anchor describes and those in the fields
// behind it. The error says what is not as it should be, and in which line.
func (a Anchor) Find(text string, n int) ([]float64, error) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1] // behind the last end of a line there is no line
	}
	if !a.anchored() {
		i := a.Line - 1
		if a.Line < 0 {
			i = len(lines) + a.Line
		}
		if i < 0 || i >= len(lines) {
			return nil, fmt.Errorf("there is no line %d: it has %d", a.Line, len(lines))
		}
		return a.numbers(lines[i], i, false, n)
	}
	at, behind, groups, err := a.locate(lines)
	if err != nil {
		return nil, err
	}
	if len(groups) > 0 {
		return parse(groups, at, func(i int) string { return fmt.Sprintf("group %d", i+1) })
	}
	if a.Line == 0 {
		return a.numbers(lines[at][behind:], at, true, n)
	}
	i := at + a.Line
	if i < 0 || i >= len(lines) {
		return nil, fmt.Errorf("%s is in line %d, and %d below there is no line: there are %d", a, at+1, a.Line, len(lines))
	}
	return a.numbers(lines[i], i, false, n)
}

// locate finds the anchor: its line, where it ends there, and its groups.
func (a Anchor) locate(lines []string) (at, behind int, groups []string, err error) {
	type hit struct {
		line, behind int
		groups       []string
	}
	var hits []hit
	for i, line := range lines {
		if a.Pattern == nil {
			for start := 0; ; {
				j := strings.Index(line[start:], a.After)
				if j < 0 {
					break
				}
				start += j + len(a.After)
				hits = append(hits, hit{i, start, nil})
			}
			continue
		}
		for _, m := range a.Pattern.FindAllStringSubmatchIndex(line, -1) {
			h := hit{line: i, behind: m[1]}
			for g := 2; g < len(m); g += 2 {
				if m[g] < 0 {
					return 0, 0, nil, fmt.Errorf("group %d of %s is empty in line %d", g/2, a, i+1)
				}
				h.groups = append(h.groups, line[m[g]:m[g+1]])
			}
			hits = append(hits, h)
		}
	}
	index := a.Occurrence - 1
	switch {
	case len(hits) == 0:
		return 0, 0, nil, fmt.Errorf("%s is not in it", a)
	case a.Occurrence == 0 && len(hits) > 1:
		return 0, 0, nil, fmt.Errorf("%s is in it %d times, first in lines %d and %d; say which one by occurrence (-1 is the last)", a, len(hits), hits[0].line+1, hits[1].line+1)
	case a.Occurrence == 0:
		index = 0
	case a.Occurrence < 0:
		index = len(hits) + a.Occurrence
	}
	if index < 0 || index >= len(hits) {
		return 0, 0, nil, fmt.Errorf("%s is in it only %d times, and occurrence %d is asked for", a, len(hits), a.Occurrence)
	}
	return hits[index].line, hits[index].behind, hits[index].groups, nil
}

// numbers reads n numbers from a line, or from what is left of it behind an anchor.
func (a Anchor) numbers(line string, at int, rest bool, n int) ([]float64, error) {
	if a.Columns != [2]int{} {
		runes := []rune(line)
		if len(runes) < a.Columns[0] {
			return nil, fmt.Errorf("line %d ends before column %d", at+1, a.Columns[0])
		}
		text := string(runes[a.Columns[0]-1 : min(a.Columns[1], len(runes))])
		return parse([]string{text}, at, func(int) string { return fmt.Sprintf("columns %d to %d", a.Columns[0], a.Columns[1]) })
	}
	if rest {
		line = strings.TrimLeft(line, " \t=:") // as in "CD = 0.01"
	}
	var fields []string
	if a.Separator == "" {
		fields = strings.Fields(line)
	} else {
		fields = strings.Split(line, a.Separator)
	}
	first := max(a.Field, 1) - 1
	if a.Field < 0 {
		first = len(fields) + a.Field
	}
	if first < 0 || first+n > len(fields) {
		where := ""
		if rest {
			where = " behind the anchor"
		}
		return nil, fmt.Errorf("line %d has %d fields%s, too few for field %d%s", at+1, len(fields), where, max(first, 0)+1, upTo(first, n))
	}
	return parse(fields[first:first+n], at, func(i int) string { return fmt.Sprintf("field %d", first+i+1) })
}

func upTo(first, n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(" to %d", first+n)
}

// parse reads the texts as numbers; a comma or semicolon that sticks to one is not
// part of it.
func parse(texts []string, at int, name func(i int) string) ([]float64, error) {
	var numbers []float64
	var errs []error
	for i, text := range texts {
		text = strings.TrimSpace(strings.Trim(strings.TrimSpace(text), ",;"))
		v, ok := numeral.Parse(text)
		switch {
		case numeral.IsOverflow(text):
			errs = append(errs, fmt.Errorf("%s of line %d is %s: the number did not fit its columns", name(i), at+1, text))
		case !ok:
			errs = append(errs, fmt.Errorf("%s of line %d is %.40q, which is no number", name(i), at+1, text))
		}
		numbers = append(numbers, v)
	}
	return numbers, errors.Join(errs...)
}
