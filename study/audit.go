package study

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// fitter trains a network, as [surrogate.Fit].
type fitter = func(context.Context, surrogate.Task, *rand.Rand, surrogate.Options) (*surrogate.JENN, surrogate.Summary, error)

// audited is fit on data without the partials that are doubted by then.
func (c *session) audited(fit fitter, r *Result) fitter {
	return func(ctx context.Context, task surrogate.Task, rng *rand.Rand, o surrogate.Options) (*surrogate.JENN, surrogate.Summary, error) {
		c.audit(task.Data, r)
		return fit(ctx, task, rng, o)
	}
}

// audit looks for partials that the values contradict, and removes them from d and
// from the answers to come. What it finds follows from the data, so that a run that
// is resumed finds the same.
func (c *session) audit(d sbo.Data, r *Result) {
	nx := c.problem.NX()
	for _, found := range doubts(d, c.problem, c.memo.mask) {
		c.memo.mask[found.k*nx+found.j] = false
		text := found.words(c.problem)
		r.Doubts = append(r.Doubts, text)
		c.emit(Event{Kind: EventDoubt, Phase: c.phase, Round: c.round, Done: c.passed, Total: c.total, Text: text})
	}
	if len(r.Doubts) == 0 {
		return
	}
	for i := range d.Len() {
		copy(d.PartialsOf(i), masked(d.PartialsOf(i), c.memo.mask))
	}
}

// doubt is a column of partials that the values contradict: those of response k by
// variable j are Factor times what they ought to be, as far as neighboring samples
// tell.
type doubt struct {
	k, j   int
	factor float64
}

// words says so, with names.
func (d doubt) words(p sbo.Problem) string {
	what := fmt.Sprintf("about %.2g times what they ought to be", d.factor)
	if math.Abs(d.factor+1) < 0.1 {
		what = "of the wrong sign"
	}
	return fmt.Sprintf("the partials of %s by %s seem %s, by the values of neighboring samples; they are not used from here on (sbo check --partials looks closer)",
		p.Responses[d.k].Name, p.Variables[d.j].Name, what)
}

// Thresholds of the audit: a study without a mistake must not be disturbed, so what
// is doubted is beyond doubt.
const (
	auditNeighbors = 3    // of each sample
	auditGain      = 10   // how many times smaller the sum of squares has to be with other factors
	auditShare     = 0.05 // and how small beside that of the differences: they have to be explained
	auditOff       = 0.25 // how far a factor has to be from 1
	auditSigmas    = 8    // and how many standard deviations
	auditSpare     = 4    // how many samples more than variables it takes
	auditGroups    = 20   // of samples that are left out together
	auditVariables = 100  // more would cost more time than a check may
	auditSamples   = 2000 // the last ones, for the same reason: the time grows with their square
)

// doubts finds columns of partials with a wrong sign, scale or unit by the
// trapezoidal rule between neighboring samples a and b,
//
//	y_b - y_a = sum over j of (dy/dx_j at a + dy/dx_j at b) / 2 * (b_j - a_j) + O(|b - a|^3).
//
// If the partials by j are f_j times what they ought to be, the same holds with
// 1/f_j before each term. The 1/f_j are found by least squares over pairs of
// neighbors, weighted by the cube of their distance. A column is doubted if its
// factor is not 1, beyond doubt, and the factors explain what was not explained
// before. mask says which columns are used; a response with others is passed over.
func doubts(d sbo.Data, p sbo.Problem, mask []bool) []doubt {
	nx := d.NX
	if nx > auditVariables {
		return nil
	}
	var found []doubt
	pairs := neighbors(d, p.Box())
	for k := range d.NY {
		if slices.Contains(mask[k*nx:(k+1)*nx], false) {
			continue
		}
		a, b, owners := trapezoids(d, k, pairs)
		total := 0.0
		for _, v := range b {
			total += v * v
		}
		inverse, sigma, before, after, ok := leastSquares(a, b, nx)
		if !ok || before < auditGain*after || after > auditShare*total || !widen(sigma, a, b, owners) {
			continue
		}
		for j, s := range inverse {
			part := 0.0 // of the differences, that are explained by this column
			for _, row := range a {
				part += s * s * row[j] * row[j]
			}
			if part < auditGain*after {
				continue
			}
			if f := 1 / s; math.Abs(s-1) > auditSigmas*sigma[j] && math.Abs(f-1) > auditOff {
				found = append(found, doubt{k, j, f})
			}
		}
	}
	return found
}

// pair is two samples and the distance between them, in shares of the bounds.
type pair struct {
	a, b     int
	distance float64
}

// neighbors returns every answered sample, of the last auditSamples, with its nearest
// ones, each pair once.
func neighbors(d sbo.Data, box sbo.Box) []pair {
	var pairs []pair
	seen := map[[2]int]bool{}
	first := max(0, d.Len()-auditSamples)
	for a := first; a < d.Len(); a++ {
		if d.Failed(a) {
			continue
		}
		var near []pair // the nearest so far, in the order of their distances
		for b := first; b < d.Len(); b++ {
			if b == a || d.Failed(b) {
				continue
			}
			n := pair{min(a, b), max(a, b), distance(d.Point(a), d.Point(b), box)}
			at := len(near)
			for at > 0 && n.distance < near[at-1].distance {
				at--
			}
			if at < auditNeighbors {
				near = slices.Insert(near, at, n)[:min(len(near)+1, auditNeighbors)]
			}
		}
		for _, n := range near {
			if key := [2]int{n.a, n.b}; !seen[key] && n.distance > 0 {
				seen[key] = true
				pairs = append(pairs, n)
			}
		}
	}
	return pairs
}

func distance(x, y []float64, box sbo.Box) float64 {
	sum := 0.0
	for j := range x {
		u := (x[j] - y[j]) / (box.Upper[j] - box.Lower[j])
		sum += u * u
	}
	return math.Sqrt(sum)
}

// trapezoids returns the rows of the least squares problem for response k: the terms
// of the sum, and the differences of the values, both weighted; and the pairs that
// they are of.
func trapezoids(d sbo.Data, k int, pairs []pair) (rows [][]float64, differences []float64, owners []pair) {
	if len(pairs) == 0 {
		return nil, nil, nil
	}
	lengths := make([]float64, len(pairs))
	for i, p := range pairs {
		lengths[i] = p.distance
	}
	slices.Sort(lengths)
	usual := lengths[len(lengths)/2]
	for _, p := range pairs {
		difference := d.Responses(p.b)[k] - d.Responses(p.a)[k]
		size := math.Abs(difference)
		row := make([]float64, d.NX)
		for j := range row {
			ga, gb := d.Partials[d.Partial(p.a, k, j)], d.Partials[d.Partial(p.b, k, j)]
			row[j] = (ga + gb) / 2 * (d.Point(p.b)[j] - d.Point(p.a)[j])
			size += math.Abs(row[j])
		}
		if math.IsNaN(size) || size == 0 {
			continue
		}
		weight := min(1, usual/p.distance) / size
		for j := range row {
			row[j] *= weight
		}
		rows, differences, owners = append(rows, row), append(differences, weight*difference), append(owners, p)
	}
	return rows, differences, owners
}

// widen raises the standard deviations of the factors to those by the jackknife: from
// how the factors differ when samples are left out, one by one if there are few
// (Efron and Stein, The jackknife estimate of variance, Annals of Statistics 9, 1981).
// What the pairs of a sample lack has one reason, the curvature around it, so that they
// count as one. It reports false if the factors hang on a few
// samples.
func widen(sigma []float64, rows [][]float64, b []float64, owners []pair) bool {
	n, last := len(sigma), 0
	samples := map[int]bool{}
	for _, o := range owners {
		last = max(last, o.b)
		samples[o.a], samples[o.b] = true, true
	}
	if len(samples) < n+auditSpare {
		return false
	}
	groups := min(last+1, auditGroups)
	sums, squares, used := make([]float64, n), make([]float64, n), 0.0
	for g := range groups {
		var fewer [][]float64
		var rest []float64
		for i, o := range owners {
			if o.a%groups != g && o.b%groups != g {
				fewer, rest = append(fewer, rows[i]), append(rest, b[i])
			}
		}
		if len(fewer) == len(rows) {
			continue // of failed samples
		}
		s, _, _, _, ok := factors(fewer, rest, n)
		if !ok {
			return false
		}
		used++
		for j, v := range s {
			sums[j] += v
			squares[j] += v * v
		}
	}
	for j := range sigma {
		spread := max(squares[j]-sums[j]*sums[j]/used, 0)
		sigma[j] = max(sigma[j], math.Sqrt((used-1)/used*spread))
	}
	return true
}

// leastSquares returns the factors s that bring the rows times s nearest to b, their
// standard deviations, and the sums of squares that are left with all factors 1 and
// with these; not ok if there are too few rows or they do not tell the factors.
func leastSquares(rows [][]float64, b []float64, n int) (s, sigma []float64, before, after float64, ok bool) {
	if len(rows) < 2*n+6 {
		return nil, nil, 0, 0, false
	}
	return factors(rows, b, n)
}

// factors is leastSquares of however many rows.
func factors(rows [][]float64, b []float64, n int) (s, sigma []float64, before, after float64, ok bool) {
	if len(rows) <= n {
		return nil, nil, 0, 0, false
	}
	normal, right := make([][]float64, n), make([]float64, n)
	for i := range normal {
		normal[i] = make([]float64, n)
		for j := range normal[i] {
			for _, row := range rows {
				normal[i][j] += row[i] * row[j]
			}
		}
		for r, row := range rows {
			right[i] += row[i] * b[r]
		}
	}
	inverse, ok := invert(normal)
	if !ok {
		return nil, nil, 0, 0, false
	}
	s, sigma = make([]float64, n), make([]float64, n)
	for i := range s {
		for j := range right {
			s[i] += inverse[i][j] * right[j]
		}
	}
	for r, row := range rows {
		one, best := b[r], b[r]
		for j, v := range row {
			one, best = one-v, best-v*s[j]
		}
		before, after = before+one*one, after+best*best
	}
	for j := range sigma {
		sigma[j] = math.Sqrt(inverse[j][j] * after / float64(len(rows)-n))
	}
	return s, sigma, before, after, true
}

// invert returns the inverse of a symmetric positive definite matrix by Gauss and
// Jordan, after scaling its diagonal to 1; not ok if it is nearly singular.
func invert(m [][]float64) ([][]float64, bool) {
	n := len(m)
	scale := make([]float64, n)
	for i := range n {
		if scale[i] = math.Sqrt(m[i][i]); !(scale[i] > 0) || math.IsInf(scale[i], 0) {
			return nil, false
		}
	}
	w := make([][]float64, n) // [m | 1]
	for i := range n {
		w[i] = make([]float64, 2*n)
		for j := range n {
			w[i][j] = m[i][j] / scale[i] / scale[j]
		}
		w[i][n+i] = 1
	}
	for i := range n {
		pivot := w[i][i] // needs no search: the matrix is positive definite
		if !(pivot > 1e-10) {
			return nil, false
		}
		for j := range w[i] {
			w[i][j] /= pivot
		}
		for r := range n {
			if f := w[r][i]; r != i && f != 0 {
				for j := range w[r] {
					w[r][j] -= f * w[i][j]
				}
			}
		}
	}
	inverse := make([][]float64, n)
	for i := range n {
		inverse[i] = make([]float64, n)
		for j := range n {
			inverse[i][j] = w[i][n+j] / scale[i] / scale[j]
		}
	}
	return inverse, true
}
