package surrogate

import (
	"cmp"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// Outlier is a number of the data that the others contradict, and that a robust fit
// therefore let go of.
type Outlier struct {
	Sample   int     // index in Task.Data
	Response int     // index
	Variable int     // index of the variable of a partial; -1: the value of the response
	Weight   float64 // how much it counted, of 1 for a number that fits
	Residual float64 // what the data say less what the network does, in the unit of the response or partial
}

// What counts as an outlier: a residual that counts less than outlierWeight, which
// is 6 times the scale of the noise away, and is larger than outlierSize, in units
// of the spread of the response. With less, samples of a smooth function that the
// network can't quite follow would pass for outliers. From grossSize on there is no
// doubt.
const (
	outlierWeight = 0.1
	outlierSize   = 1e-2
	grossSize     = 5e-2
)

// outliers returns the residuals that hardly count, given what the network says less
// what the data do: those that count least first, in the numbers of the training set.
func (t *tails) outliers(errors []float64) []Outlier {
	var all []Outlier
	for i, p := range t.places {
		weight := t.credit[i] * freedom / (freedom + 1) // 1 at a residual of 0
		if weight < outlierWeight && math.Abs(errors[i]) > outlierSize {
			all = append(all, Outlier{Sample: p.sample, Response: p.response, Variable: p.variable, Weight: weight, Residual: -errors[i]})
		}
	}
	sortOutliers(all)
	return all
}

// gross reports whether any of the outliers, in the numbers of the training set, is
// beyond doubt.
func gross(all []Outlier) bool {
	return slices.ContainsFunc(all, func(o Outlier) bool { return math.Abs(o.Residual) > grossSize })
}

// sortOutliers puts those that count least first.
func sortOutliers(all []Outlier) {
	slices.SortStableFunc(all, func(a, b Outlier) int { return cmp.Compare(a.Weight, b.Weight) })
}

// forget makes the outliers, which are numbered as the samples, unknown.
func forget(d sbo.Data, outliers []Outlier) {
	for _, o := range outliers {
		if o.Variable < 0 {
			d.Responses(o.Sample)[o.Response] = math.NaN()
		} else {
			d.PartialsOf(o.Sample)[o.Response*d.NX+o.Variable] = math.NaN()
		}
	}
}

// inUnits returns the outliers with residuals in the units of the data and samples
// numbered as there.
func inUnits(all []Outlier, s Scaling, from source) []Outlier {
	for i := range all {
		o := &all[i]
		o.Sample = from.row(o.Sample)
		o.Residual *= s.StdY[o.Response]
		if o.Variable >= 0 {
			o.Residual /= s.StdX[o.Variable]
		}
	}
	return all
}

// place says what a residual is about.
type place struct {
	sample, response, variable int     // the variable of a partial, -1 for a value
	weight                     float64 // above 0
}

// column returns the place in trust of a partial, -1 of a value.
func (p place) column(nx int) int {
	if p.variable < 0 {
		return -1
	}
	return p.response*nx + p.variable
}

// places returns what each residual is about, in the order of residualModel.
func (t trainingSet) places() []place {
	var all []place
	add := func(i, k, j int, weight float64) {
		if weight > 0 {
			all = append(all, place{sample: i, response: k, variable: j, weight: weight})
		}
	}
	for i := range t.m {
		for k := range t.ny {
			add(i, k, -1, t.beta[k*t.m+i])
			for j := range t.nx {
				if t.gamma != nil {
					add(i, k, j, t.gamma[(k*t.nx+j)*t.m+i])
				}
			}
		}
	}
	return all
}

// credited returns the set as a robust training ended up seeing it: with the weights
// of the residuals multiplied by their credits, and without the outliers.
func (t trainingSet) credited(by trained) trainingSet {
	t.beta, t.gamma = slices.Clone(t.beta), slices.Clone(t.gamma)
	weight := func(response, variable, sample int) *float64 {
		if variable < 0 {
			return &t.beta[response*t.m+sample]
		}
		return &t.gamma[(response*t.nx+variable)*t.m+sample]
	}
	for i, p := range t.places() {
		*weight(p.response, p.variable, p.sample) *= by.credit[i]
	}
	for _, o := range by.outliers {
		*weight(o.Response, o.Variable, o.Sample) = 0
	}
	return t
}

// farOut is how many standard deviations from the median make a number too far out
// to be asked for the scaling: farther than most smooth functions ever are.
const farOut = 8

// withoutFarOut returns the data without values and partials that are far out: a
// single gross outlier would otherwise make all else look alike.
func withoutFarOut(d sbo.Data) sbo.Data {
	d.Y, d.Partials = trimmed(d.Y, d.NY), trimmed(d.Partials, d.NY*d.NX)
	return d
}

// trimmed returns the rows of n columns with NaN for what is far out. The standard
// deviation is taken from the median absolute deviation, whose ratio is 0.6745 for
// normal numbers; if that is 0, nothing is far out.
func trimmed(rows []float64, n int) []float64 {
	kept := slices.Clone(rows)
	for c := range n {
		var known []float64
		for i := c; i < len(rows); i += n {
			if !math.IsNaN(rows[i]) {
				known = append(known, rows[i])
			}
		}
		center := median(known)
		for i, v := range known {
			known[i] = math.Abs(v - center)
		}
		limit := farOut * median(known) / 0.6745
		for i := c; i < len(rows); i += n {
			if limit > 0 && math.Abs(rows[i]-center) > limit {
				kept[i] = math.NaN()
			}
		}
	}
	return kept
}

// median sorts the numbers and returns the one in the middle, NaN if there are none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	return v[(len(v)-1)/2]/2 + v[len(v)/2]/2
}
