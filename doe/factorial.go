package doe

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// FullFactorial is the grid of all combinations of a few values, the levels, of
// each variable. Levels are evenly spaced from 0 to 1, both included; a single
// level is at 1/2. The last variable changes fastest.
//
// A design of fewer points than the grid has is a random selection from it, in
// the order of the grid.
type FullFactorial struct {
	// Levels is the number of levels of each variable. nil finds them: the smallest
	// grid with n points or more that has as many levels for each variable, or one
	// more for the first of them.
	Levels []int
}

// Size returns the number of points of the grid of Levels.
func (f FullFactorial) Size() int { return newGrid(f.Levels).size }

// Sample returns n rows of dim numbers in [0, 1]. It panics if Levels are given
// but are not dim positive numbers, or have fewer than n combinations. rng may be
// nil if the n points are the whole grid.
func (f FullFactorial) Sample(n, dim int, rng *rand.Rand) []float64 {
	return f.Extend(nil, n, dim, rng)
}

// Extend returns n points of the grid that are not in existing, a random selection
// if there are more. It panics if given Levels leave fewer than n. Without Levels
// it starts from the grid that Sample uses for as many points as exist, and as
// long as there aren't enough points left, doubles the number of steps of the
// variable with the fewest levels; this keeps the points of the coarser grid.
func (f FullFactorial) Extend(existing []float64, n, dim int, rng *rand.Rand) []float64 {
	checkShape(existing, n, dim)
	var g grid
	var taken []int
	if f.Levels != nil {
		if len(f.Levels) != dim {
			panic(fmt.Sprintf("doe: factorial levels %v are not for %d variables", f.Levels, dim))
		}
		g = newGrid(f.Levels)
		taken = g.find(existing)
		if g.size-len(taken) < n {
			panic(fmt.Sprintf("doe: a factorial of levels %v has %d points left, not %d", f.Levels, g.size-len(taken), n))
		}
	} else {
		rows := len(existing) / dim
		if rows == 0 {
			rows = n
		}
		g = gridOf(rows, dim)
		taken = g.find(existing)
		for g.size-len(taken) < n {
			g = g.refine()
			taken = g.find(existing)
		}
	}
	points := make([]float64, n*dim)
	for i, index := range choose(n, g.size, taken, rng) {
		g.point(points[i*dim:(i+1)*dim], index)
	}
	return points
}

// grid is a full factorial; its points are numbered.
type grid struct {
	levels []int
	size   int
}

// newGrid returns the grid of some levels.
func newGrid(levels []int) grid {
	g := grid{levels, 1}
	for _, l := range levels {
		if l < 1 {
			panic(fmt.Sprintf("doe: factorial levels %v have one that is not positive", levels))
		}
		if g.size > math.MaxInt/l {
			panic(fmt.Sprintf("doe: a factorial of levels %v has more points than can be counted", levels))
		}
		g.size *= l
	}
	return g
}

// gridOf returns the smallest grid with at least n points whose levels are nearly equal.
func gridOf(n, dim int) grid {
	g := grid{slices.Repeat([]int{1}, dim), 1}
	for j := 0; g.size < n; j = (j + 1) % dim {
		g.size = g.size / g.levels[j] * (g.levels[j] + 1)
		g.levels[j]++
	}
	return g
}

// refine returns a grid that contains g: a variable with the fewest levels gets
// new ones in the middle between each two, or at both ends if it has one only.
func (g grid) refine() grid {
	levels := slices.Clone(g.levels)
	j := slices.Index(levels, slices.Min(levels))
	levels[j] = max(2*levels[j]-1, 3)
	return newGrid(levels)
}

// point writes the point of a number into row.
func (g grid) point(row []float64, index int) {
	for j, l := range slices.Backward(g.levels) {
		row[j] = 0.5
		if l > 1 {
			row[j] = float64(index%l) / float64(l-1)
		}
		index /= l
	}
}

// find returns the numbers of the grid points among the rows, sorted, each once.
func (g grid) find(rows []float64) []int {
	var found []int
	dim := len(g.levels)
	point := make([]float64, dim)
	for i := 0; i < len(rows); i += dim {
		index := 0
		for j, l := range g.levels {
			nearest := math.Round(rows[i+j] * float64(l-1))
			index = index*l + int(min(max(nearest, 0), float64(l-1)))
		}
		if g.point(point, index); same(point, rows[i:i+dim]) {
			found = append(found, index)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// choose returns n of the numbers below size that are not taken, sorted. taken is
// sorted.
func choose(n, size int, taken []int, rng *rand.Rand) []int {
	free := size - len(taken)
	ranks := make([]int, 0, n)
	if n == free {
		for r := range free {
			ranks = append(ranks, r)
		}
	} else {
		checkRand(rng)
		// Floyd's selection: free can be too large to list (Bentley, "A sample of
		// brilliance", Communications of the ACM 30 (1987), 754-757).
		seen := make(map[int]bool, n)
		for top := free - n; top < free; top++ {
			r := rng.IntN(top + 1)
			if seen[r] {
				r = top
			}
			seen[r] = true
			ranks = append(ranks, r)
		}
		slices.Sort(ranks)
	}
	skipped := 0
	for i, r := range ranks { // rank among the free to number among all
		for skipped < len(taken) && taken[skipped] <= r+skipped {
			skipped++
		}
		ranks[i] = r + skipped
	}
	return ranks
}
