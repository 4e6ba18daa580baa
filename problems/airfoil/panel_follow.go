package airfoil

import (
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
//
// The partials of S by X1, X2 and Y are G1/2, -G2/2 and the angle; those of D
// follow from its definition.
func (p *potential) sensitivity(gamma []float64) {
	n := len(gamma)
	x, y, sx, sy, ds, inverse := p.x.v[:n], p.y.v[:n], p.sx[:n], p.sy[:n], p.ds[:n], p.inverse[:n]
	for i := range n {
		mx, my := p.mx[i*n:][:n], p.my[i*n:][:n]
		logs, angles := p.logs[i*n:][:n], p.angles[i*n:][:n]
		pointX, pointY, startX, startY := 0.0, 0.0, 0.0, 0.0
		px, py := x[i], y[i]
		g1, gamma1 := logs[0], gamma[0]*unit
		for j := range n - 1 {
			g2, gamma2 := logs[j+1], gamma[j+1]*unit
			sum, difference := gamma1+gamma2, (gamma2-gamma1)*inverse[j]
			rx, ry := px-x[j], py-y[j]
			x1, y := sx[j]*rx+sy[j]*ry, sx[j]*ry-sy[j]*rx
			x2, square := x1-ds[j], y*y
			s := (x1*g1-x2*g2)/2 - ds[j] + y*angles[j]
			d := ((x1+x2)*(s+ds[j]/2) + ((x2*x2+square)*g2-(x1*x1+square)*g1)/2) * inverse[j]
			byX1 := g1/2*sum + (s-d-ds[j]*g1/2)*difference
			byX2 := -g2/2*sum + (s+d-ds[j]*g2/2)*difference
			byY := angles[j]*sum + ((x1+x2)*angles[j]+y*(g2-g1))*difference
			along := byX1 + byX2
			byPointX, byPointY := along*sx[j]-byY*sy[j], along*sy[j]+byY*sx[j]
			turn := (along*y - byY*x1) * inverse[j]
			endX, endY := -turn*sy[j]-byX2*sx[j], turn*sx[j]-byX2*sy[j] // by the end, less that by the start
			mx[j], my[j] = startX-byPointX-endX, startY-byPointY-endY
			pointX, pointY, startX, startY = pointX+byPointX, pointY+byPointY, endX, endY
			g1, gamma1 = g2, gamma2
		}
		mx[n-1], my[n-1] = startX, startY
		mx[i] += pointX
		my[i] += pointY
		if !p.edge.closed {
			p.moveEdge(mx, my, i, gamma[0]-gamma[n-1])
		}
	}
}

// moveEdge adds what moving the nodes does to the stream function at node i from
// the panel across an open trailing edge. Its strengths depend on the nodes
// beside it, too.
func (p *potential) moveEdge(mx, my []float64, i int, jump float64) {
	n := len(mx)
	j, k := n-1, 0
	v := p.across(i)
	jump *= unit
	source, vortex := p.edge.source*jump, p.edge.vortex*jump
	byX1 := -v.t1*source - v.g1/2*vortex
	byX2 := v.t2*source + v.g2/2*vortex
	byY := (v.g1-v.g2)/2*source - (v.t1-v.t2)*vortex
	sx, sy := p.sx[j], p.sy[j]
	along := byX1 + byX2
	byPointX, byPointY := along*sx-byY*sy, along*sy+byY*sx
	turn := (along*v.y - byY*v.x1) / p.ds[j]
	endX, endY := -turn*sy-byX2*sx, turn*sx-byX2*sy
	mx[i] += byPointX
	my[i] += byPointY
	mx[k] += endX
	my[k] += endY
	mx[j] -= byPointX + endX
	my[j] -= byPointY + endY
	for c, node := range []int{0, 1, n - 2, n - 1} {
		mx[node] += (v.q*p.edge.dSource[2*c] - v.s*p.edge.dVortex[2*c]) * jump
		my[node] += (v.q*p.edge.dSource[2*c+1] - v.s*p.edge.dVortex[2*c+1]) * jump
	}
}
