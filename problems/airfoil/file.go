package airfoil

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Coordinates are points of an outline, from the trailing edge along the upper
// side to the leading edge and back along the lower side, in chords.
type Coordinates struct {
	Name string
	X, Y []float64
}

// FileError is one fault of a file of coordinates and what to do about it. [Read]
// joins several; errors.As finds the first.
type FileError struct {
	File    string
	Line    int // counted from 1
	Message string
}

// Error returns the fault as file:line: message.
func (e *FileError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message) }

const (
	maxFaults   = 10      // more are not read by anyone
	fewest      = 10      // points that make an outline
	mostPoints  = 100_000 // a larger file is no airfoil
	closeToEdge = 0.05    // in chords, how far from the trailing edge an outline may start
)

// Read reads a file of coordinates; the name stands for it in errors. A line has
// the x and y of one point, with blanks, a tab or a comma between. Lines before
// that hold no numbers are the name. There are two customs:
//
//   - Selig's: all points in the order of [Coordinates].
//   - Lednicer's: a first line of the numbers of points on the upper and the lower
//     side, then those of the upper side from the leading edge on, then those of
//     the lower side.
//
// The order is turned around if the lower side comes first, and points are moved
// and scaled so that the chord is 1. The error joins a [FileError] for every
// fault, up to ten of them.
func Read(r io.Reader, file string) (Coordinates, error) {
	p := pointReader{file: file}
	lines := bufio.NewScanner(r)
	for line := 1; lines.Scan() && len(p.faults) < maxFaults && len(p.x) < mostPoints; line++ {
		p.line = line
		p.read(lines.Text())
	}
	if err := lines.Err(); err != nil {
		p.fault("%v: is this a file of coordinates?", err)
	}
	if len(p.faults) == 0 {
		p.order()
	}
	if len(p.faults) > 0 {
		return Coordinates{}, errors.Join(p.faults...)
	}
	return p.coordinates(), nil
}

type pointReader struct {
	file         string
	line         int
	name         string
	x, y         []float64
	lines        []int // of the points
	upper, lower int   // numbers of points, in Lednicer's custom
	faults       []error
}

func (p *pointReader) fault(format string, args ...any) { p.faultAt(p.line, format, args...) }

func (p *pointReader) faultAt(line int, format string, args ...any) {
	p.faults = append(p.faults, &FileError{p.file, max(line, 1), fmt.Sprintf(format, args...)})
}

// read reads one line.
func (p *pointReader) read(text string) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == ';' })
	if len(words) == 0 || strings.HasPrefix(text, "#") {
		return
	}
	var numbers []float64
	firstIsNumber := false
	for i, word := range words {
		if v, err := strconv.ParseFloat(word, 64); err == nil {
			numbers = append(numbers, v)
			firstIsNumber = firstIsNumber || i == 0
		}
	}
	switch {
	case len(p.x) == 0 && p.upper == 0 && (!firstIsNumber || len(words) != 2):
		if p.name == "" {
			p.name = text // also one with digits, such as NACA 2412
		}
	case len(numbers) != 2 || len(words) != 2:
		p.fault("%q is no point: a line has two numbers, x and y", text)
	case math.IsNaN(numbers[0]+numbers[1]) || math.IsInf(numbers[0]+numbers[1], 0):
		p.fault("%q is no point: its numbers must be finite", text)
	case len(p.x) == 0 && p.upper == 0 && counts(numbers):
		p.upper, p.lower = int(numbers[0]), int(numbers[1])
	default:
		p.x, p.y, p.lines = append(p.x, numbers[0]), append(p.y, numbers[1]), append(p.lines, p.line)
	}
}

// counts reports whether a first line holds numbers of points, not a point.
func counts(n []float64) bool {
	whole := func(v float64) bool { return v == math.Trunc(v) && v >= 3 && v <= mostPoints }
	return whole(n[0]) && whole(n[1])
}

// order puts the points in order.
func (p *pointReader) order() {
	if p.upper > 0 {
		if p.upper+p.lower != len(p.x) {
			p.faultAt(1, "it announces %d and %d points, and %d follow; mend the numbers, or leave that line out and list all points around the outline",
				p.upper, p.lower, len(p.x))
			return
		}
		for _, list := range [][]float64{p.x, p.y} {
			slices.Reverse(list[:p.upper])
		}
		slices.Reverse(p.lines[:p.upper])
	}
	for i := len(p.x) - 1; i > 0; i-- { // the leading edge is often there twice
		if p.x[i] == p.x[i-1] && p.y[i] == p.y[i-1] {
			p.x, p.y, p.lines = slices.Delete(p.x, i, i+1), slices.Delete(p.y, i, i+1), slices.Delete(p.lines, i, i+1)
		}
	}
	if len(p.x) < fewest {
		p.fault("%d points; an outline needs at least %d, and better 60", len(p.x), fewest)
		return
	}
	least, most := slices.Min(p.x), slices.Max(p.x)
	last := len(p.x) - 1
	for _, i := range []int{0, last} {
		if most-p.x[i] > closeToEdge*(most-least) {
			p.faultAt(p.lines[i], "the outline begins or ends at x = %g, but its trailing edge is at %g: list points from there around the leading edge and back", p.x[i], most)
			return
		}
	}
	area := 0.0
	for i := range p.x {
		k := next(i, len(p.x))
		area += p.x[i]*p.y[k] - p.x[k]*p.y[i]
	}
	if area < 0 {
		slices.Reverse(p.x)
		slices.Reverse(p.y)
	}
}

// coordinates moves and scales the points.
func (p *pointReader) coordinates() Coordinates {
	nose := 0
	for i, x := range p.x {
		if x < p.x[nose] {
			nose = i
		}
	}
	last := len(p.x) - 1
	x0, y0 := p.x[nose], p.y[nose]
	chord := (p.x[0]+p.x[last])/2 - x0
	c := Coordinates{Name: p.name}
	if c.Name == "" {
		c.Name = p.file
	}
	for i := range p.x {
		c.X = append(c.X, (p.x[i]-x0)/chord)
		c.Y = append(c.Y, (p.y[i]-y0)/chord)
	}
	return c
}
