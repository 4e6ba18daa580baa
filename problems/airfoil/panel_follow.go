package airfoil

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// follow finds the partials of a solution gamma. It doesn't differentiate the
// factorization, but the equations: with A gamma = b,
//
//	A dgamma = db - dA gamma
//
// The stream is that of gamma; dcos and dsin are the partials of its direction by
// the angle of attack, variable 0, if there are any variables.
func (p *potential) follow(gamma jets, cos, sin, dcos, dsin float64) {
	n, nd := len(p.x.v), gamma.nd
	if nd == 0 {
		return
	}
	p.sensitivity(gamma.v)
	b := p.b[:(n+1)*nd]
	for i := range n {
		row := b[i*nd : (i+1)*nd]
		x, y := p.x.of(i), p.y.of(i)
		for k := range row {
			row[k] = sin*x[k] - cos*y[k]
		}
		row[0] += p.x.v[i]*dsin - p.y.v[i]*dcos
	}
	clear(b[n*nd:])
	left := blas64.General{Rows: n, Cols: n, Stride: n}
	right := blas64.General{Rows: n, Cols: nd, Stride: nd}
	out := blas64.General{Rows: n, Cols: nd, Stride: nd, Data: b}
	for _, part := range []struct{ m, d []float64 }{{p.mx, p.x.d}, {p.my, p.y.d}} {
		left.Data, right.Data = part.m, part.d
		blas64.Gemm(blas.NoTrans, blas.NoTrans, -1, left, right, 1, out)
	}
	if p.edge.closed {
		p.followEdge(b[(n-1)*nd:n*nd], gamma.v, cos, sin, dcos, dsin)
	}
	p.solve(b, nd)
	copy(gamma.d, b[:n*nd])
}

// sensitivity sets mx and my to the partials of A gamma by the coordinates of the
// nodes, with gamma held: entry i*n+k is that of equation i by node k.
//
// Moving the point by dp and the ends a and b of a panel by da and db changes
// what is seen by
//
//	dX1 = s.(dp - da) + Y w        w = n.(db - da)/ds
//	dX2 = dX1 - s.(db - da)
//	dY  = n.(dp - da) - X1 w
//
// with s along the panel and n = (-sy, sx) normal to it.
func (p *potential) sensitivity(gamma []float64) {
	n := len(gamma)
	clear(p.mx)
	clear(p.my)
	for i := range n {
		mx, my := p.mx[i*n:(i+1)*n], p.my[i*n:(i+1)*n]
		for j := range n - 1 {
			p.move(mx, my, i, j, p.see(i, j), gamma[j]+gamma[j+1], gamma[j+1]-gamma[j])
		}
		if !p.edge.closed {
			p.moveEdge(mx, my, i, gamma[0]-gamma[n-1])
		}
	}
}

// move adds what moving the nodes does to the stream function at node i from
// panel j with speeds whose sum and difference are given.
func (p *potential) move(mx, my []float64, i, j int, v seen, sum, difference float64) {
	ds := p.ds[j]
	sum, difference = sum/(4*math.Pi), difference/(4*math.Pi)
	// The partials of S by X1, X2, Y are G1/2, -G2/2 and the angle; those of D
	// follow from its definition.
	byX1 := v.g1/2*sum + (v.s-v.d-ds*v.g1/2)/ds*difference
	byX2 := -v.g2/2*sum + (v.s+v.d-ds*v.g2/2)/ds*difference
	byY := v.angle*sum + ((v.x1+v.x2)*v.angle+v.y*(v.g2-v.g1))/ds*difference
	p.spread(mx, my, i, j, v, byX1, byX2, byY)
}

// spread turns partials by X1, X2 and Y into partials by the nodes.
func (p *potential) spread(mx, my []float64, i, j int, v seen, byX1, byX2, byY float64) {
	sx, sy := p.sx[j], p.sy[j]
	along := byX1 + byX2
	px, py := along*sx-byY*sy, along*sy+byY*sx // by the point
	turn := (along*v.y - byY*v.x1) / p.ds[j]
	bx, by := -turn*sy-byX2*sx, turn*sx-byX2*sy // by the end, less that by the start
	k := next(j, len(mx))
	mx[i] += px
	my[i] += py
	mx[k] += bx
	my[k] += by
	mx[j] -= px + bx
	my[j] -= py + by
}

// moveEdge does the same for the panel of an open trailing edge, whose strengths
// depend on the nodes beside it, too.
func (p *potential) moveEdge(mx, my []float64, i int, jump float64) {
	n := len(mx)
	v := p.see(i, n-1)
	t1, t2 := p.bearings(v, i)
	jump /= 4 * math.Pi
	source, vortex := p.edge.source*jump, p.edge.vortex*jump
	p.spread(mx, my, i, n-1, v,
		-t1*source-v.g1/2*vortex,
		t2*source+v.g2/2*vortex,
		(v.g1-v.g2)/2*source-(t1-t2)*vortex)
	q := p.source(v, i)
	for c, k := range []int{0, 1, n - 2, n - 1} {
		mx[k] += (q*p.edge.dSource[2*c] - v.s*p.edge.dVortex[2*c]) * jump
		my[k] += (q*p.edge.dSource[2*c+1] - v.s*p.edge.dVortex[2*c+1]) * jump
	}
}
