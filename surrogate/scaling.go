package surrogate

import (
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// Scaling maps between the units of the problem and the network's: each input
// and output has its mean subtracted and is divided by its standard deviation
// over the training samples. Partials scale with both.
type Scaling struct {
	MeanX, StdX []float64 // nx
	MeanY, StdY []float64 // ny
}

// newScaling computes the scaling of the data from the entries that are known.
// A column that does not vary to speak of although its partials say it does (samples
// at the zeros of a sine), or that is constant, would blow its residuals up: its
// spread is then taken from the partials over the inputs' spread, if any are known,
// else 1. Otherwise the values' own spread stands, however large the partials are:
// these may be in the wrong unit, and are weighed against the values by evidence.
func newScaling(d sbo.Data) Scaling {
	const hardly = 1e-6 // of what the partials say; units are off by less
	s := Scaling{}
	s.MeanX, s.StdX = columns(d.X, d.NX)
	s.MeanY, s.StdY = columns(d.Y, d.NY)
	for j, std := range s.StdX {
		if std == 0 {
			s.StdX[j] = 1
		}
	}
	for k, std := range s.StdY {
		if by := spreadByPartials(d, k, s.StdX); std < hardly*by {
			s.StdY[k] = by
		}
		if s.StdY[k] == 0 {
			s.StdY[k] = 1
		}
	}
	return s
}

// columns returns mean and population standard deviation of each of n columns,
// ignoring NaN. A spread within rounding of the mean counts as none.
func columns(rows []float64, n int) (mean, std []float64) {
	mean, std = make([]float64, n), make([]float64, n)
	for c := range n {
		var known []float64
		largest := 0.0
		for i := c; i < len(rows); i += n {
			if v := rows[i]; !math.IsNaN(v) {
				known = append(known, v)
				largest = max(largest, math.Abs(v))
			}
		}
		if largest == 0 {
			continue
		}
		// Relative to the largest, neither sum nor squares over- or underflow.
		average, squares := 0.0, 0.0
		for _, v := range known {
			average += v / largest / float64(len(known))
		}
		for _, v := range known {
			e := v/largest - average
			squares += e * e
		}
		mean[c] = largest * average
		if spread := math.Sqrt(squares / float64(len(known))); spread > 1e-14 {
			std[c] = largest * spread
		}
	}
	return mean, std
}

// spreadByPartials estimates the spread of response k from its partials: the
// root mean square change over one standard deviation of an input. 0 if unknown.
func spreadByPartials(d sbo.Data, k int, stdX []float64) float64 {
	count, squares := 0.0, 0.0
	if d.Partials != nil {
		for i := range d.Len() {
			for j := range d.NX {
				if v := d.Partials[d.Partial(i, k, j)] * stdX[j]; !math.IsNaN(v) {
					count++
					squares += v * v
				}
			}
		}
	}
	if count == 0 || math.IsInf(squares, 0) {
		return 0
	}
	return math.Sqrt(squares / count)
}

func (s Scaling) clone() Scaling {
	return Scaling{
		MeanX: slices.Clone(s.MeanX), StdX: slices.Clone(s.StdX),
		MeanY: slices.Clone(s.MeanY), StdY: slices.Clone(s.StdY),
	}
}

// validate returns an error if the scaling does not fit nx inputs and ny outputs.
func (s Scaling) validate(nx, ny int) error {
	if len(s.MeanX) != nx || len(s.StdX) != nx || len(s.MeanY) != ny || len(s.StdY) != ny {
		return fmt.Errorf("the scaling of %d, %d inputs and %d, %d outputs does not fit a network of %d and %d",
			len(s.MeanX), len(s.StdX), len(s.MeanY), len(s.StdY), nx, ny)
	}
	for _, column := range [][]float64{s.MeanX, s.StdX, s.MeanY, s.StdY} {
		for _, v := range column {
			if !finite(v) {
				return fmt.Errorf("the scaling holds %v", v)
			}
		}
	}
	for _, column := range [][]float64{s.StdX, s.StdY} {
		for _, v := range column {
			if v <= 0 {
				return fmt.Errorf("the scaling holds a standard deviation of %v, which is not positive", v)
			}
		}
	}
	return nil
}

// input writes the scaled x into u, which is allocated when nil.
func (s Scaling) input(u, x []float64) []float64 {
	if u == nil {
		u = make([]float64, len(x))
	}
	for j, v := range x {
		u[j] = (v - s.MeanX[j]) / s.StdX[j]
	}
	return u
}
