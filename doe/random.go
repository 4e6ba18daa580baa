package doe

import "math/rand/v2"

// Random draws points independently and uniformly. It is what other designs have
// to beat: of n points on a line, some neighbors leave a gap about ln(n) times as
// wide as even spacing has, and the closest pair is about n times too close.
type Random struct{}

// Sample returns n rows of dim numbers in [0, 1).
func (r Random) Sample(n, dim int, rng *rand.Rand) []float64 {
	return r.Extend(nil, n, dim, rng)
}

// Extend returns n more rows. With an rng in the state that the design was drawn
// from they are those that a larger design would have had; with another they are
// independent.
func (Random) Extend(existing []float64, n, dim int, rng *rand.Rand) []float64 {
	checkShape(existing, n, dim)
	checkRand(rng)
	next := sequence(func(row []float64) {
		for j := range row {
			row[j] = rng.Float64()
		}
	})
	return next.extend(existing, n, dim)
}
