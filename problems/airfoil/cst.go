package airfoil

import (
	"fmt"
	"math"
)

// CST is a section by class and shape functions (B. M. Kulfan, Journal of
// Aircraft 45(1), 2008, p. 142), split in thickness and camber: with the class
// C(x) = sqrt(x) (1 - x) of round-nosed sections and the Bernstein polynomials
// B_i of order n,
//
//	y = C(x) sum_i (Camber_i +- Thickness_i) B_i(x) +- TrailingEdge x/2
//
// The outline is linear in the coefficients.
type CST struct {
	Thickness, Camber []float64 // n+1 coefficients each
	TrailingEdge      float64   // the gap at the trailing edge, in chords
}

// Check returns an error unless there are as many coefficients of the camber as
// of the thickness, two or more, all finite.
func (c CST) Check() error {
	n := len(c.Thickness)
	if n < 2 || len(c.Camber) != n {
		return fmt.Errorf("airfoil: %d coefficients of the thickness and %d of the camber; give equally many, two or more", n, len(c.Camber))
	}
	sum := c.TrailingEdge
	for i := range n {
		sum += c.Thickness[i] + c.Camber[i]
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) || c.TrailingEdge < 0 {
		return fmt.Errorf("airfoil: coefficients %v and %v with a trailing edge of %g; finite numbers and a trailing edge of 0 or more are needed",
			c.Thickness, c.Camber, c.TrailingEdge)
	}
	return nil
}

// Variables returns the names of the coefficients: T0, T1, ... of the thickness,
// then K0, K1, ... of the camber.
func (c CST) Variables() []string {
	var names []string
	for _, kind := range []string{"T", "K"} {
		for i := range c.Thickness {
			names = append(names, fmt.Sprint(kind, i))
		}
	}
	return names
}

// Section returns the outline in so many panels, an even number (see [Panels]),
// with its partials by the coefficients.
func (c CST) Section(panels int) *Section {
	s := newSection("CST", panels, c.Variables())
	n := len(c.Thickness)
	b := make([]float64, n)
	around(panels, func(i int, x, side float64) {
		shapeFunctions(b, x)
		s.X[i], s.Y[i] = x, side*c.TrailingEdge/2*x
		row := s.DY[i*2*n : (i+1)*2*n]
		for k := range n {
			s.Y[i] += (c.Camber[k] + side*c.Thickness[k]) * b[k]
			row[k], row[n+k] = side*b[k], b[k]
		}
	})
	return s
}

// shapeFunctions sets b to C(x) B_i(x) for i = 0 ... n.
func shapeFunctions(b []float64, x float64) {
	n := len(b) - 1
	b[0] = math.Sqrt(x) * (1 - x) // built up from the class, one factor at a time
	for k := 1; k <= n; k++ {
		b[k] = b[k-1] * x * float64(n-k+1) / float64(k)
	}
	power := 1.0
	for k := n; k >= 0; k-- {
		b[k] *= power
		power *= 1 - x
	}
}

// ThicknessAt returns the thickness at x, in chords, and, unless dt is nil, its
// partials by all coefficients in dt, which has room for them.
func (c CST) ThicknessAt(dt []float64, x float64) float64 {
	n := len(c.Thickness)
	b := make([]float64, n)
	shapeFunctions(b, x)
	t := c.TrailingEdge * x
	for k := range n {
		t += 2 * c.Thickness[k] * b[k]
	}
	if dt != nil {
		clear(dt)
		for k := range n {
			dt[k] = 2 * b[k]
		}
	}
	return t
}

// Area returns the area of the section, in chords squared, and, unless da is
// nil, its partials by all coefficients: exactly
//
//	2 sum_i T_i binom(n, i) Beta(i + 3/2, n + 2 - i) + TrailingEdge/2
func (c CST) Area(da []float64) float64 {
	n := len(c.Thickness) - 1
	if da != nil {
		clear(da)
	}
	area, binomial := c.TrailingEdge/2, 1.0
	for i, t := range c.Thickness {
		p, _ := math.Lgamma(float64(i) + 1.5)
		q, _ := math.Lgamma(float64(n - i + 2))
		r, _ := math.Lgamma(float64(n) + 3.5)
		weight := 2 * binomial * math.Exp(p+q-r)
		area += t * weight
		if da != nil {
			da[i] = weight
		}
		binomial *= float64(n-i) / float64(i+1)
	}
	return area
}

// NoseRadii returns the radii of curvature at the leading edge of the upper and
// the lower side, (T0 + K0)^2/2 and (T0 - K0)^2/2, in chords.
func (c CST) NoseRadii() (upper, lower float64) {
	u, l := c.Thickness[0]+c.Camber[0], c.Thickness[0]-c.Camber[0]
	return u * u / 2, l * l / 2
}
