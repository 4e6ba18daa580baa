package study

import (
	"fmt"
	"strings"
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
}

// Error returns the faults, one a line.
func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}
