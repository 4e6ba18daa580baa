package picture

import (
	"fmt"
	"image/color"
	"strings"
)

// pigment is a color of the style: what it is called, and how it looks on light
// and on dark paper.
type pigment struct {
	name        string
	light, dark uint32 // 0xRRGGBB
}

// ink is a pigment at an opacity. It is a color.Color, that on light paper, for
// canvases that know no classes.
type ink struct {
	*pigment
	alpha float64
}

// RGBA returns the color on light paper.
func (i ink) RGBA() (r, g, b, a uint32) { return rgb(i.light, i.alpha).RGBA() }

func rgb(v uint32, alpha float64) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: uint8(255*alpha + 0.5)}
}

// The pigments. Those of marks can be told apart by the color-blind (after Okabe
// and Ito, Color Universal Design, 2008), and differ in shape besides. Those
// ending in Over lie on colored fields, which are the same on any paper.
var pigments = []*pigment{
	{"text", 0x1c2733, 0xdbe2ea},
	{"muted", 0x667380, 0x93a0ad},
	{"grid", 0xe6eaee, 0x27303a},
	{"frame", 0xaab4be, 0x4a5663},
	{"paper", 0xffffff, 0x151b22},
	{"curve", 0x1f5f99, 0x7ab8f5},
	{"feasible", 0x0072b2, 0x5cb3f0},
	{"infeasible", 0xd98200, 0xf2b134},
	{"failed", 0xb3261e, 0xff7b72},
	{"best", 0xc2185b, 0xff6fa8},
	{"slope", 0x00875f, 0x3fd0a4},
	{"forbidden", 0xd55e00, 0xff9150},
	{"darkOver", 0x13202c, 0x13202c},
	{"lightOver", 0xffffff, 0xffffff},
	{"feasibleOver", 0x0072b2, 0x0072b2},
	{"infeasibleOver", 0xf0a020, 0xf0a020},
	{"failedOver", 0xb3261e, 0xb3261e},
	{"bestOver", 0xc2185b, 0xc2185b},
	{"limit1Over", 0xb3261e, 0xb3261e},
	{"limit2Over", 0x6a3d9a, 0x6a3d9a},
	{"limit3Over", 0x8c4b00, 0x8c4b00},
	{"limit4Over", 0x00695c, 0x00695c},
	{"limit5Over", 0x37474f, 0x37474f},
	{"limit6Over", 0x827717, 0x827717},
}

// of returns the ink of a pigment; a name that is not there is a fault of the package.
func of(name string) ink {
	for _, p := range pigments {
		if p.name == name {
			return ink{p, 1}
		}
	}
	panic("picture: no pigment " + name)
}

func (i ink) fade(alpha float64) ink { return ink{i.pigment, alpha} }

// paint returns the attributes that fill or stroke with a color. Colors of
// gonum's own choice become that of text.
func paint(what string, c color.Color) string {
	switch c := c.(type) {
	case ink:
		attributes := fmt.Sprintf(`class="%c-%s"`, what[0], c.name)
		if c.alpha < 1 {
			attributes += fmt.Sprintf(` %s-opacity="%.2g"`, what, c.alpha)
		}
		return attributes
	case color.NRGBA:
		return fmt.Sprintf(`%s="#%02x%02x%02x"`, what, c.R, c.G, c.B)
	}
	return paint(what, of("text"))
}

// CSS returns the style that the SVG pictures need in their page: the colors, by
// the preference of the reader, and light on paper.
func CSS() string {
	var light, dark, classes strings.Builder
	for _, p := range pigments {
		fmt.Fprintf(&light, "--%s:#%06x;", p.name, p.light)
		fmt.Fprintf(&dark, "--%s:#%06x;", p.name, p.dark)
		fmt.Fprintf(&classes, ".s-%[1]s{stroke:var(--%[1]s)}.f-%[1]s{fill:var(--%[1]s)}\n", p.name)
	}
	return ":root{" + light.String() + "}\n" +
		"@media screen and (prefers-color-scheme:dark){:root{" + dark.String() + "}}\n" +
		".picture{max-width:100%;height:auto;font-family:\"Liberation Sans\",Arial,Helvetica,sans-serif}\n" +
		"[class^=s-]{fill:none;stroke-linejoin:round}\n" + classes.String()
}
