package picture

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// Map is a response over two variables.
type Map struct {
	XLabel, YLabel, ZLabel string
	X, Y                   []float64 // the grid, ascending
	Z                      []float64 // the response: Z[i*len(X)+j] at X[j], Y[i]
	Violation              []float64 // as Z; nil without constraints
	Descending             bool      // large values are good
	Limits                 []Limit
	Samples                []Spot
	Path                   []Spot // of the best point so far
	Best                   *Spot
}

// Limit is a constraint's response on the grid of a map, less its limit: the
// limit is where it is zero.
type Limit struct {
	Name   string
	Excess []float64
}

// Spot is a point of a map.
type Spot struct {
	X, Y   float64
	Sample Sample
	Faint  bool // far from the plane of the map
}

// limitsShown is the number of pigments for limits.
const limitsShown = 6

// Contours draws a map: bands of the response between round numbers, hatched
// where it is infeasible, the limits, the samples, the path of the best point
// and where it ended.
func Contours(m Map) Figure {
	p := newPlot(axes{
		x: fit(m.XLabel, 60), y: fit(m.YLabel, 50), xmin: m.X[0], xmax: m.X[len(m.X)-1], ymin: m.Y[0], ymax: m.Y[len(m.Y)-1],
	})
	levels := bandLevels(m)
	p.Add(bands{m, levels})
	for _, level := range levels {
		p.Add(isoline{m, m.Z, level, line(of("darkOver").fade(0.35), 0.8)})
	}
	for i, l := range m.Limits[:min(len(m.Limits), limitsShown)] {
		s := line(of("limit"+string(rune('1'+i))+"Over"), 2)
		p.Add(isoline{m, l.Excess, 0, s})
		p.Legend.Add(fit(l.Name, 26), curve{style: s})
	}
	if m.Violation != nil {
		p.Legend.Add("infeasible", veil{})
	}
	m.addSpots(p)
	p.Add(front{})
	legend := p.Legend
	p.Legend = plot.NewLegend()
	return Figure{
		Title: "Contours of " + m.ZLabel + " over " + m.XLabel + " and " + m.YLabel, Width: 820, Height: 520,
		draw: func(c draw.Canvas) {
			const side = 160
			field := draw.Crop(c, 4, -side, 4, -10)
			p.Draw(field)
			data := p.DataCanvas(field)
			key := c
			key.Min.X = data.Max.X + 16
			key.Min.Y, key.Max.Y = data.Min.Y, data.Max.Y
			key.Max.Y = colorScale(key, m, levels) - 16
			legend.Draw(key)
		},
	}
}

// addSpots adds samples, path and optimum.
func (m Map) addSpots(p *plot.Plot) {
	halo := of("lightOver").fade(0.9)
	if len(m.Samples) > 400 {
		halo.alpha = 0
	}
	for _, k := range kinds {
		k.mark.ink = of(k.mark.ink.name + "Over")
		if halo.alpha > 0 {
			k.mark.halo = &halo
		}
		near, far := scatter{mark: k.mark}, scatter{mark: k.mark}
		far.halo, far.ink, far.radius = nil, far.ink.fade(0.45), k.mark.radius*0.8
		for _, s := range m.Samples {
			if s.Sample.Failed || s.Sample.Infill != k.infill || s.Sample.Feasible != k.feasible {
				continue
			}
			to := &near
			if s.Faint {
				to = &far
			}
			to.x, to.y = append(to.x, s.X), append(to.y, s.Y)
		}
		if len(near.x)+len(far.x) > 0 {
			p.Add(far, near)
			p.Legend.Add(k.label, k.mark)
		}
	}
	failed := scatter{mark: mark{cross, 3.5, of("failedOver"), nil}}
	for _, s := range m.Samples {
		if s.Sample.Failed {
			failed.x, failed.y = append(failed.x, s.X), append(failed.y, s.Y)
		}
	}
	if len(failed.x) > 0 {
		p.Add(failed)
		p.Legend.Add("failed", failed.mark)
	}
	if len(m.Path) > 1 {
		path := curve{style: line(of("bestOver"), 1.6, 4, 2)}
		for _, s := range m.Path {
			path.x, path.y = append(path.x, s.X), append(path.y, s.Y)
		}
		p.Add(path)
		p.Legend.Add("path of the best", path)
	}
	if m.Best != nil {
		best := scatter{mark{star, 9, of("bestOver"), &halo}, []float64{m.Best.X}, []float64{m.Best.Y}}
		best.halo = &ink{of("lightOver").pigment, 1}
		p.Add(best)
		p.Legend.Add("optimum", mark{star, 7, of("bestOver"), nil})
	}
}

// bandShares are the parts of the area that lie below the levels, counted from
// the good end: the good end is drawn in more detail.
var bandShares = []float64{0.01, 0.03, 0.07, 0.13, 0.21, 0.31, 0.43, 0.56, 0.7, 0.85}

// bandLevels returns ascending levels that part the map as bandShares has it,
// rounded.
func bandLevels(m Map) []float64 {
	z := slices.DeleteFunc(slices.Clone(m.Z), func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	slices.Sort(z)
	var levels []float64
	if len(z) == 0 || z[0] == z[len(z)-1] {
		return levels
	}
	for _, share := range bandShares {
		if m.Descending {
			share = 1 - share
		}
		levels = append(levels, z[int(share*float64(len(z)-1))])
	}
	slices.Sort(levels)
	for i, v := range levels {
		gap := math.Inf(1)
		if i > 0 {
			gap = v - levels[i-1]
		}
		if i+1 < len(levels) {
			gap = min(gap, levels[i+1]-v)
		}
		if gap > 0 {
			levels[i] = roundNear(v, gap/3)
		}
	}
	levels = slices.Compact(levels)
	return slices.DeleteFunc(levels, func(v float64) bool { return v <= z[0] || v >= z[len(z)-1] })
}

// roundNear returns the number with the fewest digits within a distance of v.
func roundNear(v, distance float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(distance)))
	for _, f := range []float64{10, 5, 2, 1} {
		if step := f * power; step/2 <= distance {
			return roundTo(math.Round(v/step)*step, step)
		}
	}
	return v
}
