package airfoil

import (
	"fmt"
	"math"
	"strings"
)

// NACA4 is a section of the NACA four-digit series (E. N. Jacobs, K. E. Ward, R.
// M. Pinkerton, NACA Report 460, 1933).
type NACA4 struct {
	Camber    float64 // largest ordinate of the mean line, in chords: the first digit in percent
	Position  float64 // its place, in chords: the second digit in tenths
	Thickness float64 // in chords: the last two digits in percent
	// Sharp closes the trailing edge with a last coefficient of 0.1036 for the
	// 0.1015 of the report, which leaves a gap of 2.1 percent of the thickness.
	Sharp bool
}

// ParseNACA4 reads four digits, "2412", with or without "NACA" in front.
func ParseNACA4(digits string) (NACA4, error) {
	bare := strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(digits)), "NACA"))
	bad := func(why string) (NACA4, error) {
		return NACA4{}, fmt.Errorf("airfoil: %q is no NACA four-digit section: %s, as in 2412", digits, why)
	}
	if len(bare) != 4 || strings.Trim(bare, "0123456789") != "" {
		return bad("write four digits")
	}
	d := func(i int) float64 { return float64(bare[i] - '0') }
	n := NACA4{Camber: d(0) / 100, Position: d(1) / 10, Thickness: (10*d(2) + d(3)) / 100}
	switch {
	case n.Thickness == 0:
		return bad("the last two digits are the thickness in percent, 01 or more")
	case (n.Camber == 0) != (n.Position == 0):
		return bad("the first digit is the camber in percent, the second its place in tenths of the chord: both 0 or neither")
	}
	return n, nil
}

// String returns the digits, "NACA 2412".
func (n NACA4) String() string {
	return fmt.Sprintf("NACA %.0f%.0f%02.0f", 100*n.Camber, 10*n.Position, 100*n.Thickness)
}

// Section returns the outline in so many panels, an even number (see [Panels]).
// It has no shape variables.
func (n NACA4) Section(panels int) *Section {
	s := newSection(n.String(), panels, nil)
	around(panels, func(i int, x, side float64) {
		t, angle, camber := n.half(x), 0.0, 0.0
		if n.Camber != 0 {
			var slope float64
			camber, slope = n.meanLine(x)
			angle = math.Atan(slope)
		}
		s.X[i], s.Y[i] = x-side*t*math.Sin(angle), camber+side*t*math.Cos(angle)
	})
	return s
}

// half is half the thickness at x.
func (n NACA4) half(x float64) float64 {
	last := 0.1015
	if n.Sharp {
		last = 0.1036
	}
	return 5 * n.Thickness * (0.2969*math.Sqrt(x) + x*(-0.126+x*(-0.3516+x*(0.2843-last*x))))
}

// meanLine is the mean line at x, two parabolas, and its slope.
func (n NACA4) meanLine(x float64) (y, slope float64) {
	m, p := n.Camber, n.Position
	if x < p {
		return m / (p * p) * x * (2*p - x), 2 * m / (p * p) * (p - x)
	}
	k := m / ((1 - p) * (1 - p))
	return k * (1 - 2*p + x*(2*p-x)), 2 * k * (p - x)
}
