package sbo

import (
	"hash/fnv"
	"math/rand/v2"
)

// Rand returns the random stream of one purpose under a seed. Streams of
// different purposes are independent, so that a new consumer of randomness
// does not shift the numbers of the others. There is no global source.
func Rand(seed uint64, purpose string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(purpose)) // a hash never fails to be written to
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
