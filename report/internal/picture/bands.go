package picture

import (
	"image"
	"image/color"
	"math"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// bands colors a map between its levels. It is drawn as an image, because a page
// of rectangles would be a hundred times as large.
type bands struct {
	m      Map
	levels []float64
}

// The scale of colors runs from the good end to the bad one; its lightness is
// monotone, so that it can be read without color.
var scaleStops = []uint32{0x2a6f97, 0x4f9bb8, 0x86bfc4, 0xb9d9cd, 0xdfe9d6, 0xf4efdc, 0xf7f3ea}

// bandColor returns the color of a place on the scale, 0 good and 1 bad.
func bandColor(place float64) color.NRGBA {
	at := place * float64(len(scaleStops)-1)
	i := min(int(at), len(scaleStops)-2)
	return mix(rgb(scaleStops[i], 1), rgb(scaleStops[i+1], 1), at-float64(i))
}

// hatchColors returns how a band looks where it is infeasible: between the lines
// of a hatch, and on them.
func hatchColors(c color.NRGBA) (ground, stroke color.NRGBA) {
	gray := uint8((int(c.R) + int(c.G) + int(c.B)) / 3)
	ground = mix(c, color.NRGBA{gray, gray, gray, 255}, 0.5)
	return ground, mix(ground, color.NRGBA{0x50, 0x48, 0x44, 255}, 0.38)
}

// hatched reports whether a pixel lies on a line of the hatch.
func hatched(column, row int) bool { return (column+row)%7 == 0 }

func mix(a, b color.NRGBA, t float64) color.NRGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x) + t*(float64(y)-float64(x)) + 0.5) }
	return color.NRGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}

// place returns where on the scale a band is, of the n bands counted upward.
func (b bands) place(band int) float64 {
	t := float64(band) / float64(max(1, len(b.levels)))
	if b.m.Descending {
		return 1 - t
	}
	return t
}

// Plot draws the bands over the whole frame.
func (b bands) Plot(c draw.Canvas, _ *plot.Plot) {
	const refine = 5 // pixels per step of the grid
	nx, ny := len(b.m.X), len(b.m.Y)
	w, h := (nx-1)*refine, (ny-1)*refine
	n := len(b.levels) + 1
	colors := make(color.Palette, 3*n+1) // feasible, hatched ground, hatched lines; the last: not known
	for band := range n {
		c := bandColor(b.place(band))
		ground, stroke := hatchColors(c)
		colors[band], colors[n+band], colors[2*n+band] = c, ground, stroke
	}
	colors[3*n] = color.NRGBA{}
	img := image.NewPaletted(image.Rect(0, 0, w, h), colors)
	for row := range h {
		for column := range w {
			u, v := (float64(column)+0.5)/refine, (float64(h-1-row)+0.5)/refine
			index := 3 * n
			if z := between(b.m.Z, nx, u, v); !math.IsNaN(z) {
				index = sort.SearchFloat64s(b.levels, z)
				if b.m.Violation != nil && between(b.m.Violation, nx, u, v) > 0 {
					index += n
					if hatched(column, row) {
						index += n
					}
				}
			}
			img.SetColorIndex(column, row, uint8(index))
		}
	}
	c.DrawImage(c.Rectangle, img)
}

// between interpolates a column of the grid at column u and row v, bilinearly.
func between(z []float64, nx int, u, v float64) float64 {
	i, j := int(v), int(u)
	s, t := v-float64(i), u-float64(j)
	at := i*nx + j
	return (1-s)*((1-t)*z[at]+t*z[at+1]) + s*((1-t)*z[at+nx]+t*z[at+nx+1])
}

// veil stands for the infeasible region in a legend.
type veil struct{}

// Thumbnail draws a hatched piece of the scale.
func (veil) Thumbnail(c *draw.Canvas) {
	ground, stroke := hatchColors(bandColor(0.5))
	c.FillPolygon(ground, corners(c.Rectangle))
	height := c.Max.Y - c.Min.Y
	for x := c.Min.X; x+height <= c.Max.X; x += 5 {
		c.StrokeLines(draw.LineStyle{Color: stroke, Width: 1}, []vg.Point{{X: x, Y: c.Max.Y}, {X: x + height, Y: c.Min.Y}})
	}
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

// colorScale draws the scale of a map with its levels at the top of the canvas
// and returns where it ends.
func colorScale(c draw.Canvas, m Map, levels []float64) vg.Length {
	const step, width = 15, 20
	b := bands{m, levels}
	text := plot.NewLegend().TextStyle
	style(&text, labelSize, of("text"))
	c.FillText(text, vg.Point{X: c.Min.X, Y: c.Max.Y - 10}, fit(m.ZLabel, 28))
	y := c.Max.Y - 20
	style(&text, tickSize, of("muted"))
	text.YAlign = draw.YCenter
	for band := len(levels); band >= 0; band-- {
		r := vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: y - step}, Max: vg.Point{X: c.Min.X + width, Y: y}}
		c.FillPolygon(bandColor(b.place(band)), corners(r))
		if y -= step; band > 0 {
			c.FillText(text, vg.Point{X: c.Min.X + width + 6, Y: y}, Number(levels[band-1], 4))
		}
	}
	outline(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: y}, Max: vg.Point{X: c.Min.X + width, Y: c.Max.Y - 20}}},
		line(of("frame"), 1))
	return y
}

// front draws the frame again, over an image that hides it.
type front struct{}

// Plot draws the frame.
func (front) Plot(c draw.Canvas, _ *plot.Plot) { outline(c, line(of("frame"), 1)) }
