package picture

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Chart is a picture of a design: of what it is rather than of how it was found.
type Chart struct {
	Title, X, Y string // Y may be ""
	Lines       []Line
	True        bool // lengths along both axes are drawn alike
	Down        bool // y grows downward
}

// Line is a line of a chart, or points.
type Line struct {
	Name   string // in the legend; "": it is not in it
	X, Y   []float64
	Before bool // of what the design is compared with
	Points bool
}

// Charts draws charts side by side, with the legend of the last. There must be at least
// one; if one is drawn true to scale, it must be alone.
func Charts(charts []Chart) Figure {
	var row []*plot.Plot
	title := ""
	for i, c := range charts {
		p := chartPlot(c)
		if i < len(charts)-1 {
			p.Legend = plot.NewLegend()
		}
		row = append(row, p)
		if title != "" {
			title += ", "
		}
		title += c.Title
	}
	side := besides(row[len(row)-1])
	f := stack(title, wide, 300, [][]*plot.Plot{row})
	if charts[0].True {
		f = trueToScale(f, side, row[0])
	}
	return f
}

// trueToScale returns a figure of a plot that is as high as it has to be for lengths
// along both axes to be drawn alike.
func trueToScale(f Figure, side vg.Length, p *plot.Plot) Figure {
	const frame, numbers = 53, 40 // about what stands beside the data, and above and below
	low, high, across := p.Y.Min, p.Y.Max, p.X.Max-p.X.Min
	f.Height = numbers + (f.Width-frame-float64(side))*(high-low)/across
	inner := f.draw
	f.draw = func(c draw.Canvas) {
		p.Y.Min, p.Y.Max = low, high
		size := p.DataCanvas(align(c, side, [][]*plot.Plot{{p}})[0][0]).Size()
		middle, reach := (high+low)/2, across/2*float64(size.Y/size.X)
		p.Y.Min, p.Y.Max = middle-reach, middle+reach
		inner(c)
	}
	return f
}

func chartPlot(c Chart) *plot.Plot {
	var xs, ys [][]float64
	for _, l := range c.Lines {
		xs, ys = append(xs, l.X), append(ys, l.Y)
	}
	a := axes{title: c.Title, x: c.X, y: c.Y, xticks: roundTicks(4)}
	a.xmin, a.xmax, _ = span(0.04, xs...)
	a.ymin, a.ymax, _ = span(0.08, ys...)
	if c.True {
		a.title, a.xticks, a.yticks = "", roundTicks(10), roundTicks(2)
	}
	p := newPlot(a)
	if c.Down {
		p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	}
	for _, l := range c.Lines {
		style, dot := line(of("curve"), 1.9), mark{disk, 4, of("curve"), nil}
		if l.Before {
			style, dot = line(of("muted"), 1.4, 5, 3), mark{disk, 4, of("muted"), nil}
		}
		if l.Points {
			p.Add(scatter{dot, l.X, l.Y})
			continue
		}
		drawn := curve{style: style, x: l.X, y: l.Y}
		p.Add(drawn)
		if l.Name != "" {
			p.Legend.Add(fit(l.Name, 20), drawn)
		}
	}
	return p
}
