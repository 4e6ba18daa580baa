package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vec is a vector register.
type vec = reg.VecPhysical

// wide is some vectors that the same is done with in turns, so that one needn't wait
// for the other.
type wide []vec

// elementwise writes the functions of vectors. Each has a version with first and
// second derivatives.
func elementwise(isa isa) {
	for _, f := range []function{tanh{}, sigmoid{}, swish{}, softplus{}} {
		element(isa, f, false)
		element(isa, f, true)
	}
	element(isa, exponential{}, false)
	sine(isa)
}

// function computes vectors of values and, if there are to be any, derivatives, of
// what is in z.
type function interface {
	name() string
	// vectors is how many are computed in turns, and registers how many each takes.
	vectors(isa isa) (vectors, registers int)
	at(e *evaluation, z wide) (g, d1, d2 wide)
}

// evaluation is what a function is written with.
type evaluation struct {
	isa             isa
	vectors         int
	free            int // the first register that is
	withDerivatives bool
	argument        func(to wide) // loads z again
}

// take returns registers that are free.
func (e *evaluation) take() wide {
	w := make(wide, e.vectors)
	for i := range w {
		w[i] = e.isa.v(e.free)
		e.free++
	}
	return w
}

// give gives the registers back that were taken last.
func (e *evaluation) give(n int) { e.free -= n * e.vectors }

// do writes an instruction for each of the vectors. Constants that are in memory are
// read once for all of them.
func (e *evaluation) do(instruction func(...Op), operands ...any) {
	if e.vectors > 1 {
		for i, o := range operands {
			if m, ok := o.(Mem); ok {
				VMOVUPD(m, e.isa.v(e.free))
				operands[i] = e.isa.v(e.free)
			}
		}
	}
	for i := range e.vectors {
		row := make([]Op, len(operands))
		for j, o := range operands {
			if w, ok := o.(wide); ok {
				row[j] = w[i]
			} else {
				row[j] = o.(Op)
			}
		}
		instruction(row...)
	}
}

// element writes a function of rows of n elements that begin ld apart.
func element(isa isa, f function, derivatives bool) {
	name, signature := f.name(), "func(value, z *float64, rows, ld, n int)"
	if derivatives {
		name, signature = name+"Derivatives", "func(value, d1, d2, z *float64, rows, ld, n int)"
	}
	TEXT(name+isa.name(), NOSPLIT, signature)
	Pragma("noescape")
	value, z, rows, ld, n, at := argument("value"), argument("z"), argument("rows"), bytes("ld"), argument("n"), GP64()
	cursors := []reg.GPVirtual{value, z}
	var d1, d2 reg.GPVirtual
	if derivatives {
		d1, d2 = argument("d1"), argument("d2")
		cursors = append(cursors, d1, d2)
	}
	most, registers := f.vectors(isa)
	holding(isa, most*registers+1, func() {
		Label("row")
		columns(isa, "columns", n, at, most, func(vectors int, masked bool) {
			each := func(w wide, base reg.GPVirtual, do func(v vec, m Mem)) {
				for i, v := range w {
					do(v, Mem{Base: base, Index: at, Scale: 1, Disp: 8 * isa.lanes() * i})
				}
			}
			argument := func(to wide) { each(to, z, func(v vec, m Mem) { isa.load(v, m, masked) }) }
			e := &evaluation{isa: isa, vectors: vectors, withDerivatives: derivatives, argument: argument}
			from := e.take()
			argument(from)
			g, first, second := f.at(e, from)
			store := func(v vec, m Mem) { isa.store(m, v, masked) }
			each(g, value, store)
			if derivatives {
				each(first, d1, store)
				each(second, d2, store)
			}
		})
		for _, c := range cursors {
			ADDQ(ld, c)
		}
		DECQ(rows)
		JNZ(LabelRef("row"))
		VZEROUPPER()
		RET()
	})
}

const (
	signBit = 1 << 63
	allBits = 1<<64 - 1
	// shifter makes the sum with a number of at most 51 bits an integer, which is
	// then in the low bits.
	shifter = 1.5 * (1 << 52)
)

// polynomial sets p to a polynomial in x, given x^2, as two halves that don't wait
// for each other.
func (e *evaluation) polynomial(p, x, x2, odd wide, c []float64) {
	top := len(c) - 1
	first, second := p, odd // the half with the highest power, and the other
	if top%2 == 1 {
		first, second = odd, p
	}
	e.do(VMOVUPD, e.c(c[top]), first)
	e.do(VMOVUPD, e.c(c[top-1]), second)
	for i := top - 2; i >= 0; i -= 2 {
		e.do(VFMADD213PD, e.c(c[i]), x2, first)
		if i > 0 {
			e.do(VFMADD213PD, e.c(c[i-1]), x2, second)
		}
	}
	e.do(VFMADD231PD, odd, x, p)
}

// exponent sets m to exp(scale x) / 2^n - 1 and shifted to the shifter + n, for a scale
// that is a power of 2. It leaves no x.
func (e *evaluation) exponent(m, shifted, x wide, scale float64) {
	r2, odd := e.take(), e.take()
	ln2 := split(ln2(), 40, 53) // n has up to 12 bits
	e.do(VMOVUPD, e.c(shifter), shifted)
	e.do(VFMADD231PD, e.c(scale*math.Log2E), x, shifted)
	e.do(VSUBPD, e.c(shifter), shifted, m)
	e.do(VFNMADD231PD, e.c(ln2[0]/scale), m, x)
	e.do(VFNMADD231PD, e.c(ln2[1]/scale), m, x)
	e.do(VMULPD, x, x, r2)
	q := chebyshev(expTail, -math.Ln2/2, math.Ln2/2, 9)
	power := scale
	for i := range q { // of r = scale x: r + r^2 q(r)
		power *= scale
		q[i] *= power
	}
	e.polynomial(m, x, r2, odd, q)
	for i := 1.0; i < scale; i *= 2 {
		e.do(VADDPD, x, x, x)
	}
	e.do(VFMADD213PD, x, r2, m)
	e.give(2)
}

// exp sets to to exp(x), for x within the range of float64 and somewhat beyond. It
// leaves no x.
func (e *evaluation) exp(to, x wide) {
	shifted := e.take()
	e.exponent(to, shifted, x, 1)
	e.do(VADDPD, e.c(1), to, to)
	e.isa.scale(e, to, shifted)
	e.give(1)
}

// tanh is (exp(2|z|) - 1) / (exp(2|z|) + 1) with the sign of z.
type tanh struct{}

func (tanh) name() string { return "tanh" }

func (tanh) vectors(isa isa) (vectors, registers int) { return isa.lanes() / 2, 5 }

func (tanh) at(e *evaluation, z wide) (g, d1, d2 wide) {
	x, t := z, e.take()
	e.do(VMOVUPD, e.c(20), t) // beyond, tanh is 1
	e.do(VANDPD, e.bits(allBits-signBit), z, x)
	e.do(VMINPD, x, t, x) // NaN stays
	shifted := e.take()
	e.exponent(t, shifted, x, 2)
	e.do(VPSLLQ, U8(52), shifted, shifted)
	e.do(VPADDQ, e.c(1), shifted, shifted) // 2^n
	e.do(VSUBPD, e.c(1), shifted, x)
	e.do(VFMADD213PD, x, shifted, t) // exp(2|z|) - 1
	e.do(VADDPD, e.c(2), t, x)
	e.do(VDIVPD, x, t, t)
	e.argument(x) // for its sign
	e.do(VANDPD, e.bits(signBit), x, x)
	e.do(VORPD, x, t, t)
	if !e.withDerivatives {
		return t, nil, nil
	}
	d1, d2 = x, shifted
	e.do(VMOVUPD, e.c(1), d1)
	e.do(VFNMADD231PD, t, t, d1)
	e.do(VMULPD, e.c(-2), t, d2)
	e.do(VMULPD, d1, d2, d2)
	return t, d1, d2
}

// logistic sets s to 1/(1+exp(-z)) and c to 1-s, both without cancellation, from
// exp(-|z|), which it returns, by its logarithm.
func (e *evaluation) logistic(z, s, c wide) (exp wide) {
	exp = e.take()
	x, one, inverse := e.take(), e.take(), e.take()
	e.do(VORPD, e.bits(signBit), z, x)
	e.do(VMOVUPD, e.c(-750), one) // below, exp is 0
	e.do(VMAXPD, x, one, x)       // NaN stays
	e.exp(exp, x)
	e.do(VMOVUPD, e.c(1), one)
	e.do(VADDPD, one, exp, inverse)
	e.do(VDIVPD, inverse, one, inverse)
	e.isa.choose(s, z, exp, one)
	e.do(VMULPD, inverse, s, s)
	e.isa.choose(c, z, one, exp)
	e.do(VMULPD, inverse, c, c)
	e.give(3)
	return exp
}

// sigmoid is s = 1/(1+exp(-z)), s' = s(1-s), s” = s'(1-2s).
type sigmoid struct{}

func (sigmoid) name() string { return "sigmoid" }

func (sigmoid) vectors(isa) (vectors, registers int) { return 1, 14 }

func (sigmoid) at(e *evaluation, z wide) (g, d1, d2 wide) {
	g, c := e.take(), e.take()
	e.logistic(z, g, c)
	if !e.withDerivatives {
		return g, nil, nil
	}
	d1, d2 = z, c
	e.do(VMULPD, g, c, d1)
	e.do(VSUBPD, g, c, d2)
	e.do(VMULPD, d1, d2, d2)
	return g, d1, d2
}

// swish is z s, with derivatives s + z s' and s' (2 + z (1-2s)).
type swish struct{}

func (swish) name() string { return "swish" }

func (swish) vectors(isa) (vectors, registers int) { return 1, 14 }

func (swish) at(e *evaluation, z wide) (g, d1, d2 wide) {
	s, c := e.take(), e.take()
	e.logistic(z, s, c)
	g = e.take()
	e.do(VMULPD, z, s, g)
	if !e.withDerivatives {
		return g, nil, nil
	}
	d1, d2 = s, e.take()
	slope := e.take()
	e.do(VMULPD, s, c, slope)
	e.do(VSUBPD, s, c, c)
	e.do(VFMADD231PD, z, slope, d1)
	e.do(VMOVUPD, e.c(2), d2)
	e.do(VFMADD231PD, z, c, d2)
	e.do(VMULPD, slope, d2, d2)
	return g, d1, d2
}

// softplus is log(1+exp z) = max(z, 0) + log1p(exp(-|z|)), and
// log1p(x) = 2 atanh(x/(2+x)).
type softplus struct{}

func (softplus) name() string { return "softplus" }

func (softplus) vectors(isa) (vectors, registers int) { return 1, 14 }

func (softplus) at(e *evaluation, z wide) (g, d1, d2 wide) {
	s, c := e.take(), e.take()
	exp := e.logistic(z, s, c)
	g, d1, d2 = e.take(), e.take(), e.take()
	if e.withDerivatives {
		e.do(VMOVAPD, s, d1)
		e.do(VMULPD, s, c, d2)
	}
	u, u2, odd := e.take(), s, c
	e.do(VADDPD, e.c(2), exp, u)
	e.do(VDIVPD, u, exp, exp) // s of atanh
	e.do(VMULPD, exp, exp, u)
	e.do(VMULPD, u, u, u2)
	e.polynomial(g, u, u2, odd, chebyshev(atanhTail, 0, 1./9, 11))
	e.do(VMULPD, u, g, g)
	e.do(VFMADD213PD, exp, exp, g) // s + s u p(u)
	e.do(VADDPD, g, g, g)
	e.do(VXORPD, u, u, u)
	e.do(VMAXPD, z, u, u) // NaN stays
	e.do(VADDPD, u, g, g)
	return g, d1, d2
}

// exponential is exp(z).
type exponential struct{}

func (exponential) name() string { return "exp" }

func (exponential) vectors(isa) (vectors, registers int) { return 1, 14 }

func (exponential) at(e *evaluation, z wide) (g, d1, d2 wide) {
	g, limit := e.take(), e.take()
	e.do(VMOVUPD, e.c(-750), limit)
	e.do(VMAXPD, z, limit, z)
	e.do(VMOVUPD, e.c(720), limit)
	e.do(VMINPD, z, limit, z)
	e.exp(g, z)
	return g, nil, nil
}
