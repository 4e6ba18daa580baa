package surrogate

import (
	"slices"

	"github.com/sbo-go/sbo/internal/kernel"
)

// point carries one input through a network and the sensitivities of the outputs
// back: what prediction is made of. It has its own copies of the weights, both as
// they are and transposed, with rows of whole vectors, so that every product is a
// combination of rows. The scales of outputs and partials are in the copies, so that
// these come out in the problem's units. It is a workspace for one goroutine.
type point struct {
	net  Network
	mean []float64   // of the inputs
	rate []float64   // one over their scales
	w    [][]float64 // of each layer: a row per neuron
	wt   [][]float64 // a row per neuron below
	b    [][]float64
	a    [][]float64 // activations
	d1   [][]float64 // g'
	d2   []float64   // g'', which nothing here needs
	s    [][]float64 // one output by z
	j    [][]float64 // of each output: its partials
	ones []float64
	zero []float64
	one  []float64 // 1

	up, all []kernel.Combination // for the values; and then for the partials
}

func newPoint(n Network, s Scaling) *point {
	count := len(n.Sizes)
	p := &point{net: n, mean: s.MeanX, w: make([][]float64, count), wt: make([][]float64, count), b: make([][]float64, count), one: []float64{1}}
	widest := 0
	for l, size := range n.Sizes {
		width := whole(size)
		widest = max(widest, width)
		p.a, p.d1, p.s = append(p.a, make([]float64, width)), append(p.d1, make([]float64, width)), append(p.s, make([]float64, width))
		if l == 0 {
			continue
		}
		w, b := n.layer(n.Parameters, l)
		p.b[l] = append(make([]float64, 0, width), b...)[:width]
		p.w[l], p.wt[l] = make([]float64, w.Rows*whole(w.Cols)), make([]float64, w.Cols*width)
		for i := range w.Rows {
			for h, v := range row(w, i) {
				p.w[l][i*whole(w.Cols)+h], p.wt[l][h*width+i] = v, v
			}
		}
	}
	last := n.layers()
	for k, scale := range s.StdY {
		for h := range n.Sizes[last-1] {
			p.wt[last][h*whole(n.ny())+k] *= scale
			p.w[last][k*whole(n.Sizes[last-1])+h] *= scale
		}
		p.b[last][k] = s.MeanY[k] + scale*p.b[last][k]
	}
	for j, scale := range s.StdX {
		p.rate = append(p.rate, 1/scale)
		for i := range n.Sizes[1] { // where partials end
			p.w[1][i*whole(n.nx())+j] /= scale
		}
	}
	for range n.ny() {
		p.j = append(p.j, make([]float64, whole(n.nx())))
	}
	p.d2, p.ones, p.zero = make([]float64, widest), make([]float64, widest), make([]float64, widest)
	fill(p.ones, 1)
	p.plan()
	return p
}

// plan writes down the products: those of a prediction's values, layer by layer, and
// those of its partials.
func (p *point) plan() {
	n := p.net
	last := n.layers()
	for l := 1; l <= last; l++ {
		a, below := p.a[l], p.a[l-1][:n.Sizes[l-1]]
		if l < last && n.Hidden == Tanh {
			p.up = append(p.up, kernel.NewTanhCombination(a, p.d1[l], below, p.wt[l], p.b[l]))
		} else {
			p.up = append(p.up, kernel.NewCombination(a, below, p.wt[l], p.ones, p.b[l]))
		}
	}
	p.all = slices.Clone(p.up)
	for k := range n.ny() {
		above, width := p.one, whole(n.Sizes[last-1])
		w := p.w[last][k*width : (k+1)*width]
		for l := last - 1; l >= 1; l-- {
			p.all = append(p.all, kernel.NewCombination(p.s[l], above, w, p.d1[l], p.zero))
			above, w = p.s[l][:n.Sizes[l]], p.w[l]
		}
		p.all = append(p.all, kernel.NewCombination(p.j[k], above, w, p.ones, p.zero))
	}
}

// whole rounds a number of elements up to whole vectors.
func whole(n int) int { return (n + kernel.Lanes - 1) / kernel.Lanes * kernel.Lanes }

// input takes an input.
func (p *point) input(x []float64) {
	to, mean, rate := p.a[0][:len(x)], p.mean[:len(x)], p.rate[:len(x)]
	for j, v := range x {
		to[j] = (v - mean[j]) * rate[j]
	}
}

// output returns the outputs.
func (p *point) output() []float64 { return p.a[p.net.layers()][:p.net.ny()] }

// partials returns the partials of output k.
func (p *point) partials(k int) []float64 { return p.j[k][:p.net.nx()] }

// values computes the outputs and, if asked for, the partials.
func (p *point) values(partials bool) {
	if p.net.Hidden == Tanh {
		if partials {
			kernel.Combine(p.all)
		} else {
			kernel.Combine(p.up)
		}
		return
	}
	for l := range p.up {
		kernel.Combine(p.up[l : l+1])
		if a := p.a[l+1]; l+1 < p.net.layers() {
			p.net.Hidden.apply(a, p.d1[l+1], p.d2[:len(a)], a)
		}
	}
	if partials {
		kernel.Combine(p.all[len(p.up):])
	}
}
