package airfoil

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
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
	logs       []float64 // ln r^2 between nodes i and j
	a          []float64 // (n+1) x (n+1), factored
	pivots     []int
	mx, my     []float64 // see follow
	b          []float64 // right-hand sides, (n+1) x the number of partials
}

func newPotential(n, nd int) *potential {
	return &potential{
		x: newJets(n, nd), y: newJets(n, nd),
		ds: make([]float64, n), sx: make([]float64, n), sy: make([]float64, n),
		logs: make([]float64, n*n), a: make([]float64, (n+1)*(n+1)), pivots: make([]int, n+1),
		mx: make([]float64, n*n), my: make([]float64, n*n), b: make([]float64, (n+1)*max(nd, 2)),
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
	clear(p.a)
	for i := range n {
		row := p.a[i*width : (i+1)*width]
		p.influence(row, i)
		row[n] = -1
	}
	last := p.a[n*width:]
	last[0], last[n-1] = 1, 1
	if p.edge.closed {
		p.closeEdge(p.a[(n-1)*width : n*width])
	}
	return lapack64.Getrf(blas64.General{Rows: width, Cols: width, Stride: width, Data: p.a}, p.pivots)
}

// measure finds lengths and directions of the panels and the distances of nodes.
func (p *potential) measure() {
	x, y := p.x.v, p.y.v
	n := len(x)
	for j := range n {
		k := next(j, n)
		dx, dy := x[k]-x[j], y[k]-y[j]
		p.ds[j] = math.Sqrt(dx*dx + dy*dy)
		p.sx[j], p.sy[j] = dx/p.ds[j], dy/p.ds[j]
	}
	for i := range n {
		for j := range i {
			dx, dy := x[i]-x[j], y[i]-y[j]
			l := 0.0
			if square := dx*dx + dy*dy; square > 0 { // but for the ends of a closed trailing edge
				l = math.Log(square)
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

// seen is a panel as seen from a point: the point in coordinates along the panel
// and normal to it, and the integrals over the panel.
type seen struct {
	x1, x2, y float64 // the point, along the panel from its start and from its end, and normal to it
	g1, g2    float64 // ln r^2 to start and end, 0 if the point is there
	angle     float64 // under which the panel is seen
	s, d      float64 // stream function of a sheet of strength 1, and of one from -1 to 1, times 2 pi
}

// see returns panel j as seen from node i.
func (p *potential) see(i, j int) seen {
	n := len(p.x.v)
	k := next(j, n)
	rx, ry := p.x.v[i]-p.x.v[j], p.y.v[i]-p.y.v[j]
	ds := p.ds[j]
	v := seen{x1: p.sx[j]*rx + p.sy[j]*ry, y: p.sx[j]*ry - p.sy[j]*rx}
	v.x2 = v.x1 - ds
	square := v.y * v.y
	r1, r2 := 0.0, 0.0
	if i != j {
		v.g1, r1 = p.logs[i*n+j], v.x1*v.x1+square
	}
	if i != k {
		v.g2, r2 = p.logs[i*n+k], v.x2*v.x2+square
	}
	if i != j && i != k {
		v.angle = math.Atan2(v.y*ds, v.x1*v.x2+square)
	}
	v.s = (v.x1*v.g1-v.x2*v.g2)/2 - ds + v.y*v.angle
	v.d = ((v.x1+v.x2)*v.s + (r2*v.g2-r1*v.g1+(v.x1+v.x2)*ds)/2) / ds
	return v
}

// influence adds to row the stream function at node i for speeds 1 at each node.
func (p *potential) influence(row []float64, i int) {
	n := len(p.x.v)
	for j := range n - 1 {
		v := p.see(i, j)
		row[j] += (v.s - v.d) / (4 * math.Pi)
		row[j+1] += (v.s + v.d) / (4 * math.Pi)
	}
	if p.edge.closed {
		return
	}
	v := p.see(i, n-1)
	c := (p.source(v, i)*p.edge.source - v.s*p.edge.vortex) / (4 * math.Pi)
	row[0] += c
	row[n-1] -= c
}

// source is the stream function of a source sheet of strength 1 on the panel
// between the ends of an open trailing edge, at node i, times 2 pi.
func (p *potential) source(v seen, i int) float64 {
	t1, t2 := p.bearings(v, i)
	return v.y*(v.g1-v.g2)/2 + v.x2*t2 - v.x1*t1
}

// bearings are the angles from the panel's normal to the directions from its start
// and its end to node i.
func (p *potential) bearings(v seen, i int) (t1, t2 float64) {
	if i != len(p.x.v)-1 {
		t1 = math.Atan2(v.x1, v.y)
	}
	if i != 0 {
		t2 = math.Atan2(v.x2, v.y)
	}
	return t1, t2
}

// solve replaces the columns of b, (n+1) x k, by the solutions.
func (p *potential) solve(b []float64, k int) {
	width := len(p.x.v) + 1
	lapack64.Getrs(blas.NoTrans,
		blas64.General{Rows: width, Cols: width, Stride: width, Data: p.a},
		blas64.General{Rows: width, Cols: k, Stride: k, Data: b}, p.pivots)
}

// stream sets column c of the right-hand sides b, (n+1) x k, to a free stream at
// the angle whose cosine and sine are given.
func (p *potential) stream(b []float64, c, k int, cos, sin float64) {
	n := len(p.x.v)
	for i := range n {
		b[i*k+c] = p.x.v[i]*sin - p.y.v[i]*cos
	}
	b[n*k+c] = 0
	if p.edge.closed {
		b[(n-1)*k+c] = -(p.edge.bx*cos + p.edge.by*sin) / p.edge.length
	}
}
