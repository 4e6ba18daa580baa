package dakota

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Request is what was asked, as far as reading the results needs it.
type Request struct {
	Functions   []Function
	Derivatives int      // how many entries a gradient has
	Metadata    []string // labels; those that are not announced are read behind derivatives only
	Labeled     bool     // every value must come with the label of its response
}

// Results is what a driver left behind.
type Results struct {
	Values    []float64   // of the functions whose value was wanted, in their order; NaN and Inf as they came
	Gradients [][]float64 // by function; nil where there is none
	Metadata  []Datum     // in the order of the file
	Notes     []string    // on what is odd but harmless
}

// Datum is a number that goes along with the results.
type Datum struct {
	Label string
	Value float64
}

// FailedError says that the driver declares its evaluation failed.
type FailedError struct{ Reason string } // may be empty

// Error returns the driver's words.
func (e *FailedError) Error() string {
	if e.Reason == "" {
		return "the driver gives no reason"
	}
	return e.Reason
}

// Parse reads a results file, text or JSON. The error is a [*FailedError] if the
// file says that the evaluation failed, and else about a file that does not hold
// what was asked for.
func Parse(file []byte, r Request) (Results, error) {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	start := bytes.TrimSpace(file)
	switch {
	case len(start) == 0:
		return Results{}, errors.New("it is empty")
	case len(start) >= 4 && strings.EqualFold(string(start[:4]), "fail"):
		line, _, _ := strings.Cut(string(start), "\n")
		word, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
		if rest := strings.ToLower(word[4:]); rest != "" && rest != "ed" && rest != "ure" && rest != ":" {
			reason = line
		}
		return Results{}, &FailedError{Reason: strings.TrimSpace(reason)}
	case start[0] == '{':
		return parseJSON(start, r)
	}
	s := &scanner{tokens: tokenize(file)}
	return s.results(r)
}

// results reads values, gradients, Hessians and metadata, in this order.
func (s *scanner) results(r Request) (Results, error) {
	out := Results{Gradients: make([][]float64, len(r.Functions))}
	if err := s.values(r, &out); err != nil {
		return Results{}, err
	}
	gradients, err := s.brackets("[", "gradient")
	if err != nil {
		return Results{}, err
	}
	if err := assign(gradients, r, &out); err != nil {
		return Results{}, err
	}
	hessians, err := s.brackets("[[", "Hessian")
	if err != nil {
		return Results{}, err
	}
	if len(hessians) > 0 {
		out.Notes = append(out.Notes, "the results have Hessians, which were not asked for and are not used")
	}
	if err := s.metadata(r, len(gradients)+len(hessians) > 0, &out); err != nil {
		return Results{}, err
	}
	return out, nil
}

// values reads the value of every function that one is wanted of, with its label if
// there is one.
func (s *scanner) values(r Request, out *Results) error {
	var wanted []string
	for _, f := range r.Functions {
		if f.ActiveSet&WantValue != 0 {
			wanted = append(wanted, f.Label)
		}
	}
	for i, name := range wanted {
		v, ok := s.number()
		if !ok {
			return fmt.Errorf("it has %d of %d values%s", i, len(wanted), s.before())
		}
		out.Values = append(out.Values, v)
		label, labeled := s.label()
		switch {
		case labeled && label == name:
		case labeled && slices.ContainsFunc(r.Functions, func(f Function) bool { return strings.EqualFold(f.Label, label) }) && !strings.EqualFold(label, name):
			return fmt.Errorf("value %d is labeled %s, but the order asked for has %s there: the responses must come in the order of the study, %s", i+1, label, name, strings.Join(wanted, ", "))
		case labeled && r.Labeled:
			return fmt.Errorf("value %d is labeled %s, not %s", i+1, label, name)
		case !labeled && r.Labeled:
			return fmt.Errorf("value %d has no label, which has to be %s", i+1, name)
		}
	}
	return nil
}

// assign says which functions the gradients belong to: those that were asked for
// one, or all.
func assign(gradients [][]float64, r Request, out *Results) error {
	var wanted []int
	for i, f := range r.Functions {
		if f.ActiveSet&WantGradient != 0 {
			wanted = append(wanted, i)
		}
	}
	switch {
	case len(gradients) == 0 && len(wanted) > 0:
		out.Notes = append(out.Notes, "the results have no gradients, which were asked for")
		return nil
	case len(gradients) == 0 || len(gradients) == len(wanted):
	case len(gradients) == len(r.Functions):
		wanted = nil
		for i := range r.Functions {
			wanted = append(wanted, i)
		}
	default:
		return fmt.Errorf("it has %d gradients, where %d were asked for", len(gradients), len(wanted))
	}
	for i, g := range gradients {
		if len(g) != r.Derivatives {
			return fmt.Errorf("gradient %d has %d of %d entries", i+1, len(g), r.Derivatives)
		}
		out.Gradients[wanted[i]] = g
	}
	return nil
}

// metadata reads what is left: the numbers that were announced and, behind
// derivatives, where they cannot be values too many, others that have a label.
func (s *scanner) metadata(r Request, behind bool, out *Results) error {
	for i := 0; !s.end(); i++ {
		v, ok := s.number()
		if !ok {
			return fmt.Errorf("nothing can be made of it%s", s.before())
		}
		label, labeled := s.label()
		switch {
		case i < len(r.Metadata):
			label = r.Metadata[i]
		case !behind || !labeled:
			return fmt.Errorf("it has more numbers than were asked for, the first too many in line %d", s.tokens[s.next-1].line)
		}
		out.Metadata = append(out.Metadata, Datum{label, v})
	}
	return nil
}
