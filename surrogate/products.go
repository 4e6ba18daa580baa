package surrogate

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo/internal/kernel"
)

// products are what a [pass] is made of, in the order in which they are
// done: only parameters differ from one time to the next.
type products struct {
	values       []kernel.Step     // of each layer z = W a + b or, lean, tanh z
	jacobian     []kernel.Step     // s or, in forward mode, v
	curves       []kernel.Step     // v or, in forward mode, s; and q as far as it is due to the curvature; then q
	down         []kernel.Step     // q alone
	sums         []kernel.Gradient // dW and db
	sumsOfValues []kernel.Gradient // the same without directions
}

func newProducts(p *pass) products {
	last := p.net.layers()
	var s products
	for l := 1; l <= last; l++ {
		e := kernel.Epilogue{Mode: kernel.WithBias, C: p.begin(fieldA, 0)}
		if p.lean && l < last {
			e.Mode = kernel.WithTanh
		}
		s.values = append(s.values, kernel.NewStep(p.weights(l, false), p.view(l-1, fieldA, 0, p.columns), p.layer[l], e))
	}
	if p.forward {
		for l := 1; l <= last; l++ {
			s.jacobian = append(s.jacobian, p.spread(l, fieldV, l-1, last)...)
		}
		for l := last - 1; l >= 1; l-- {
			s.curves = append(s.curves, p.curve(l, fieldS, l+1)...)
		}
	} else {
		for l := last - 1; l >= 0; l-- {
			s.jacobian = append(s.jacobian, p.spread(l, fieldS, l+1, 0)...)
		}
		for l := 1; l < last; l++ {
			s.curves = append(s.curves, p.curve(l, fieldV, l-1)...)
		}
	}
	for l := last; l >= 1; l-- {
		q := p.view(l, fieldQ, 0, p.columns)
		both := p.slots*p.width + p.columns
		s.sums = append(s.sums, kernel.NewGradient(p.at[l], p.view(l, fieldS, 0, both), p.view(l-1, fieldV, 0, both), q))
		s.sumsOfValues = append(s.sumsOfValues, kernel.NewGradient(p.at[l], q, p.view(l-1, fieldA, 0, p.columns), q))
		if l > 1 {
			s.down = append(s.down, kernel.NewStep(p.weights(l, true), q, p.layer[l-1], p.downEpilogue()))
		}
	}
	s.curves = append(s.curves, s.down...)
	return s
}

// weights says where those of layer l are in the parameters.
func (p *pass) weights(l int, transposed bool) kernel.Weights {
	rows, cols := p.net.Sizes[l], p.net.Sizes[l-1]
	return kernel.Weights{At: p.at[l], Rows: rows, Cols: cols, Stride: cols, Transposed: transposed, BiasAt: p.at[l] + rows*cols}
}

// between returns the weights between layer l and another, as those that lead to l.
func (p *pass) between(l, other int) kernel.Weights {
	if other < l {
		return p.weights(l, false)
	}
	return p.weights(other, true)
}

// spread sets t of every slot of layer l to W x, with x the field of another layer,
// and the field to g' * t. The layer that is linear has just the one: t in reverse
// mode, v in forward mode.
func (p *pass) spread(l int, f field, other, linear int) []kernel.Step {
	to, mode := f, kernel.Scaled
	switch {
	case l == linear:
		mode = kernel.Over
		if !p.forward {
			to = p.sensitivity()
		}
	case p.lean:
		mode = kernel.TanhScaled
	}
	var steps []kernel.Step
	for k := range p.slots {
		w, x := p.between(l, other), p.view(other, f, k, p.columns)
		if other == 0 || other == p.net.layers() {
			w, x = p.direction(w, k), blas64.General{Rows: 1, Cols: p.columns, Stride: p.columns, Data: p.ones}
		}
		e := kernel.Epilogue{Mode: mode, Alpha: 1, C: p.begin(to, k)}
		if p.lean {
			e.D1 = p.begin(fieldA, 0)
		} else {
			e.To, e.D1 = p.begin(fieldT, k), p.begin(fieldD1, 0)
		}
		steps = append(steps, kernel.NewStep(w, x, p.layer[l], e))
	}
	return steps
}

// direction returns the weights by which direction k begins, the same for all samples:
// by x_k, column k of W; in reverse mode, of y_k, its row k.
func (p *pass) direction(w kernel.Weights, k int) kernel.Weights {
	if p.forward {
		w.At, w.Cols = w.At+k, 1
	} else {
		w.At, w.Rows = w.At+k*w.Stride, 1
	}
	return w
}

// curve sets a field of layer l to g' * u with u = W x, for every slot x of the same
// field of another layer, and q to the part of the loss by z that is due to the
// curvature, g” sum_k u^k t^k.
func (p *pass) curve(l int, f field, other int) []kernel.Step {
	modes := [...]kernel.Mode{kernel.Curved, kernel.CurvedOn}
	if p.lean {
		modes = [...]kernel.Mode{kernel.TanhCurved, kernel.TanhCurvedOn}
	}
	var steps []kernel.Step
	for k := range p.slots {
		e := kernel.Epilogue{Mode: modes[min(k, 1)], C: p.begin(f, k), To: p.begin(fieldQ, 0)}
		switch { // lean: of g' and t, only the product is there
		case !p.lean:
			e.D1, e.D2, e.T = p.begin(fieldD1, 0), p.begin(fieldD2, 0), p.begin(fieldT, k)
		case p.forward:
			e.D1, e.T = p.begin(fieldA, 0), p.begin(fieldV, k)
		default:
			e.D1, e.T = p.begin(fieldA, 0), p.begin(fieldS, k)
		}
		steps = append(steps, kernel.NewStep(p.between(l, other), p.view(other, f, k, p.columns), p.layer[l], e))
	}
	return steps
}

// downEpilogue is what becomes of W' q: g' times that, on top of what is there.
func (p *pass) downEpilogue() kernel.Epilogue {
	if p.lean {
		return kernel.Epilogue{Mode: kernel.TanhDown, C: p.begin(fieldQ, 0), D1: p.begin(fieldA, 0)}
	}
	return kernel.Epilogue{Mode: kernel.Down, C: p.begin(fieldQ, 0), D1: p.begin(fieldD1, 0)}
}
