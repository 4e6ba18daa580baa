package kriging

import (
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// extent returns the range of each input over the samples.
func extent(d sbo.Data) (lower, upper []float64) {
	if d.Len() == 0 {
		return nil, nil
	}
	lower, upper = slices.Clone(d.Point(0)), slices.Clone(d.Point(0))
	for i := range d.Len() {
		for j, v := range d.Point(i) {
			lower[j], upper[j] = min(lower[j], v), max(upper[j], v)
		}
	}
	return lower, upper
}

// scaling returns the box and the spread of response k, transformed. A response that
// hardly varies over the samples although its partials say that it does is measured by
// these.
func (t Task) scaling(k int, w warp) scaling {
	d := t.Data.Answered()
	s := scaling{warp: w, width: make([]float64, d.NX)}
	lower, upper := extent(d)
	if box := t.Problem.Box(); box.Dim() > 0 {
		lower, upper = box.Lower, box.Upper
	}
	s.lower = w.point(lower)
	for j := range s.width {
		if s.width[j] = w.input(j, upper[j]) - s.lower[j]; !(s.width[j] > 0) || math.IsInf(s.width[j], 1) {
			s.lower[j], s.width[j] = w.input(j, d.Point(0)[j]), 1
		}
	}
	var y, slopes []float64
	for i := range d.Len() {
		z, slope := w.output.of(d.Responses(i)[k])
		y = append(y, z)
		for j, width := range s.width {
			if d.Partials != nil {
				slopes = append(slopes, slope*d.Partials[d.Partial(i, k, j)]/w.rate(j, d.Point(i)[j])*width)
			}
		}
	}
	s.mean, s.std = moments(y)
	mean, std := moments(slopes)
	if by := math.Hypot(mean, std) / math.Sqrt(12); s.std < 0.01*by { // the spread of a uniform distribution of width 1
		s.std = by
	}
	if s.std == 0 {
		s.std = math.Abs(s.mean)
	}
	if s.std == 0 {
		s.std = 1
	}
	if s.plain = s.std; !w.none() {
		s.plain = t.scaling(k, warp{}).std
	}
	return s
}

// moments returns mean and population standard deviation of what is known. A spread
// within rounding of the mean counts as none.
func moments(column []float64) (mean, std float64) {
	largest, n := 0.0, 0.0
	for _, v := range column {
		if !math.IsNaN(v) {
			n++
			largest = max(largest, math.Abs(v))
		}
	}
	if largest == 0 {
		return 0, 0
	}
	squares := 0.0 // relative to the largest, neither sum nor squares overflow
	for _, v := range column {
		if !math.IsNaN(v) {
			mean += v / largest / n
		}
	}
	for _, v := range column {
		if !math.IsNaN(v) {
			squares += (v/largest - mean) * (v/largest - mean)
		}
	}
	if spread := math.Sqrt(squares / n); spread > 1e-14 {
		std = largest * spread
	}
	return largest * mean, std
}

// perDeviation returns what a log density over the box, transformed, has to be increased
// by to be one of the responses and partials themselves over standard deviations of
// responses and inputs, as of those that are not transformed.
func perDeviation(d sbo.Data, k int, s scaling, r *rows) float64 {
	std := make([]float64, d.NX)
	for j := range std {
		var column []float64
		for i := range d.Len() {
			if !d.Failed(i) {
				column = append(column, d.Point(i)[j])
			}
		}
		if _, std[j] = moments(column); std[j] == 0 {
			std[j] = 1
		}
	}
	total := 0.0
	for i, sample := range r.sample {
		_, slope := s.warp.output.of(d.Responses(sample)[k])
		stretch := math.Log(slope * s.plain / s.std)
		for _, j := range r.column[r.first[i]:r.first[i+1]] {
			total += stretch
			if j >= 0 {
				total += math.Log(s.width[j] / std[j] / s.warp.rate(j, d.Point(sample)[j]))
			}
		}
	}
	return total
}
