package airfoil_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems/airfoil"
)

func TestParseNACA4(t *testing.T) {
	for _, digits := range []string{"2412", "NACA 2412", "naca2412", " 2412 "} {
		n, err := airfoil.ParseNACA4(digits)
		require.NoError(t, err)
		require.Equal(t, airfoil.NACA4{Camber: 0.02, Position: 0.4, Thickness: 0.12}, n)
		require.Equal(t, "NACA 2412", n.String())
	}
	for digits, says := range map[string]string{
		"":      "write four digits",
		"24123": "write four digits",
		"24x2":  "write four digits",
		"2400":  "thickness",
		"2012":  "both 0 or neither",
		"0412":  "both 0 or neither",
	} {
		_, err := airfoil.ParseNACA4(digits)
		require.ErrorContains(t, err, says, digits)
	}
}

// The largest thickness, camber and the gap are those of the series.
func TestNACA4Section(t *testing.T) {
	s := naca(t, "2412")
	thick, camber := 0.0, 0.0
	n := len(s.X)
	for i := range n / 2 {
		thick = max(thick, math.Hypot(s.X[i]-s.X[n-1-i], s.Y[i]-s.Y[n-1-i]))
		camber = max(camber, (s.Y[i]+s.Y[n-1-i])/2)
	}
	require.InDelta(t, 0.12, thick, 1e-4)
	require.InDelta(t, 0.02, camber, 1e-5)
	require.InDelta(t, 0.00252, math.Hypot(s.X[0]-s.X[n-1], s.Y[0]-s.Y[n-1]), 1e-6)
	sharp := airfoil.NACA4{Thickness: 0.12, Sharp: true}.Section(40)
	require.InDelta(t, 0, sharp.Y[0], 1e-15)
}

func TestCST(t *testing.T) {
	c := section(goldenCases(t)[3].X)
	require.NoError(t, c.Check())
	s := c.Section(airfoil.Panels)
	require.Equal(t, []string{"T0", "T1", "T2", "T3", "T4", "T5", "T6", "K0", "K1", "K2", "K3", "K4", "K5", "K6"}, s.Shape)

	polygon := 0.0
	n := len(s.X)
	for i := range n {
		k := (i + 1) % n
		polygon += (s.X[i]*s.Y[k] - s.X[k]*s.Y[i]) / 2
	}
	dArea, dThickness := make([]float64, 14), make([]float64, 14)
	area := c.Area(dArea)
	require.InDelta(t, polygon, area, 1e-4)
	require.InDelta(t, 0.0823, section(goldenCases(t)[0].X).Area(nil), 1e-3, "NACA 0012")
	thickness := c.ThicknessAt(dThickness, s.X[30])
	require.InDelta(t, s.Y[30]-s.Y[n-1-30], thickness, 1e-15)

	// Area and thickness are linear.
	sumA, sumT := 0.00125, 0.0025*s.X[30]
	for k, v := range goldenCases(t)[3].X[:14] {
		sumA, sumT = sumA+dArea[k]*v, sumT+dThickness[k]*v
	}
	require.InDelta(t, area, sumA, 1e-15)
	require.InDelta(t, thickness, sumT, 1e-15)

	upper, lower := c.NoseRadii()
	require.InDelta(t, 0.0158, (upper+lower)/2, 0.0006) // 1.1019 t^2 of the series
	require.ErrorContains(t, airfoil.CST{Thickness: []float64{1}}.Check(), "equally many")
	require.ErrorContains(t, airfoil.CST{Thickness: []float64{1, math.NaN()}, Camber: make([]float64, 2)}.Check(), "finite")
}

// A fit of NACA sections gives the coefficients of the golden cases, which are
// such fits.
func TestFit(t *testing.T) {
	for i, digits := range map[int]string{0: "0012", 3: "2412", 6: "4412"} {
		c, off := airfoil.Fit(naca(t, digits), 6)
		require.Less(t, off, 5e-4)
		for k, v := range goldenCases(t)[i].X[:7] {
			require.InDelta(t, v, c.Thickness[k], 2e-3, digits)
		}
	}
	want := section(goldenCases(t)[6].X)
	c, off := airfoil.Fit(want.Section(airfoil.Panels), 6)
	require.Less(t, off, 1e-12)
	require.InDeltaSlice(t, want.Thickness, c.Thickness, 1e-10)
	require.InDeltaSlice(t, want.Camber, c.Camber, 1e-10)
}

func TestSectionsThatAreNone(t *testing.T) {
	good := naca(t, "2412")
	change := func(f func(s *airfoil.Section)) *airfoil.Section {
		s := &airfoil.Section{X: append([]float64{}, good.X...), Y: append([]float64{}, good.Y...)}
		f(s)
		return s
	}
	tests := map[string]*airfoil.Section{
		"at least 21 nodes":  change(func(s *airfoil.Section) { s.X, s.Y = s.X[:20], s.Y[:20] }),
		"node 8 is":          change(func(s *airfoil.Section) { s.Y[7] = math.Inf(1) }),
		"are the same point": change(func(s *airfoil.Section) { s.X[8], s.Y[8] = s.X[7], s.Y[7] }),
		"sides are swapped":  change(func(s *airfoil.Section) { negate(s.Y) }),
		"its sides cross":    change(func(s *airfoil.Section) { s.Y[30] = -0.2 }),
	}
	for says, s := range tests {
		t.Run(says, func(t *testing.T) {
			var solver airfoil.Solver
			err := solver.Load(s)
			require.ErrorIs(t, err, airfoil.ErrGeometry)
			require.ErrorContains(t, err, says)
		})
	}
	require.Panics(t, func() { section(goldenCases(t)[0].X).Section(31) })
}

func negate(v []float64) {
	for i := range v {
		v[i] = -v[i]
	}
}

// selig and lednicer write a section as a file.
func selig(s *airfoil.Section, step int) string {
	var b strings.Builder
	b.WriteString("NACA 2412\n")
	for i := 0; i < len(s.X); i += step {
		writePoint(&b, s.X[i], s.Y[i])
	}
	return b.String()
}

func TestReadSelig(t *testing.T) {
	want := naca(t, "2412")
	c, err := airfoil.Read(strings.NewReader(selig(want, 1)), "naca.dat")
	require.NoError(t, err)
	require.Equal(t, "NACA 2412", c.Name)
	s, err := c.Section(airfoil.Panels)
	require.NoError(t, err)
	for _, pair := range [][2]*airfoil.Section{{want, s}} {
		a, b := lift(t, pair[0]), lift(t, pair[1])
		require.InDelta(t, a.CL, b.CL, 2e-3)
		require.InEpsilon(t, a.CD, b.CD, 0.01)
	}
}

func lift(t *testing.T, s *airfoil.Section) airfoil.Result {
	t.Helper()
	var solver airfoil.Solver
	require.NoError(t, solver.Load(s))
	r, err := solver.Analyze(cruise, 3, nil)
	require.NoError(t, err)
	return r
}

func TestReadOrders(t *testing.T) {
	s := naca(t, "2412")
	half := len(s.X) / 2
	var lednicer, reversed, percent strings.Builder
	lednicer.WriteString("NACA 2412\r\n       81.       81.\r\n\r\n")
	for i := half; i >= 0; i-- {
		writePoint(&lednicer, s.X[i], s.Y[i])
	}
	lednicer.WriteString("\n")
	for i := half; i < len(s.X); i++ {
		writePoint(&lednicer, s.X[i], s.Y[i])
	}
	for i, x := range slices.Backward(s.X) {
		writePoint(&reversed, x, s.Y[i])
		writePoint(&percent, 100*s.X[len(s.X)-1-i]+7, 100*s.Y[len(s.X)-1-i])
	}
	reference, err := airfoil.Read(strings.NewReader(selig(s, 1)), "f")
	require.NoError(t, err)
	for name, text := range map[string]string{
		"Lednicer": lednicer.String(), "lower side first": "x y\n" + reversed.String(), "in percent, moved": "\ufeff" + percent.String(),
		"comments and commas": "# a comment\n" + strings.ReplaceAll(selig(s, 1), "  ", ", "),
	} {
		t.Run(name, func(t *testing.T) {
			c, err := airfoil.Read(strings.NewReader(text), "f")
			require.NoError(t, err)
			require.InDeltaSlice(t, reference.X, c.X, 1e-9)
			require.InDeltaSlice(t, reference.Y, c.Y, 1e-9)
		})
	}
}

func TestReadFaults(t *testing.T) {
	good := strings.Split(strings.TrimSpace(selig(naca(t, "2412"), 4)), "\n")
	replace := func(i int, line string) string {
		lines := append([]string{}, good...)
		lines[i] = line
		return strings.Join(lines, "\n")
	}
	tests := map[string]struct{ text, says string }{
		"empty":             {"", "f:1: 0 points; an outline needs at least 10"},
		"a letter":          {replace(5, "0.9 0.0l"), `f:6: "0.9 0.0l" is no point: a line has two numbers`},
		"three numbers":     {replace(7, "0.9 0.01 0"), "f:8:"},
		"first point":       {replace(1, "1.0 0.O01"), "f:2:"},
		"not finite":        {replace(9, "NaN 0"), "f:10: \"NaN 0\" is no point: its numbers must be finite"},
		"wrong counts":      {"name\n20 20\n" + strings.Join(good[1:], "\n"), "f:1: it announces 20 and 20 points, and 41 follow"},
		"open at one end":   {strings.Join(good[:30], "\n"), "the outline begins or ends at x = "},
		"a line of a novel": {strings.Repeat("once upon a time", 10000), "is this a file of coordinates?"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := airfoil.Read(strings.NewReader(test.text), "f")
			require.ErrorContains(t, err, test.says)
			var fault *airfoil.FileError
			require.ErrorAs(t, err, &fault)
			require.Positive(t, fault.Line)
		})
	}
	_, err := airfoil.Coordinates{X: make([]float64, 3), Y: make([]float64, 3)}.Section(60)
	require.ErrorIs(t, err, airfoil.ErrGeometry)
	_, err = airfoil.Coordinates{X: make([]float64, 30), Y: make([]float64, 30)}.Section(60)
	require.ErrorIs(t, err, airfoil.ErrGeometry)
}

func FuzzRead(f *testing.F) {
	n := airfoil.NACA4{Camber: 0.02, Position: 0.4, Thickness: 0.12}.Section(40)
	f.Add(selig(n, 1))
	f.Add("name\n3 3\n0 0\n.5 .1\n1 0\n0 0\n.5 -.1\n1 0\n")
	f.Add("1 0\n2 x\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := airfoil.Read(strings.NewReader(text), "f")
		if err != nil {
			require.Empty(t, c.X)
			return
		}
		require.Len(t, c.Y, len(c.X))
		if s, err := c.Section(40); err == nil {
			require.Len(t, s.X, 41)
			require.NoError(t, s.Check())
		}
	})
}

func writePoint(b *strings.Builder, x, y float64) {
	fmt.Fprintf(b, " %.9f  %.9f\n", x, y)
}
