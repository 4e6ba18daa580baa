package sbo

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
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
func WriteCSV(w io.Writer, c Columns, d Data) error {
	if len(c.Inputs) != d.NX || len(c.Outputs) != d.NY {
		panic(fmt.Sprintf("sbo: %d inputs and %d outputs named for data of %d and %d", len(c.Inputs), len(c.Outputs), d.NX, d.NY))
	}
	row := append(append([]string{}, c.Inputs...), c.Outputs...)
	known := knownPartials(d)
	for _, e := range known {
		row = append(row, PartialColumn(c.Outputs[e/d.NX], c.Inputs[e%d.NX]))
	}
	if err := checkNames(row); err != nil {
		return err
	}
	names := append([]string{}, row...)
	out := csv.NewWriter(w)
	_ = out.Write(row) // its error stays and comes back from out.Error
	for i := range d.Len() {
		row = row[:0]
		for _, v := range d.Point(i) {
			row = append(row, strconv.FormatFloat(v, 'g', -1, 64))
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("sample %d: input %q is %v; an input has to be a finite number", i+1, names[len(row)-1], v)
			}
		}
		answers := append([]float64{}, d.Responses(i)...)
		for _, e := range known {
			answers = append(answers, d.PartialsOf(i)[e])
		}
		for _, v := range answers {
			cell := ""
			if !math.IsNaN(v) {
				cell = strconv.FormatFloat(v, 'g', -1, 64)
			}
			row = append(row, cell)
			if math.IsInf(v, 0) {
				return fmt.Errorf("sample %d: %q is %v; what is not known is NaN", i+1, names[len(row)-1], v)
			}
		}
		_ = out.Write(row) // as above
	}
	out.Flush()
	return out.Error()
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
