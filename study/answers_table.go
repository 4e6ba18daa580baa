package study

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo"
)

// The columns of a table of answers that are no numbers of the problem.
const (
	columnID      = "id"
	columnFailed  = "failed"
	columnSeconds = "seconds"
	columnNote    = "note"
)

// table reads a table of answers.
func (r Reader) table(text []byte, name string) ([]Answer, error) {
	rows, err := cells(text, name)
	if err != nil {
		return nil, err
	}
	header := rows[0].cells
	numbers := 0
	for _, cell := range header {
		if _, err := strconv.ParseFloat(cell, 64); err == nil {
			numbers++
		}
	}
	if numbers == len(header) { // no line of names
		header = slices.Concat(r.Problem.VariableNames(), r.Problem.ResponseNames())
		if len(rows[0].cells) != len(header) {
			return nil, fmt.Errorf("study: %s:%d: there is no line of names, and %d columns where the study has %d variables and %d responses",
				name, rows[0].line, len(rows[0].cells), r.Problem.NX(), r.Problem.NY())
		}
	} else {
		rows = rows[1:]
	}
	found := faults{name: name}
	layout := r.layout(header, rows, &found)
	if found.list != nil {
		return nil, errors.Join(found.list...)
	}
	var answers []Answer
	for _, row := range rows {
		if len(found.list) == maxTold {
			break
		}
		if len(row.cells) != len(header) {
			found.add(row.line, "%d cells, but the line of names has %d", len(row.cells), len(header))
			continue
		}
		a, empty := layout.answer(row, &found)
		if !empty {
			a.Where = fmt.Sprintf("%s:%d", name, row.line)
			answers = append(answers, a)
		}
	}
	if found.list == nil && len(answers) == 0 {
		found.add(1, "there are no answers: below the line of names, every line is one")
	}
	return answers, errors.Join(found.list...)
}

type tableRow struct {
	line  int
	cells []string
}

// cells splits a text into rows: by commas, semicolons or tabs or, if the first line
// has none of them, by spaces.
func cells(text []byte, name string) ([]tableRow, error) {
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	var rows []tableRow
	if !bytes.ContainsAny(first, ",;\t") {
		line := 0
		for text := range strings.SplitSeq(string(text), "\n") {
			line++
			if words := strings.Fields(text); len(words) > 0 {
				rows = append(rows, tableRow{line, words})
			}
		}
	} else {
		in := csv.NewReader(bytes.NewReader(text))
		in.FieldsPerRecord, in.TrimLeadingSpace = -1, true
		in.Comma = rune(first[bytes.IndexAny(first, ",;\t")])
		for {
			record, err := in.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if syntax, is := errors.AsType[*csv.ParseError](err); is {
				return nil, fmt.Errorf("study: %s:%d: %w", name, syntax.Line, syntax.Err)
			} else if err != nil {
				return nil, fmt.Errorf("study: %s: %w", name, err)
			}
			line, _ := in.FieldPos(0)
			for i := range record {
				record[i] = strings.TrimSpace(record[i])
			}
			rows = append(rows, tableRow{line, record})
		}
	}
	rows[0].cells[0] = strings.TrimPrefix(rows[0].cells[0], "%") // of Dakota
	return rows, nil
}

// tableLayout says what the columns of a table hold: -1 for one that it lacks.
type tableLayout struct {
	problem                   sbo.Problem
	names                     []string
	id, failed, seconds, note int
	x, y, partials            []int
}

// layout finds the columns by their names. A table has all variables or, if it has
// ids, none.
func (r Reader) layout(names []string, rows []tableRow, found *faults) tableLayout {
	p := r.Problem
	at := map[string]int{}
	for i, name := range names {
		name = r.rename(name)
		if _, twice := at[name]; twice && name != "" {
			found.add(1, "two columns are called %q", name)
		}
		at[name] = i
	}
	column := func(name string) int {
		if i, is := at[name]; is {
			return i
		}
		return -1
	}
	own := func(name string) int { // unless the study has something of that name
		if slices.Contains(p.VariableNames(), name) || slices.Contains(p.ResponseNames(), name) {
			return -1
		}
		return column(name)
	}
	l := tableLayout{problem: p, names: names, id: own(columnID), failed: own(columnFailed), seconds: own(columnSeconds), note: own(columnNote)}
	var missing []string
	for _, v := range p.Variables {
		if l.x = append(l.x, column(v.Name)); column(v.Name) < 0 {
			missing = append(missing, v.Name)
		}
	}
	if len(missing) == p.NX() && l.id >= 0 {
		l.x = nil
	} else if len(missing) > 0 {
		found.add(1, "no column for the variable %s; the columns are %s", strings.Join(missing, ", "), strings.Join(names, ", "))
	}
	known := false
	for k, response := range p.Responses {
		l.y = append(l.y, column(response.Name))
		known = known || l.y[k] >= 0
		for _, v := range p.Variables {
			l.partials = append(l.partials, column(sbo.PartialColumn(response.Name, v.Name)))
		}
	}
	if !known && (l.failed < 0 || !slices.ContainsFunc(rows, func(r tableRow) bool { return l.failed < len(r.cells) && r.cells[l.failed] != "" })) {
		found.add(1, "no column for a response (%s); the columns are %s", strings.Join(p.ResponseNames(), ", "), strings.Join(names, ", "))
	}
	return l
}

// answer reads a row; empty says that it has none yet, as the rows that sbo ask
// printed.
func (l tableLayout) answer(row tableRow, found *faults) (a Answer, empty bool) {
	read := func(column int) float64 {
		if column < 0 {
			return math.NaN()
		}
		v, err := number(row.cells[column])
		if err != nil {
			found.add(row.line, "column %s: %v", l.names[column], err)
		}
		return v
	}
	if l.id >= 0 && row.cells[l.id] != "" {
		id, err := strconv.Atoi(row.cells[l.id])
		if err != nil || id < 1 {
			found.add(row.line, "column %s: %.40q is not the number of an evaluation", l.names[l.id], row.cells[l.id])
		}
		a.ID = id
	}
	for _, column := range l.x {
		v := read(column)
		if a.X = append(a.X, v); math.IsNaN(v) {
			found.add(row.line, "column %s: every sample needs all of its variables", l.names[column])
		}
	}
	if l.failed >= 0 {
		a.Failed = row.cells[l.failed]
	}
	if l.note >= 0 {
		a.Note = row.cells[l.note]
	}
	if s := read(l.seconds); !math.IsNaN(s) {
		a.Seconds = s
	}
	values, known := make([]float64, len(l.y)), false
	for k, column := range l.y {
		values[k] = read(column)
		known = known || !math.IsNaN(values[k])
	}
	if known {
		a.Y = values
	}
	partials, some := make([]float64, len(l.partials)), false
	for i, column := range l.partials {
		partials[i] = read(column)
		some = some || !math.IsNaN(partials[i])
	}
	if some && a.Y != nil {
		a.Partials = partials
	}
	return a, a.Y == nil && a.Failed == ""
}
