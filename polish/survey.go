package polish

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
)

// survey counts the basins in which descents end, and estimates the chance that there
// is another: w (w + 1) / (n (n - 1)) for n starts that ended in w basins (Boender and
// Rinnooy Kan, Bayesian stopping rules for multistart global optimization methods,
// Mathematical Programming 37, 1987). The surrogate is descended from all samples that
// were chosen blindly; once it has proved to know the box, from points that were not
// sampled as well. Until then the descents that were made are better witnesses if they
// leave less of a chance, and the only ones where it does not make sense of the samples, or has seen no partials.
func (s *state) survey(ctx context.Context) (found int, unseen float64, err error) {
	const (
		most = 100 // of imported samples there may be thousands
		more = 30
	)
	var starts []float64
	for i := 0; i < len(s.basins.blind); i += 1 + (len(s.basins.blind)-1)/most {
		if row := s.basins.blind[i]; !s.data.Failed(row) {
			starts = append(starts, s.data.Point(row)...)
		}
	}
	if s.basins.mapped() {
		points := doe.LatinHypercube{}.Sample(more, s.data.NX, sbo.Rand(s.Seed, fmt.Sprintf("survey %d", s.number)))
		for u := range slices.Chunk(points, s.data.NX) {
			starts = append(starts, s.Problem.Box().Place(nil, u)...)
		}
	}
	results, err := optimize.Multistart(ctx, s.merit.problem(), s.merit.scaling(s.model), starts, s.Optimize)
	if err != nil {
		return 0, 1, err
	}
	var ends [][]float64
	for _, r := range results {
		if !slices.ContainsFunc(ends, func(x []float64) bool { return s.sameBasin(x, r.X) }) {
			ends = append(ends, r.X)
		}
	}
	found, unseen = len(ends), chance(len(ends), float64(len(starts)/s.data.NX))
	if s.basins.mapped() {
		return found, unseen, nil
	}
	made, witnesses := s.witnesses()
	if less := chance(made, witnesses); less < unseen || !s.sensible() || s.valuesAlone() {
		found, unseen = made, less
	}
	return found, unseen, nil
}

// sensible reports whether kriging foretells half of the samples that were chosen
// blindly from the others, to a tenth of the spread.
func (s *state) sensible() bool {
	const within = 0.1
	if s.krige == nil {
		return false
	}
	predicted, _ := s.krige.LeaveOneOut()
	var off []float64
	for _, row := range s.basins.blind {
		if e := math.Abs(s.merit.of(predicted.Responses(row)) - s.merit.of(s.data.Responses(row))); !math.IsNaN(e) {
			off = append(off, e)
		}
	}
	slices.Sort(off)
	return len(off) > 0 && off[len(off)/2] <= within
}

// witnesses returns of how many basins the descents tell that were made, and how many
// witnesses these are. Those whose ends are as good as the best are of one basin with it:
// what matters is whether there is a better one. Those that were given up, on the word of
// the surrogate, count for half.
func (s *state) witnesses() (basins int, witnesses float64) {
	best := s.merit.best(s.data)
	rows := []int{best}
	for _, row := range slices.Sorted(maps.Keys(s.basins.ends)) {
		witnesses++
		if s.merit.of(s.data.Responses(row))-s.merit.of(s.data.Responses(best)) <= broadPromise {
			continue
		}
		if s.basins.ends[row] == givenUp {
			witnesses -= 0.5
		}
		if !slices.ContainsFunc(rows, func(other int) bool { return s.sameBasin(s.data.Point(row), s.data.Point(other)) }) {
			rows = append(rows, row)
		}
	}
	return len(rows), witnesses
}

// chance is the estimate that another basin is unseen after n starts that ended in w.
func chance(w int, n float64) float64 {
	if n < 2 {
		return 1
	}
	return min(1, float64(w*(w+1))/(n*(n-1)))
}

// sameBasin reports whether two points where the surrogate's descents end lie in one
// basin: they are close, or there is no ridge on the way from one to the other.
func (s *state) sameBasin(a, b []float64) bool {
	const parts = 8
	if distance(s.Problem.Box(), a, b) < sameBasin {
		return true
	}
	merit := func(x []float64) float64 { return s.merit.of(s.model.Predict(nil, x)) }
	higher := max(merit(a), merit(b)) + worthwhile
	x := make([]float64, len(a))
	for i := 1; i < parts; i++ {
		for j, v := range a {
			x[j] = v + (b[j]-v)*float64(i)/parts
		}
		if !(merit(x) <= higher) {
			return false
		}
	}
	return true
}
