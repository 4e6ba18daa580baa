package bench

import (
	"math"

	"github.com/sbo-go/sbo/surrogate"
)

// plainPoint is the value and the Jacobian of a tanh network at a point in plain Go:
// as fast as such loops are without instructions for vectors, that is with four
// sums at a time.
type plainPoint struct {
	net     surrogate.Network
	scaling surrogate.Scaling
	at      []int       // where the parameters of each layer begin
	a       [][]float64 // activations
	s       [][]float64 // sensitivities of a response by z
}

func newPlainPoint(n surrogate.Network, s surrogate.Scaling) *plainPoint {
	p := &plainPoint{net: n, scaling: s, at: layerOffsets(n.Sizes)}
	for _, size := range n.Sizes {
		p.a, p.s = append(p.a, make([]float64, size)), append(p.s, make([]float64, size))
	}
	return p
}

// layerOffsets returns where the parameters of each layer begin, from layer 1 on.
func layerOffsets(sizes []int) []int {
	at := make([]int, len(sizes)+1)
	for l := 1; l < len(sizes); l++ {
		at[l+1] = at[l] + sizes[l]*(sizes[l-1]+1)
	}
	return at
}

// evaluate writes responses and partials at x into y and dydx.
func (p *plainPoint) evaluate(y, dydx, x []float64) {
	n, sc := p.net, p.scaling
	last := len(n.Sizes) - 1
	for j, v := range x {
		p.a[0][j] = (v - sc.MeanX[j]) / sc.StdX[j]
	}
	for l := 1; l <= last; l++ {
		cols := n.Sizes[l-1]
		w := n.Parameters[p.at[l]:p.at[l+1]]
		b := w[n.Sizes[l]*cols:]
		for i := range p.a[l] {
			z := b[i] + dot4(w[i*cols:(i+1)*cols], p.a[l-1])
			if l < last {
				z = math.Tanh(z)
			}
			p.a[l][i] = z
		}
	}
	for k, v := range p.a[last] {
		y[k] = sc.MeanY[k] + sc.StdY[k]*v
		p.partials(dydx[k*len(x):(k+1)*len(x)], k)
	}
}

// partials writes those of response k, by going back through the layers.
func (p *plainPoint) partials(dydx []float64, k int) {
	n := p.net
	last := len(n.Sizes) - 1
	top := n.Sizes[last-1]
	copy(p.s[last-1], n.Parameters[p.at[last]+k*top:][:top])
	for l := last - 1; l >= 1; l-- {
		for i, a := range p.a[l] {
			p.s[l][i] *= 1 - a*a
		}
		combine4(p.s[l-1], p.s[l], n.Parameters[p.at[l]:])
	}
	for j, v := range p.s[0] {
		dydx[j] = v * p.scaling.StdY[k] / p.scaling.StdX[j]
	}
}

// dot4 returns the inner product, by four sums.
func dot4(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// combine4 sets dst to the sum of rows times their factors, four rows at a time.
func combine4(dst, factors, rows []float64) {
	clear(dst)
	n, i := len(dst), 0
	for ; i+4 <= len(factors); i += 4 {
		f0, f1, f2, f3 := factors[i], factors[i+1], factors[i+2], factors[i+3]
		r0, r1, r2, r3 := rows[i*n:][:n], rows[(i+1)*n:][:n], rows[(i+2)*n:][:n], rows[(i+3)*n:][:n]
		for j := range dst {
			dst[j] += f0*r0[j] + f1*r1[j] + f2*r2[j] + f3*r3[j]
		}
	}
	for ; i < len(factors); i++ {
		for j, v := range rows[i*n:][:n] {
			dst[j] += factors[i] * v
		}
	}
}
