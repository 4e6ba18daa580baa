package doe

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
)

// Sobol is the sequence of I. M. Sobol' (USSR Computational Mathematics and
// Mathematical Physics 7 (1967), 86-112) with the direction numbers of Joe and Kuo
// (SIAM Journal on Scientific Computing 30 (2008), 2635-2654, set new-joe-kuo-6)
// in up to [SobolDimensions] dimensions, in the Gray code order of Antonov and
// Saleev (1979). Coordinates are multiples of 2^-53.
//
// The first 2^m points, and every later 2^m points that start at a multiple of
// 2^m, put exactly one point into each of 2^m equal intervals of every variable,
// and are spread nearly as evenly over pairs of variables. Numbers of points
// between powers of two lose some of this: choose 64 or 128 rather than 100.
//
// The first point is the origin, a corner of the cube. It belongs to the first
// 2^m points, and without it they lose their balance (Owen, "On dropping the
// first Sobol' point", 2020, arXiv:2008.08051); so it is kept. If the corner is
// no good place to evaluate a function at, scramble the sequence, or skip a power
// of two of points.
type Sobol struct {
	// Scramble randomizes the sequence by a random linear matrix scramble and a
	// digital shift (Matoušek, "On the L2-discrepancy for anchored boxes", Journal
	// of Complexity 14 (1998), 527-556). Every point is then uniform
	// in the cube, none is a corner, while all said above about intervals remains
	// true. Averages over the points are unbiased, with the variance that full
	// nested scrambling gives (Owen, "Variance with alternative scramblings of
	// digital nets", ACM Transactions on Modeling and Computer Simulation 13
	// (2003), 363-378). The sequence takes its scrambling from the rng.
	Scramble bool

	// Skip is the number of points to leave out at the start of the sequence.
	// A power of two that is at least n keeps the balance of n points.
	Skip int
}

// Sample returns n rows of dim numbers in [0, 1). It panics if dim is larger than
// [SobolDimensions]. rng is used for scrambling only and may be nil without.
func (s Sobol) Sample(n, dim int, rng *rand.Rand) []float64 {
	return s.Extend(nil, n, dim, rng)
}

// Extend returns the n rows of the sequence that follow those in existing. A
// scrambled sequence is recognized if rng is in the state from which the design
// was drawn; otherwise a sequence with a scrambling of its own begins.
func (s Sobol) Extend(existing []float64, n, dim int, rng *rand.Rand) []float64 {
	checkShape(existing, n, dim)
	return s.sequence(dim, rng).extend(existing, n, dim)
}

// sequence starts the sequence behind the skipped points.
func (s Sobol) sequence(dim int, rng *rand.Rand) sequence {
	switch {
	case dim > SobolDimensions:
		panic(fmt.Sprintf("doe: the Sobol sequence has at most %d dimensions, not %d", SobolDimensions, dim))
	case s.Skip < 0:
		panic(fmt.Sprintf("doe: cannot skip %d points", s.Skip))
	}
	v := make([]directions, dim)
	point := make([]uint64, dim) // the next point, in units of 2^-53
	for j := range v {
		v[j] = sobolDirections(j)
	}
	if s.Scramble {
		checkRand(rng)
		for j := range v {
			v[j], point[j] = scramble(v[j], rng)
		}
	}
	index := uint64(s.Skip)
	for gray := index ^ index>>1; gray != 0; gray &= gray - 1 {
		for j := range v {
			point[j] ^= v[j][bits.TrailingZeros64(gray)]
		}
	}
	return func(row []float64) {
		// Two neighbors of the Gray code differ in the lowest zero of the index.
		k := bits.TrailingZeros64(^index)
		index++
		for j := range row {
			row[j] = float64(point[j]) * 0x1p-53
			point[j] ^= v[j][k]
		}
	}
}

// scramble multiplies direction numbers, as columns of bits with the first binary
// digit on top, by a random lower triangular matrix with ones on its diagonal. It
// returns them with a random shift.
func scramble(v directions, rng *rand.Rand) (directions, uint64) {
	var matrix directions // its columns
	for c := range matrix {
		diagonal := uint64(1) << (sobolBits - 1 - c)
		matrix[c] = diagonal | rng.Uint64()&(diagonal-1)
	}
	var scrambled directions
	for k, column := range v {
		for ; column != 0; column &= column - 1 {
			scrambled[k] ^= matrix[sobolBits-1-bits.TrailingZeros64(column)]
		}
	}
	return scrambled, rng.Uint64() >> (64 - sobolBits)
}
