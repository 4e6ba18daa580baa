package sbo

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// WriteCSV writes samples as [ReadCSV] reads them, every number in the fewest
// digits that give it back exactly: first the inputs, then the outputs, then the
// partials of which at least one is known. What is not known is an empty cell.
//
// It is an error if an input is missing, a number is infinite, or a name could
// not be read back. It panics if the numbers of names and columns differ.
// Columns.Ignored does not matter.
func WriteCSV(w io.Writer, c Columns, d Data) error { return NewCSVWriter(w, c).Write(d) }

// CSVWriter writes a table as [WriteCSV] does, some samples at a time.
type CSVWriter struct {
	out     *csv.Writer
	columns Columns
	names   []string // of all columns; nil before the header is written
	known   []int    // the partials k*nx+j that have a column
	row     []string
}

// NewCSVWriter returns a writer of a table with the columns.
func NewCSVWriter(w io.Writer, c Columns) *CSVWriter {
	return &CSVWriter{out: csv.NewWriter(w), columns: c}
}

// Write writes samples, before the first ones the header. Partials of which none of
// the first samples knows any have no column, and are not written later either.
func (w *CSVWriter) Write(d Data) error {
	c := w.columns
	if len(c.Inputs) != d.NX || len(c.Outputs) != d.NY {
		panic(fmt.Sprintf("sbo: %d inputs and %d outputs named for data of %d and %d", len(c.Inputs), len(c.Outputs), d.NX, d.NY))
	}
	if w.names == nil {
		if err := w.header(d); err != nil {
			return err
		}
	}
	for i := range d.Len() {
		if err := w.sample(d, i); err != nil {
			return err
		}
	}
	w.out.Flush()
	return w.out.Error()
}

func (w *CSVWriter) header(d Data) error {
	w.known = knownPartials(d)
	names := slices.Concat(w.columns.Inputs, w.columns.Outputs)
	for _, e := range w.known {
		names = append(names, PartialColumn(w.columns.Outputs[e/d.NX], w.columns.Inputs[e%d.NX]))
	}
	if err := checkNames(names); err != nil {
		return err
	}
	w.names = names
	_ = w.out.Write(names) // its error stays and comes back from out.Error
	return nil
}

// sample writes sample i.
func (w *CSVWriter) sample(d Data, i int) error {
	w.row = w.row[:0]
	for _, v := range d.Point(i) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("sample %d: input %q is %v; an input has to be a finite number", i+1, w.names[len(w.row)], v)
		}
		w.row = append(w.row, strconv.FormatFloat(v, 'g', -1, 64))
	}
	answer := func(v float64) error {
		cell := ""
		switch {
		case math.IsInf(v, 0):
			return fmt.Errorf("sample %d: %q is %v; what is not known is NaN", i+1, w.names[len(w.row)], v)
		case !math.IsNaN(v):
			cell = strconv.FormatFloat(v, 'g', -1, 64)
		}
		w.row = append(w.row, cell)
		return nil
	}
	for _, v := range d.Responses(i) {
		if err := answer(v); err != nil {
			return err
		}
	}
	for _, e := range w.known {
		v := math.NaN()
		if partials := d.PartialsOf(i); partials != nil {
			v = partials[e]
		}
		if err := answer(v); err != nil {
			return err
		}
	}
	_ = w.out.Write(w.row) // as above
	return nil
}

// knownPartials returns the entries k*nx+j of which any sample knows the partial.
func knownPartials(d Data) []int {
	var known []int
	for e := range d.NY * d.NX {
		for i := range d.Len() {
			if p := d.PartialsOf(i); p != nil && !math.IsNaN(p[e]) {
				known = append(known, e)
				break
			}
		}
	}
	return known
}

// checkNames refuses names that ReadCSV would not find again as they are.
func checkNames(names []string) error {
	seen := map[string]bool{}
	for _, n := range names {
		switch {
		case n == "":
			return fmt.Errorf("a column has no name")
		case seen[n]:
			return fmt.Errorf("two columns are called %q", n)
		case n != trimName(n) || strings.ContainsAny(n, ",;\"") || strings.ContainsFunc(n, unicode.IsControl):
			return fmt.Errorf("the name %q does not fit into a CSV header: use no separators, quotes or spaces around it", n)
		}
		seen[n] = true
	}
	return nil
}

func trimName(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}
