package main

import (
	"image/color"
	"io"
	"math"

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
// several points, lift and moment by the angle and the polar.
func (s *airfoilStudy) plot(w io.Writer) error {
	points := s.answered()
	rows := [][]*plot.Plot{{s.pressurePlot(points)}, {s.sectionPlot()}}
	if len(points) > 1 {
		rows[0] = append(rows[0], s.liftPlot(points))
		rows[1] = append(rows[1], s.polarPlot(points))
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
func curve(p *plot.Plot, c color.Color, n int, name string, at func(i int) (x, y float64)) {
	points := make(plotter.XYs, n)
	for i := range points {
		points[i].X, points[i].Y = at(i)
	}
	line := &plotter.Line{XYs: points, LineStyle: plotter.DefaultLineStyle}
	line.Color, line.Width = c, vg.Points(1.2)
	p.Add(line)
	if name != "" {
		p.Legend.Add(name, line)
	}
}

// pressurePlot draws the pressures at up to four of the points.
func (s *airfoilStudy) pressurePlot(points []airfoilPoint) *plot.Plot {
	p := newAirfoilPlot(s.section.Name, "x/c", "Cp")
	most := len(airfoilColors)
	count := min(most, len(points))
	for k := range count {
		point := points[0]
		if count > 1 {
			point = points[k*(len(points)-1)/(count-1)] // from the first to the last
		}
		curve(p, airfoilColors[k], len(point.pressures), short(math.Round(point.result.Alpha*100)/100)+" degrees", func(i int) (x, y float64) {
			return s.section.X[i], point.pressures[i]
		})
	}
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}} // as is the custom: suction is up
	p.Legend.Top = true
	return p
}

// sectionPlot draws the section.
func (s *airfoilStudy) sectionPlot() *plot.Plot {
	p := newAirfoilPlot("", "x/c", "y/c")
	n := len(s.section.X)
	curve(p, airfoilColors[0], n+1, "", func(i int) (x, y float64) { return s.section.X[i%n], s.section.Y[i%n] })
	// Nearly the same scale on both axes, for a picture of this shape.
	const half = 0.35
	middle := (p.Y.Min + p.Y.Max) / 2
	p.Y.Min, p.Y.Max = min(p.Y.Min, middle-half), max(p.Y.Max, middle+half)
	return p
}

// liftPlot draws lift and moment by the angle.
func (s *airfoilStudy) liftPlot(points []airfoilPoint) *plot.Plot {
	p := newAirfoilPlot("", "angle, degrees", "CL, CM")
	curve(p, airfoilColors[0], len(points), "CL", func(i int) (x, y float64) { return points[i].result.Alpha, points[i].result.CL })
	curve(p, airfoilColors[1], len(points), "CM", func(i int) (x, y float64) { return points[i].result.Alpha, points[i].result.CM })
	p.Legend.Top, p.Legend.Left = true, true
	return p
}

// polarPlot draws lift by drag.
func (s *airfoilStudy) polarPlot(points []airfoilPoint) *plot.Plot {
	p := newAirfoilPlot("", "CD", "CL")
	curve(p, airfoilColors[0], len(points), "", func(i int) (x, y float64) { return points[i].result.CD, points[i].result.CL })
	p.X.Min = 0
	return p
}
