package airfoil

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Section returns an outline in so many panels, an even number (see [Panels]),
// through the points: natural cubic splines of x and y over the arc length, with
// nodes at the places that sections of formulas have them. It has no shape
// variables. The error wraps [ErrGeometry].
func (c Coordinates) Section(panels int) (*Section, error) {
	n := len(c.X)
	if n < fewest || len(c.Y) != n {
		return nil, fmt.Errorf("airfoil: %w: %d and %d coordinates; at least %d points are needed", ErrGeometry, n, len(c.Y), fewest)
	}
	s, x, y := newJets(n, 0), newJets(n, 0), newJets(n, 0)
	copy(x.v, c.X)
	copy(y.v, c.Y)
	for i := 1; i < n; i++ {
		s.v[i] = s.v[i-1] + math.Hypot(c.X[i]-c.X[i-1], c.Y[i]-c.Y[i-1])
		if !(s.v[i] > s.v[i-1]) {
			return nil, fmt.Errorf("airfoil: %w: points %d and %d are the same, (%g, %g), or not finite", ErrGeometry, i, i+1, c.X[i], c.Y[i])
		}
	}
	work := newSplineWork(n)
	along, up := spline{s: s, v: x, m: newJets(n, 0)}, spline{s: s, v: y, m: newJets(n, 0)}
	along.solve(work)
	up.solve(work)
	nose := along.least()
	x0, _ := along.at(nose)
	y0, _ := up.at(nose)
	chord := (c.X[0]+c.X[n-1])/2 - x0
	section := newSection(c.Name, panels, nil)
	around(panels, func(i int, place, side float64) {
		end := 0.0
		if side < 0 {
			end = s.v[n-1]
		}
		t := nose
		switch place {
		case 0:
		case 1:
			t = end
		default:
			t = along.find(x0+place*chord, nose, end)
		}
		px, _ := along.at(t)
		py, _ := up.at(t)
		section.X[i], section.Y[i] = (px-x0)/chord, (py-y0)/chord
	})
	return section, section.Check()
}

// least returns where the spline is least.
func (p spline) least() float64 {
	low := 0
	for i, v := range p.v.v {
		if v < p.v.v[low] {
			low = i
		}
	}
	a, b := p.s.v[max(low-1, 0)], p.s.v[min(low+1, len(p.s.v)-1)]
	for range 100 { // bisection of the slope
		middle := (a + b) / 2
		if _, slope := p.at(middle); slope < 0 {
			a = middle
		} else {
			b = middle
		}
	}
	return (a + b) / 2
}

// find returns where, between from and to, the spline rises to v.
func (p spline) find(v, from, to float64) float64 {
	for range 100 {
		middle := (from + to) / 2
		if at, _ := p.at(middle); at < v {
			from = middle
		} else {
			to = middle
		}
	}
	return (from + to) / 2
}

// Fit returns the section by coefficients of the given order, and of the same gap
// at the trailing edge, that is nearest to an outline: least squares of its
// nodes. It also returns the root mean square of the distances that are left, in
// chords.
func Fit(s *Section, order int) (c CST, off float64) {
	n, terms := len(s.X), order+1
	c = CST{Thickness: make([]float64, terms), Camber: make([]float64, terms), TrailingEdge: max(s.Y[0]-s.Y[n-1], 0)}
	nose := 0
	for i, x := range s.X {
		if x < s.X[nose] {
			nose = i
		}
	}
	a, b := mat.NewDense(n, 2*terms, nil), mat.NewVecDense(n, nil)
	shape := make([]float64, terms)
	for i, x := range s.X {
		side := 1.0
		if i > nose {
			side = -1
		}
		x = min(max(x, 0), 1)
		shapeFunctions(shape, x)
		for k, v := range shape {
			a.Set(i, k, side*v)
			a.Set(i, terms+k, v)
		}
		b.SetVec(i, s.Y[i]-side*c.TrailingEdge/2*x)
	}
	var q mat.VecDense
	if err := q.SolveVec(a, b); err != nil && q.Len() == 0 {
		return c, math.Inf(1)
	}
	copy(c.Thickness, q.RawVector().Data[:terms])
	copy(c.Camber, q.RawVector().Data[terms:])
	var fitted mat.VecDense
	fitted.MulVec(a, &q)
	fitted.SubVec(&fitted, b)
	return c, mat.Norm(&fitted, 2) / math.Sqrt(float64(n))
}
