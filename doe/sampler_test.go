package doe_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/stretchr/testify/require"
)

func lookup(t *testing.T, name string) doe.Sampler {
	t.Helper()
	s, err := doe.Lookup(name)
	require.NoError(t, err)
	return s
}

func TestLookup(t *testing.T) {
	names := doe.Names()
	require.Subset(t, names, []string{
		"random", "lhs", "lhs-centered", "lhs-maximin", "lhs-ese", "factorial",
		"sobol", "sobol-scrambled", "halton", "halton-scrambled",
	})
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), len(names), "no name twice")
	require.Equal(t, doe.LatinHypercube{Criterion: doe.ESE}, lookup(t, "lhs"))

	_, err := doe.Lookup("latin")
	require.EqualError(t, err, `doe: there is no sampler "latin"; choose one of `+strings.Join(names, ", "))
}

func TestSamplersRepeatThemselves(t *testing.T) {
	for _, name := range doe.Names() {
		s := lookup(t, name)
		a, b := s.Sample(12, 2, sbo.Rand(1, "test")), s.Sample(12, 2, sbo.Rand(1, "test"))
		require.Equal(t, a, b, name)
		require.Len(t, a, 24)
		other := s.Sample(12, 2, sbo.Rand(2, "test"))
		if name == "sobol" || name == "halton" || name == "factorial" {
			require.Equal(t, a, other, name)
		} else {
			require.NotEqual(t, a, other, name)
		}
		require.Empty(t, s.Sample(0, 4, sbo.Rand(1, "test")), name)
	}
}

// With the stream of the same seed, a sequence that has grown is the sequence that
// would have been drawn at once.
func TestExtendContinuesSequences(t *testing.T) {
	for _, name := range []string{"random", "sobol", "sobol-scrambled", "halton", "halton-scrambled"} {
		s := lookup(t, name)
		all := s.Sample(50, 3, sbo.Rand(1, "test"))
		for _, n := range []int{0, 1, 16, 49, 50} {
			more := doe.Extend(s, all[:3*n], 50-n, 3, sbo.Rand(1, "test"))
			require.Equal(t, all[3*n:], more, "%s after %d", name, n)
		}
		// Points from elsewhere in between, and the rounding of a change of units.
		existing := slices.Concat([]float64{0.1, 0.2, 0.3}, all[:30], []float64{0.4, 0.5, 0.6}, all[30:60])
		for i, x := range existing {
			existing[i] = (x*7 + 100 - 100) / 7
		}
		require.Equal(t, all[60:], doe.Extend(s, existing, 30, 3, sbo.Rand(1, "test")), name)
	}
}

// With another stream, a random sequence begins anew and repeats nothing.
func TestExtendWithAnotherSeed(t *testing.T) {
	for _, name := range []string{"random", "sobol-scrambled", "halton-scrambled"} {
		s := lookup(t, name)
		design := s.Sample(32, 3, sbo.Rand(1, "test"))
		more := doe.Extend(s, design, 32, 3, sbo.Rand(2, "test"))
		require.Equal(t, s.Sample(32, 3, sbo.Rand(2, "test")), more, name)
		require.Positive(t, doe.MinDistance(append(design, more...), 3), name)
	}
}

func TestExtendLeavesNoTwoPointsTheSame(t *testing.T) {
	for _, name := range doe.Names() {
		s := lookup(t, name)
		design := s.Sample(10, 3, sbo.Rand(1, "test"))
		for range 3 {
			kept := slices.Clone(design)
			more := doe.Extend(s, design, 7, 3, sbo.Rand(1, "test"))
			require.Len(t, more, 21, name)
			require.Equal(t, kept, design, name)
			design = append(design, more...)
			require.Positive(t, doe.MinDistance(design, 3), name)
		}
	}
}

// fixed is a sampler from outside, without Extend.
type fixed float64

func (f fixed) Sample(n, dim int, _ *rand.Rand) []float64 {
	return slices.Repeat([]float64{float64(f)}, n*dim)
}

func TestExtendOfOtherSamplers(t *testing.T) {
	require.Equal(t, []float64{0.5, 0.5}, doe.Extend(fixed(0.5), []float64{0.1, 0.1}, 1, 2, nil))
}

func TestShapesPanic(t *testing.T) {
	for _, name := range doe.Names() {
		s := lookup(t, name)
		require.PanicsWithValue(t, "doe: cannot draw -1 points", func() { s.Sample(-1, 2, sbo.Rand(1, "test")) }, name)
		require.PanicsWithValue(t, "doe: points need at least one dimension, not 0", func() { s.Sample(1, 0, sbo.Rand(1, "test")) }, name)
		require.PanicsWithValue(t, "doe: 3 numbers are not rows of 2",
			func() { doe.Extend(s, make([]float64, 3), 1, 2, sbo.Rand(1, "test")) }, name)
	}
	require.PanicsWithValue(t, "doe: cannot draw -1 points", func() { doe.Extend(fixed(0), nil, -1, 2, nil) })
	require.PanicsWithValue(t, "doe: this design is random and needs an rng, which is nil",
		func() { doe.Random{}.Sample(1, 1, nil) })
}

// What each design is for: more uniform or better spread than random points.
func TestSamplersBeatChance(t *testing.T) {
	const n, dim = 64, 3
	discrepancy, distance := 0.0, 0.0
	for seed := range uint64(20) {
		points := doe.Random{}.Sample(n, dim, sbo.Rand(seed, "test"))
		discrepancy += doe.CenteredL2(points, dim) / 20
		distance += doe.MinDistance(points, dim) / 20
	}
	for name, margin := range map[string]float64{
		"lhs": 3, "lhs-plain": 1.3, "lhs-centered": 1.3, "lhs-maximin": 1.3,
		"sobol": 2, "sobol-scrambled": 3, "halton": 2, "halton-scrambled": 2,
	} {
		points := lookup(t, name).Sample(n, dim, sbo.Rand(1, "test"))
		require.Less(t, doe.CenteredL2(points, dim)*margin, discrepancy, name)
	}
	for name, margin := range map[string]float64{"lhs": 5, "lhs-maximin": 2, "factorial": 5} {
		points := lookup(t, name).Sample(n, dim, sbo.Rand(1, "test"))
		require.Greater(t, doe.MinDistance(points, dim), distance*margin, name)
	}
}
