package main

import (
	"image/color"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// airfoilColors tell curves apart, also for the color-blind.
var airfoilColors = []color.Color{
	color.RGBA{R: 0x1f, G: 0x6f, B: 0xb4, A: 0xff},
	color.RGBA{R: 0xd9, G: 0x6b, B: 0x1e, A: 0xff},
	color.RGBA{R: 0x2c, G: 0x8c, B: 0x4a, A: 0xff},
	color.RGBA{R: 0x9b, G: 0x4f, B: 0x96, A: 0xff},
}

// plot draws the analysis as a PNG: the section below its pressures, and, of
// several points, lift and moment by the angle and the polar. What is beside it is
// drawn with dashes.
func (s *airfoilStudy) plot(w io.Writer) error {
	rows := [][]*plot.Plot{{s.pressurePlot()}, {s.sectionPlot()}}
	if len(s.answered()) > 1 {
		rows[0] = append(rows[0], s.liftPlot())
		rows[1] = append(rows[1], s.polarPlot())
	}
	width, height := 4*vg.Inch*vg.Length(len(rows[0])), 6*vg.Inch
	image := vgimg.New(width, height)
	tiles := draw.Tiles{Rows: 2, Cols: len(rows[0]), PadX: 12, PadY: 12, PadTop: 6, PadBottom: 6, PadLeft: 6, PadRight: 12}
	for i, row := range plot.Align(rows, tiles, draw.New(image)) {
		for j, canvas := range row {
			rows[i][j].Draw(canvas)
		}
	}
	_, err := vgimg.PngCanvas{Canvas: image}.WriteTo(w)
	return err
}

// newAirfoilPlot is an empty plot in our style.
func newAirfoilPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	for _, style := range []*text.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle} {
		style.Font.Variant = "Sans"
		style.Font.Size = 9
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{0xdd}, color.Gray{0xdd}
	p.Add(grid)
	return p
}

// curve adds a line through points, which are finite, to a plot.
func curve(p *plot.Plot, style draw.LineStyle, n int, name string, at func(i int) (x, y float64)) {
	points := make(plotter.XYs, n)
	for i := range points {
		points[i].X, points[i].Y = at(i)
	}
	line := &plotter.Line{XYs: points, LineStyle: style}
	p.Add(line)
	if name != "" {
		p.Legend.Add(name, line)
	}
}

// stroke is the style of a curve: the color tells quantities apart, dashes what is
// beside.
func stroke(color, beside int) draw.LineStyle {
	style := draw.LineStyle{Color: airfoilColors[color], Width: vg.Points(1.2)}
	if beside > 0 {
		style.Dashes = []vg.Length{4, 3}
	}
	return style
}

// name is what the legend adds to tell sections apart, if there are two.
func (s *airfoilStudy) name(of *airfoilStudy, what string) string {
	if s.beside == nil {
		return what
	}
	return strings.TrimSpace(what + " " + of.section.Name)
}

// pressurePlot draws the pressures at up to four of the points.
func (s *airfoilStudy) pressurePlot() *plot.Plot {
	title := s.section.Name
	if s.beside != nil {
		title += ", dashed: " + s.beside.section.Name
	}
	p := newAirfoilPlot(title, "x/c", "Cp")
	for i, s := range s.all() {
		points := s.answered()
		count := min(len(airfoilColors), len(points))
		for k := range count {
			point := points[0]
			if count > 1 {
				point = points[k*(len(points)-1)/(count-1)] // from the first to the last
			}
			name := ""
			if i == 0 {
				name = short(math.Round(point.result.Alpha*100)/100) + " degrees"
			}
			curve(p, stroke(k, i), len(point.pressures), name, func(i int) (x, y float64) { return s.section.X[i], point.pressures[i] })
		}
	}
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}} // as is the custom: suction is up
	p.Legend.Top = true
	return p
}

// sectionPlot draws the section.
func (s *airfoilStudy) sectionPlot() *plot.Plot {
	p := newAirfoilPlot("", "x/c", "y/c")
	for i, s := range s.all() {
		n := len(s.section.X)
		curve(p, stroke(i, i), n+1, "", func(i int) (x, y float64) { return s.section.X[i%n], s.section.Y[i%n] })
	}
	// Nearly the same scale on both axes, for a picture of this shape.
	const half = 0.35
	middle := (p.Y.Min + p.Y.Max) / 2
	p.Y.Min, p.Y.Max = min(p.Y.Min, middle-half), max(p.Y.Max, middle+half)
	return p
}

// liftPlot draws lift and moment by the angle.
func (s *airfoilStudy) liftPlot() *plot.Plot {
	p := newAirfoilPlot("", "angle, degrees", "CL, CM")
	for i, of := range s.all() {
		points := of.answered()
		curve(p, stroke(0, i), len(points), s.name(of, "CL"), func(i int) (x, y float64) { return points[i].result.Alpha, points[i].result.CL })
		curve(p, stroke(1, i), len(points), s.name(of, "CM"), func(i int) (x, y float64) { return points[i].result.Alpha, points[i].result.CM })
	}
	p.Legend.Top, p.Legend.Left = true, true
	return p
}

// polarPlot draws lift by drag.
func (s *airfoilStudy) polarPlot() *plot.Plot {
	p := newAirfoilPlot("", "CD", "CL")
	for i, of := range s.all() {
		points := of.answered()
		curve(p, stroke(i, i), len(points), s.name(of, ""), func(i int) (x, y float64) { return points[i].result.CD, points[i].result.CL })
	}
	p.X.Min = 0
	p.Legend.Left = true
	return p
}
