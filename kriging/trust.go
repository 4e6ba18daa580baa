package kriging

import (
	"math"
	"slices"
)

// Trust says how far the prediction at a point can be relied on.
type Trust struct {
	// Score of each response is the share of its variance over the samples that the
	// model knows at the point: 1 - std^2/variance, at least 0.
	Score []float64
	// Nearest is the sample that is closest, by its number in the data that the model
	// was fitted to, from 0; of those that the first response has a number of.
	Nearest int
	// Distance to that sample, in units of the median distance of a sample to its own
	// nearest one, each input measured by the box; NaN with a single sample. Well above 1:
	// the point lies in a gap between the samples, or outside them.
	Distance float64
}

// Trust returns how far the predictions at x can be relied on.
func (m *Model) Trust(x []float64) Trust {
	t := Trust{Distance: math.NaN()}
	for _, p := range m.processes {
		s := p.spread(p.scaling.warp.point(x)) / p.scaling.std
		t.Score = append(t.Score, max(1-s*s, 0))
	}
	p := m.processes[0]
	z := p.scaling.warp.point(x)
	for j := range z {
		z[j] = (z[j] - p.scaling.lower[j]) / p.scaling.width[j]
	}
	nearest, distance := p.c.r.nearest(z, -1)
	t.Nearest = p.c.r.sample[nearest]
	if p.c.r.n > 1 {
		t.Distance = distance / p.c.r.spacing()
	}
	return t
}

// nearest returns the sample closest to a point, other than the given one, and how far
// it is.
func (r *rows) nearest(z []float64, other int) (index int, distance float64) {
	index, distance = -1, math.Inf(1)
	for i := range r.n {
		if d := squaredDistance(z, r.z[i*r.nx:(i+1)*r.nx]); i != other && (index < 0 || d < distance) {
			index, distance = i, d
		}
	}
	return index, math.Sqrt(distance)
}

// spacing returns the median distance of samples to their nearest neighbors.
func (r *rows) spacing() float64 {
	all := make([]float64, r.n)
	for i := range all {
		_, all[i] = r.nearest(r.z[i*r.nx:(i+1)*r.nx], i)
	}
	slices.Sort(all)
	return max(all[len(all)/2], 1e-300)
}

// Extrapolation says that an input lies outside the range of the samples.
type Extrapolation struct {
	Input        int     // index of the design variable
	Value        float64 // where it is
	Lower, Upper float64 // where the samples are
	Overshoot    float64 // distance to the range, as a fraction of its width
}

// Extrapolates returns the inputs of x that lie outside the box of the samples; none if
// that box is not known. Far from it a prediction returns to the mean.
func (m *Model) Extrapolates(x []float64) []Extrapolation {
	var out []Extrapolation
	if len(m.Facts.Lower) != len(x) || len(m.Facts.Upper) != len(x) {
		return nil
	}
	for j, v := range x {
		lower, upper := m.Facts.Lower[j], m.Facts.Upper[j]
		if beyond := max(lower-v, v-upper); beyond > 0 {
			width := upper - lower
			if width == 0 {
				width = max(math.Abs(lower), 1)
			}
			out = append(out, Extrapolation{Input: j, Value: v, Lower: lower, Upper: upper, Overshoot: beyond / width})
		}
	}
	return out
}
