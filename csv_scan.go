package sbo

import (
	"errors"
	"io"
	"io/fs"
)

// ScanCSV reads samples as [ReadCSV] does, but calls f with some of them at a time, so
// that a table needs no more memory than a block of it: a thousand rows. The data are
// only valid until f returns. An error of f ends the reading and is returned. After a
// fault of the file f is not called any more.
func ScanCSV(r io.Reader, name string, inputs, outputs []string, f func(Columns, Data) error) error {
	p := newCSVParser(r, name)
	var failed error
	p.full = func() bool {
		failed = f(p.layout.columns, p.data)
		p.data.X, p.data.Y = p.data.X[:0], p.data.Y[:0]
		if p.data.Partials != nil {
			p.data.Partials = p.data.Partials[:0]
		}
		return failed == nil
	}
	p.read(inputs, outputs)
	if len(p.faults) == 0 && failed == nil && p.data.Len() > 0 {
		p.full()
	}
	return errors.Join(append(p.faults, failed)...)
}

// scanned is how many samples ScanCSV gives at a time.
const scanned = 1000

// sizeOf returns how many bytes there are to read, 0 if that is not known.
func sizeOf(r io.Reader) int64 {
	f, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return 0
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// reserve makes room for the rest of a file of known size after some of its samples: a
// slice that grows by appending is copied every now and then, and for a moment takes
// twice its memory.
func (p *csvParser) reserve() {
	const margin = 1.02 // rows differ in length
	rows := int(margin * float64(p.count) * float64(p.size) / float64(p.rows.InputOffset()))
	room := func(numbers []float64, each int) []float64 {
		if numbers == nil {
			return nil
		}
		return append(make([]float64, 0, max(rows*each, len(numbers))), numbers...)
	}
	d := &p.data
	d.X, d.Y, d.Partials = room(d.X, d.NX), room(d.Y, d.NY), room(d.Partials, d.NX*d.NY)
}
