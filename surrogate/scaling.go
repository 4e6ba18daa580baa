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

// newScaling computes the scaling of the data.
func newScaling(d sbo.Data) Scaling { return source{data: d, ny: d.NY}.newScaling() }

// newScaling computes the scaling of the samples from the entries that are known.
// A column that does not vary to speak of although its partials say it does (samples
// at the zeros of a sine), or that is constant, would blow its residuals up: its
// spread is then taken from the partials over the inputs' spread, if any are known,
// else 1. Otherwise the values' own spread stands, however large the partials are:
// these may be in the wrong unit, and are weighed against the values by evidence.
func (s source) newScaling() Scaling {
	const hardly = 1e-6 // of what the partials say; units are off by less
	var by Scaling
	add := func(means, stds *[]float64, rows []float64, n, column int) {
		mean, std := s.column(rows, n, column)
		*means, *stds = append(*means, mean), append(*stds, std)
	}
	for j := range s.data.NX {
		add(&by.MeanX, &by.StdX, s.data.X, s.data.NX, j)
	}
	for k := range s.ny {
		add(&by.MeanY, &by.StdY, s.data.Y, s.data.NY, s.first+k)
	}
	for j, std := range by.StdX {
		if std == 0 {
			by.StdX[j] = 1
		}
	}
	for k, std := range by.StdY {
		if partials := s.spreadByPartials(k, by.StdX); std < hardly*partials {
			by.StdY[k] = partials
		}
		if by.StdY[k] == 0 {
			by.StdY[k] = 1
		}
	}
	return by
}

// column returns mean and population standard deviation of one of n columns, ignoring
// NaN. A spread within rounding of the mean counts as none.
func (s source) column(rows []float64, n, column int) (mean, std float64) {
	each := func(f func(v float64)) {
		for i := range s.samples() {
			if v := rows[s.row(i)*n+column]; !math.IsNaN(v) {
				f(v)
			}
		}
	}
	count, largest := 0., 0.
	each(func(v float64) {
		count++
		largest = max(largest, math.Abs(v))
	})
	if largest == 0 {
		return 0, 0
	}
	// Relative to the largest, neither sum nor squares over- or underflow.
	average, squares := 0.0, 0.0
	each(func(v float64) { average += v / largest / count })
	each(func(v float64) {
		e := v/largest - average
		squares += e * e
	})
	if spread := math.Sqrt(squares / count); spread > 1e-14 {
		std = largest * spread
	}
	return largest * average, std
}

// spreadByPartials estimates the spread of response k from its partials: the
// root mean square change over one standard deviation of an input. 0 if unknown.
func (s source) spreadByPartials(k int, stdX []float64) float64 {
	count, squares := 0.0, 0.0
	if s.data.Partials != nil {
		for i := range s.samples() {
			at := s.data.Partial(s.row(i), s.first+k, 0)
			for j, std := range stdX {
				if v := s.data.Partials[at+j] * std; !math.IsNaN(v) {
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
