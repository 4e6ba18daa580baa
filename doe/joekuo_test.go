package doe

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJoeKuoTable(t *testing.T) {
	table := joeKuo()
	require.Len(t, table, SobolDimensions-1)
	for i, in := range table {
		for k, m := range in.m {
			require.Equal(t, uint64(1), m%2, "dimension %d: m_%d is odd", i+2, k+1)
			require.Less(t, m, uint64(1)<<(k+1), "dimension %d: m_%d < 2^%[2]d", i+2, k+1)
		}
	}
}

func TestJoeKuoTableIsReadStrictly(t *testing.T) {
	for _, line := range []string{"7 1 x", "7 1 -3", "7 1 3 5", "7 1", "7", "1", "\n"} {
		require.Panics(t, func() { parseJoeKuo("# head\n3 1\n" + line) }, "%q", line)
	}
	require.Equal(t, []initial{{3, []uint64{1}}, {7, []uint64{1, 3}}}, parseJoeKuo("# head\n3 1\n7 1 3\n"))
}

// The table has every primitive polynomial of degrees 1 to 13 once, in increasing
// order: primitivity and completeness are decided by walking the powers of x.
func TestJoeKuoPolynomialsArePrimitiveAndComplete(t *testing.T) {
	var want []uint64
	for p := uint64(3); p < 1<<14; p += 2 {
		if primitive(p) {
			want = append(want, p)
		}
	}
	var got []uint64
	perDegree := map[int]int{}
	for _, in := range joeKuo() {
		got = append(got, in.polynomial)
		perDegree[len(in.m)]++
	}
	require.Equal(t, want, got)

	// There are phi(2^s-1)/s of degree s, with Euler's phi.
	for s := 1; s <= 13; s++ {
		order, coprime := 1<<s-1, 0
		for k := 1; k <= order; k++ {
			if gcd(k, order) == 1 {
				coprime++
			}
		}
		require.Equal(t, coprime/s, perDegree[s], "degree %d", s)
	}
}

// primitive reports whether x generates all 2^s-1 units modulo p over GF(2).
func primitive(p uint64) bool {
	s := bits.Len64(p) - 1
	power := uint64(1)
	for order := 1; ; order++ {
		power <<= 1
		if power>>s&1 == 1 {
			power ^= p
		}
		if power == 1 {
			return order == 1<<s-1
		}
		if order > 1<<s {
			return false
		}
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Joe and Kuo's numbers have Sobol's Property A in all 1111 dimensions: the first
// 2^d points put one into each of the 2^d halves of halves ... of d variables.
// Sobol's criterion is that the d x d matrix of the first bits of the first d
// direction numbers of each dimension is regular modulo 2, for d = 1, 2, ...: all
// leading minors are 1, so elimination never needs to exchange rows. The first
// bits obey the linear recurrence of the polynomial, so that this checks the top
// bit of each number and each polynomial against a published property.
func TestJoeKuoPropertyA(t *testing.T) {
	const words = (SobolDimensions + 63) / 64
	rows := make([][words]uint64, SobolDimensions)
	rows[0][0] = 1
	for i, in := range joeKuo() {
		s := len(in.m)
		first := make([]uint64, SobolDimensions)
		for k := range first {
			if k < s {
				first[k] = in.m[k] >> k
			} else {
				for a := 1; a <= s; a++ {
					first[k] ^= first[k-a] & (in.polynomial >> (s - a))
				}
			}
			rows[i+1][k/64] |= first[k] << (k % 64)
		}
	}
	for d := range rows {
		require.Equal(t, uint64(1), rows[d][d/64]>>(d%64)&1, "dimension %d", d+1)
		for below := d + 1; below < len(rows); below++ {
			if rows[below][d/64]>>(d%64)&1 == 1 {
				for w := d / 64; w < words; w++ {
					rows[below][w] ^= rows[d][w]
				}
			}
		}
	}
}
