package bench

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// The picture: panels of equal size, side by side and below each other.
const (
	panelWidth  = 3 * vg.Inch
	panelHeight = 2.4 * vg.Inch
	mostPanels  = 4 // in a row
	margin      = 1.2
)

var (
	withPartials    = color.RGBA{R: 0x1f, G: 0x6f, B: 0xb4, A: 0xff}
	withoutPartials = color.RGBA{R: 0xd9, G: 0x6b, B: 0x1e, A: 0xff}
	faint           = color.Gray{0xb0}
)

// Plot draws learning curves as a PNG, a panel for each subject: the error on
// held-out points by the number of samples, with partials and without, both on
// logarithmic scales, and the line below which the samples are enough. The error
// is that of w, or says that there are no curves.
func Plot(w io.Writer, curves []Curve) error {
	var names []string
	for _, c := range curves {
		if !slices.Contains(names, c.Subject) {
			names = append(names, c.Subject)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("there are no learning curves to draw among these cases")
	}
	columns := min(mostPanels, len(names))
	rows := (len(names) + columns - 1) / columns
	panels := make([][]*plot.Plot, rows)
	for i := range panels {
		panels[i] = make([]*plot.Plot, columns)
	}
	for i, name := range names {
		p, err := panel(name, curves)
		if err != nil {
			return err
		}
		panels[i/columns][i%columns] = p
	}
	image := vgimg.New(panelWidth*vg.Length(columns), panelHeight*vg.Length(rows))
	tiles := draw.Tiles{Rows: rows, Cols: columns, PadX: 8, PadY: 8, PadTop: 4, PadBottom: 4, PadLeft: 4, PadRight: 8}
	canvases := plot.Align(panels, tiles, draw.New(image))
	for i, row := range panels {
		for j, p := range row {
			if p != nil {
				p.Draw(canvases[i][j])
			}
		}
	}
	_, err := vgimg.PngCanvas{Canvas: image}.WriteTo(w)
	return err
}

// panel draws the curves of a subject.
func panel(name string, curves []Curve) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = name, "samples", "NRMSE"
	for _, s := range []*text.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle} {
		s.Font.Variant = "Sans"
		s.Font.Size = 9
	}
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = octaves{}, plot.LogTicks{Prec: -1}
	p.Legend.Top = true // above the curves, which fall
	fewest, most, low, high := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, c := range curves {
		if c.Subject != name {
			continue
		}
		points := make(plotter.XYs, len(c.Samples))
		for i, n := range c.Samples {
			points[i] = plotter.XY{X: float64(n), Y: max(c.NRMSE[i], 1e-16)}
			fewest, most = min(fewest, points[i].X), max(most, points[i].X)
			low, high = min(low, points[i].Y, c.Wanted), max(high, points[i].Y, c.Wanted)
		}
		line, marks, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, fmt.Errorf("the learning curve of %s: %w", name, err)
		}
		label := "without partials"
		line.Color = withoutPartials
		if c.Partials {
			label, line.Color = "with partials", withPartials
		}
		line.Width = 1.5
		marks.Color, marks.Shape, marks.Radius = line.Color, draw.CircleGlyph{}, 2
		limit := plotter.NewFunction(func(float64) float64 { return c.Wanted })
		limit.Color, limit.Dashes = faint, []vg.Length{3, 3}
		p.Add(limit, line, marks)
		p.Legend.Add(label, line, marks)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = fewest/margin, most*margin, low/margin, high*margin
	return p, nil
}

// octaves puts ticks at powers of two.
type octaves struct{}

// Ticks returns them.
func (octaves) Ticks(lower, upper float64) []plot.Tick {
	var ticks []plot.Tick
	for n := 1; float64(n) <= upper; n *= 2 {
		if float64(n) >= lower {
			ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
		}
	}
	return ticks
}
