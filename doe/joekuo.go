package doe

import (
	_ "embed" // the table of direction numbers
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"
)

// SobolDimensions is the largest number of dimensions of [Sobol]. It takes all
// primitive polynomials over GF(2) of degrees up to 13.
const SobolDimensions = 1111

//go:embed joekuo.txt
var joeKuoText string

// initial is what defines the Sobol sequence of one dimension.
type initial struct {
	polynomial uint64   // primitive over GF(2), coefficients as bits, the constant term in bit 0
	m          []uint64 // m_1, ..., m_s, where s is the polynomial's degree
}

// joeKuo is the table of joekuo.txt: element i belongs to dimension i+2.
var joeKuo = sync.OnceValue(func() []initial { return parseJoeKuo(joeKuoText) })

// parseJoeKuo reads the format that joekuo.txt explains in its head. The text is
// part of the program, so a fault in it is a fault of the program.
func parseJoeKuo(text string) []initial {
	table := make([]initial, 0, SobolDimensions-1)
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		numbers := make([]uint64, len(fields))
		for i, field := range fields {
			n, err := strconv.ParseUint(field, 10, 32)
			if err != nil {
				panic(fmt.Sprintf("doe: direction numbers %q: %v", line, err))
			}
			numbers[i] = n
		}
		if len(numbers) < 2 || bits.Len64(numbers[0]) != len(numbers) {
			panic(fmt.Sprintf("doe: direction numbers %q do not fit the degree of their polynomial", line))
		}
		table = append(table, initial{numbers[0], numbers[1:]})
	}
	return table
}

// sobolBits is the number of binary digits of a coordinate: a float64 holds no
// more of them in [0, 1).
const sobolBits = 53

// directions are the direction numbers of one dimension. Bit 52 of each is the
// first binary digit behind the point.
type directions [sobolBits]uint64

// sobolDirections returns the direction numbers of a dimension, counted from 0.
//
// The first dimension is the van der Corput sequence, all m_k = 1. In the others
// the initial m_k are given and the rest follow from the polynomial
// x^s + a_1 x^(s-1) + ... + a_(s-1) x + 1 by the recurrence
//
//	v_k = a_1 v_(k-1) ^ a_2 v_(k-2) ^ ... ^ a_(s-1) v_(k-s+1) ^ v_(k-s) ^ v_(k-s)/2^s
//
// with v_k = m_k/2^k (Bratley and Fox, "Algorithm 659", ACM Transactions on
// Mathematical Software 14 (1988), 88-100).
func sobolDirections(dimension int) directions {
	var v directions
	if dimension == 0 {
		for k := range v {
			v[k] = 1 << (sobolBits - 1 - k)
		}
		return v
	}
	in := joeKuo()[dimension-1]
	s := len(in.m)
	for k := range v {
		if k < s {
			v[k] = in.m[k] << (sobolBits - 1 - k)
			continue
		}
		v[k] = v[k-s] >> s
		for i := 1; i <= s; i++ { // a_i is the coefficient of x^(s-i)
			if in.polynomial>>(s-i)&1 == 1 {
				v[k] ^= v[k-i]
			}
		}
	}
	return v
}
