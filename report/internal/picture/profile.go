package picture

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// Profile is a response along one variable, all others held at the optimum.
type Profile struct {
	Variable     string    // name and unit
	X, Y         []float64 // the surrogate's curve, X ascending
	At           float64   // the variable at the optimum
	Value        float64   // the surrogate's response there
	Slope        float64   // the surrogate's partial there
	Measured     float64   // the measured partial there, NaN if not known
	MeasuredY    float64   // the measured response there, NaN if not known
	NearX, NearY []float64 // measured points close to the curve
}

// Profiles is the profiles of one response.
type Profiles struct {
	Response     string // name and unit
	Lower, Upper float64
	By           []Profile // one for each variable
}

// Sensitivity draws a row of profiles per response, a column per variable, with a
// common scale in each row. Outside the limits, which may be infinite, the ground
// is shaded. There must be at least one row, and all must have as many columns.
func Sensitivity(rows []Profiles) Figure {
	plots := make([][]*plot.Plot, len(rows))
	for i, r := range rows {
		var columns [][]float64
		for _, p := range r.By {
			columns = append(columns, p.Y, []float64{p.MeasuredY})
		}
		low, high, _ := span(0.08, columns...)
		for j, p := range r.By {
			a := axes{ymin: low, ymax: high, xticks: roundTicks(4), yticks: roundTicks(3)}
			if j == 0 {
				a.y = fit(r.Response, 16)
			} else {
				a.yticks = unlabeled{a.yticks}
			}
			if i == len(rows)-1 {
				a.x = fit(p.Variable, 15)
			} else {
				a.xticks = unlabeled{a.xticks}
			}
			plots[i] = append(plots[i], profilePlot(p, a, r.Lower, r.Upper))
		}
	}
	n := float64(len(rows[0].By))
	return stack("Sensitivity of the responses at the optimum", min(90+300*n, max(wide, 90+115*n)), 50+132*float64(len(rows)), plots)
}

func profilePlot(p Profile, a axes, lower, upper float64) *plot.Plot {
	a.xmin, a.xmax = p.X[0], p.X[len(p.X)-1]
	plotted := newPlot(a)
	infinite := math.Inf(1)
	forbidden := of("forbidden").fade(0.13)
	plotted.Add(
		zone{forbidden, -infinite, infinite, upper, infinite},
		zone{forbidden, -infinite, infinite, -infinite, lower},
	)
	for _, limit := range []float64{lower, upper} {
		plotted.Add(curve{style: line(of("forbidden"), 1), x: []float64{a.xmin, a.xmax}, y: []float64{limit, limit}})
	}
	plotted.Add(
		curve{style: line(of("best").fade(0.7), 1, 3, 3), x: []float64{p.At, p.At}, y: []float64{a.ymin, a.ymax}},
		scatter{mark{disk, 2.4, of("muted").fade(0.7), nil}, p.NearX, p.NearY},
		tangent(p, p.Measured, p.MeasuredY, a, line(of("slope").fade(0.55), 5)),
		curve{style: line(of("curve"), 1.8), x: p.X, y: p.Y},
		tangent(p, p.Slope, p.Value, a, line(of("text"), 1.1, 4, 2)),
		scatter{mark{disk, 3.4, of("best"), nil}, []float64{p.At}, []float64{p.MeasuredY}},
	)
	return plotted
}

// tangent returns a line with a slope through the optimum, so long that its
// length in the plot does not depend on the slope.
func tangent(p Profile, slope, value float64, a axes, s draw.LineStyle) curve {
	w, h := a.xmax-a.xmin, a.ymax-a.ymin
	reach := 0.22 * w / math.Hypot(1, slope*w/h)
	return curve{style: s, x: []float64{p.At - reach, p.At + reach}, y: []float64{value - slope*reach, value + slope*reach}}
}

// unlabeled is ticks without numbers.
type unlabeled struct{ plot.Ticker }

// Ticks returns the marks between two numbers. A blank keeps them major.
func (u unlabeled) Ticks(low, high float64) []plot.Tick {
	ticks := u.Ticker.Ticks(low, high)
	for i := range ticks {
		ticks[i].Label = " "
	}
	return ticks
}
