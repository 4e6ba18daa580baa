package surrogate

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/sbo-go/sbo"
)

// laidOut is up to how many numbers of samples a training set holds as a copy, scaled
// and in columns, ready for the kernels: 4 MB. More than these are read from the
// caller's data whenever they are needed, a block at a time, which costs half as much
// again as a step of a network of 12 neurons a layer, and an eighth with 64.
const laidOut = 1 << 19

// source is where samples come from: data of which some rows and responses are wanted.
type source struct {
	data      sbo.Data
	weights   Weights // of the entries of data
	rows      []int   // nil: all
	first, ny int     // responses

	// Of a training set:
	scaling  Scaling
	partials bool      // whether any counts
	known    int       // how many values and partials count
	trust    []float64 // by which the weights of each column of partials are multiplied; nil = 1
}

// newSource returns the samples of the data of which any of ny responses is known,
// from the first on.
func newSource(d sbo.Data, w Weights, first, ny int) source {
	s := source{data: d, weights: w, first: first, ny: ny}
	failed := func(i int) bool {
		return !slices.ContainsFunc(d.Responses(i)[first:first+ny], func(v float64) bool { return !math.IsNaN(v) })
	}
	for i := range d.Len() {
		switch {
		case failed(i) && s.rows == nil:
			s.rows = numbersTo(i)
		case !failed(i) && s.rows != nil:
			s.rows = append(s.rows, i)
		}
	}
	return s
}

// numbersTo returns 0 .. n-1; not nil.
func numbersTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// samples returns how many there are.
func (s source) samples() int {
	if s.rows != nil {
		return len(s.rows)
	}
	return s.data.Len()
}

// row returns where sample i is in the data.
func (s source) row(i int) int {
	if s.rows != nil {
		return s.rows[i]
	}
	return i
}

// box returns the range of each input over the samples; nil without any.
func (s source) box() (lower, upper []float64) {
	for i := range s.samples() {
		x := s.data.Point(s.row(i))
		if i == 0 {
			lower, upper = slices.Clone(x), slices.Clone(x)
		}
		for j, v := range x {
			lower[j], upper[j] = min(lower[j], v), max(upper[j], v)
		}
	}
	return lower, upper
}

// pick returns the samples with the given numbers.
func (s source) pick(numbers []int) source {
	rows := numbers
	if s.rows != nil {
		rows = make([]int, len(numbers))
		for n, i := range numbers {
			rows[n] = s.rows[i]
		}
	}
	s.rows = rows
	return s
}

// large reports whether the samples are too many to be copied.
func (s source) large() bool {
	each := s.data.NX + s.ny
	if s.data.Partials != nil {
		each += s.ny * s.data.NX
	}
	return s.samples()*each > laidOut
}

// copied returns the samples as data of their own, with none but the responses wanted.
func (s source) copied() source {
	d, w := s.data, s.weights
	if s.ny < d.NY {
		d, w = response(d, s.first), w.response(d, s.first)
	}
	if s.rows == nil {
		s.rows = numbersTo(d.Len())
	}
	return source{data: d.Subset(s.rows), weights: w.subset(d, s.rows), ny: s.ny}
}

// set returns the samples as a training set, for which they are copied unless they are
// too many.
func (s source) set(scaling Scaling) trainingSet {
	s.scaling = scaling
	if !s.large() {
		return s.lay()
	}
	s.partials = s.partialsCount()
	return s.unread()
}

// lay copies the samples into a training set.
func (s source) lay() trainingSet {
	s.partials = s.partialsCount()
	return s.into(trainingSet{})
}

// into copies the samples into the room of a training set.
func (s source) into(t trainingSet) trainingSet {
	b := s.newBlock(s.samples(), t)
	s.fill(&b, 0, b.ld)
	return trainingSet{m: b.ld, nx: s.data.NX, ny: s.ny, x: b.x, y: b.y, beta: b.beta, dydx: b.dydx, gamma: b.gamma}
}

// unread returns the training set that is read where the samples are.
func (s source) unread() trainingSet {
	t := trainingSet{m: s.samples(), nx: s.data.NX, ny: s.ny, source: &s}
	s.known = 0
	t.blocks(func(_, samples int, b block) { s.known += b.residuals(samples) })
	return t
}

// partialsCount reports whether any partial is known and has a weight.
func (s source) partialsCount() bool {
	if s.data.Partials == nil {
		return false
	}
	for i := range s.samples() {
		at := s.data.Partial(s.row(i), s.first, 0)
		for n, v := range s.data.Partials[at : at+s.ny*s.data.NX] {
			if !math.IsNaN(v) && weight(s.weights.Gamma, at+n) > 0 {
				return true
			}
		}
	}
	return false
}

// newBlock returns a block for as many samples, in the room of a training set.
func (s source) newBlock(samples int, t trainingSet) block {
	room := func(have []float64, rows int) []float64 {
		return slices.Grow(have[:0], rows*samples)[:rows*samples]
	}
	nx, ny := s.data.NX, s.ny
	b := block{ld: samples, x: room(t.x, nx), y: room(t.y, ny), beta: room(t.beta, ny)}
	if s.partials {
		b.dydx, b.gamma = room(t.dydx, ny*nx), room(t.gamma, ny*nx)
	}
	return b
}

// fill scales samples into the block, from the given one on. Missing entries get
// weight 0 and a harmless value.
func (s source) fill(b *block, from, samples int) {
	d, by := s.data, s.scaling
	rows := b.rows[:0]
	if s.rows != nil {
		rows = s.rows[from : from+samples]
	} else {
		for c := range samples {
			rows = append(rows, from+c)
		}
		b.rows = rows
	}
	for j := range d.NX {
		mean, std, to := by.MeanX[j], by.StdX[j], b.x[j*b.ld:]
		for c, i := range rows {
			to[c] = (d.X[i*d.NX+j] - mean) / std
		}
	}
	for k := range s.ny {
		mean, std, to, counts := by.MeanY[k], by.StdY[k], b.y[k*b.ld:], b.beta[k*b.ld:]
		for c, i := range rows {
			n := i*d.NY + s.first + k
			to[c], counts[c] = 0, 0
			if v := d.Y[n]; !math.IsNaN(v) {
				to[c], counts[c] = (v-mean)/std, weight(s.weights.Beta, n)
			}
		}
	}
	if !s.partials {
		return
	}
	for k := range s.ny {
		for j := range d.NX {
			column := k*d.NX + j
			stdX, stdY, trust, to, counts := by.StdX[j], by.StdY[k], 1.0, b.dydx[column*b.ld:], b.gamma[column*b.ld:]
			if s.trust != nil {
				trust = s.trust[column]
			}
			for c, i := range rows {
				n := d.Partial(i, s.first+k, j)
				to[c], counts[c] = 0, 0
				if v := d.Partials[n]; !math.IsNaN(v) {
					to[c], counts[c] = v*stdX/stdY, trust*weight(s.weights.Gamma, n)
				}
			}
		}
	}
}

// copied returns the samples as a copy, however many they are: for trainers that need far
// more room for each anyway.
func (t trainingSet) copied() trainingSet {
	if t.source == nil {
		return t
	}
	return t.source.into(trainingSet{})
}

// remembered is how many samples at most a model keeps of a training set that was not
// copied, for its standard deviations.
const remembered = 4000

// memory returns what a model keeps of the samples: all of them, or some at random with
// weights that make up for the others.
func (t trainingSet) memory() trainingSet {
	if t.source == nil {
		return t
	}
	share := (t.nx + t.ny) + t.ny*t.nx
	some := rand.New(rand.NewPCG(remembered, 0)).Perm(t.m)[:min(t.m, remembered, max(laidOut/share, 1))]
	slices.Sort(some)
	return t.standingFor(some)
}
