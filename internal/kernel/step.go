package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Epilogue is what becomes of a product A B where it meets C. C, To, D1, D2 and T are
// parts of one matrix, each as wide as B: the numbers are the columns where they begin.
type Epilogue struct {
	Mode             Mode
	Alpha            float64   // of Over and Add
	Bias             []float64 // of WithBias: a number for each row
	C, To, D1, D2, T int
}

// Mode is the kind of an [Epilogue].
type Mode int

// The modes. All but the first two are steps of reverse-over-reverse
// differentiation, where D1 and D2 are the derivatives of the activations.
const (
	Over     Mode = iota // C = alpha A B
	Add                  // C += alpha A B
	WithBias             // C = A B + bias
	Scaled               // C = D1 * A B,  To = A B
	Curved               // C = D1 * A B,  To = D2 * T * A B
	CurvedOn             // C = D1 * A B,  To += D2 * T * A B
	Down                 // C = D1 * A B + C

	// The same where the activation is tanh and its values are at D1: its
	// derivatives are 1 - D1^2 and, times those, -2 D1.
	TanhScaled   // C = (1 - D1^2) * A B
	TanhCurved   // C = (1 - D1^2) * A B,  To = -2 D1 * T * A B
	TanhCurvedOn // C = (1 - D1^2) * A B,  To += -2 D1 * T * A B
	TanhDown     // C = (1 - D1^2) * A B + C
)

// Product computes op(A) B, where op transposes or doesn't, and does with it what
// the Epilogue says, in a matrix that has the parts which that is about. These, A and
// B may not overlap.
func Product(ta blas.Transpose, a, b, to blas64.General, e Epilogue) {
	check(a)
	s := newStep(Weights{Rows: a.Rows, Cols: a.Cols, Stride: a.Stride, Transposed: ta != blas.NoTrans}, b, to, e)
	if e.Mode == WithBias && len(e.Bias) != to.Rows {
		panic("kernel: the shapes of a product don't fit")
	}
	layerTiles(&s, a.Data, e.Bias, b.Cols)
}

// Weights say where the left factor of a [Step] is: its first element in a vector of
// parameters, its shape there, and whether it is to be transposed; and where the
// first of the biases is, if the Epilogue wants any.
type Weights struct {
	At, Rows, Cols, Stride int
	Transposed             bool
	BiasAt                 int
}

// left returns the strides of the left factor for tiles of some rows.
func (s *Step) left(rows int) strides {
	return strides{row: s.row, depth: s.depth, tile: rows * s.row}
}

// Step is a [Product] that is done time and again, with other parameters, and
// checked only once.
type Step struct {
	m, k       int
	row, depth int // strides of the left factor
	b, c       []float64
	ldb, ldc   int
	columns    int // at most
	end        Epilogue
	at, bias   int
	parameter  int // how many parameters there must be
}

// NewStep prepares op(A) B, with which then is done what [Product] would do.
func NewStep(w Weights, b, to blas64.General, e Epilogue) Step {
	s := newStep(w, b, to, e)
	s.at, s.bias = w.At, w.BiasAt
	s.parameter = w.At + (w.Rows-1)*w.Stride + w.Cols
	if e.Mode == WithBias {
		s.parameter = max(s.parameter, w.BiasAt+s.m)
	}
	if w.At < 0 || w.BiasAt < 0 {
		panic("kernel: parameters before the first")
	}
	return s
}

func newStep(w Weights, b, to blas64.General, e Epilogue) Step {
	s := Step{
		m: w.Rows, k: w.Cols, row: w.Stride, depth: 1,
		b: b.Data, c: to.Data, ldb: b.Stride, ldc: to.Stride, columns: b.Cols, end: e,
	}
	if w.Transposed {
		s.m, s.k = w.Cols, w.Rows
		s.row, s.depth = 1, w.Stride
	}
	if s.m != to.Rows || s.k != b.Rows {
		panic("kernel: the shapes of a product don't fit")
	}
	for _, part := range [...]int{e.C, e.To, e.D1, e.D2, e.T} {
		if part < 0 || part+b.Cols > to.Cols {
			panic("kernel: a part of a matrix that it doesn't have")
		}
	}
	if s.m == 0 || s.k == 0 || b.Cols == 0 {
		panic("kernel: a product of nothing")
	}
	check(b)
	check(to)
	return s
}

// Do does the first columns of the product.
func (s *Step) Do(parameters []float64, columns int) {
	if len(parameters) < s.parameter || columns < 1 || columns > s.columns {
		panic("kernel: a step with too few parameters or too many columns")
	}
	layerTiles(s, parameters[s.at:], parameters[s.bias:], columns)
}
