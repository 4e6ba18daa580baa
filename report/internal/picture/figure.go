package picture

import (
	"bytes"
	"fmt"
	"image"
	draw2d "image/draw"
	"image/png"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Figure is a picture that can be drawn anywhere.
type Figure struct {
	Title         string  // what it shows, for those who cannot see it
	Width, Height float64 // CSS pixels
	draw          func(draw.Canvas)
}

// SVG returns the figure as an element of an HTML page that holds [CSS].
func (f Figure) SVG() string {
	c := newCanvas(f.Width, f.Height)
	f.draw(draw.NewCanvas(c, c.width, c.height))
	var out bytes.Buffer
	_ = c.write(&out, f.Title) // a buffer takes everything
	return out.String()
}

// Sized returns the figure in another size; its letters stay as large.
func (f Figure) Sized(width, height float64) Figure {
	f.Width, f.Height = width, height
	return f
}

// PNG writes the figure with two dots per pixel, on light paper.
func (f Figure) PNG(w io.Writer) error {
	// A pixel of ours is a point of gonum's, of which 72 make an inch.
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(f.Width), vg.Length(f.Height)), vgimg.UseDPI(144), vgimg.UseBackgroundColor(of("paper")))
	f.draw(draw.New(c))
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(w, coarse(c.Image())); err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	return nil
}

// coarse returns an opaque image with 64 levels per channel: enough for a diagram,
// and a third smaller as a file.
func coarse(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(b)
	draw2d.Draw(out, b, img, b.Min, draw2d.Src)
	for i, v := range out.Pix {
		out.Pix[i] = uint8(math.Round(float64(v)/255*63) / 63 * 255)
	}
	return out
}

// Beside returns one figure with the given ones from left to right, as high as
// the highest.
func Beside(title string, figures ...Figure) Figure {
	all := Figure{Title: title}
	for _, f := range figures {
		all.Width += f.Width
		all.Height = max(all.Height, f.Height)
	}
	all.draw = func(c draw.Canvas) {
		left := c.Min.X
		for _, f := range figures {
			part := c
			part.Min.X, part.Max.X = left, left+vg.Length(f.Width)
			part.Min.Y = c.Max.Y - vg.Length(f.Height)
			f.draw(part)
			left = part.Max.X
		}
	}
	return all
}

// keyWidth is the room for the legend beside a plot.
const keyWidth = 140

// stack returns a figure of plots with their axes aligned: rows of columns. The
// legends, if there are any, stand beside the rows.
func stack(title string, width, height float64, plots [][]*plot.Plot) Figure {
	side := vg.Length(0)
	legends := make([]plot.Legend, len(plots))
	for i, row := range plots {
		last := row[len(row)-1]
		legends[i] = last.Legend
		side = max(side, besides(last))
		last.Legend = plot.NewLegend()
	}
	return Figure{Title: title, Width: width, Height: height, draw: func(c draw.Canvas) {
		for i, row := range align(c, side, plots) {
			for j, part := range row {
				plots[i][j].Draw(part)
			}
			key := c
			data := plots[i][len(row)-1].DataCanvas(row[len(row)-1])
			key.Min.X, key.Max.Y = data.Max.X+14, data.Max.Y
			legends[i].Draw(key)
		}
	}}
}

// besides returns the room for the legend of a plot.
func besides(p *plot.Plot) vg.Length {
	if p.Legend.Rectangle(draw.Canvas{}).Size().Y > 0 {
		return keyWidth
	}
	return 0
}

// align returns where the plots of a stack are, with room for legends at the side.
func align(c draw.Canvas, side vg.Length, plots [][]*plot.Plot) [][]draw.Canvas {
	tiles := draw.Tiles{Rows: len(plots), Cols: len(plots[0]), PadX: 12, PadY: 10, PadTop: 8, PadBottom: 2, PadLeft: 2, PadRight: 12}
	return plot.Align(plots, tiles, draw.Crop(c, 0, -side, 0, 0))
}
