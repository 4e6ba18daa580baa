package surrogate

import "github.com/sbo-go/sbo/internal/kernel"

// sensitivities holds, for one scaled input, how every layer of a network depends
// on the inputs and acts on the outputs: what second derivatives and the
// Jacobian of the training residuals are made of. It is a workspace.
//
// Index l runs over the layers 0 .. L; the slices are row-major.
type sensitivities struct {
	net    Network
	a      [][]float64 // activations, n
	d1, d2 [][]float64 // g' and g'' at z, n (hidden layers)
	da     [][]float64 // tangents da/dx, n by nx
	dz     [][]float64 // tangents dz/dx, n by nx
	t      [][]float64 // dy/da, n by ny
	s      [][]float64 // dy/dz, n by ny
}

func newSensitivities(n Network) *sensitivities {
	s := &sensitivities{net: n}
	per := func(width int) [][]float64 {
		layers := make([][]float64, len(n.Sizes))
		for l, size := range n.Sizes {
			layers[l] = make([]float64, size*width)
		}
		return layers
	}
	s.a, s.d1, s.d2 = per(1), per(1), per(1)
	s.da, s.dz = per(n.nx()), per(n.nx())
	s.t, s.s = per(n.ny()), per(n.ny())
	return s
}

// at fills the workspace for the scaled input u.
func (s *sensitivities) at(u []float64) {
	s.forward(u)
	s.backward()
}

// forward fills a, d1, d2, da and dz: the outputs and their partials are among them.
func (s *sensitivities) forward(u []float64) {
	n, nx := s.net, s.net.nx()
	last := n.layers()
	copy(s.a[0], u)
	for i := range nx {
		for j := range nx {
			s.da[0][i*nx+j] = unit(i == j)
		}
	}
	for l := 1; l <= last; l++ {
		w, b := n.layer(n.Parameters, l)
		for i := range n.Sizes[l] {
			weights := row(w, i)
			z := b[i]
			dz := s.dz[l][i*nx : (i+1)*nx]
			clear(dz)
			for h, weight := range weights {
				z += weight * s.a[l-1][h]
				axpy(dz, weight, s.da[l-1][h*nx:(h+1)*nx])
			}
			g, d1, d2 := z, 1.0, 0.0
			if l < last {
				g, d1, d2 = n.Hidden.at(z)
			}
			s.a[l][i], s.d1[l][i], s.d2[l][i] = g, d1, d2
			da := s.da[l][i*nx : (i+1)*nx]
			for j := range da {
				da[j] = d1 * dz[j]
			}
		}
	}
}

// backward fills t and s, after forward.
func (s *sensitivities) backward() {
	n, ny := s.net, s.net.ny()
	last := n.layers()
	for i := range ny {
		for k := range ny {
			s.t[last][i*ny+k] = unit(i == k)
			s.s[last][i*ny+k] = unit(i == k)
		}
	}
	for l := last - 1; l >= 1; l-- {
		w, _ := n.layer(n.Parameters, l+1)
		clear(s.t[l])
		for h := range w.Rows {
			for i, weight := range row(w, h) {
				axpy(s.t[l][i*ny:(i+1)*ny], weight, s.s[l+1][h*ny:(h+1)*ny])
			}
		}
		for i := range s.t[l] {
			s.s[l][i] = s.d1[l][i/ny] * s.t[l][i]
		}
	}
}

func unit(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// axpy adds alpha*x to y, for as many entries as y has.
func axpy(y []float64, alpha float64, x []float64) { kernel.AddScaled(y, alpha, x[:len(y)]) }

// dot returns the inner product, of as many entries as a has.
func dot(a, b []float64) float64 { return kernel.Dot(a, b[:len(a)]) }
