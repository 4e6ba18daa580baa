package picture

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// canvas is a vg.Canvas that writes inline SVG. Unlike gonum's it names colors by
// class, merges neighboring paths of the same style into one element, rounds to a
// tenth of a pixel, and stretches images to their rectangle; a scatter of a
// thousand points is a tenth of the size.
type canvas struct {
	width, height vg.Length
	body          bytes.Buffer
	states        []state
	open          string // style of the path element that can still grow; empty if none
	at            string // where its pen is
}

// state is what Push saves. The transform maps (x, y) to
// (m[0]x + m[2]y + m[4], m[1]x + m[3]y + m[5]), y pointing up.
type state struct {
	ink   color.Color
	width vg.Length
	dash  []vg.Length
	m     [6]float64
}

func newCanvas(width, height float64) *canvas {
	c := &canvas{width: vg.Length(width), height: vg.Length(height)}
	c.states = []state{{m: [6]float64{1, 0, 0, 1, 0, 0}}}
	vg.Initialize(c)
	return c
}

// Size returns the size of the canvas.
func (c *canvas) Size() (w, h vg.Length) { return c.width, c.height }

func (c *canvas) state() *state { return &c.states[len(c.states)-1] }

// The methods of vg.Canvas.

func (c *canvas) SetLineWidth(w vg.Length)               { c.state().width = w }
func (c *canvas) SetLineDash(d []vg.Length, _ vg.Length) { c.state().dash = d }
func (c *canvas) SetColor(k color.Color)                 { c.state().ink = k }
func (c *canvas) Push()                                  { c.states = append(c.states, *c.state()) }
func (c *canvas) Pop()                                   { c.states = c.states[:len(c.states)-1] }
func (c *canvas) Scale(x, y float64)                     { c.transform([6]float64{x, 0, 0, y, 0, 0}) }

func (c *canvas) Translate(p vg.Point) {
	c.transform([6]float64{1, 0, 0, 1, float64(p.X), float64(p.Y)})
}

func (c *canvas) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	c.transform([6]float64{cos, sin, -sin, cos, 0, 0})
}

func (c *canvas) transform(t [6]float64) {
	m := &c.state().m
	*m = [6]float64{
		m[0]*t[0] + m[2]*t[1], m[1]*t[0] + m[3]*t[1],
		m[0]*t[2] + m[2]*t[3], m[1]*t[2] + m[3]*t[3],
		m[0]*t[4] + m[2]*t[5] + m[4], m[1]*t[4] + m[3]*t[5] + m[5],
	}
}

// place returns where a point is on the page, y pointing down.
func (c *canvas) place(p vg.Point) (x, y float64) {
	m := c.state().m
	px, py := float64(p.X), float64(p.Y)
	return m[0]*px + m[2]*py + m[4], float64(c.height) - (m[1]*px + m[3]*py + m[5])
}

func (c *canvas) Stroke(p vg.Path) {
	s := c.state()
	if s.width <= 0 || len(p) == 0 {
		return
	}
	style := paint("stroke", s.ink) + ` stroke-width="` + number(float64(s.width)) + `"`
	if len(s.dash) > 0 {
		var dashes []string
		for _, d := range s.dash {
			dashes = append(dashes, number(float64(d)))
		}
		style += ` stroke-dasharray="` + strings.Join(dashes, " ") + `"`
	}
	c.path(style, p)
}

func (c *canvas) Fill(p vg.Path) {
	if len(p) == 0 {
		return
	}
	c.path(paint("fill", c.state().ink), p)
}

// path writes a path, into the open element if that has the same style.
func (c *canvas) path(style string, p vg.Path) {
	if style != c.open {
		c.flush()
		c.open = style
		c.body.WriteString("<path " + style + ` d="`)
	}
	c.at = ""
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			c.command('M', comp.Pos)
		case vg.LineComp:
			c.command('L', comp.Pos)
		case vg.CurveComp:
			c.command("QC"[len(comp.Control)-1], append(append([]vg.Point(nil), comp.Control...), comp.Pos)...)
		case vg.ArcComp:
			c.arc(comp)
		case vg.CloseComp:
			c.body.WriteByte('Z')
			c.at = ""
		}
	}
}

func (c *canvas) command(letter byte, points ...vg.Point) {
	c.body.WriteByte(letter)
	for i, p := range points {
		if i > 0 {
			c.body.WriteByte(' ')
		}
		c.at = c.point(p)
		c.body.WriteString(c.at)
	}
}

func (c *canvas) point(p vg.Point) string {
	x, y := c.place(p)
	return number(x) + " " + number(y)
}

// arc writes an arc in two halves, because SVG has no arc that ends where it
// begins. It assumes that x and y are scaled alike.
func (c *canvas) arc(a vg.PathComp) {
	at := func(angle float64) vg.Point {
		sin, cos := math.Sincos(angle)
		return vg.Point{X: a.Pos.X + a.Radius*vg.Length(cos), Y: a.Pos.Y + a.Radius*vg.Length(sin)}
	}
	r := number(float64(a.Radius) * math.Hypot(c.state().m[0], c.state().m[1]))
	sweep := "0" // counterclockwise, as y points down
	if a.Angle < 0 {
		sweep = "1"
	}
	if start := at(a.Start); c.at == "" {
		c.command('M', start)
	} else if c.at != c.point(start) {
		c.command('L', start)
	}
	for _, part := range []float64{0.5, 1} {
		c.at = c.point(at(a.Start + part*a.Angle))
		c.body.WriteString("A" + r + " " + r + " 0 0 " + sweep + " " + c.at)
	}
}

func (c *canvas) flush() {
	if c.open != "" {
		c.body.WriteString("\"/>\n")
		c.open = ""
	}
}

func (c *canvas) FillString(f font.Face, p vg.Point, text string) {
	size := float64(f.Font.Size)
	if size == 0 || text == "" {
		return
	}
	c.flush()
	x, y := c.place(p)
	turned, bold := "", ""
	if m := c.state().m; m[1] != 0 {
		turned = fmt.Sprintf(` transform="rotate(%s %s %s)"`, number(-math.Atan2(m[1], m[0])*180/math.Pi), number(x), number(y))
	}
	if f.Font.Weight > 0 {
		bold = ` font-weight="bold"`
	}
	_, _ = fmt.Fprintf(&c.body, "<text x=\"%s\" y=\"%s\" %s font-size=\"%s\"%s%s>%s</text>\n",
		number(x), number(y), paint("fill", c.state().ink), number(size), bold, turned, html.EscapeString(text))
}

func (c *canvas) DrawImage(r vg.Rectangle, img image.Image) {
	c.flush()
	var data bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&data, img); err != nil {
		panic("picture: " + err.Error()) // only of an image too large for PNG
	}
	x, y := c.place(vg.Point{X: r.Min.X, Y: r.Max.Y})
	_, _ = fmt.Fprintf(&c.body, "<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,%s\"/>\n",
		number(x), number(y), number(float64(r.Size().X)), number(float64(r.Size().Y)), base64.StdEncoding.EncodeToString(data.Bytes()))
}

// write writes the picture as an element of a page, with a title for those who
// cannot see it.
func (c *canvas) write(w io.Writer, title string) error {
	c.flush()
	size := number(float64(c.width)) + `" height="` + number(float64(c.height))
	_, err := fmt.Fprintf(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" role=\"img\" width=\"%s\" viewBox=\"0 0 %s %s\"><title>%s</title>\n%s</svg>\n",
		size, number(float64(c.width)), number(float64(c.height)), html.EscapeString(title), c.body.Bytes())
	return err
}

// number writes a coordinate to a tenth of a pixel.
func number(v float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}
