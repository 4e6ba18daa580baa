package picture

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// bowlMap is x^2 + y^2 on [-2, 2]^2 with the limit x + y >= -1.
func bowlMap() Map {
	m := Map{XLabel: "x [m]", YLabel: "y", ZLabel: "bowl & <f>"}
	limit := Limit{Name: "sum >= -1"}
	for i := range 41 {
		m.X = append(m.X, -2+float64(i)/10)
	}
	m.Y = m.X
	for _, y := range m.Y {
		for _, x := range m.X {
			m.Z = append(m.Z, x*x+y*y)
			limit.Excess = append(limit.Excess, -1-x-y)
		}
	}
	m.Limits, m.Violation = []Limit{limit}, limit.Excess
	m.Samples = []Spot{
		{1, 1, Sample{Feasible: true}, false},
		{-1, -1, Sample{Infill: true}, true},
		{0, 1, Sample{Failed: true}, false},
	}
	m.Path = []Spot{m.Samples[0], {0, 0, Sample{Feasible: true, Infill: true}, false}}
	m.Best = &Spot{}
	return m
}

// Every line of a level lies where the bowl has it, and it is closed.
func TestIsolineIsACircle(t *testing.T) {
	m := bowlMap()
	recorded := newCanvas(400, 400)
	p := plot.New()
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -2, 2, -2, 2
	isoline{m, m.Z, 1, line(of("text"), 1)}.Plot(draw.NewCanvas(recorded, 400, 400), p)
	recorded.flush()
	source := recorded.body.String()
	require.Equal(t, 1, strings.Count(source, "M"), "one piece")
	require.Contains(t, source, "Z", "closed")
	points := regexp.MustCompile(`[ML]([\d.]+) ([\d.]+)`).FindAllStringSubmatch(source, -1)
	require.Greater(t, len(points), 40)
	for _, at := range points {
		x, err := strconv.ParseFloat(at[1], 64)
		require.NoError(t, err)
		y, err := strconv.ParseFloat(at[2], 64)
		require.NoError(t, err)
		require.InDelta(t, 100, math.Hypot(x-200, y-200), 0.6, "pixels")
	}
}

// At a saddle the pieces do not cross, and where nothing is known there is no line.
func TestIsolineOfASaddle(t *testing.T) {
	m := Map{X: []float64{0, 1}, Y: []float64{0, 1}}
	tests := []struct {
		z      []float64
		pieces int
	}{
		{[]float64{1, -1, -1, 1}, 2},
		{[]float64{1, -1, -1, 3}, 2},
		{[]float64{-1, 1, 1, -3}, 2},
		{[]float64{1, -1, 1, 1}, 1},
		{[]float64{1, 1, 1, 1}, 0},
		{[]float64{1, -1, math.NaN(), 1}, 0},
	}
	for _, tt := range tests {
		pieces := isoline{m: m, z: tt.z}.cell(0, 0)
		require.Len(t, pieces, tt.pieces)
		if tt.pieces == 2 {
			require.NotEqual(t, pieces[0], pieces[1])
			joined := pieces[0][0].up != pieces[0][1].up // around a corner, not across
			require.True(t, joined)
		}
	}
}

func TestBandLevelsAreRoundAndAscend(t *testing.T) {
	m := bowlMap()
	levels := bandLevels(m)
	require.Greater(t, len(levels), 6)
	for i, v := range levels {
		require.LessOrEqual(t, len(Number(v, 12)), 4, "%v is round", v)
		if i > 0 {
			require.Greater(t, v, levels[i-1])
		}
	}
	m.Z = make([]float64, len(m.Z))
	require.Empty(t, bandLevels(m), "a plane has no levels")
	for i := range m.Z {
		m.Z[i] = math.NaN()
	}
	require.Empty(t, bandLevels(m))
}

func TestPlacesOnTheScale(t *testing.T) {
	b := bands{levels: []float64{1, 2}}
	require.Equal(t, []float64{0, 0.5, 1}, []float64{b.place(0), b.place(1), b.place(2)})
	b.m.Descending = true
	require.Equal(t, []float64{1, 0.5, 0}, []float64{b.place(0), b.place(1), b.place(2)})
	lightness := -1
	for i := range 50 { // can be read without color
		c := bandColor(float64(i) / 49)
		now := 2*int(c.R) + 5*int(c.G) + int(c.B)
		require.Greater(t, now, lightness)
		lightness = now
	}
}

// figures are one picture of each kind, and some at the edge of what there may be.
func figures() map[string]Figure {
	nan := math.NaN()
	course := Course{Objective: "f [kg]", Tolerance: 1e-6, Limits: true, Samples: []Sample{
		{Objective: 1000, Violation: 1},
		{Objective: nan, Violation: math.Inf(1), Failed: true},
		{Objective: 3, Feasible: true},
		{Objective: 0.01, Violation: 1e-4, Infill: true},
		{Objective: 2, Feasible: true, Infill: true},
	}}
	plain := Course{Objective: "f", Maximize: true, Samples: []Sample{{Objective: -1, Feasible: true}, {Objective: 2, Feasible: true}}}
	profile := Profile{Variable: "x", X: []float64{0, 1, 2}, Y: []float64{0, 1, 4}, At: 1, Value: 1, Slope: 2, Measured: 2.1, MeasuredY: 1.1, NearX: []float64{1.5}, NearY: []float64{2}}
	unmeasured := profile
	unmeasured.Measured, unmeasured.MeasuredY = nan, nan
	constant := Map{X: []float64{0, 1}, Y: []float64{0, 1}, Z: []float64{2, 2, 2, 2}}
	infinity := math.Inf(1)
	return map[string]Figure{
		"convergence":   Convergence(course),
		"unconstrained": Convergence(plain),
		"one failure":   Convergence(Course{Objective: "f", Samples: []Sample{{Objective: nan, Failed: true}}}),
		"rounds":        Rounds([]float64{0.1, nan, 1e-20}, []float64{1, 1e-3, infinity}),
		"no rounds":     Rounds(nil, nil),
		"agreement":     Agreement("f", "kg", []Pair{{1, 2, false}, {2, 2, true}}),
		"residuals":     Residuals("f", "kg", []Pair{{1, 2, false}, {2, 2, true}}),
		"no pairs":      Residuals("f", "", nil),
		"sensitivity":   Sensitivity([]Profiles{{"f", -infinity, infinity, []Profile{profile, unmeasured}}, {"g", -infinity, 3, []Profile{profile, profile}}}),
		"contours":      Contours(bowlMap()),
		"constant":      Contours(constant),
		"side by side":  Beside("both", Contours(bowlMap()).Sized(400, 300), Convergence(course).Sized(400, 200)),
		"a section": Charts([]Chart{{
			Title: "section", X: "x", Y: "y", True: true,
			Lines: []Line{{Name: "after", X: []float64{0, 1, 0}, Y: []float64{0, 0.1, 0}}},
		}}),
		"its pressures": Charts([]Chart{
			{Title: "pressures", X: "x", Y: "Cp", Down: true, Lines: []Line{{Name: "before", X: []float64{0, 1}, Y: []float64{-1, 1}, Before: true}}},
			{Title: "polar", X: "CD", Y: "CL", Lines: []Line{{X: []float64{0.01}, Y: []float64{0.5}, Points: true}}},
		}),
		"many samples":    Convergence(Course{Objective: "f", Samples: make([]Sample, 2000)}),
		"a name too long": Agreement(strings.Repeat("abc", 40), "kg", []Pair{{1, 2, false}}),
	}
}

func TestFigures(t *testing.T) {
	for name, f := range figures() {
		t.Run(name, func(t *testing.T) {
			source := f.SVG()
			require.NoError(t, wellFormed(source))
			require.Equal(t, source, f.SVG(), "the same every time")
			for _, bad := range []string{"NaN", "Inf", "style="} {
				require.NotContains(t, regexp.MustCompile(`base64,[^"]*`).ReplaceAllString(source, ""), bad)
			}
			texts := regexp.MustCompile(`<text x="([-\d.]+)" y="([-\d.]+)"`).FindAllStringSubmatch(source, -1)
			require.NotEmpty(t, texts)
			for _, at := range texts { // no label begins outside
				x, err := strconv.ParseFloat(at[1], 64)
				require.NoError(t, err)
				require.True(t, x >= 0 && x <= f.Width, "text at %s of %g", at[1], f.Width)
			}
		})
	}
}

// What is to be true to scale is: a square is one.
func TestTrueToScale(t *testing.T) {
	square := Line{X: []float64{0, 1, 1, 0, 0}, Y: []float64{0, 0, 1, 1, 0}}
	source := Charts([]Chart{{True: true, Lines: []Line{square}}}).SVG()
	path := regexp.MustCompile(`class="s-curve"[^>]* d="M([\d.]+) ([\d.]+)L([\d.]+) [\d.]+L[\d.]+ ([\d.]+)`).FindStringSubmatch(source)
	require.Len(t, path, 5)
	var at [4]float64
	for i, text := range path[1:] {
		var err error
		at[i], err = strconv.ParseFloat(text, 64)
		require.NoError(t, err)
	}
	require.InDelta(t, at[2]-at[0], at[1]-at[3], 2, "width and height, of some %g pixels", at[2]-at[0])
}

func TestPNG(t *testing.T) {
	f := Beside("both", Contours(bowlMap()).Sized(300, 200), Agreement("f", "", []Pair{{1, 2, false}}))
	var out bytes.Buffer
	require.NoError(t, f.PNG(&out))
	img, err := png.Decode(&out)
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 2*(300+232), 2*214), img.Bounds())
	r, g, b, _ := img.At(0, 0).RGBA()
	require.Equal(t, []uint32{0xffff, 0xffff, 0xffff}, []uint32{r, g, b}, "the paper is white")
}

func TestBestSoFar(t *testing.T) {
	c := Course{Samples: []Sample{
		{Objective: 1}, {Objective: 5, Feasible: true}, {Objective: math.NaN(), Failed: true}, {Objective: 7, Feasible: true}, {Objective: 3, Feasible: true},
	}}
	got := bestSoFar(c)
	require.True(t, math.IsNaN(got[0]), "nothing feasible yet")
	require.Equal(t, []float64{5, 5, 5, 3}, got[1:])
	c.Maximize = true
	require.Equal(t, []float64{5, 5, 7, 7}, bestSoFar(c)[1:])
}

// A tangent is as long on the page whatever its slope.
func TestTangentLength(t *testing.T) {
	a := axes{xmin: 0, xmax: 2, ymin: 0, ymax: 1000}
	for _, slope := range []float64{0, 1, -300, 1e6} {
		c := tangent(Profile{At: 1}, slope, 500, a, line(of("text"), 1))
		x, y := (c.x[1]-c.x[0])/2, (c.y[1]-c.y[0])/1000
		require.InDelta(t, 0.44, math.Hypot(x, y), 1e-9)
	}
}
