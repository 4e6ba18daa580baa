package surrogate

import (
	"math"
	"slices"
)

// evidence holds the hyperparameters of the Bayesian view of the loss
//
//	E = noise/2 |r|^2 + sum_c precision_c/2 |w_c|^2
//
// where r are the weighted residuals and w_c the parameters of group c: the
// residuals have variance 1/noise, the parameters a prior of variance
// 1/precision_c. Groups are the weights of each input (so that an input that
// doesn't matter is switched off, "automatic relevance"), the weights of each
// further layer, and the biases of each layer. Re-estimating both from the data
// (MacKay, A practical Bayesian framework for backpropagation networks, Neural
// Computation 4, 1992) replaces lambda.
//
// With trust, the partials of each column (those of one response by one variable)
// have a noise of their own, of precision noise*trust: columns that contradict the
// values and each other end up counting little.
type evidence struct {
	Noise      float64
	Precisions []float64 // of each group
	Trust      []float64 // of each column of partials, ny by nx; nil = 1

	// The highest precision that the noise of each column of partials may have; nil: any.
	most []float64

	group []int // of each parameter
	size  []int // of each group
}

// maxNoise is the precision at which residuals count as rounding: a standard
// deviation of 1e-6 of a response's.
const maxNoise = 1e12

// firstNoise is where the estimate of the noise begins: a standard deviation of a
// tenth of a response's, so that a training first fits the data and then asks
// how much of them is noise.
const firstNoise = 100

// Bounds of the precisions. The lower one is that low because a polynomial is a
// network of tiny inner weights, differences of which large outer ones magnify.
const (
	leastPrecision = 1e-12
	mostPrecision  = 1e8
)

// leastFree keeps the noise of a group that is fitted exactly from falling for no
// other reason than that: it is small enough not to act as an estimate itself.
const leastFree = 1e-6

// overfitted bounds the precision of the noise of the values where partials have a noise
// of their own: its standard deviation is a tenth at least of what values are off that
// are left out. With few of them that stand against partials which count little, it
// would otherwise fall to nothing, and the networks bend until they meet every value.
// Of borehole with 40 samples and noise of 20, 50 and 100 percent on the partials, the
// errors were 1.04, 1.07 and 1.07 times those of a fit without partials with no bound, and
// 0.87, 0.81 and 0.75 times with this one. With a bound of 10, fits whose partials were
// exact but for some columns lost a factor of 3 to 10 on three of ten sets of samples.
const overfitted = 100

// Below fewNumbers values and partials, noise can't be told from shape: the
// samples then count as exact to a standard deviation of 1e-2 at worst.
const (
	fewNumbers    = 40
	leastNoiseFew = 1e4
)

// newEvidence groups the parameters of a network; the start's hyperparameters
// are taken over if they fit.
func newEvidence(n Network, start *evidence) *evidence {
	e := &evidence{Noise: firstNoise, group: make([]int, len(n.Parameters))}
	next := 0
	mark := make([]float64, len(n.Parameters)) // group numbers, laid out like parameters
	for l := 1; l <= n.layers(); l++ {
		w, b := n.layer(mark, l)
		if l == 1 {
			for j := range w.Cols {
				for i := range w.Rows {
					w.Data[i*w.Stride+j] = float64(next)
				}
				next++
			}
		} else {
			fill(w.Data, float64(next))
			next++
		}
		fill(b, float64(next))
		next++
	}
	e.size = make([]int, next)
	for i, g := range mark {
		e.group[i] = int(g)
		e.size[int(g)]++
	}
	e.Precisions = make([]float64, next)
	fill(e.Precisions, 1)
	if start != nil && len(start.Precisions) == next {
		e.Noise, e.Precisions, e.Trust = start.Noise, slices.Clone(start.Precisions), slices.Clone(start.Trust)
	}
	return e
}

// clone returns a copy that update does not change.
func (e *evidence) clone() *evidence {
	c := *e
	c.Precisions, c.Trust = slices.Clone(e.Precisions), slices.Clone(e.Trust)
	return &c
}

// partialNoise returns the standard deviation of the noise of each column of
// partials, relative to their root mean square; nil without trust.
func (e *evidence) partialNoise(t trainingSet) []float64 {
	if e == nil || e.Trust == nil {
		return nil
	}
	count, squares := make([]float64, len(e.Trust)), make([]float64, len(e.Trust))
	t.blocks(func(_, samples int, b block) {
		for c := range e.Trust {
			for i, v := range b.dydx[c*b.ld:][:samples] {
				if b.gamma[c*b.ld+i] > 0 {
					count[c]++
					squares[c] += v * v
				}
			}
		}
	})
	noise := make([]float64, len(e.Trust))
	for c, trust := range e.Trust {
		if squares[c] > 0 {
			noise[c] = 1 / math.Sqrt(e.Noise*trust*squares[c]/count[c])
		}
	}
	return noise
}

// fix sets the hyperparameters to those of the paper's loss with a given lambda:
// weights have precision lambda, biases none.
func (e *evidence) fix(n Network, lambda float64) {
	isBias := make([]float64, len(n.Parameters))
	for l := 1; l <= n.layers(); l++ {
		_, b := n.layer(isBias, l)
		fill(b, 1)
	}
	e.Noise = 1
	for i, g := range e.group {
		e.Precisions[g] = lambda * (1 - isBias[i])
	}
}

// prior returns the precision of parameter i, relative to the noise.
func (e *evidence) prior(i int) float64 { return e.Precisions[e.group[i]] / e.Noise }

// penalty returns sum_c precision_c |w_c|^2 / noise.
func (e *evidence) penalty(parameters []float64) float64 {
	total := 0.0
	for i, w := range parameters {
		total += e.prior(i) * w * w
	}
	return total
}

// spread is what a re-estimation needs to know of the residuals.
type spread struct {
	diagonal []float64 // of the inverse of H = J'J + precisions/noise + damping
	damping  float64   // added to the diagonal of H so that it can be factorized
	count    []int     // residuals: of the values, then of each column of partials
	square   []float64 // their sums of squares, without trust; with it, over the mean weights of the columns
	well     []float64 // parameters that each determines; only used with trust
	deleted  float64   // the sum of squares of what the values' residuals would be without each; 0: not known
}

// update re-estimates the hyperparameters by MacKay's fixed point
//
//	precision_c = well_c / |w_c|^2,  noise = (n - sum well_c) / |r|^2
//	well_c = size_c - (precision_c/noise + damping) trace_c(H^-1)
//
// with well_c the number of well-determined parameters of the group. The damping
// acts as precision of the prior and counts as such, or else every parameter that
// the data leave open would pass for well-determined once the noise is small. A
// step changes each at most by the factor relax. It returns the largest change as
// a factor minus 1.
func (e *evidence) update(s spread, parameters []float64, relax float64) float64 {
	trace, norm2 := make([]float64, len(e.size)), make([]float64, len(e.size))
	for i, g := range e.group {
		trace[g] += s.diagonal[i]
		norm2[g] += parameters[i] * parameters[i]
	}
	largest, total := 0.0, 0.0
	move := func(from, target float64) float64 {
		to := min(max(target, from/relax), from*relax)
		largest = max(largest, math.Abs(math.Log(to/from)))
		return to
	}
	for g, size := range e.size {
		well := min(max(float64(size)-(e.Precisions[g]/e.Noise+s.damping)*trace[g], 1e-3*float64(size)), float64(size))
		total += well
		e.Precisions[g] = move(e.Precisions[g], min(max(well/max(norm2[g], 1e-300), leastPrecision), mostPrecision))
	}
	if e.Trust == nil {
		n, square := 0, 0.0
		for c, count := range s.count {
			n += count
			square += s.square[c]
		}
		e.Noise = move(e.Noise, precision(n, total, square, 0.01, n))
		return largest
	}
	n := 0
	for _, count := range s.count {
		n += count
	}
	old := e.Noise
	if s.count[0] > 0 {
		target := precision(s.count[0], s.well[0], s.square[0], leastFree, n)
		if s.deleted > 0 {
			target = min(target, overfitted*float64(s.count[0])/s.deleted)
		}
		e.Noise = move(e.Noise, target)
	}
	for c := range e.Trust {
		if s.count[1+c] > 0 {
			target := precision(s.count[1+c], s.well[1+c], s.square[1+c], leastFree, n)
			if e.most != nil {
				target = min(target, e.most[c])
			}
			own := move(old*e.Trust[c], target)
			e.Trust[c] = min(own/e.Noise, 1) // partials are never believed more than the values
		}
	}
	e.limit()
	return largest
}

// precision returns the noise precision of `count` residuals, out of n in all,
// that determine `well` parameters and have the given sum of squares. Of the
// residuals at least the given share counts as free of parameters.
func precision(count int, well, square, least float64, n int) float64 {
	free := max(float64(count)-well, least*float64(count))
	p := min(free/max(square, 1e-300), maxNoise)
	if n < fewNumbers {
		p = max(p, leastNoiseFew)
	}
	return p
}

// log returns the logarithm of the evidence: of the probability of the data
// under this network, integrated over its parameters (Laplace's approximation),
// where residual2 = |r|^2, penalty is as above, and logDet = log det H with the
// given damping in it, which counts as in update. count is as in spread.
func (e *evidence) log(residual2, penalty, logDet, damping float64, count []int) float64 {
	n := 0
	for _, c := range count {
		n += c
	}
	p := float64(len(e.group))
	total := -e.Noise/2*(residual2+penalty) + float64(n)/2*math.Log(e.Noise/(2*math.Pi)) - (logDet+p*math.Log(e.Noise))/2
	for g, size := range e.size {
		total += float64(size) / 2 * math.Log(e.Precisions[g]+damping*e.Noise)
	}
	for c, t := range e.Trust {
		total += float64(count[1+c]) / 2 * math.Log(t)
	}
	return total
}
