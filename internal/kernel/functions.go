package kernel

import "math"

// Tanh writes tanh z into g and, unless d1 is nil, its first and second derivatives
// into d1 and d2. g may be z.
func Tanh(g, d1, d2, z []float64) { apply(functionTanh, g, d1, d2, z) }

// Sigmoid is like [Tanh] for s(z) = 1/(1+exp(-z)).
func Sigmoid(g, d1, d2, z []float64) { apply(functionSigmoid, g, d1, d2, z) }

// Swish is like [Tanh] for z s(z), with the s of [Sigmoid].
func Swish(g, d1, d2, z []float64) { apply(functionSwish, g, d1, d2, z) }

// Softplus is like [Tanh] for log(1+exp z).
func Softplus(g, d1, d2, z []float64) { apply(functionSoftplus, g, d1, d2, z) }

// Exp writes exp z into g, which may be z.
func Exp(g, z []float64) { apply(functionExp, g, nil, nil, z) }

// Sine is like [Tanh] for sin z.
func Sine(g, d1, d2, z []float64) {
	if len(g) != len(z) {
		panic("kernel: a function needs as many places as arguments")
	}
	if d1 != nil {
		Sincos(d2, d1, z)
		copy(g, d2)
		for i, v := range g {
			d2[i] = -v
		}
		return
	}
	var sin, cos [64]float64
	for from := 0; from < len(z); from += len(sin) {
		n := min(len(z)-from, len(sin))
		Sincos(sin[:n], cos[:n], z[from:from+n])
		copy(g[from:], sin[:n])
	}
}

// farthest is up to where sines are computed by vectors.
const farthest = 1e6

// Sincos writes sin z and cos z over neither of which z may lie.
func Sincos(sin, cos, z []float64) {
	if len(sin) != len(z) || len(cos) != len(z) {
		panic("kernel: Sincos needs as many places as arguments")
	}
	if len(z) > 0 {
		sincos(sin, cos, z)
	}
}

// Rows is a matrix of arguments that are replaced by values of a function. Unless
// D1 is 0, the derivatives go D1 and D2 elements further in the same row.
type Rows struct {
	Data               []float64 // to the end of the last derivative
	Rows, Cols, Stride int
	D1, D2             int
}

// TanhRows is like [Tanh], as are the others like theirs.
func TanhRows(r Rows) { r.apply(functionTanh) }

// SigmoidRows is like [Sigmoid].
func SigmoidRows(r Rows) { r.apply(functionSigmoid) }

// SwishRows is like [Swish].
func SwishRows(r Rows) { r.apply(functionSwish) }

// SoftplusRows is like [Softplus].
func SoftplusRows(r Rows) { r.apply(functionSoftplus) }

func (r Rows) apply(f function) {
	if r.Rows == 0 || r.Cols == 0 {
		return
	}
	_ = r.Data[(r.Rows-1)*r.Stride+r.Cols-1+max(r.D1, r.D2)]
	var d1, d2 []float64
	if r.D1 > 0 {
		d1, d2 = r.Data[r.D1:], r.Data[r.D2:]
	}
	elements(f, r.Data, d1, d2, r.Data, r.Rows, r.Stride, r.Cols)
}

// function is one of those that [apply] knows.
type function int

const (
	functionTanh function = iota
	functionSigmoid
	functionSwish
	functionSoftplus
	functionExp
)

func apply(f function, g, d1, d2, z []float64) {
	if len(g) != len(z) || len(d1) != len(d2) || d1 != nil && len(d1) != len(z) {
		panic("kernel: a function needs as many places as arguments")
	}
	if len(z) > 0 {
		elements(f, g, d1, d2, z, 1, len(z), len(z))
	}
}

func elementsGo(f function, g, d1, d2, z []float64, rows, ld, n int) {
	for r := range rows {
		for i := r * ld; i < r*ld+n; i++ {
			value, first, second := f.at(z[i])
			g[i] = value
			if d1 != nil {
				d1[i], d2[i] = first, second
			}
		}
	}
}

// at returns the function and its derivatives.
func (f function) at(z float64) (g, d1, d2 float64) {
	switch f {
	case functionTanh:
		t := math.Tanh(z)
		d1 = 1 - t*t
		return t, d1, -2 * t * d1
	case functionExp:
		g = math.Exp(z)
		return g, g, g
	default:
		return f.logistic(z)
	}
}

// logistic is at for those made of exp(-|z|).
func (f function) logistic(z float64) (g, d1, d2 float64) {
	e := math.Exp(-math.Abs(z))
	s, c := 1/(1+e), e/(1+e) // s(z) and 1-s(z), neither by a difference
	if z < 0 {
		s, c = c, s
	}
	d := s * c
	switch f {
	case functionSigmoid:
		return s, d, d * (c - s)
	case functionSwish:
		return z * s, s + z*d, d * (2 + z*(c-s))
	default:
		return max(z, 0) + math.Log1p(e), s, d
	}
}

func sincosGo(sin, cos, z []float64) {
	for i, v := range z {
		sin[i], cos[i] = math.Sincos(v)
	}
}
