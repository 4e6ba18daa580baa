package doe

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Sampler draws designs.
type Sampler interface {
	// Sample returns n rows of dim numbers in [0, 1), row after row. Factorials
	// use 1 as well: the faces of the cube belong to their design. It panics if
	// n < 0 or dim < 1.
	Sample(n, dim int, rng *rand.Rand) []float64
}

// Extender is a Sampler that can add to a design. All samplers of this package are.
type Extender interface {
	Sampler
	// Extend returns n more rows for a design whose rows are given.
	Extend(existing []float64, n, dim int, rng *rand.Rand) []float64
}

// Extend returns n more rows of dim numbers for the design existing, which may
// hold rows from elsewhere as well. It returns the new rows only and leaves the
// existing as they are. How the rows are chosen, the Extend method of each sampler
// says; those of a sampler that is not an [Extender] are a design of their own,
// drawn without regard to the existing one.
//
// rng should be a new stream from the seed that the design was drawn with. It
// panics if n < 0, dim < 1, or existing does not consist of rows of dim numbers.
func Extend(s Sampler, existing []float64, n, dim int, rng *rand.Rand) []float64 {
	checkShape(existing, n, dim)
	if e, ok := s.(Extender); ok {
		return e.Extend(existing, n, dim, rng)
	}
	return s.Sample(n, dim, rng)
}

// checkShape panics if n rows of dim numbers can't be added to the design existing.
func checkShape(existing []float64, n, dim int) {
	switch {
	case n < 0:
		panic(fmt.Sprintf("doe: cannot draw %d points", n))
	case dim < 1:
		panic(fmt.Sprintf("doe: points need at least one dimension, not %d", dim))
	case len(existing)%dim != 0:
		panic(fmt.Sprintf("doe: %d numbers are not rows of %d", len(existing), dim))
	}
}

// checkRand panics if there is no source of randomness.
func checkRand(rng *rand.Rand) {
	if rng == nil {
		panic("doe: this design is random and needs an rng, which is nil")
	}
}

// belowOne is the largest float64 that is less than 1.
const belowOne = 1 - 0x1p-53

// sameness is how far coordinates of equal points may be apart. It forgives
// the rounding of a design that went to real units and back, and is far below
// the distance between points that are meant to differ.
const sameness = 1e-9

// same reports whether a and b are the same point.
func same(a, b []float64) bool {
	for j := range a {
		if !(math.Abs(a[j]-b[j]) <= sameness) { // NaN is the same as nothing
			return false
		}
	}
	return true
}

// sequence is a design without end. It writes its next point into row.
type sequence func(row []float64)

// extend returns the next n rows that existing does not hold already. The rows
// of the sequence are looked for in existing in their order, with other rows
// between them or not, so that infill points don't make the sequence leave out
// points of its own.
func (next sequence) extend(existing []float64, n, dim int) []float64 {
	points := make([]float64, n*dim)
	if n == 0 {
		return points
	}
	row := points[:dim]
	next(row)
	for i := 0; i < len(existing); i += dim {
		if same(row, existing[i:i+dim]) {
			next(row)
		}
	}
	for i := dim; i < len(points); i += dim {
		next(points[i : i+dim])
	}
	return points
}
