package doe_test

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/stretchr/testify/require"
)

// A name is either listed or an error that lists them.
func FuzzLookup(f *testing.F) {
	for _, name := range doe.Names() {
		f.Add(name)
	}
	f.Add("")
	f.Add("LHS")
	f.Fuzz(func(t *testing.T, name string) {
		s, err := doe.Lookup(name)
		if slices.Contains(doe.Names(), name) {
			require.NoError(t, err)
			require.Len(t, s.Sample(3, 2, sbo.Rand(1, "test")), 6)
			return
		}
		require.Nil(t, s)
		require.ErrorContains(t, err, strings.Join(doe.Names(), ", "))
	})
}

// Whatever the existing rows are, every sampler adds as many as it was asked for,
// in the cube, leaves the existing alone, and does the same again.
func FuzzExtend(f *testing.F) {
	f.Add(uint8(0), uint8(3), uint8(2), uint64(1), []byte{})
	f.Add(uint8(5), uint8(4), uint8(1), uint64(2), make([]byte, 64))
	f.Add(uint8(6), uint8(9), uint8(3), uint64(3), slices.Repeat([]byte{0x3f, 0xe0, 0, 0, 0, 0, 0, 1}, 9))
	f.Add(uint8(7), uint8(1), uint8(1), uint64(4), slices.Repeat([]byte{0x7f, 0xf8, 0, 0, 0, 0, 0, 1}, 2))
	f.Fuzz(func(t *testing.T, sampler, n, dim uint8, seed uint64, bytes []byte) {
		names := doe.Names()
		name := names[int(sampler)%len(names)]
		rows, columns := int(n%20), int(dim%5)+1
		var existing []float64
		for len(bytes) >= 8*columns && len(existing) < 50*columns {
			for range columns {
				existing = append(existing, math.Float64frombits(binary.BigEndian.Uint64(bytes)))
				bytes = bytes[8:]
			}
		}
		s := lookup(t, name)
		if l, ok := s.(doe.LatinHypercube); ok {
			l.Rounds, l.Candidates = 2, 3
			s = l
		}
		kept := slices.Clone(existing)
		more := doe.Extend(s, existing, rows, columns, sbo.Rand(seed, "test"))
		require.Len(t, more, rows*columns, name)
		for _, x := range more {
			require.True(t, x >= 0 && (x < 1 || x == 1 && name == "factorial"), "%s: %v", name, x)
		}
		for i, x := range kept {
			require.Equal(t, math.Float64bits(x), math.Float64bits(existing[i]), name)
		}
		require.Equal(t, more, doe.Extend(s, existing, rows, columns, sbo.Rand(seed, "test")), name)
	})
}
