package surrogate

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo/internal/kernel"
)

// tangent carries a direction in the space of the parameters, of weights Ẇ_l and
// biases ḃ_l, through a block of samples: how outputs and partials change along it
// is the product of their Jacobian by the parameters and the direction, found
// without that Jacobian. A dot is the derivative along the direction, the rest is in
// the notation of [pass], whose fields hold the derivatives here:
//
//	values    ż_l = W_l ȧ_{l-1} + Ẇ_l a_{l-1} + ḃ_l,      ȧ_l = g' ż_l
//	reverse   ṫ_l = W_{l+1}' ṡ_{l+1} + Ẇ_{l+1}' s_{l+1},  ṡ_l = g' ṫ_l + g” ż_l t_l
//	forward   ṫ_l = W_l v̇_{l-1} + Ẇ_l v_{l-1},            v̇_l = g' ṫ_l + g” ż_l t_l
//
// It is Pearlmutter's R operator (Fast exact multiplication by the Hessian, Neural
// Computation 6, 1994) for values and partials. It costs twice what they do, less the
// activations.
//
// A tangent is a workspace for the passes of one network, mode and size of block.
type tangent struct{ *pass }

func newTangent(like *pass) tangent {
	return tangent{newFullPass(like.net, like.columns, like.forward)}
}

// along computes how the outputs of a block, held by output, and with partials
// these, held by partial, change along a direction laid out like the parameters. It
// comes after values(true) of p and, with partials, jacobian.
func (d tangent) along(p *pass, direction []float64, partials bool) {
	last := p.net.layers()
	for l := 1; l <= last; l++ {
		w, _ := p.parameters(p.net.Parameters, l)
		dw, db := p.parameters(direction, l)
		z := d.view(l, fieldQ, 0, d.columns)
		if l == last {
			z = d.view(l, fieldA, 0, d.columns)
		}
		kernel.Product(blas.NoTrans, dw, p.view(l-1, fieldA, 0, p.columns), z, kernel.Epilogue{Mode: kernel.WithBias, Bias: db})
		if l > 1 {
			kernel.Product(blas.NoTrans, w, d.view(l-1, fieldA, 0, d.columns), z, kernel.Epilogue{Mode: kernel.Add, Alpha: 1})
		}
		if l == last {
			break
		}
		for i := range z.Rows {
			kernel.ScaleRows(d.row(l, fieldA, 0, i), row(z, i), p.row(l, fieldD1, 0, i))
		}
	}
	switch {
	case !partials:
	case p.forward:
		for l := 1; l <= last; l++ {
			w, _ := p.parameters(p.net.Parameters, l)
			dw, _ := p.parameters(direction, l)
			d.spread(p, l, l-1, fieldV, fieldV, blas.NoTrans, w, dw)
		}
	default:
		for l := last - 1; l >= 0; l-- {
			w, _ := p.parameters(p.net.Parameters, l+1)
			dw, _ := p.parameters(direction, l+1)
			to := fieldS
			if l == 0 {
				to = fieldT // where the partials are
			}
			d.spread(p, l, l+1, fieldS, to, blas.Trans, w, dw)
		}
	}
}

// spread sets a field of layer l, in every slot, to W ẋ + Ẇ x for x the field `from`
// of another layer, and in a hidden layer to g' times that plus g” ż t. The layer
// where directions begin does not change along the parameters.
func (d tangent) spread(p *pass, l, other int, from, to field, transpose blas.Transpose, w, dw blas64.General) {
	last := p.net.layers()
	for k := range d.slots {
		x := d.view(l, to, k, d.columns)
		kernel.Product(transpose, dw, p.view(other, from, k, p.columns), x, kernel.Epilogue{Mode: kernel.Over, Alpha: 1})
		if other > 0 && other < last {
			kernel.Product(transpose, w, d.view(other, from, k, d.columns), x, kernel.Epilogue{Mode: kernel.Add, Alpha: 1})
		}
		if l == 0 || l == last {
			continue
		}
		for i := range x.Rows {
			kernel.CurveRows(row(x, i), d.row(l, fieldQ, 0, i), p.row(l, fieldD1, 0, i), p.row(l, fieldD2, 0, i), p.row(l, fieldT, k, i))
		}
	}
}
