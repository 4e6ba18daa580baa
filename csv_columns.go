package sbo

import (
	"fmt"
	"slices"
	"strings"
)

// layout says where in a row the numbers of a sample stand.
type layout struct {
	names    []string // of all columns of the file
	columns  Columns
	x, y     []int // field of each input, of each output
	partials []int // field of each partial, at k*nx+j; -1 without a column; nil if there is none at all
}

// header settles what each column of a file is.
type header struct {
	names []string
	fault func(field int, format string, args ...any)

	index   map[string]int // field by name, of the columns with a name
	derived [][]reading    // by field: how its name reads as a partial; nil if it does not
}

// reading is one way to understand the name of a column of partials: the fields
// of the output and of the input.
type reading struct {
	output, input int
	abbreviated   bool // the name lacks a suffix of either
}

// arrange finds the given columns, infers those that are nil, and pairs the
// partials with them. It reports faults through h.fault.
func (h *header) arrange(inputs, outputs []string) layout {
	if !h.number() {
		return layout{}
	}
	x, found := h.find("input", inputs)
	y, also := h.find("output", outputs)
	if !found || !also {
		return layout{} // what follows from a wrong name is not worth reading
	}
	for _, f := range y {
		if slices.Contains(x, f) {
			h.fault(f, "%q is named both as input and as output", h.names[f])
		}
	}
	h.derive(slices.Concat(x, y))
	x, y = h.infer(x, y, inputs == nil, outputs == nil)
	l := layout{names: h.names, x: x, y: y, partials: h.pair(x, y)}
	l.columns = Columns{Inputs: h.namesOf(x), Outputs: h.namesOf(y)}
	for f, n := range h.names {
		if n != "" && !slices.Contains(x, f) && !slices.Contains(y, f) && !slices.Contains(l.partials, f) {
			l.columns.Ignored = append(l.columns.Ignored, n)
		}
	}
	return l
}

// number fills h.index. Columns without a name, as data frames write them for
// their row numbers, are left out; a name twice is a fault.
func (h *header) number() bool {
	h.index = map[string]int{}
	unique := true
	for f, n := range h.names {
		if first, twice := h.index[n]; twice {
			h.fault(f, "columns %d and %d are both called %q: rename or delete one", first+1, f+1, n)
			unique = false
		} else if n != "" {
			h.index[n] = f
		}
	}
	return unique
}

// find returns the fields of the columns with the given names.
func (h *header) find(kind string, names []string) (fields []int, ok bool) {
	ok = true
	for _, n := range names {
		f, found := h.index[n]
		switch {
		case !found:
			hint := ""
			if s := Nearest(n, h.names); s != "" {
				hint = fmt.Sprintf(" did you mean %q?", s)
			}
			h.fault(0, "there is no column for %s %q;%s the columns are %s", kind, n, hint, h.list())
			ok = false
		case slices.Contains(fields, f):
			h.fault(f, "%s %q is named twice", kind, n)
			ok = false
		default:
			fields = append(fields, f)
		}
	}
	return fields, ok
}

// derive fills h.derived. The columns in chosen are what the caller says they
// are. No part of a partial is itself one, as in a second derivative, so that
// what reads as a partial at a first look is out of the second.
func (h *header) derive(chosen []int) {
	values := make([]bool, len(h.names))
	for f := range values {
		values[f] = h.names[f] != ""
	}
	for range 2 {
		h.derived = make([][]reading, len(h.names))
		for f := range h.names {
			if !slices.Contains(chosen, f) {
				h.derived[f] = h.readings(f, values)
			}
		}
		for f, r := range h.derived {
			values[f] = values[f] && r == nil
		}
	}
}

// readings returns how the name of a column reads as d<output>_d<input> with
// parts among the columns marked as values: the exact ways if there are any,
// else those by abbreviation.
func (h *header) readings(field int, values []bool) []reading {
	name, isD := strings.CutPrefix(h.names[field], "d")
	if !isD {
		return nil
	}
	var exact, abbreviated []reading
	for i := range name {
		if i == 0 || !strings.HasPrefix(name[i:], "_d") {
			continue
		}
		outputs, shortY := h.match(name[:i], values)
		if outputs == nil {
			continue
		}
		inputs, shortX := h.match(name[i+2:], values)
		for _, y := range outputs {
			for _, x := range inputs {
				r := reading{output: y, input: x, abbreviated: shortY || shortX}
				switch {
				case x == y || x == field || y == field:
				case r.abbreviated:
					abbreviated = append(abbreviated, r)
				default:
					exact = append(exact, r)
				}
			}
		}
	}
	if exact != nil {
		return exact
	}
	return abbreviated
}

// match returns the column of that name, or else those that have the name and a
// suffix that is no number: x_m for x, but not x_1.
func (h *header) match(part string, values []bool) (fields []int, abbreviated bool) {
	if part == "" {
		return nil, false
	}
	if f, found := h.index[part]; found && values[f] {
		return []int{f}, false
	}
	part += "_"
	for f, n := range h.names {
		suffix, has := strings.CutPrefix(n, part)
		if values[f] && has && suffix != "" && (suffix[0] < '0' || suffix[0] > '9') {
			fields = append(fields, f)
		}
	}
	return fields, true
}

// infer completes what the caller left open, as [ReadCSV] describes.
func (h *header) infer(x, y []int, openX, openY bool) (inputs, outputs []int) {
	isInput, isOutput := make([]bool, len(h.names)), make([]bool, len(h.names))
	anyPartials := false
	for _, readings := range h.derived {
		for _, r := range readings {
			isOutput[r.output], isInput[r.input] = true, true
			anyPartials = true
		}
	}
	if openX && openY && !anyPartials {
		h.fault(0, "no column is called d<output>_d<input>, so nothing tells inputs from outputs: name them; the columns are %s", h.list())
		return x, y
	}
	for f, n := range h.names {
		chosen := slices.Contains(x, f) || slices.Contains(y, f)
		input, output := isInput[f] && openX, isOutput[f] && openY
		if !anyPartials {
			input, output = openX, openY
		}
		switch {
		case n == "" || chosen || h.derived[f] != nil || !openX && !openY:
		case input && output:
			h.fault(f, "%q has partials both as input and as output: name inputs and outputs", n)
		case input:
			x = append(x, f)
		case output:
			y = append(y, f)
		case !isInput[f] && !isOutput[f]:
			h.fault(f, "no partials tell whether %q is an input or an output: name both inputs and outputs", n)
		}
	}
	if len(x) == 0 {
		h.fault(0, "no column is left to be an input: name the inputs; the columns are %s", h.list())
	}
	return x, y
}

// pair finds the column of each partial of the outputs y by the inputs x.
func (h *header) pair(x, y []int) []int {
	partials := slices.Repeat([]int{-1}, len(x)*len(y))
	found := false
	for f, readings := range h.derived {
		entry, ways := -1, 0
		for _, r := range readings {
			k, j := slices.Index(y, r.output), slices.Index(x, r.input)
			if slices.Contains(x, r.output) && slices.Contains(y, r.input) {
				h.fault(f, "column %q is the partial of an input by an output: are inputs and outputs swapped?", h.names[f])
			}
			if k >= 0 && j >= 0 {
				entry = k*len(x) + j
				ways++
			}
			if r.abbreviated && len(readings) > 1 {
				ways++ // the suffix left out may be that of a column nobody asked for
			}
		}
		switch {
		case entry < 0:
		case ways > 1:
			h.fault(f, "column %q reads as more than one partial: rename it to d<output>_d<input> with the full names", h.names[f])
		case partials[entry] >= 0:
			h.fault(f, "columns %q and %q are the same partial: delete one", h.names[partials[entry]], h.names[f])
		default:
			partials[entry] = f
			found = true
		}
	}
	if !found {
		return nil
	}
	return partials
}

func (h *header) namesOf(fields []int) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = h.names[f]
	}
	return names
}

// list returns the names of the columns, for a person.
func (h *header) list() string {
	const most = 30
	if n := len(h.names); n > most {
		return fmt.Sprintf("%s and %d more", strings.Join(h.names[:most], ", "), n-most)
	}
	return strings.Join(h.names, ", ")
}
