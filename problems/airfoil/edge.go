package airfoil

import "math"

// trailingEdge is where the last panels meet, or nearly do. The panel across an
// open one carries a source and a vortex sheet whose strengths continue the flow
// along the bisector of the last panels (XFOIL paper, eqs. 8 to 10): times the
// difference of the speeds at its ends,
//
//	source strength = |b x t|/2    vortex strength = -(b.t)/2
//
// with t the direction across the gap and b half the sum of the last panels'
// directions. At a closed trailing edge, the equation of the last node would
// repeat that of the first one. Instead, the speed along the bisector is zero a
// little inside.
type trailingEdge struct {
	closed           bool
	source, vortex   float64    // |b x t| and b.t
	dSource, dVortex [8]float64 // their partials by x and y of nodes 0, 1, n-2, n-1

	bx, by, length float64 // the bisector, and its length, of a closed edge
}

// set finds the strengths for an outline.
func (e *trailingEdge) set(x, y []float64) {
	n := len(x)
	nodes := [8]float64{x[0], y[0], x[1], y[1], x[n-2], y[n-2], x[n-1], y[n-1]}
	e.closed = math.Hypot(x[0]-x[n-1], y[0]-y[n-1]) < sharp
	if e.closed {
		b := bisector(nodes, [8]float64{})
		e.bx, e.by = b[0].v, b[1].v
		e.length = math.Hypot(e.bx, e.by)
		return
	}
	for k := range nodes {
		var direction [8]float64
		direction[k] = 1
		b := bisector(nodes, direction)
		tx, ty := dual{nodes[0] - nodes[6], direction[0] - direction[6]}, dual{nodes[1] - nodes[7], direction[1] - direction[7]}
		gap := tx.times(tx).plus(ty.times(ty)).sqrt()
		cross := b[0].times(ty).minus(b[1].times(tx)).over(gap)
		if cross.v < 0 {
			cross = dual{}.minus(cross)
		}
		dot := b[0].times(tx).plus(b[1].times(ty)).over(gap)
		e.source, e.dSource[k] = cross.v, cross.d
		e.vortex, e.dVortex[k] = dot.v, dot.d
	}
}

// bisector is half the sum of the directions in which the last panels point
// beyond the trailing edge, with its derivative in a direction.
func bisector(nodes, direction [8]float64) [2]dual {
	at := func(k int) dual { return dual{nodes[k], direction[k]} }
	ux, uy := at(0).minus(at(2)), at(1).minus(at(3))
	lx, ly := at(6).minus(at(4)), at(7).minus(at(5))
	u, l := ux.times(ux).plus(uy.times(uy)).sqrt(), lx.times(lx).plus(ly.times(ly)).sqrt()
	half := dual{v: 0.5}
	return [2]dual{ux.over(u).plus(lx.over(l)).times(half), uy.over(u).plus(ly.over(l)).times(half)}
}

// dual is a number with its derivative in one direction.
type dual struct{ v, d float64 }

func (a dual) plus(b dual) dual  { return dual{a.v + b.v, a.d + b.d} }
func (a dual) minus(b dual) dual { return dual{a.v - b.v, a.d - b.d} }
func (a dual) times(b dual) dual { return dual{a.v * b.v, a.d*b.v + a.v*b.d} }
func (a dual) over(b dual) dual  { return dual{a.v / b.v, (a.d - a.v/b.v*b.d) / b.v} }

func (a dual) sqrt() dual {
	r := math.Sqrt(a.v)
	return dual{r, a.d / (2 * r)}
}

func (a dual) log() dual { return dual{math.Log(a.v), a.d / a.v} }

// angle is the angle whose tangent is y/x.
func angle(y, x dual) dual {
	return dual{math.Atan2(y.v, x.v), (x.v*y.d - y.v*x.d) / (x.v*x.v + y.v*y.v)}
}

// inside is how far inside a closed trailing edge its equation holds, in lengths
// of the last panels.
const inside = 0.1

// closeEdge sets the last node's equation to that of a closed trailing edge.
func (p *potential) closeEdge(row []float64) {
	clear(row)
	n := len(p.x.v)
	b, px, py := p.edgePoint(none)
	for j := range n - 1 {
		u, w := p.along(j, none, b, px, py)
		row[j] += u.v
		row[j+1] += w.v
	}
}

// followEdge sets rhs to the right-hand sides of that equation's partials.
func (p *potential) followEdge(rhs, gamma []float64, cos, sin, dcos, dsin float64) {
	n := len(gamma)
	for k := range rhs {
		b, px, py := p.edgePoint(k)
		speed := b[0].times(dual{v: cos}).plus(b[1].times(dual{v: sin}))
		if k == 0 {
			speed.d += b[0].v*dcos + b[1].v*dsin
		}
		for j := range n - 1 {
			u, w := p.along(j, k, b, px, py)
			speed.d += u.d*gamma[j] + w.d*gamma[j+1]
		}
		rhs[k] = -speed.d
	}
}

// none is the index of no variable.
const none = -1

// node is node i with its partials by variable k.
func (p *potential) node(i int, k int) (x, y dual) {
	x.v, y.v = p.x.v[i], p.y.v[i]
	if k != none {
		x.d, y.d = p.x.of(i)[k], p.y.of(i)[k]
	}
	return x, y
}

// edgePoint returns the unit bisector and the point inside the edge.
func (p *potential) edgePoint(k int) (b [2]dual, px, py dual) {
	n := len(p.x.v)
	var nodes, direction [8]float64
	for c, i := range []int{0, 1, n - 2, n - 1} {
		x, y := p.node(i, k)
		nodes[2*c], nodes[2*c+1], direction[2*c], direction[2*c+1] = x.v, y.v, x.d, y.d
	}
	b = bisector(nodes, direction)
	length := b[0].times(b[0]).plus(b[1].times(b[1])).sqrt()
	b[0], b[1] = b[0].over(length), b[1].over(length)
	x0, y0 := p.node(0, k)
	x1, y1 := p.node(1, k)
	xn, yn := p.node(n-1, k)
	ex, ey := x0.minus(x1), y0.minus(y1)
	back := ex.times(ex).plus(ey.times(ey)).sqrt().times(dual{v: inside})
	half := dual{v: 0.5}
	return b, x0.plus(xn).times(half).minus(back.times(b[0])), y0.plus(yn).times(half).minus(back.times(b[1]))
}

// along is the speed along the bisector b at a point for speeds 1 at the start
// and at the end of panel j: the gradient of the stream function seen there,
// across the bisector.
func (p *potential) along(j int, k int, b [2]dual, px, py dual) (start, end dual) {
	ax, ay := p.node(j, k)
	cx, cy := p.node(j+1, k)
	dx, dy := cx.minus(ax), cy.minus(ay)
	ds := dx.times(dx).plus(dy.times(dy)).sqrt()
	sx, sy := dx.over(ds), dy.over(ds)
	rx, ry := px.minus(ax), py.minus(ay)
	x1, y := sx.times(rx).plus(sy.times(ry)), sx.times(ry).minus(sy.times(rx))
	x2 := x1.minus(ds)
	square := y.times(y)
	g1, g2 := x1.times(x1).plus(square).log(), x2.times(x2).plus(square).log()
	seenUnder := angle(y.times(ds), x1.times(x2).plus(square))
	half := dual{v: 0.5}
	s := x1.times(g1).minus(x2.times(g2)).times(half).minus(ds).plus(y.times(seenUnder))
	// Along and normal to the panel, the slopes of S are (G1 - G2)/2 and the
	// angle, those of D follow from them.
	sAlong := g1.minus(g2).times(half)
	dAlong := s.plus(s).over(ds).minus(g1.plus(g2).times(half))
	dNormal := x1.plus(x2).times(seenUnder).plus(y.times(g2.minus(g1))).over(ds)
	cross := sx.times(b[1]).minus(sy.times(b[0])) // -(across . s)
	normal := sx.times(b[0]).plus(sy.times(b[1])) // across . n
	factor := dual{v: unit}
	u := normal.times(seenUnder).minus(cross.times(sAlong)).times(factor)
	w := normal.times(dNormal).minus(cross.times(dAlong)).times(factor)
	return u.minus(w), u.plus(w)
}
