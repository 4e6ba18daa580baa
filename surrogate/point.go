package surrogate

import "github.com/sbo-go/sbo/internal/kernel"

// point carries one scaled input through a network and the sensitivities of the
// outputs back: what prediction is made of. It has its own copies of the weights,
// both as they are and transposed, with rows of whole vectors, so that every product
// is a combination of rows. It is a workspace for one goroutine.
type point struct {
	net  Network
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
}

func newPoint(n Network) *point {
	count := len(n.Sizes)
	p := &point{net: n, w: make([][]float64, count), wt: make([][]float64, count), b: make([][]float64, count), one: []float64{1}}
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
	for range n.ny() {
		p.j = append(p.j, make([]float64, whole(n.nx())))
	}
	p.d2, p.ones, p.zero = make([]float64, widest), make([]float64, widest), make([]float64, widest)
	fill(p.ones, 1)
	return p
}

// whole rounds a number of elements up to whole vectors.
func whole(n int) int { return (n + kernel.Lanes - 1) / kernel.Lanes * kernel.Lanes }

// input returns where the scaled input goes.
func (p *point) input() []float64 { return p.a[0][:p.net.nx()] }

// output returns the outputs.
func (p *point) output() []float64 { return p.a[p.net.layers()][:p.net.ny()] }

// partials returns the partials of output k.
func (p *point) partials(k int) []float64 { return p.j[k][:p.net.nx()] }

// values computes the outputs; with slopes, what jacobian needs too.
func (p *point) values(slopes bool) {
	last := p.net.layers()
	for l := 1; l <= last; l++ {
		a := p.a[l]
		kernel.Combine(a, p.a[l-1][:p.net.Sizes[l-1]], p.wt[l], p.ones, p.b[l])
		switch {
		case l == last:
		case slopes:
			p.net.Hidden.apply(a, p.d1[l], p.d2[:len(a)], a)
		default:
			p.net.Hidden.apply(a, nil, nil, a)
		}
	}
}

// jacobian computes the partials of the outputs, after values(true).
func (p *point) jacobian() {
	last := p.net.layers()
	for k := range p.net.ny() {
		above, width := p.one, whole(p.net.Sizes[last-1])
		w := p.w[last][k*width : (k+1)*width]
		for l := last - 1; l >= 1; l-- {
			kernel.Combine(p.s[l], above, w, p.d1[l], p.zero)
			above, w = p.s[l][:p.net.Sizes[l]], p.w[l]
		}
		kernel.Combine(p.j[k], above, w, p.ones, p.zero)
	}
}
