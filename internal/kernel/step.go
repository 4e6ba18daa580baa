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
	Bias             []float64 // of WithBias and WithTanh: a number for each row
	C, To, D1, D2, T int
}

// biased reports whether biases are added.
func (e *Epilogue) biased() bool { return e.Mode == WithBias || e.Mode == WithTanh }

// Mode is the kind of an [Epilogue].
type Mode int

// The modes. All but the first two are steps of reverse-over-reverse
// differentiation, where D1 and D2 are the derivatives of the activations.
const (
	Over     Mode = iota // C = alpha A B
	Add                  // C += alpha A B
	WithBias             // C = A B + bias
	WithTanh             // C = tanh(A B + bias)
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
	s := [1]Step{newStep(Weights{Rows: a.Rows, Cols: a.Cols, Stride: a.Stride, Transposed: ta != blas.NoTrans}, b, to, e)}
	if e.biased() {
		if len(e.Bias) != to.Rows {
			panic("kernel: the shapes of a product don't fit")
		}
		s[0].op.bias = &e.Bias[0]
	}
	layerTiles(s[:], a.Data, b.Cols)
}

// Weights say where the left factor of a [Step] is: its first element in a vector of
// parameters, its shape there, and whether it is to be transposed; and where the
// first of the biases is, if the Epilogue wants any.
type Weights struct {
	At, Rows, Cols, Stride int
	Transposed             bool
	BiasAt                 int
}

// Step is a [Product] that is done time and again, with other parameters, and
// checked only once.
type Step struct {
	op        operation
	b, c      []float64
	end       Epilogue
	columns   int // at most
	parameter int // how many parameters there must be
}

// operation is what the assembly is told of a product.
type operation = struct {
	c                     *float64
	ldc                   int
	at, row, depth, tile  int // the left factor: its first element, and strides
	b                     *float64
	ldb, m, k             int
	alpha                 float64
	mode                  int
	bias                  *float64 // nil: among the parameters
	biasAt, to, d1, d2, t int      // the last four as distances from C
}

// NewStep prepares op(A) B, with which then is done what [Product] would do.
func NewStep(w Weights, b, to blas64.General, e Epilogue) Step {
	s := newStep(w, b, to, e)
	s.op.at, s.op.biasAt = w.At, w.BiasAt
	s.parameter = w.At + (w.Rows-1)*w.Stride + w.Cols
	if e.biased() {
		s.parameter = max(s.parameter, w.BiasAt+s.op.m)
	}
	if w.At < 0 || w.BiasAt < 0 {
		panic("kernel: parameters before the first")
	}
	return s
}

func newStep(w Weights, b, to blas64.General, e Epilogue) Step {
	m, k, row, depth := w.Rows, w.Cols, w.Stride, 1
	if w.Transposed {
		m, k, row, depth = w.Cols, w.Rows, 1, w.Stride
	}
	if m != to.Rows || k != b.Rows {
		panic("kernel: the shapes of a product don't fit")
	}
	for _, part := range [...]int{e.C, e.To, e.D1, e.D2, e.T} {
		if part < 0 || part+b.Cols > to.Cols {
			panic("kernel: a part of a matrix that it doesn't have")
		}
	}
	if m == 0 || k == 0 || b.Cols == 0 {
		panic("kernel: a product of nothing")
	}
	check(b)
	check(to)
	return Step{
		op: operation{
			c: &to.Data[e.C], ldc: to.Stride, row: row, depth: depth, tile: layerRows[active] * row,
			b: &b.Data[0], ldb: b.Stride, m: m, k: k, alpha: e.Alpha, mode: int(e.Mode),
			to: e.To - e.C, d1: e.D1 - e.C, d2: e.D2 - e.C, t: e.T - e.C,
		},
		b: b.Data, c: to.Data, end: e, columns: b.Cols,
	}
}

// Do does the first columns of steps, one after the other.
func Do(steps []Step, parameters []float64, columns int) {
	for i := range steps {
		if s := &steps[i]; len(parameters) < s.parameter || columns < 1 || columns > s.columns {
			panic("kernel: a step with too few parameters or too many columns")
		}
	}
	if len(steps) > 0 {
		layerTiles(steps, parameters, columns)
	}
}

// do does a step in plain Go.
func (s *Step) do(parameters []float64, columns int) {
	o, e := &s.op, s.end
	if e.biased() && o.bias == nil {
		e.Bias = parameters[o.biasAt:]
	}
	left := strides{row: o.row, depth: o.depth, tile: layerRows[levelGo] * o.row}
	panelGo(s.c, o.ldc, parameters[o.at:], left, s.b, o.ldb, o.m, o.k, columns, &e)
}
