package picture

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	wide      = 1000 // pixels: the width of a page
	labelSize = 11.5 // of axes and titles, in pixels
	tickSize  = 10.5 // of numbers and legends
)

func style(s *text.Style, size float64, i ink) {
	s.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: font.Length(size)}
	s.Color = i
}

// axes are the labels and the ranges of a plot.
type axes struct {
	title, x, y            string
	xmin, xmax, ymin, ymax float64
	xticks, yticks         plot.Ticker // nil: round numbers
	logY                   bool
}

// newPlot returns an empty plot in the style of all, with a frame and a grid.
func newPlot(a axes) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = a.title, a.x, a.y
	style(&p.Title.TextStyle, labelSize, of("text"))
	p.Title.Padding = 4
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Padding = 0
		axis.LineStyle = draw.LineStyle{Color: of("frame"), Width: 1}
		axis.Tick.LineStyle = draw.LineStyle{Color: of("frame"), Width: 1}
		axis.Tick.Length = 3
		axis.Label.Padding = 2
		style(&axis.Label.TextStyle, labelSize, of("text"))
		style(&axis.Tick.Label, tickSize, of("muted"))
		axis.Tick.Marker = roundTicks(5)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = a.xmin, a.xmax, a.ymin, a.ymax
	if a.logY {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	}
	if a.xticks != nil {
		p.X.Tick.Marker = a.xticks
	}
	if a.yticks != nil {
		p.Y.Tick.Marker = a.yticks
	}
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.ThumbnailWidth = 18
	p.Legend.Padding = 3
	style(&p.Legend.TextStyle, tickSize, of("text"))
	p.Add(backdrop{})
	return p
}

// backdrop is the frame and the grid, behind everything else.
type backdrop struct{}

// Plot draws the backdrop.
func (backdrop) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	grid := draw.LineStyle{Color: of("grid"), Width: 1}
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if at := x(t.Value); !t.IsMinor() && c.ContainsX(at) {
			c.StrokeLine2(grid, at, c.Min.Y, at, c.Max.Y)
		}
	}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if at := y(t.Value); !t.IsMinor() && c.ContainsY(at) {
			c.StrokeLine2(grid, c.Min.X, at, c.Max.X, at)
		}
	}
	outline(c, draw.LineStyle{Color: of("frame"), Width: 1})
}

func outline(c draw.Canvas, s draw.LineStyle) {
	c.StrokeLines(s, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}, c.Min})
}
