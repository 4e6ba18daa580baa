package doe_test

import (
	"math"
	"slices"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/stretchr/testify/require"
)

// widestHypercube returns the largest squared distance, in steps of the grid, that
// the closest points of a Latin hypercube of n points in two dimensions can have.
// It tries all of them, column by column, as far as they can be wider than the
// widest one found.
func widestHypercube(n int) int {
	widest := 0
	rows := make([]int, 0, n)
	used := make([]bool, n)
	var place func(closest int)
	place = func(closest int) {
		if len(rows) == n {
			widest = closest
			return
		}
		for row := range n {
			if used[row] {
				continue
			}
			near := closest
			for column, other := range rows {
				dx, dy := len(rows)-column, row-other
				near = min(near, dx*dx+dy*dy)
			}
			if near > widest {
				rows, used[row] = append(rows, row), true
				place(near)
				rows, used[row] = rows[:len(rows)-1], false
			}
		}
	}
	place(2 * n * n)
	return widest
}

// Optima of this kind are in van Dam, Husslage, den Hertog and Melissen, "Maximin
// Latin hypercube designs in two dimensions", Operations Research 55 (2007),
// 158-169.
func TestESEFindsTheOptimum(t *testing.T) {
	for n := 2; n <= 11; n++ {
		found := doe.LatinHypercube{Criterion: doe.ESE, Rounds: 1000}.Sample(n, 2, sbo.Rand(2, "test"))
		require.InDelta(t, math.Sqrt(float64(widestHypercube(n)))/float64(n), doe.MinDistance(found, 2), 1e-12, "n=%d", n)
	}
}

// The stated margin, after a few rounds only: phi_p at most half of the average of random hypercubes and
// well below the best of a hundred.
func TestESEIsMuchBetterThanChance(t *testing.T) {
	for _, size := range []struct{ n, dim int }{{20, 2}, {30, 4}, {100, 10}} {
		mean := 0.0
		rng := sbo.Rand(1, "test")
		for range 20 {
			mean += doe.PhiP(doe.LatinHypercube{Criterion: doe.Centered}.Sample(size.n, size.dim, rng), size.dim, 50) / 20
		}
		chosen := doe.PhiP(doe.LatinHypercube{Criterion: doe.Maximin}.Sample(size.n, size.dim, rng), size.dim, 50)
		for seed := range uint64(3) {
			l := doe.LatinHypercube{Criterion: doe.ESE, Rounds: 10}
			evolved := doe.PhiP(l.Sample(size.n, size.dim, sbo.Rand(seed, "test")), size.dim, 50)
			require.Less(t, evolved, 0.5*mean, "%+v", size)
			require.Less(t, evolved, 0.85*chosen, "%+v", size)
		}
	}
}

func TestESERoundsHelp(t *testing.T) {
	phi := func(rounds int) float64 {
		return doe.PhiP(doe.LatinHypercube{Criterion: doe.ESE, Rounds: rounds}.Sample(20, 5, sbo.Rand(1, "test")), 5, 50)
	}
	require.Less(t, phi(20), phi(1))
	require.Less(t, phi(200), phi(20))
}

// Distances to existing points count, even where they are tiny or nought.
func TestESEKeepsAwayFromExistingPoints(t *testing.T) {
	existing := doe.LatinHypercube{Criterion: doe.ESE}.Sample(15, 3, sbo.Rand(1, "test"))
	existing = append(existing, existing[:6]...) // two points twice
	distance := func(c doe.Criterion) float64 {
		more := doe.LatinHypercube{Criterion: c}.Extend(existing, 15, 3, sbo.Rand(2, "test"))
		closest := doe.MinDistance(more, 3)
		for i := 0; i < len(more); i += 3 {
			for k := 0; k < len(existing); k += 3 {
				pair := append(slices.Clone(more[i:i+3]), existing[k:k+3]...)
				closest = min(closest, doe.MinDistance(pair, 3))
			}
		}
		return closest
	}
	require.Greater(t, distance(doe.ESE), 2*distance(doe.Centered))
	require.Greater(t, distance(doe.ESE), distance(doe.Maximin))
}

// Designs too large to optimize come back soon.
func TestESEOfManyPoints(t *testing.T) {
	for _, c := range []doe.Criterion{doe.Maximin, doe.ESE} {
		points := doe.LatinHypercube{Criterion: c}.Sample(20_000, 2, sbo.Rand(1, "test"))
		requireStrata(t, column(points, 2, 1))
	}
}
