package sbo

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Columns says which columns of a table are design variables and which are
// responses. The column of the partial of response f by variable x is called
// df_dx; see [PartialColumn].
type Columns struct {
	Inputs, Outputs []string
	Ignored         []string // columns of the file that are neither, nor partials of them
}

// PartialColumn returns the name of the column with the partials of an output by
// an input: d<output>_d<input>.
func PartialColumn(output, input string) string { return "d" + output + "_d" + input }

// CSVError is one fault of a CSV file and what to do about it. [ReadCSV] joins
// several; errors.As finds the first.
type CSVError struct {
	File         string
	Line, Column int // counted from 1, the column in bytes
	Message      string
}

// Error returns the fault as file:line:column: message.
func (e *CSVError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

const (
	maxFaults = 20      // more are not read by anyone
	maxName   = 200     // bytes of a column's name: a longer one is no name
	maxRecord = 1 << 20 // bytes of one row: a longer one is no table, or a quote never closed
)

// ReadCSV reads samples from CSV with one header line. The name stands for the
// file in errors.
//
// Columns are found by name, in any order. Partials are the columns
// d<output>_d<input>; either part may lack a suffix such as a unit if that
// leaves no doubt, so that dthrust_dmach belongs to thrust_N and mach. An empty
// cell or NaN is not known, which is fine for outputs and partials. Data.Partials
// is nil if there is no column of partials.
//
// Where inputs or outputs are nil they are inferred. With columns of partials,
// these tell what is an output and what is an input, and a column about which
// they say nothing is an error. Without, what is not named on one side is on the
// other. Outputs that are empty but not nil mean that only points are wanted.
//
// Commas separate the cells, or semicolons or tabs if the header has no comma.
// The decimal sign is a point. Columns without a name are ignored.
//
// The error joins a [CSVError] for every fault, up to 20 of them. The file is
// read once, from front to back; beyond the returned data, memory holds one row.
func ReadCSV(r io.Reader, name string, inputs, outputs []string) (Data, Columns, error) {
	p := newCSVParser(r, name)
	p.size = sizeOf(r)
	p.read(inputs, outputs)
	if len(p.faults) > 0 {
		return Data{}, Columns{}, errors.Join(p.faults...)
	}
	return p.data, p.layout.columns, nil
}

type csvParser struct {
	file   string
	rows   *csv.Reader
	src    *recordReader
	size   int64 // of the file in bytes; 0: not known
	line   int   // on which the last row began
	width  int   // number of columns
	layout layout
	data   Data
	count  int         // samples read
	full   func() bool // called with every so many samples; nil: they are kept
	faults []error
}

func newCSVParser(r io.Reader, name string) *csvParser {
	src := &recordReader{src: bufio.NewReaderSize(r, 1<<16)}
	rows := csv.NewReader(src)
	rows.Comma = src.separator()
	rows.FieldsPerRecord = -1 // checked here, to say which cell
	rows.ReuseRecord = true
	return &csvParser{file: name, rows: rows, src: src}
}

// read reads the whole file.
func (p *csvParser) read(inputs, outputs []string) {
	if p.header(inputs, outputs) {
		for p.row() {
		}
	}
	if len(p.faults) == 0 && p.count == 0 {
		p.fault(1, 1, "no samples: below the header line, every line is a sample")
	}
}

func (p *csvParser) fault(line, column int, format string, args ...any) {
	switch {
	case len(p.faults) < maxFaults:
		p.faults = append(p.faults, &CSVError{p.file, line, column, fmt.Sprintf(format, args...)})
	case len(p.faults) == maxFaults:
		p.faults = append(p.faults, &CSVError{p.file, line, column, "and more faults from here on"})
	}
}

// next returns the next record, nil at the end of the file or of patience.
func (p *csvParser) next() []string {
	p.src.read = 0
	record, err := p.rows.Read()
	var syntax *csv.ParseError
	switch {
	case err == nil:
		p.line, _ = p.rows.FieldPos(0)
		return record
	case errors.Is(err, io.EOF):
	case errors.As(err, &syntax):
		p.fault(syntax.Line, syntax.Column, "%v: write a cell with a quote in it in quotes, and its own quotes doubled", syntax.Err)
	default:
		p.faults = append(p.faults, fmt.Errorf("%s:%d:1: %w", p.file, p.line+1, err))
	}
	return nil
}

// header reads the names and settles what each column is.
func (p *csvParser) header(inputs, outputs []string) bool {
	record := p.next()
	if record == nil {
		if len(p.faults) == 0 {
			p.fault(1, 1, "the file is empty: its first line names the columns, every other line is a sample")
		}
		return false
	}
	p.width = len(record)
	h := header{names: make([]string, len(record))}
	numbers := 0
	for i, cell := range record {
		h.names[i] = trimName(cell)
		if _, err := strconv.ParseFloat(h.names[i], 64); err == nil {
			numbers++
		}
	}
	line, column := p.rows.FieldPos(0)
	switch {
	case strings.ContainsRune(h.names[0], 0):
		p.fault(line, column, "this is not UTF-8 text: save the table as CSV in UTF-8")
	case slices.ContainsFunc(h.names, func(n string) bool { return len(n) > maxName }):
		p.fault(line, column, "the first line has a cell of more than %d bytes: put a line with the names of the columns there", maxName)
	case numbers == len(record):
		p.fault(line, column, "the first line holds numbers: put a line with the names of the columns above it")
	default:
		h.fault = func(field int, format string, args ...any) {
			line, column := p.rows.FieldPos(field)
			p.fault(line, column, format, args...)
		}
		p.layout = h.arrange(inputs, outputs)
	}
	p.data = Data{NX: len(p.layout.x), NY: len(p.layout.y)}
	return len(p.faults) == 0
}

// row reads one sample. It returns false when there is no more to read.
func (p *csvParser) row() bool {
	record := p.next()
	if record == nil {
		return false
	}
	if len(record) != p.width {
		line, column := p.rows.FieldPos(min(p.width, len(record)-1))
		p.fault(line, column, "%d cells, but the header has %d: an unknown value needs an empty cell, and the decimal sign is a point", len(record), p.width)
	} else {
		p.sample(record)
	}
	if p.count%scanned == 0 && len(p.faults) == 0 {
		switch {
		case p.full != nil:
			return p.full()
		case p.count == scanned && p.size > 0:
			p.reserve()
		}
	}
	return len(p.faults) <= maxFaults
}

func (p *csvParser) sample(record []string) {
	l := p.layout
	p.count++
	for _, f := range l.x {
		v := p.number(record, f, "mend or delete this line")
		if math.IsNaN(v) {
			line, column := p.rows.FieldPos(f)
			p.fault(line, column, "input %q is missing: every sample needs all its inputs; mend or delete this line", l.names[f])
		}
		p.data.X = append(p.data.X, v)
	}
	const unknown = "leave the cell empty if the value is not known"
	for _, f := range l.y {
		p.data.Y = append(p.data.Y, p.number(record, f, unknown))
	}
	for _, f := range l.partials {
		v := math.NaN()
		if f >= 0 {
			v = p.number(record, f, unknown)
		}
		p.data.Partials = append(p.data.Partials, v)
	}
}

// number reads a cell: NaN where it is empty. After a fault, which says the
// remedy, the result does not matter, but is not NaN, so that nobody also calls
// the cell missing.
func (p *csvParser) number(record []string, field int, remedy string) float64 {
	cell := strings.TrimSpace(record[field])
	if cell == "" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err == nil && !math.IsInf(v, 0) {
		return v
	}
	line, column := p.rows.FieldPos(field)
	name := p.layout.names[field]
	switch {
	case math.IsInf(v, 0):
		p.fault(line, column, "column %q is %s, which is not finite: %s", name, cell, remedy)
	case strings.Contains(cell, ","):
		p.fault(line, column, "column %q holds %q: write numbers with a decimal point and no other marks", name, cell)
	default:
		p.fault(line, column, "column %q holds %q, which is not a number: %s", name, cell, remedy)
	}
	return 0
}

// recordReader guards the memory: csv.Reader keeps a row until it ends, and in a
// file that is no table, or has a stray quote, it may never end.
type recordReader struct {
	src  *bufio.Reader
	read int   // bytes since the last row
	err  error // met while looking ahead, due when what was seen has been read
}

func (r *recordReader) Read(b []byte) (int, error) {
	if r.read > maxRecord {
		return 0, fmt.Errorf("a row of more than %d MB: this is not a table, or a quote is never closed", maxRecord>>20)
	}
	if r.err != nil && r.src.Buffered() == 0 {
		return 0, r.err
	}
	n, err := r.src.Read(b)
	r.read += n
	return n, err
}

// separator looks at the header line, past a byte order mark, for what separates
// the cells.
func (r *recordReader) separator() rune {
	mark := []byte("\ufeff")
	if start, _ := r.src.Peek(len(mark)); bytes.Equal(start, mark) {
		_, _ = r.src.Discard(len(mark)) // these bytes were just seen
	}
	var start []byte
	start, r.err = r.src.Peek(r.src.Size())
	line, _, _ := bytes.Cut(bytes.TrimLeft(start, "\r\n"), []byte("\n"))
	for _, s := range ",;\t" {
		if bytes.ContainsRune(line, s) {
			return s
		}
	}
	return ','
}
