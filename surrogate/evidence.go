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
type evidence struct {
	Noise      float64   `json:"noise"`
	Precisions []float64 `json:"precisions"`

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
		e.Noise, e.Precisions = start.Noise, slices.Clone(start.Precisions)
	}
	return e
}

// clone returns a copy that update does not change.
func (e *evidence) clone() *evidence {
	c := *e
	c.Precisions = slices.Clone(e.Precisions)
	return &c
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

// update re-estimates the hyperparameters from the inverse of
// H = J'J + precisions/noise, by MacKay's fixed point
//
//	precision_c = well_c / |w_c|^2,  noise = (n - sum well_c) / |r|^2
//	well_c = size_c - (precision_c/noise + damping) trace_c(H^-1)
//
// with well_c the number of well-determined parameters of the group. The damping
// is what was added to the diagonal of H so that it could be factorized; it acts
// as precision of the prior and counts as such, or else every parameter that the
// data leave open would pass for well-determined once the noise is small. A step
// changes each at most by the factor relax. It returns the largest change as a
// factor minus 1. It is given the diagonal of the inverse.
func (e *evidence) update(inverse, parameters []float64, residual2, damping float64, n int, relax float64) float64 {
	trace, norm2 := make([]float64, len(e.size)), make([]float64, len(e.size))
	for i, g := range e.group {
		trace[g] += inverse[i]
		norm2[g] += parameters[i] * parameters[i]
	}
	step := func(old, target float64) float64 {
		return min(max(target, old/relax), old*relax)
	}
	largest, total := 0.0, 0.0
	changed := func(old, now float64) float64 {
		largest = max(largest, math.Abs(math.Log(now/old)))
		return now
	}
	for g, size := range e.size {
		well := min(max(float64(size)-(e.Precisions[g]/e.Noise+damping)*trace[g], 1e-3*float64(size)), float64(size))
		total += well
		target := min(max(well/max(norm2[g], 1e-300), 1e-6), 1e6)
		e.Precisions[g] = changed(e.Precisions[g], step(e.Precisions[g], target))
	}
	free := max(float64(n)-total, 0.01*float64(n))
	target := min(free/max(residual2, 1e-300), maxNoise)
	if n < fewNumbers {
		target = max(target, leastNoiseFew)
	}
	e.Noise = changed(e.Noise, step(e.Noise, target))
	return largest
}

// log returns the logarithm of the evidence: of the probability of the data
// under this network, integrated over its parameters (Laplace's approximation),
// where residual2 = |r|^2, penalty is as above, and logDet = log det H with the
// given damping in it, which counts as in update.
func (e *evidence) log(residual2, penalty, logDet, damping float64, n int) float64 {
	p := float64(len(e.group))
	total := -e.Noise/2*(residual2+penalty) + float64(n)/2*math.Log(e.Noise/(2*math.Pi)) - (logDet+p*math.Log(e.Noise))/2
	for g, size := range e.size {
		total += float64(size) / 2 * math.Log(e.Precisions[g]+damping*e.Noise)
	}
	return total
}
