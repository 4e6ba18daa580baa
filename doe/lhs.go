package doe

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// LatinHypercube divides the range of each variable into n strata of equal width
// and puts one point into every stratum of every variable (McKay, Beckman and
// Conover, "A comparison of three methods for selecting values of input variables
// in the analysis of output from a computer code", Technometrics 21 (1979),
// 239-245). How the strata of different variables are paired is left to chance or
// to a Criterion.
//
// Extending a design of n0 points by n divides the ranges into n0+n strata and
// puts the new points into ones that hold no point yet, one each. Existing points
// that have come to share a stratum leave some empty; the new points then go to
// strata spread evenly among the empty ones. The Criterion counts distances to
// the existing points as well.
type LatinHypercube struct {
	Criterion Criterion

	// Candidates is the number of hypercubes from which [Maximin] chooses, 0 = 100.
	// It is reduced for designs so large that 10^9 operations wouldn't do.
	Candidates int

	// Rounds is the number of rounds, of up to 100 exchanges each, after which
	// [ESE] ends, 0 = 500, or fewer, but at least 5, if that would take longer than
	// about a tenth of a second: 40 for 100 points in 10 dimensions. Ten times as
	// many reduce phi_p by a few percent more.
	Rounds int
}

// Criterion says how a Latin hypercube uses the freedom it has.
type Criterion int

const (
	// Plain draws everything at random: how strata are paired and where the
	// point is within its stratum. It is the one to take averages with.
	Plain Criterion = iota

	// Centered puts the points in the middle of their strata, paired at random.
	Centered

	// Maximin is the centered hypercube with the largest [MinDistance] of a
	// number of random ones.
	Maximin

	// ESE is a centered hypercube whose [PhiP] with p = 50 was reduced by the
	// enhanced stochastic evolutionary algorithm of Jin, Chen and Sudjianto, "An
	// efficient algorithm for constructing optimal design of computer
	// experiments", Journal of Statistical Planning and Inference 134 (2005),
	// 268-287. It is the one to fit surrogates with. Designs of more than 2000
	// points, existing ones included, get Maximin instead: an improvement would
	// take long and not show.
	ESE
)

// String returns the name of the criterion.
func (c Criterion) String() string {
	switch c {
	case Plain:
		return "plain"
	case Centered:
		return "centered"
	case Maximin:
		return "maximin"
	case ESE:
		return "ese"
	}
	return fmt.Sprintf("Criterion(%d)", int(c))
}

// Sample returns n rows of dim numbers in [0, 1).
func (l LatinHypercube) Sample(n, dim int, rng *rand.Rand) []float64 {
	return l.Extend(nil, n, dim, rng)
}

// Extend returns n rows in strata that the existing rows leave empty. Existing
// coordinates outside [0, 1) count as the nearest that is inside, and rows with a
// NaN don't count.
func (l LatinHypercube) Extend(existing []float64, n, dim int, rng *rand.Rand) []float64 {
	checkShape(existing, n, dim)
	checkRand(rng)
	if l.Candidates < 0 || l.Rounds < 0 {
		panic(fmt.Sprintf("doe: a Latin hypercube cannot have %d candidates and %d rounds", l.Candidates, l.Rounds))
	}
	existing = inCube(existing, dim)
	s := newStrata(existing, n, dim)
	switch l.Criterion {
	case Plain:
		return s.draw(rng, true)
	case Centered:
		return s.draw(rng, false)
	case Maximin:
		return l.maximin(s, existing, rng)
	case ESE:
		if s.total > eseLimit {
			return l.maximin(s, existing, rng)
		}
		return evolve(s.draw(rng, false), existing, dim, l.Rounds, rng)
	}
	panic(fmt.Sprintf("doe: unknown criterion of a Latin hypercube: %v", l.Criterion))
}

// maximin returns the best of some random hypercubes.
func (l LatinHypercube) maximin(s strata, existing []float64, rng *rand.Rand) []float64 {
	const work = 1e9 // differences of coordinates
	candidates := float64(l.Candidates)
	if l.Candidates == 0 {
		candidates = 100
	}
	pairs := float64(s.n) * float64(s.total)
	candidates = min(candidates, max(1, work/(pairs*float64(s.dim)+1)))

	best := s.draw(rng, false)
	if candidates < 2 {
		return best
	}
	closest := separation(best, existing, s.dim)
	for range int(candidates) - 1 {
		points := s.draw(rng, false)
		if d := separation(points, existing, s.dim); d > closest {
			best, closest = points, d
		}
	}
	return best
}

// separation returns the smallest squared distance of the points from each other
// and from the existing ones.
func separation(points, existing []float64, dim int) float64 {
	closest := math.Inf(1)
	for i := 0; i < len(points); i += dim {
		a := points[i : i+dim]
		for k := 0; k < i; k += dim {
			closest = min(closest, distance2(a, points[k:k+dim]))
		}
		for k := 0; k < len(existing); k += dim {
			closest = min(closest, distance2(a, existing[k:k+dim]))
		}
	}
	return closest
}

// inCube returns the rows without NaN with their coordinates moved into [0, 1).
func inCube(existing []float64, dim int) []float64 {
	rows := make([]float64, 0, len(existing))
	for row := range slices.Chunk(existing, dim) {
		if slices.ContainsFunc(row, math.IsNaN) {
			continue
		}
		for _, x := range row {
			rows = append(rows, min(max(x, 0), belowOne))
		}
	}
	return rows
}

// strata are where a Latin hypercube can put its n points.
type strata struct {
	n, dim, total int
	empty         [][]int // per variable, the strata of total that no existing point is in
}

// newStrata finds the empty strata. There are at least n of every variable.
func newStrata(existing []float64, n, dim int) strata {
	s := strata{n: n, dim: dim, total: len(existing)/dim + n, empty: make([][]int, dim)}
	for j := range dim {
		taken := make([]bool, s.total)
		for i := j; i < len(existing); i += dim {
			taken[min(int(existing[i]*float64(s.total)), s.total-1)] = true
		}
		for k, t := range taken {
			if !t {
				s.empty[j] = append(s.empty[j], k)
			}
		}
	}
	return s
}

// draw returns n points with the strata of different variables paired at random,
// each in the middle of its stratum or anywhere in it.
func (s strata) draw(rng *rand.Rand, anywhere bool) []float64 {
	points := make([]float64, s.n*s.dim)
	for j, empty := range s.empty {
		for i, stratum := range chooseEvenly(empty, s.n, rng) {
			within := 0.5
			if anywhere {
				within = rng.Float64()
			}
			points[i*s.dim+j] = min((float64(stratum)+within)/float64(s.total), belowOne)
		}
	}
	return points
}

// chooseEvenly returns n of the numbers in random order: if there are more of
// them, every so many-th from a random start.
func chooseEvenly(numbers []int, n int, rng *rand.Rand) []int {
	chosen := slices.Clone(numbers)
	if more := len(numbers) - n; more > 0 {
		start, step := rng.Float64(), float64(len(numbers))/float64(n)
		for i := range n {
			chosen[i] = numbers[min(int((start+float64(i))*step), len(numbers)-1)]
		}
		chosen = chosen[:n]
	}
	rng.Shuffle(n, func(a, b int) { chosen[a], chosen[b] = chosen[b], chosen[a] })
	return chosen
}
