package picture

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The small plotters that pictures are made of. None of them widens the axes:
// what lies outside is cut off.

// shape is the form of a mark.
type shape int

const (
	disk shape = iota
	diamond
	cross
	star
)

// mark is a sign at a point of a plot.
type mark struct {
	shape  shape
	radius float64
	ink    ink
	halo   *ink // around a filled shape; nil: none
}

// draw draws the mark.
func (m mark) draw(c *draw.Canvas, at vg.Point) {
	r := vg.Length(m.radius)
	var path vg.Path
	switch m.shape {
	case disk:
		path.Move(vg.Point{X: at.X + r, Y: at.Y})
		path.Arc(at, r, 0, 2*math.Pi)
		path.Close()
	case cross:
		c.SetLineStyle(draw.LineStyle{Color: m.ink, Width: 1.6})
		for _, s := range []vg.Length{1, -1} {
			path.Move(vg.Point{X: at.X - r, Y: at.Y - s*r})
			path.Line(vg.Point{X: at.X + r, Y: at.Y + s*r})
		}
		c.Stroke(path)
		return
	case diamond:
		path = polygon(at, r, 4, 1)
	case star:
		path = polygon(at, r, 10, 0.45)
	}
	c.SetColor(m.ink)
	c.Fill(path)
	if m.halo != nil {
		c.SetLineStyle(draw.LineStyle{Color: *m.halo, Width: 1})
		c.Stroke(path)
	}
}

// polygon returns a regular polygon with a corner on top, every second corner at
// the given fraction of the radius.
func polygon(at vg.Point, r vg.Length, corners int, inner float64) vg.Path {
	var p vg.Path
	for i := range corners {
		sin, cos := math.Sincos(math.Pi/2 + 2*math.Pi*float64(i)/float64(corners))
		reach := r
		if i%2 == 1 {
			reach *= vg.Length(inner)
		}
		corner := vg.Point{X: at.X + reach*vg.Length(cos), Y: at.Y + reach*vg.Length(sin)}
		if i == 0 {
			p.Move(corner)
		} else {
			p.Line(corner)
		}
	}
	p.Close()
	return p
}

// Thumbnail draws the mark in a legend.
func (m mark) Thumbnail(c *draw.Canvas) { m.draw(c, c.Center()) }

// scatter is marks at points (x, y).
type scatter struct {
	mark
	x, y []float64
}

// Plot draws the marks that lie inside the axes.
func (s scatter) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for i := range s.x {
		if !inside(p, s.x[i], s.y[i]) {
			continue
		}
		s.draw(&c, vg.Point{X: tx(s.x[i]), Y: ty(s.y[i])})
	}
}

func inside(p *plot.Plot, x, y float64) bool {
	return x >= p.X.Min && x <= p.X.Max && y >= p.Y.Min && y <= p.Y.Max
}

// curve is a line through points; it breaks where a number is not known.
type curve struct {
	style draw.LineStyle
	x, y  []float64
	step  bool // horizontal to the next point, then up or down
}

// Plot draws the line, cut off at the frame.
func (l curve) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var part []vg.Point
	end := func() {
		if len(part) > 1 {
			c.StrokeLines(l.style, c.ClipLinesXY(part)...)
		}
		part = nil
	}
	_, logarithmic := p.Y.Scale.(plot.LogScale)
	for i := range l.x {
		if math.IsNaN(l.y[i]) || math.IsInf(l.y[i], 0) || logarithmic && l.y[i] <= 0 {
			end()
			continue
		}
		at := vg.Point{X: tx(l.x[i]), Y: ty(l.y[i])}
		if l.step && len(part) > 0 {
			part = append(part, vg.Point{X: at.X, Y: part[len(part)-1].Y})
		}
		part = append(part, at)
	}
	end()
}

// Thumbnail draws a piece of the line in a legend.
func (l curve) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(l.style, c.Min.X, y, c.Max.X, y)
}

// zone shades the rectangle between two corners; infinite sides are the frame's.
type zone struct {
	ink                    ink
	xmin, xmax, ymin, ymax float64
}

// Plot shades the zone.
func (z zone) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	x0, x1 := max(z.xmin, p.X.Min), min(z.xmax, p.X.Max)
	y0, y1 := max(z.ymin, p.Y.Min), min(z.ymax, p.Y.Max)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	c.FillPolygon(z.ink, []vg.Point{{X: tx(x0), Y: ty(y0)}, {X: tx(x1), Y: ty(y0)}, {X: tx(x1), Y: ty(y1)}, {X: tx(x0), Y: ty(y1)}})
}

// Thumbnail draws the zone in a legend.
func (z zone) Thumbnail(c *draw.Canvas) {
	c.FillPolygon(z.ink, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
}

// line returns a line style.
func line(i ink, width float64, dash ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: i, Width: vg.Length(width), Dashes: dash}
}

// span returns the range of the known numbers, widened by a margin on both
// sides; ok is false if there is none.
func span(margin float64, columns ...[]float64) (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, column := range columns {
		for _, v := range column {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if low > high {
		return 0, 1, false
	}
	w := (high - low) * margin
	if !(high-low > 1e-9*max(math.Abs(low), math.Abs(high))) {
		w = max(math.Abs(low)*0.1, 1e-6) // a range of its own for a constant
		if low == 0 {
			w = 1
		}
	}
	return low - w, high + w, true
}
