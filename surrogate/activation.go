package surrogate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sbo-go/sbo/internal/kernel"
)

// Activation is the nonlinear function g of the hidden layers. All but ReLU and
// Linear have a curvature, without which partials cannot be learned well: the
// partials of a ReLU network are piecewise constant.
type Activation string

// The activations. Formulas for g, with s(z) = 1/(1+exp(-z)):
const (
	Tanh     Activation = "tanh"     // tanh z
	Sigmoid  Activation = "sigmoid"  // s(z)
	Swish    Activation = "swish"    // z s(z), also called SiLU (Ramachandran et al., arXiv 1710.05941)
	GELU     Activation = "gelu"     // z Phi(z) with the normal distribution Phi (Hendrycks and Gimpel, arXiv 1606.08415)
	Softplus Activation = "softplus" // log(1+exp z)
	Sine     Activation = "sine"     // sin z (Sitzmann et al., arXiv 2006.09661)
	ReLU     Activation = "relu"     // max(0, z); its partials carry no curvature
	Linear   Activation = "linear"   // z; makes the whole network affine
)

// Activations returns all activations.
func Activations() []Activation {
	return []Activation{Tanh, Sigmoid, Swish, GELU, Softplus, Sine, ReLU, Linear}
}

// validate returns an error that lists the choices if a is not one of them.
func (a Activation) validate() error {
	if slices.Contains(Activations(), a) {
		return nil
	}
	var names []string
	for _, b := range Activations() {
		names = append(names, string(b))
	}
	return fmt.Errorf("unknown activation %q; choose one of %s", string(a), strings.Join(names, ", "))
}

// apply writes g(z), g'(z) and g”(z) of every element of z into g, d1 and d2.
// g may be z itself. d1 and d2 are skipped when nil.
func (a Activation) apply(g, d1, d2, z []float64) {
	switch a {
	case Tanh:
		kernel.Tanh(g, d1, d2, z)
	case Sigmoid:
		kernel.Sigmoid(g, d1, d2, z)
	case Swish:
		kernel.Swish(g, d1, d2, z)
	case Softplus:
		kernel.Softplus(g, d1, d2, z)
	case Sine:
		kernel.Sine(g, d1, d2, z)
	default:
		for i, v := range z {
			value, first, second := a.at(v)
			g[i] = value
			if d1 != nil {
				d1[i], d2[i] = first, second
			}
		}
	}
}

// applyRows is apply to the rows of a matrix.
func (a Activation) applyRows(r kernel.Rows) {
	switch a {
	case Tanh:
		kernel.TanhRows(r)
	case Sigmoid:
		kernel.SigmoidRows(r)
	case Swish:
		kernel.SwishRows(r)
	case Softplus:
		kernel.SoftplusRows(r)
	default:
		for i := range r.Rows {
			row := r.Data[i*r.Stride:]
			var d1, d2 []float64
			if r.D1 > 0 {
				d1, d2 = row[r.D1:r.D1+r.Cols], row[r.D2:r.D2+r.Cols]
			}
			a.apply(row[:r.Cols], d1, d2, row[:r.Cols])
		}
	}
}

// at returns g, g' and g” at z.
func (a Activation) at(z float64) (g, d1, d2 float64) {
	switch a {
	case Tanh:
		t := math.Tanh(z)
		s := 1 - t*t
		return t, s, -2 * t * s
	case Sigmoid:
		s := sigmoid(z)
		d := s * (1 - s)
		return s, d, d * (1 - 2*s)
	case Swish:
		s := sigmoid(z)
		d := s * (1 - s)
		return z * s, s + z*d, d * (2 + z*(1-2*s))
	case GELU:
		cdf := 0.5 * math.Erfc(-z/math.Sqrt2)
		pdf := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		return z * cdf, cdf + z*pdf, pdf * (2 - z*z)
	case Softplus:
		s := sigmoid(z)
		return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))), s, s * (1 - s)
	case Sine:
		sin, cos := math.Sincos(z)
		return sin, cos, -sin
	case ReLU:
		if z > 0 {
			return z, 1, 0
		}
		return 0, 0, 0
	case Linear:
		return z, 1, 0
	}
	panic("surrogate: unknown activation " + string(a))
}

// sigmoid is 1/(1+exp(-z)) without overflow for either sign.
func sigmoid(z float64) float64 {
	if z >= 0 {
		return 1 / (1 + math.Exp(-z))
	}
	e := math.Exp(z)
	return e / (1 + e)
}
