package sbo

import (
	"fmt"
	"math"
	"slices"
)

// Data is a table of samples: points, their responses and, where known, their
// partials. NaN marks a response or partial that is not known; a sample whose
// responses are all NaN is a failed evaluation.
type Data struct {
	NX, NY   int       // design variables, responses
	X        []float64 // m by NX
	Y        []float64 // m by NY
	Partials []float64 // m by NY by NX; nil when no partial is known
}

// NewData returns m samples at the origin of which nothing is known.
func NewData(nx, ny, m int) Data {
	d := Data{NX: nx, NY: ny, X: make([]float64, m*nx), Y: make([]float64, m*ny), Partials: make([]float64, m*ny*nx)}
	for i := range m {
		d.Forget(i)
	}
	return d
}

// Len returns the number of samples m.
func (d Data) Len() int {
	if d.NX == 0 {
		return 0
	}
	return len(d.X) / d.NX
}

// Point returns the design variables of sample i, a view of NX numbers.
func (d Data) Point(i int) []float64 { return d.X[i*d.NX : (i+1)*d.NX : (i+1)*d.NX] }

// Responses returns the responses of sample i, a view of NY numbers.
func (d Data) Responses(i int) []float64 { return d.Y[i*d.NY : (i+1)*d.NY : (i+1)*d.NY] }

// PartialsOf returns the partials of sample i, a view of NY*NX numbers, or nil
// when no partial is known.
func (d Data) PartialsOf(i int) []float64 {
	if d.Partials == nil {
		return nil
	}
	n := d.NY * d.NX
	return d.Partials[i*n : (i+1)*n : (i+1)*n]
}

// Partial returns the index in d.Partials of the partial of response k by
// variable j at sample i. The formula stands here and nowhere else.
func (d Data) Partial(i, k, j int) int { return (i*d.NY+k)*d.NX + j }

// Forget marks the responses and partials of sample i as not known.
func (d Data) Forget(i int) {
	for _, s := range [][]float64{d.Responses(i), d.PartialsOf(i)} {
		for n := range s {
			s[n] = math.NaN()
		}
	}
}

// Failed reports whether sample i is a failed evaluation: no response is known.
func (d Data) Failed(i int) bool {
	for _, v := range d.Responses(i) {
		if !math.IsNaN(v) {
			return false
		}
	}
	return true
}

// HasPartials reports whether any partial is known.
func (d Data) HasPartials() bool {
	for _, v := range d.Partials {
		if !math.IsNaN(v) {
			return true
		}
	}
	return false
}

// Append returns d with the samples of e behind its own. It panics if the
// numbers of variables or responses differ, unless either is empty. Neither d
// nor e is changed.
func (d Data) Append(e Data) Data {
	if e.Len() == 0 {
		return d
	}
	if d.Len() == 0 {
		d = Data{NX: e.NX, NY: e.NY}
	}
	if d.NX != e.NX || d.NY != e.NY {
		panic(fmt.Sprintf("sbo: samples of %d variables and %d responses appended to %d and %d", e.NX, e.NY, d.NX, d.NY))
	}
	if d.Partials == nil && e.Partials != nil {
		d.Partials = missing(d.Len() * d.NY * d.NX)
	}
	partials := e.Partials
	if partials == nil && d.Partials != nil {
		partials = missing(e.Len() * e.NY * e.NX)
	}
	d.X = append(slices.Clip(d.X), e.X...)
	d.Y = append(slices.Clip(d.Y), e.Y...)
	d.Partials = append(slices.Clip(d.Partials), partials...)
	return d
}

// Subset returns a copy of the samples with the given indices, in that order.
func (d Data) Subset(indices []int) Data {
	s := Data{NX: d.NX, NY: d.NY}
	for _, i := range indices {
		s.X = append(s.X, d.Point(i)...)
		s.Y = append(s.Y, d.Responses(i)...)
		s.Partials = append(s.Partials, d.PartialsOf(i)...)
	}
	return s
}

// Answered returns a copy of the samples that are not failed evaluations.
func (d Data) Answered() Data {
	var keep []int
	for i := range d.Len() {
		if !d.Failed(i) {
			keep = append(keep, i)
		}
	}
	return d.Subset(keep)
}

// Best returns the index of the best sample in the sense of [Problem.Better],
// -1 if none is known.
func (d Data) Best(p Problem) int {
	best := -1
	for i := range d.Len() {
		if math.IsNaN(p.Cost(d.Responses(i))) {
			continue
		}
		if best < 0 || p.Better(d.Responses(i), d.Responses(best)) {
			best = i
		}
	}
	return best
}

func missing(n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = math.NaN()
	}
	return s
}
