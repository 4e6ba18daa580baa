package study

import (
	"fmt"
	"strings"
	"unicode"
)

// Fault is one thing wrong with a study file.
type Fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`    // from 1; 0 if the fault is about the file as a whole
	Column  int    `json:"column"`  // from 1, in characters
	Message string `json:"message"` // a sentence on what is wrong and what to do
}

// String returns file:line:column: message.
func (f Fault) String() string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s", f.File, f.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

// ConfigError is every fault of a study file, in the order of their positions.
type ConfigError struct {
	Faults []Fault
	lines  []string // of the file
}

// Error returns the faults, one a line.
func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// maxFaults is how many faults are reported; whoever has more mends some first.
const maxFaults = 100

func newConfigError(file string, source []byte, spots []spot) *ConfigError {
	e := &ConfigError{lines: strings.Split(printable(strings.TrimPrefix(string(source), byteOrderMark)), "\n")}
	for i, s := range spots {
		if i == maxFaults {
			e.Faults = append(e.Faults, Fault{File: file, Message: fmt.Sprintf("and %d faults more", len(spots)-i)})
			break
		}
		e.Faults = append(e.Faults, Fault{File: file, Line: s.line, Column: s.column, Message: printable(s.message)})
	}
	return e
}

// printable replaces what could upset a terminal: control characters other than
// the ends of lines and tabs, and bytes that are not UTF-8.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// Excerpt returns the faults like Error, each with the line of the file that it
// is about and a mark under the place.
func (e *ConfigError) Excerpt() string {
	var b strings.Builder
	for _, f := range e.Faults {
		fmt.Fprintln(&b, f)
		if f.Line < 1 || f.Line > len(e.lines) {
			continue
		}
		line := []rune(strings.TrimRight(e.lines[f.Line-1], "\r"))
		const most = 120
		if len(line) > most || f.Column > len(line)+1 {
			continue // the position says enough
		}
		indent := make([]rune, 0, f.Column)
		for _, r := range line[:max(0, f.Column-1)] {
			if r != '\t' {
				r = ' '
			}
			indent = append(indent, r)
		}
		fmt.Fprintf(&b, "    %s\n    %s^\n", string(line), string(indent))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
