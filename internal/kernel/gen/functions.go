package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vec is a vector register.
type vec = reg.VecPhysical

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

// function computes a vector of values, in g, and derivatives, in d1 and d2, of
// what is in z. It may use the registers from free on.
type function interface {
	name() string
	at(e evaluation)
}

type evaluation struct {
	isa             isa
	g, d1, d2, z    vec
	free            int
	withDerivatives bool
}

func (e *evaluation) take() vec {
	e.free++
	return e.isa.v(e.free - 1)
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
	holding(isa, func() {
		Label("row")
		columns(isa, "columns", n, at, 1, func(_ int, masked bool) {
			e := evaluation{isa: isa, g: isa.v(0), d1: isa.v(1), d2: isa.v(2), z: isa.v(3), free: 4, withDerivatives: derivatives}
			place := func(base reg.GPVirtual) Mem { return Mem{Base: base, Index: at, Scale: 1} }
			isa.load(e.z, place(z), masked)
			f.at(e)
			isa.store(place(value), e.g, masked)
			if derivatives {
				isa.store(place(d1), e.d1, masked)
				isa.store(place(d2), e.d2, masked)
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
func (e *evaluation) polynomial(p, x, x2, odd vec, c []float64) {
	half := func(p vec, first int) {
		last := (len(c)-1-first)/2*2 + first
		VMOVUPD(e.c(c[last]), p)
		for i := last - 2; i >= 0; i -= 2 {
			VFMADD213PD(e.c(c[i]), x2, p)
		}
	}
	half(p, 0)
	half(odd, 1)
	VFMADD231PD(odd, x, p)
}

// exponent sets m to exp(x) / 2^n - 1 and shifted to the shifter + n.
func (e *evaluation) exponent(m, shifted, x vec) {
	n, r, r2, odd := e.take(), e.take(), e.take(), e.take()
	ln2 := split(ln2(), 40, 53) // n has up to 12 bits
	VMOVUPD(e.c(shifter), shifted)
	VFMADD231PD(e.c(math.Log2E), x, shifted)
	VSUBPD(e.c(shifter), shifted, n)
	VMOVAPD(x, r)
	VFNMADD231PD(e.c(ln2[0]), n, r)
	VFNMADD231PD(e.c(ln2[1]), n, r)
	VMULPD(r, r, r2)
	e.polynomial(m, r, r2, odd, chebyshev(expTail, -math.Ln2/2, math.Ln2/2, 9))
	VFMADD213PD(r, r2, m) // r + r^2 q(r)
	e.free -= 4
}

// exp sets to to exp(x), for x within the range of float64 and somewhat beyond.
func (e *evaluation) exp(to, x vec) {
	shifted := e.take()
	e.exponent(to, shifted, x)
	VADDPD(e.c(1), to, to)
	e.isa.scale(e, to, shifted)
	e.free--
}

// tanh is (exp(2|z|) - 1) / (exp(2|z|) + 1) with the sign of z.
type tanh struct{}

func (tanh) name() string { return "tanh" }

func (tanh) at(e evaluation) {
	x, shifted, t := e.take(), e.take(), e.take()
	VANDPD(e.bits(allBits-signBit), e.z, x)
	VMOVUPD(e.c(20), t) // beyond, tanh is 1
	VMINPD(x, t, x)     // NaN stays
	VADDPD(x, x, x)
	e.exponent(t, shifted, x)
	VPSLLQ(U8(52), shifted, shifted)
	VPADDQ(e.c(1), shifted, shifted) // 2^n
	VSUBPD(e.c(1), shifted, x)
	VFMADD213PD(x, shifted, t) // exp(2|z|) - 1
	VADDPD(e.c(2), t, x)
	VDIVPD(x, t, t)
	VANDPD(e.bits(signBit), e.z, x)
	VORPD(x, t, e.g)
	if e.withDerivatives {
		VMOVUPD(e.c(1), e.d1)
		VFNMADD231PD(e.g, e.g, e.d1)
		VMULPD(e.c(-2), e.g, e.d2)
		VMULPD(e.d1, e.d2, e.d2)
	}
}

// logistic sets s to 1/(1+exp(-z)) and c to 1-s, both without cancellation, from
// exp(-|z|), which it returns, by its logarithm.
func (e *evaluation) logistic(s, c vec) (exp vec) {
	exp = e.take()
	x, one, inverse := e.take(), e.take(), e.take()
	VORPD(e.bits(signBit), e.z, x)
	VMOVUPD(e.c(-750), one) // below, exp is 0
	VMAXPD(x, one, x)       // NaN stays
	e.exp(exp, x)
	VMOVUPD(e.c(1), one)
	VADDPD(one, exp, inverse)
	VDIVPD(inverse, one, inverse)
	e.isa.choose(s, e.z, exp, one)
	VMULPD(inverse, s, s)
	e.isa.choose(c, e.z, one, exp)
	VMULPD(inverse, c, c)
	e.free -= 3
	return exp
}

// sigmoid is s = 1/(1+exp(-z)), s' = s(1-s), s” = s'(1-2s).
type sigmoid struct{}

func (sigmoid) name() string { return "sigmoid" }

func (sigmoid) at(e evaluation) {
	c := e.take()
	e.logistic(e.g, c)
	if e.withDerivatives {
		VMULPD(e.g, c, e.d1)
		VSUBPD(e.g, c, e.d2)
		VMULPD(e.d1, e.d2, e.d2)
	}
}

// swish is z s, with derivatives s + z s' and s' (2 + z (1-2s)).
type swish struct{}

func (swish) name() string { return "swish" }

func (swish) at(e evaluation) {
	s, c := e.take(), e.take()
	e.logistic(s, c)
	VMULPD(e.z, s, e.g)
	if e.withDerivatives {
		slope := e.take()
		VMULPD(s, c, slope)
		VSUBPD(s, c, c)
		VMOVAPD(s, e.d1)
		VFMADD231PD(e.z, slope, e.d1)
		VMOVUPD(e.c(2), e.d2)
		VFMADD231PD(e.z, c, e.d2)
		VMULPD(slope, e.d2, e.d2)
	}
}

// softplus is log(1+exp z) = max(z, 0) + log1p(exp(-|z|)), and
// log1p(x) = 2 atanh(x/(2+x)).
type softplus struct{}

func (softplus) name() string { return "softplus" }

func (softplus) at(e evaluation) {
	s, c := e.take(), e.take()
	exp := e.logistic(s, c)
	if e.withDerivatives {
		VMOVAPD(s, e.d1)
		VMULPD(s, c, e.d2)
	}
	u, u2, odd := e.take(), s, c
	VADDPD(e.c(2), exp, u)
	VDIVPD(u, exp, exp) // s of atanh
	VMULPD(exp, exp, u)
	VMULPD(u, u, u2)
	e.polynomial(e.g, u, u2, odd, chebyshev(atanhTail, 0, 1./9, 11))
	VMULPD(u, e.g, e.g)
	VFMADD213PD(exp, exp, e.g) // s + s u p(u)
	VADDPD(e.g, e.g, e.g)
	VXORPD(u, u, u)
	VMAXPD(e.z, u, u) // NaN stays
	VADDPD(u, e.g, e.g)
}

// exponential is exp(z).
type exponential struct{}

func (exponential) name() string { return "exp" }

func (exponential) at(e evaluation) {
	x, limit := e.take(), e.take()
	VMOVUPD(e.c(-750), limit)
	VMAXPD(e.z, limit, x)
	VMOVUPD(e.c(720), limit)
	VMINPD(x, limit, x)
	e.exp(e.g, x)
}
