package picture

import (
	"encoding/xml"
	"image"
	"image/color"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawn returns what a canvas of 100 by 50 pixels writes.
func drawn(t *testing.T, f func(c *canvas)) string {
	t.Helper()
	c := newCanvas(100, 50)
	f(c)
	var out strings.Builder
	require.NoError(t, c.write(&out, "a <title>"))
	require.NoError(t, wellFormed(out.String()))
	return out.String()
}

func wellFormed(source string) error {
	d := xml.NewDecoder(strings.NewReader(source))
	for {
		if _, err := d.Token(); err == io.EOF { //nolint:errorlint // xml returns it bare
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestCanvasPaths(t *testing.T) {
	at := func(x, y float64) vg.Point { return vg.Point{X: vg.Length(x), Y: vg.Length(y)} }
	tests := []struct {
		name string
		draw func(c *canvas)
		want string
	}{
		{"y points up", func(c *canvas) {
			c.Stroke(vg.Path{{Type: vg.MoveComp, Pos: at(1, 2)}, {Type: vg.LineComp, Pos: at(3.26, 50)}})
		}, `d="M1 48L3.3 0"`},
		{"a circle in two arcs", func(c *canvas) {
			var p vg.Path
			p.Move(at(12, 10))
			p.Arc(at(10, 10), 2, 0, 2*math.Pi)
			p.Close()
			c.Fill(p)
		}, `d="M12 40A2 2 0 0 0 8 40A2 2 0 0 0 12 40Z"`},
		{"an arc after a line, clockwise", func(c *canvas) {
			var p vg.Path
			p.Move(at(0, 0))
			p.Arc(at(10, 10), 2, 0, -math.Pi)
			c.Fill(p)
		}, `d="M0 50L12 40A2 2 0 0 1 10 42A2 2 0 0 1 8 40"`},
		{"a curve", func(c *canvas) {
			var p vg.Path
			p.Move(at(0, 0))
			p.QuadTo(at(1, 1), at(2, 0))
			p.CubeTo(at(3, 1), at(4, 1), at(5, 0))
			c.Fill(p)
		}, `d="M0 50Q1 49 2 50C3 49 4 49 5 50"`},
		{"one element for one style", func(c *canvas) {
			c.SetColor(of("best"))
			c.Fill(polygon(at(10, 10), 2, 4, 1))
			c.Fill(polygon(at(20, 10), 2, 4, 1))
		}, `<path class="f-best" d="M10 38L8 40L10 42L12 40ZM20 38L18 40L20 42L22 40Z"/>`},
		{"style", func(c *canvas) {
			c.SetLineStyle(line(of("curve").fade(0.5), 1.5, 3, 2))
			c.Stroke(vg.Path{{Type: vg.MoveComp}, {Type: vg.LineComp, Pos: at(1, 0)}})
		}, `<path class="s-curve" stroke-opacity="0.5" stroke-width="1.5" stroke-dasharray="3 2" d="M0 50L1 50"/>`},
		{"foreign colors", func(c *canvas) {
			c.SetColor(color.NRGBA{1, 2, 3, 255})
			c.Fill(polygon(at(10, 10), 2, 4, 1))
			c.SetColor(color.Black)
			c.Fill(polygon(at(10, 10), 2, 4, 1))
		}, `Z"/>` + "\n" + `<path class="f-text" d=`},
		{"transforms", func(c *canvas) {
			c.Push()
			c.Translate(at(10, 10))
			c.Scale(2, 2)
			c.Rotate(math.Pi / 2)
			c.Fill(vg.Path{{Type: vg.MoveComp, Pos: at(1, 0)}})
			c.Pop()
			c.Fill(vg.Path{{Type: vg.MoveComp, Pos: at(1, 0)}})
		}, `d="M10 38M1 50"`},
		{"images fill their place", func(c *canvas) {
			c.DrawImage(vg.Rectangle{Min: at(10, 10), Max: at(30, 40)}, image.NewRGBA(image.Rect(0, 0, 1, 1)))
		}, `<image x="10" y="10" width="20" height="30" preserveAspectRatio="none" href="data:image/png;base64,`},
		{"the title is escaped", func(*canvas) {}, `<title>a &lt;title&gt;</title>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Contains(t, drawn(t, tt.draw), tt.want) })
	}
}

// SetLineStyle does what draw.Canvas does with a style.
func (c *canvas) SetLineStyle(s draw.LineStyle) {
	d := draw.NewCanvas(c, c.width, c.height)
	d.SetLineStyle(s)
}

func TestCanvasDrawsNothingOfNothing(t *testing.T) {
	got := drawn(t, func(c *canvas) {
		c.Stroke(nil)
		c.Fill(nil)
		c.SetLineWidth(0)
		c.Stroke(vg.Path{{Type: vg.MoveComp}})
	})
	require.NotContains(t, got, "<path")
}

func TestPigments(t *testing.T) {
	require.PanicsWithValue(t, "picture: no pigment mauve", func() { of("mauve") })
	seen := map[string]bool{}
	for _, p := range pigments {
		require.False(t, seen[p.name])
		seen[p.name] = true
		require.Contains(t, CSS(), ".f-"+p.name+"{fill:var(--"+p.name+")}")
	}
	// On light paper, text and marks stand out: the contrast of WCAG 2.2, 1.4.3 and 1.4.11.
	for name, least := range map[string]float64{"text": 7, "muted": 4.5, "feasible": 3, "best": 3, "failed": 3, "curve": 3, "slope": 3} {
		p := of(name).pigment
		paper := of("paper").pigment
		require.Greater(t, contrast(p.light, paper.light), least, name)
		require.Greater(t, contrast(p.dark, paper.dark), least, name)
	}
}

// contrast is the ratio of luminances of WCAG 2.2.
func contrast(a, b uint32) float64 {
	luminance := func(v uint32) float64 {
		channel := func(shift uint) float64 {
			c := float64(v>>shift&255) / 255
			if c <= 0.04045 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
