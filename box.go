package sbo

import "fmt"

// Box is an axis-aligned region: Lower[j] <= x[j] <= Upper[j].
type Box struct {
	Lower, Upper []float64 // nx entries each, in the units of the design variables
}

// Dim returns the number of design variables.
func (b Box) Dim() int { return len(b.Lower) }

// Place maps the unit-cube point u onto the box and returns it in dst, which is
// allocated when nil and may be u itself. It panics if the lengths differ.
func (b Box) Place(dst, u []float64) []float64 {
	dst = b.destination(dst, u)
	for j := range u {
		// The weighted form gives the bounds exactly at 0 and 1, but between
		// them rounding may leave the box.
		v := b.Lower[j]*(1-u[j]) + b.Upper[j]*u[j]
		dst[j] = min(max(v, b.Lower[j]), b.Upper[j])
	}
	return dst
}

// Unit maps the point x of the box onto the unit cube: the inverse of [Box.Place].
// A variable of zero width maps to 0. It panics if the lengths differ.
func (b Box) Unit(dst, x []float64) []float64 {
	dst = b.destination(dst, x)
	for j := range x {
		if w := b.Upper[j] - b.Lower[j]; w > 0 {
			dst[j] = (x[j] - b.Lower[j]) / w
		} else {
			dst[j] = 0
		}
	}
	return dst
}

// Clip returns in dst the point of the box nearest to x. dst may be x itself.
// It panics if the lengths differ.
func (b Box) Clip(dst, x []float64) []float64 {
	dst = b.destination(dst, x)
	for j := range x {
		dst[j] = min(max(x[j], b.Lower[j]), b.Upper[j])
	}
	return dst
}

// Contains reports whether x lies in the box, its faces included.
func (b Box) Contains(x []float64) bool {
	for j := range x {
		if !(x[j] >= b.Lower[j] && x[j] <= b.Upper[j]) {
			return false
		}
	}
	return true
}

func (b Box) destination(dst, src []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(src))
	}
	if len(src) != b.Dim() || len(dst) != b.Dim() {
		panic(fmt.Sprintf("sbo: box of dimension %d used with %d and %d numbers", b.Dim(), len(src), len(dst)))
	}
	return dst
}
