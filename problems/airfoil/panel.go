package airfoil

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// potential is the flow of an inviscid, incompressible fluid around an outline,
// by the linear-vorticity stream-function panel method of XFOIL (M. Drela, XFOIL:
// An Analysis and Design System for Low Reynolds Number Airfoils, 1989, section
// 2). The unknowns are the speeds gamma along the surface at the n nodes and the
// stream function psi0 of the outline. At each node i, the free stream and the
// vortex sheets of all panels add up to psi0:
//
//	sum_j A_ij gamma_j - psi0 = -(y_i cos(alpha) - x_i sin(alpha))
//
// and the Kutta condition is gamma_1 + gamma_n = 0. Speeds are in units of the
// free stream.
type potential struct {
	x, y jets // the nodes
	edge trailingEdge

	ds, sx, sy []float64 // length and direction of panel j, from node j to the next
	inverse    []float64 // 1/ds
	logs       []float64 // ln r^2 between nodes i and j, 0 where they are the same
	angles     []float64 // under which node i sees panel j
	a          []float64 // (n+1) x (n+1), factored
	pivots     []int
	mx, my     []float64 // see follow
	b          []float64 // right-hand sides, (n+1) x the number of partials
}

func newPotential(n, nd int) *potential {
	return &potential{
		x: newJets(n, nd), y: newJets(n, nd),
		ds: make([]float64, n), inverse: make([]float64, n), sx: make([]float64, n), sy: make([]float64, n),
		logs: make([]float64, n*n), angles: make([]float64, n*n), a: make([]float64, (n+1)*(n+1)), pivots: make([]int, n+1),
		mx: make([]float64, n*n), my: make([]float64, n*n), b: make([]float64, (n+1)*max(nd, 1)),
	}
}

// sharp is the gap, in chords, below which a trailing edge counts as closed.
const sharp = 1e-4

// factor sets up the equations for the nodes in x and y and factors them. It
// reports whether they can be solved.
func (p *potential) factor() bool {
	n := len(p.x.v)
	p.measure()
	width := n + 1
	for i := range n {
		row := p.a[i*width : (i+1)*width]
		p.influence(row, i)
		row[n] = -1
	}
	last := p.a[n*width:]
	clear(last)
	last[0], last[n-1] = 1, 1
	if p.edge.closed {
		p.closeEdge(p.a[(n-1)*width : n*width])
	}
	return eliminate(blas64.General{Rows: width, Cols: width, Stride: width, Data: p.a}, p.pivots)
}

// measure finds lengths and directions of the panels and the distances of nodes.
func (p *potential) measure() {
	x, y := p.x.v, p.y.v
	n := len(x)
	for j := range n {
		k := next(j, n)
		dx, dy := x[k]-x[j], y[k]-y[j]
		p.ds[j] = math.Sqrt(dx*dx + dy*dy)
		p.inverse[j] = 1 / p.ds[j]
		p.sx[j], p.sy[j] = dx*p.inverse[j], dy*p.inverse[j]
	}
	for i := range n {
		for j := range i {
			dx, dy := x[i]-x[j], y[i]-y[j]
			l := 0.0
			if square := dx*dx + dy*dy; square > 0 { // but for the ends of a closed trailing edge
				l = logarithm(square)
			}
			p.logs[i*n+j], p.logs[j*n+i] = l, l
		}
	}
	p.edge.set(x, y)
}

// next is the node after j around the outline.
func next(j, n int) int {
	if j+1 < n {
		return j + 1
	}
	return 0
}

// A panel as seen from a point is X1, X2 and Y, the place of the point along the
// panel, from its start and from its end, and normal to it; G1 and G2, ln r^2 to
// its ends; and the angle under which it is seen. The stream function of a vortex
// sheet on it is S/2pi for a strength of 1, and D/2pi for one from -1 to 1:
//
//	S = (X1 G1 - X2 G2)/2 + X2 - X1 + Y angle
//	D = ((X1 + X2) S + (r2^2 G2 - r1^2 G1 + X1^2 - X2^2)/2)/(X1 - X2)
//
// For an end of the panel itself, where G is infinite, 0 will do for it, as all
// that it is multiplied with vanishes.

// unit is the factor of S and D for speeds at the nodes, half of whose sum and
// difference they belong to.
const unit = 1 / (4 * math.Pi)

// influence sets row to the stream function at node i for speeds 1 at each node.
func (p *potential) influence(row []float64, i int) {
	n := len(p.x.v)
	x, y, sx, sy, ds, inverse := p.x.v[:n], p.y.v[:n], p.sx[:n], p.sy[:n], p.ds[:n], p.inverse[:n]
	logs, angles := p.logs[i*n:][:n], p.angles[i*n:][:n]
	px, py := x[i], y[i]
	before, g1 := 0.0, logs[0]
	for j := range n - 1 {
		g2 := logs[j+1]
		rx, ry := px-x[j], py-y[j]
		x1, y := sx[j]*rx+sy[j]*ry, sx[j]*ry-sy[j]*rx
		x2, square := x1-ds[j], y*y
		angle := arc(y*ds[j], x1*x2+square)
		s := (x1*g1-x2*g2)/2 - ds[j] + y*angle
		d := ((x1+x2)*(s+ds[j]/2) + ((x2*x2+square)*g2-(x1*x1+square)*g1)/2) * inverse[j]
		angles[j] = angle
		row[j] = (before + s - d) * unit
		before, g1 = s+d, g2
	}
	row[n-1] = before * unit
	if p.edge.closed {
		return
	}
	v := p.across(i)
	c := (v.q*p.edge.source - v.s*p.edge.vortex) * unit
	row[0] += c
	row[n-1] -= c
}

// arc is the angle of the point (x, y) from the x axis. Most panels are seen
// under a small one, for which few terms of the series are quicker, and no less
// accurate.
func arc(y, x float64) float64 {
	t := y / x
	square := t * t
	switch {
	case x > 0 && square < 1e-4:
		return t - t*square*(1./3-square*(1./5-square*(1./7)))
	case x > 0 && square < 1e-2:
		return t - t*square*(1./3-square*(1./5-square*(1./7-square*(1./9-square*(1./11-square*(1./13-square*(1./15)))))))
	}
	return math.Atan2(y, x)
}

// gap is the panel across an open trailing edge, as seen from a node.
type gap struct {
	x1, x2, y float64
	g1, g2    float64
	t1, t2    float64 // angles from its normal to the directions from its start and its end
	s         float64 // as above
	q         float64 // stream function of a source sheet of strength 1, times 2 pi
}

// across returns the panel across the trailing edge, from the last node to the
// first, as seen from node i.
func (p *potential) across(i int) gap {
	n := len(p.x.v)
	j := n - 1
	rx, ry := p.x.v[i]-p.x.v[j], p.y.v[i]-p.y.v[j]
	v := gap{x1: p.sx[j]*rx + p.sy[j]*ry, y: p.sx[j]*ry - p.sy[j]*rx, g1: p.logs[i*n+j], g2: p.logs[i*n]}
	v.x2 = v.x1 - p.ds[j]
	if i != j {
		v.t1 = math.Atan2(v.x1, v.y)
	}
	if i != 0 {
		v.t2 = math.Atan2(v.x2, v.y)
	}
	v.s = (v.x1*v.g1-v.x2*v.g2)/2 - p.ds[j] + v.y*(v.t1-v.t2)
	v.q = v.y*(v.g1-v.g2)/2 + v.x2*v.t2 - v.x1*v.t1
	return v
}

// solve replaces the columns of b, (n+1) x k, by the solutions.
func (p *potential) solve(b []float64, k int) {
	width := len(p.x.v) + 1
	lapack64.Getrs(blas.NoTrans,
		blas64.General{Rows: width, Cols: width, Stride: width, Data: p.a},
		blas64.General{Rows: width, Cols: k, Stride: k, Data: b}, p.pivots)
}

// flow sets gamma to the speeds in a free stream at the angle whose cosine and
// sine are given. For a single right-hand side, scalar products are quicker than
// what solve does.
func (p *potential) flow(gamma []float64, cos, sin float64) {
	n := len(p.x.v)
	width := n + 1
	b := p.b[:width]
	for i := range n {
		b[i] = p.x.v[i]*sin - p.y.v[i]*cos
	}
	b[n] = 0
	if p.edge.closed {
		b[n-1] = -(p.edge.bx*cos + p.edge.by*sin) / p.edge.length
	}
	for i, k := range p.pivots {
		b[i], b[k] = b[k], b[i]
	}
	for i := range width {
		b[i] -= floats.Dot(p.a[i*width:i*width+i], b[:i])
	}
	for i := n; i >= 0; i-- {
		b[i] = (b[i] - floats.Dot(p.a[i*width+i+1:(i+1)*width], b[i+1:])) / p.a[i*width+i]
	}
	copy(gamma, b[:n])
}
