package doe

import (
	"fmt"
	"math/rand/v2"
)

// Halton is the sequence of J. H. Halton (Numerische Mathematik 2 (1960), 84-90):
// coordinate j of point i is the index i written in base b, the j-th prime
// number, and read backwards behind the point. It has any number of dimensions.
//
// Every b^k points in succession put one point into each of b^k equal intervals
// of the variable with base b. Without scrambling, variables with large bases
// move in step until there are more points than the product of their bases:
// dimensions 9 and 10 (bases 23 and 29) need 667.
//
// The first point is the origin, as with [Sobol]. Books often start at the second;
// that is Halton{Skip: 1}.
type Halton struct {
	// Scramble permutes the digits at random, for each dimension and each place
	// of the digits independently, leading zeros included (Owen, "A randomized
	// Halton algorithm in R", 2017, arXiv:1706.02808). Every point is then uniform
	// in the cube and the variables no longer move in step. The sequence takes its
	// permutations from the rng; they need memory proportional to the sum of the
	// bases.
	Scramble bool

	// Skip is the number of points to leave out at the start of the sequence.
	Skip int
}

// Sample returns n rows of dim numbers in [0, 1). rng is used for scrambling only
// and may be nil without.
func (h Halton) Sample(n, dim int, rng *rand.Rand) []float64 {
	return h.Extend(nil, n, dim, rng)
}

// Extend returns the n rows of the sequence that follow those in existing. A
// scrambled sequence is recognized if rng is in the state from which the design
// was drawn; otherwise a sequence with a scrambling of its own begins.
func (h Halton) Extend(existing []float64, n, dim int, rng *rand.Rand) []float64 {
	checkShape(existing, n, dim)
	if h.Skip < 0 {
		panic(fmt.Sprintf("doe: cannot skip %d points", h.Skip))
	}
	inverses := make([]radicalInverse, dim)
	for j, base := range primes(dim) {
		inverses[j] = newRadicalInverse(base)
	}
	if h.Scramble {
		checkRand(rng)
		for j := range inverses {
			inverses[j].scramble(rng)
		}
	}
	index := uint64(h.Skip)
	next := sequence(func(row []float64) {
		for j := range row {
			row[j] = inverses[j].at(index)
		}
		index++
	})
	return next.extend(existing, n, dim)
}

// radicalInverse reads the digits of a number backwards behind the point.
type radicalInverse struct {
	base   uint64
	digits int        // how many are read
	size   uint64     // base^digits, which a float64 holds exactly
	digit  [][]uint32 // the digit that each digit turns into, at each place; nil = itself
}

// newRadicalInverse returns the radical inverse with as many digits as a float64 has.
func newRadicalInverse(base uint64) radicalInverse {
	r := radicalInverse{base: base, size: 1}
	for r.size <= (1<<53)/base {
		r.size *= base
		r.digits++
	}
	return r
}

// scramble draws a permutation of the digits for each place.
func (r *radicalInverse) scramble(rng *rand.Rand) {
	r.digit = make([][]uint32, r.digits)
	for place := range r.digit {
		p := make([]uint32, r.base)
		for d := range p {
			p[d] = uint32(d)
		}
		rng.Shuffle(len(p), func(a, b int) { p[a], p[b] = p[b], p[a] })
		r.digit[place] = p
	}
}

// at returns the value for an index, a correctly rounded number below 1.
func (r *radicalInverse) at(index uint64) float64 {
	var reversed uint64
	for place := range r.digits {
		d := index % r.base
		index /= r.base
		if r.digit != nil {
			d = uint64(r.digit[place][d])
		}
		reversed = reversed*r.base + d
	}
	return float64(reversed) / float64(r.size)
}

// primes returns the first n prime numbers.
func primes(n int) []uint64 {
	found := make([]uint64, 0, n)
	for candidate := uint64(2); len(found) < n; candidate++ {
		prime := true
		for _, p := range found {
			if p*p > candidate {
				break
			}
			if candidate%p == 0 {
				prime = false
				break
			}
		}
		if prime {
			found = append(found, candidate)
		}
	}
	return found
}
