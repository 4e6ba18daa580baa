package doe_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/stretchr/testify/require"
)

var criteria = []doe.Criterion{doe.Plain, doe.Centered, doe.Maximin, doe.ESE}

func TestLatinHypercubeStrata(t *testing.T) {
	for _, c := range criteria {
		for _, n := range []int{1, 2, 3, 10, 47} {
			for _, dim := range []int{1, 2, 7} {
				points := doe.LatinHypercube{Criterion: c, Rounds: 20}.Sample(n, dim, sbo.Rand(1, "test"))
				require.Len(t, points, n*dim)
				for j := range dim {
					x := column(points, dim, j)
					requireStrata(t, x, "%v, n=%d, dim=%d", c, n, dim)
					if c == doe.Plain {
						continue
					}
					slices.Sort(x)
					for k := range x {
						require.InDelta(t, (float64(k)+0.5)/float64(n), x[k], 1e-15)
					}
				}
			}
		}
	}
}

// A design that doubles gets exactly the strata it lacks, whatever the criterion.
func TestLatinHypercubeExtendFillsStrata(t *testing.T) {
	for _, c := range criteria {
		s := doe.LatinHypercube{Criterion: c, Rounds: 5}
		rng := sbo.Rand(2, "test")
		design := s.Sample(12, 3, rng)
		for _, n := range []int{12, 24, 48} {
			before := slices.Clone(design)
			more := s.Extend(design, n, 3, rng)
			require.Equal(t, before, design, "existing points are kept")
			require.Len(t, more, n*3)
			total := len(design)/3 + n
			design = append(design, more...)
			for j := range 3 {
				requireNew(t, column(before, 3, j), column(more, 3, j), total)
				if c == doe.Plain { // the others have points on the boundaries
					requireStrata(t, column(design, 3, j))
				}
			}
		}
	}
}

// requireNew requires that new coordinates are in strata of their own that no old one is in.
func requireNew(t *testing.T, old, fresh []float64, total int) {
	t.Helper()
	seen := make([]bool, total)
	for _, x := range old {
		seen[min(int(x*float64(total)), total-1)] = true
	}
	for _, x := range fresh {
		k := int(x * float64(total))
		require.False(t, seen[k], "stratum %d of %d holds a point already", k, total)
		seen[k] = true
	}
}

// Points from elsewhere can crowd: then strata stay empty, and the new points
// spread over the empty ones.
func TestLatinHypercubeExtendsAnyDesign(t *testing.T) {
	crowd := []float64{0.1, 0.1, 0.1, 0.1, 0.11, 0.11, 1, 1, math.NaN(), -3}
	for _, c := range criteria {
		more := doe.LatinHypercube{Criterion: c}.Extend(crowd, 5, 2, sbo.Rand(3, "test"))
		require.Len(t, more, 10)
		for j := range 2 {
			x := column(more, 2, j)
			requireNew(t, []float64{0.1, 0.99}, x, 9) // the point that is none doesn't count
			slices.Sort(x)
			for k := 1; k < len(x); k++ {
				require.Less(t, x[k]-x[k-1], 0.41, "%v", c)
			}
			require.Less(t, x[0], 0.35, "%v", c)
			require.Greater(t, x[4], 0.65, "%v", c)
		}
	}
}

func TestMaximinIsBetterThanChance(t *testing.T) {
	for _, existing := range [][]float64{nil, doe.Sobol{}.Sample(8, 3, nil)} {
		distance := func(l doe.LatinHypercube) float64 {
			return doe.MinDistance(append(l.Extend(existing, 20, 3, sbo.Rand(4, "test")), existing...), 3)
		}
		one := distance(doe.LatinHypercube{Criterion: doe.Centered})
		require.Equal(t, one, distance(doe.LatinHypercube{Criterion: doe.Maximin, Candidates: 1}), "one candidate is no choice")
		few := distance(doe.LatinHypercube{Criterion: doe.Maximin, Candidates: 10})
		many := distance(doe.LatinHypercube{Criterion: doe.Maximin, Candidates: 1000})
		require.GreaterOrEqual(t, few, one)
		require.GreaterOrEqual(t, distance(doe.LatinHypercube{Criterion: doe.Maximin}), few)
		require.Greater(t, many, few)
	}
}

func TestCriterionString(t *testing.T) {
	require.Equal(t, "plain centered maximin ese Criterion(9)",
		fmt.Sprint(doe.Plain, " ", doe.Centered, " ", doe.Maximin, " ", doe.ESE, " ", doe.Criterion(9)))
}

func TestLatinHypercubePanics(t *testing.T) {
	rng := sbo.Rand(1, "test")
	require.PanicsWithValue(t, "doe: unknown criterion of a Latin hypercube: Criterion(-1)",
		func() { doe.LatinHypercube{Criterion: -1}.Sample(3, 2, rng) })
	require.PanicsWithValue(t, "doe: a Latin hypercube cannot have -1 candidates and 0 rounds",
		func() { doe.LatinHypercube{Candidates: -1}.Sample(3, 2, rng) })
	require.PanicsWithValue(t, "doe: a Latin hypercube cannot have 0 candidates and -2 rounds",
		func() { doe.LatinHypercube{Rounds: -2}.Sample(3, 2, rng) })
	require.PanicsWithValue(t, "doe: this design is random and needs an rng, which is nil",
		func() { doe.LatinHypercube{}.Sample(3, 2, nil) })
}
