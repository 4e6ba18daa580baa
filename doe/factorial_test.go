package doe_test

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/stretchr/testify/require"
)

// pointSet returns the rows as a set, which requires them to differ.
func pointSet(t *testing.T, points []float64, dim int) map[string]bool {
	t.Helper()
	require.Greater(t, math.Inf(1), doe.PhiP(points, dim, 1), "no point twice")
	set := map[string]bool{}
	for i := 0; i < len(points); i += dim {
		key := ""
		for _, x := range points[i : i+dim] {
			key += string(rune('a' + int(math.Round(x*24)))) // levels of halves, thirds, quarters, eighths differ
		}
		set[key] = true
	}
	return set
}

func TestFullFactorial(t *testing.T) {
	want := []float64{
		0, 0, 0.5, 0, 0.5, 0.5, 0, 1, 0.5,
		1, 0, 0.5, 1, 0.5, 0.5, 1, 1, 0.5,
	}
	f := doe.FullFactorial{Levels: []int{2, 3, 1}}
	require.Equal(t, 6, f.Size())
	require.Equal(t, want, f.Sample(6, 3, nil))
}

func TestFullFactorialFindsLevels(t *testing.T) {
	for _, tt := range []struct{ n, dim, first, last int }{
		{1, 3, 1, 1}, {2, 3, 2, 1}, {8, 3, 2, 2}, {9, 2, 3, 3}, {12, 2, 4, 3}, {27, 3, 3, 3}, {10, 2, 4, 3}, {5, 1, 5, 5},
	} {
		f := doe.FullFactorial{}
		points := f.Sample(tt.n, tt.dim, sbo.Rand(1, "test"))
		require.Len(t, points, tt.n*tt.dim)
		require.Len(t, pointSet(t, points, tt.dim), tt.n)
		for j, levels := range map[int]int{0: tt.first, tt.dim - 1: tt.last} {
			seen := map[float64]bool{}
			for _, x := range column(points, tt.dim, j) {
				seen[x] = true
				if levels > 1 {
					require.InDelta(t, math.Round(x*float64(levels-1)), x*float64(levels-1), 1e-12)
				} else {
					require.Equal(t, 0.5, x)
				}
			}
			require.LessOrEqual(t, len(seen), levels)
		}
	}
}

// A selection from a grid that can't be listed: 10^15 points.
func TestFullFactorialSelects(t *testing.T) {
	levels := []int{1000, 1000, 1000, 1000, 1000}
	f := doe.FullFactorial{Levels: levels}
	points := f.Sample(200, 5, sbo.Rand(1, "test"))
	for j := range levels {
		mean := 0.0
		for _, x := range column(points, 5, j) {
			require.InDelta(t, math.Round(x*999), x*999, 1e-9)
			mean += x / 200
		}
		require.InDelta(t, 0.5, mean, 5*math.Sqrt(1.0/12/200))
	}
	more := f.Extend(points, 50, 5, sbo.Rand(2, "test"))
	require.Greater(t, doe.MinDistance(append(points, more...), 5), 0.0)
}

// Every selection is as likely as another.
func TestFullFactorialSelectsFairly(t *testing.T) {
	const trials = 6000
	rng := sbo.Rand(1, "test")
	counts := map[float64]int{}
	for range trials {
		// Two of the three levels of 0, 0.25, 0.5, 0.75, 1 that are left.
		more := doe.FullFactorial{Levels: []int{5}}.Extend([]float64{0.25, 1}, 2, 1, rng)
		counts[more[0]+10*more[1]]++
	}
	require.Len(t, counts, 3, "0 and 1/2, 0 and 3/4, 1/2 and 3/4")
	for pair, count := range counts {
		require.InDelta(t, trials/3, count, 5*math.Sqrt(trials*2.0/9), "%v", pair)
	}
}

func TestFullFactorialExtend(t *testing.T) {
	// What is left of a given grid.
	given := doe.FullFactorial{Levels: []int{3, 3}}
	some := given.Sample(4, 2, sbo.Rand(1, "test"))
	rest := given.Extend(some, 5, 2, nil)
	require.Len(t, pointSet(t, append(some, rest...), 2), 9)

	// Without levels the grid is refined: 3x3 becomes 5x3 and then 5x5.
	auto := doe.FullFactorial{}
	coarse := auto.Sample(9, 2, nil)
	more := auto.Extend(coarse, 16, 2, nil)
	require.Equal(t, pointSet(t, doe.FullFactorial{Levels: []int{5, 5}}.Sample(25, 2, nil), 2),
		pointSet(t, append(coarse, more...), 2))

	// One level becomes three.
	require.Equal(t, []float64{0, 1}, auto.Extend([]float64{0.5}, 2, 1, nil))

	// Other points don't matter.
	foreign := []float64{0.3, 0.3, 0.7, math.NaN()}
	require.Equal(t, given.Sample(9, 2, nil), given.Extend(foreign, 9, 2, nil))
}

func TestFullFactorialPanics(t *testing.T) {
	for want, f := range map[string]func(){
		"doe: factorial levels [2 2] are not for 3 variables": func() {
			doe.FullFactorial{Levels: []int{2, 2}}.Sample(4, 3, nil)
		},
		"doe: a factorial of levels [2 2] has 4 points left, not 5": func() {
			doe.FullFactorial{Levels: []int{2, 2}}.Sample(5, 2, nil)
		},
		"doe: a factorial of levels [2 2] has 3 points left, not 4": func() {
			doe.FullFactorial{Levels: []int{2, 2}}.Extend([]float64{0, 1}, 4, 2, nil)
		},
		"doe: factorial levels [2 0] have one that is not positive": func() {
			doe.FullFactorial{Levels: []int{2, 0}}.Size()
		},
		"doe: a factorial of levels [4294967296 4294967296] has more points than can be counted": func() {
			doe.FullFactorial{Levels: []int{1 << 32, 1 << 32}}.Size()
		},
		"doe: this design is random and needs an rng, which is nil": func() {
			doe.FullFactorial{}.Sample(3, 2, nil)
		},
	} {
		require.PanicsWithValue(t, want, f)
	}
}
