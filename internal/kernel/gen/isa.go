package main

import (
	"sync"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is what the kernels need of an instruction set. Vectors are chosen by
// number, registers being few enough to be dealt out by hand.
type isa interface {
	name() string
	lanes() int // float64 per vector
	rows() int  // of a full tile
	v(i int) reg.VecPhysical

	// setMask makes the mask of the first n lanes, 1 <= n <= lanes, of the count in n.
	setMask(n reg.GPVirtual)
	load(dst reg.VecPhysical, m Mem, masked bool)
	store(m Mem, src reg.VecPhysical, masked bool)
	broadcast(dst reg.VecPhysical, m Mem)
	zero(v reg.VecPhysical)
	// fma is acc += a*b.
	fma(acc, a, b reg.VecPhysical)
	// mul is v *= a.
	mul(v, a reg.VecPhysical)
	// fnma is acc -= a*b.
	fnma(acc, a, b reg.VecPhysical)
	// sum adds up the lanes of v into element m, using scratch.
	sum(m Mem, v, scratch reg.VecPhysical)
	// sumAdd adds them to the element instead, and sum4 those of four vectors to
	// four elements.
	sumAdd(m Mem, v, scratch reg.VecPhysical)
	sum4(m Mem, a, b, c, d, scratch reg.VecPhysical)
	add(v, a reg.VecPhysical)
	transpose() []vec
	// product is v = a*b.
	product(v, a, b reg.VecPhysical)
	// scale multiplies v by 2^n, given the shifter + n, down to subnormals.
	scale(e *evaluation, v, shifted wide)
	// choose sets v to negative where z is, including -0, else to positive.
	choose(v, z, negative, positive wide)
}

type avx512 struct{}

func (avx512) name() string            { return "AVX512" }
func (avx512) lanes() int              { return 8 }
func (avx512) rows() int               { return 8 }
func (avx512) v(i int) reg.VecPhysical { return zmm[i] }

func (avx512) setMask(n reg.GPVirtual) {
	MOVQ(n, reg.RCX)
	bits := GP64()
	MOVQ(U32(1), bits)
	SHLQ(reg.CL, bits)
	DECQ(bits)
	KMOVW(bits.As32(), reg.K1)
}

func (avx512) load(dst reg.VecPhysical, m Mem, masked bool) {
	if masked {
		VMOVUPD_Z(m, reg.K1, dst)
	} else {
		VMOVUPD(m, dst)
	}
}

func (avx512) store(m Mem, src reg.VecPhysical, masked bool) {
	if masked {
		VMOVUPD(src, reg.K1, m)
	} else {
		VMOVUPD(src, m)
	}
}

func (avx512) broadcast(dst reg.VecPhysical, m Mem) { VBROADCASTSD(m, dst) }
func (avx512) zero(v reg.VecPhysical)               { VPXORQ(v, v, v) }
func (avx512) fma(acc, a, b reg.VecPhysical)        { VFMADD231PD(a, b, acc) }
func (avx512) mul(v, a reg.VecPhysical)             { VMULPD(a, v, v) }
func (avx512) fnma(acc, a, b reg.VecPhysical)       { VFNMADD231PD(a, b, acc) }
func (avx512) add(v, a reg.VecPhysical)             { VADDPD(a, v, v) }

func (avx512) product(v, a, b reg.VecPhysical) { VMULPD(a, b, v) }

func (a avx512) sum(m Mem, v, scratch reg.VecPhysical) {
	a.fold(v, scratch)
	avx2{}.sum(m, v, scratch)
}

func (a avx512) sumAdd(m Mem, v, scratch reg.VecPhysical) {
	a.fold(v, scratch)
	avx2{}.sumAdd(m, v, scratch)
}

// fold adds the upper half of v to the lower.
func (avx512) fold(v, scratch reg.VecPhysical) {
	VEXTRACTF64X4(U8(1), v, scratch.AsY())
	VADDPD(scratch.AsY(), v.AsY(), v.AsY())
}

func (avx512) sum4(m Mem, a, b, c, d, scratch reg.VecPhysical) {
	VUNPCKLPD(b, a, scratch)
	VUNPCKHPD(b, a, a)
	VADDPD(scratch, a, a) // pairs of a and b
	VUNPCKLPD(d, c, scratch)
	VUNPCKHPD(d, c, c)
	VADDPD(scratch, c, c)
	VSHUFF64X2(U8(0x88), c, a, d) // quarters 0 and 2
	VSHUFF64X2(U8(0xdd), c, a, a) // and 1 and 3, of a and b, then c and d
	VADDPD(d, a, a)
	VEXTRACTF64X4(U8(1), a, c.AsY()) // c and d
	VPERM2F128(U8(0x20), c.AsY(), a.AsY(), b.AsY())
	VPERM2F128(U8(0x31), c.AsY(), a.AsY(), a.AsY())
	VADDPD(b.AsY(), a.AsY(), a.AsY())
	VADDPD(m, a.AsY(), a.AsY())
	VMOVUPD(a.AsY(), m)
}

func (avx512) scale(e *evaluation, v, shifted wide) {
	e.do(VSUBPD, e.c(shifter), shifted, shifted)
	e.do(VSCALEFPD, shifted, v, v)
}

func (avx512) choose(v, z, negative, positive wide) {
	for i := range v {
		VPMOVQ2M(z[i], reg.K2)
		VBLENDMPD(negative[i], positive[i], reg.K2, v[i])
	}
}

// avx2 keeps the mask in its last register.
type avx2 struct{}

func (avx2) name() string            { return "AVX2" }
func (avx2) lanes() int              { return 4 }
func (avx2) rows() int               { return 4 }
func (avx2) v(i int) reg.VecPhysical { return ymm[i] }

func (a avx2) setMask(n reg.GPVirtual) {
	base, skip := GP64(), GP64()
	LEAQ(laneTable(), base)
	MOVQ(U32(4), skip)
	SUBQ(n, skip)
	VMOVUPD(Mem{Base: base, Index: skip, Scale: 8}, reg.Y15)
}

// laneTable returns where four lanes of ones are followed by four of zeros.
var laneTable = sync.OnceValue(func() Mem {
	table := GLOBL("lanes", RODATA|NOPTR)
	for i := range 8 {
		bits := U64(0)
		if i < 4 {
			bits = ^bits
		}
		DATA(8*i, bits)
	}
	return table
})

func (avx2) load(dst reg.VecPhysical, m Mem, masked bool) {
	if masked {
		VMASKMOVPD(m, reg.Y15, dst)
	} else {
		VMOVUPD(m, dst)
	}
}

func (avx2) store(m Mem, src reg.VecPhysical, masked bool) {
	if masked {
		VMASKMOVPD(src, reg.Y15, m)
	} else {
		VMOVUPD(src, m)
	}
}

func (avx2) broadcast(dst reg.VecPhysical, m Mem) { VBROADCASTSD(m, dst) }
func (avx2) zero(v reg.VecPhysical)               { VXORPD(v, v, v) }
func (avx2) fma(acc, a, b reg.VecPhysical)        { VFMADD231PD(a, b, acc) }
func (avx2) mul(v, a reg.VecPhysical)             { VMULPD(a, v, v) }
func (avx2) fnma(acc, a, b reg.VecPhysical)       { VFNMADD231PD(a, b, acc) }
func (avx2) add(v, a reg.VecPhysical)             { VADDPD(a, v, v) }

func (avx2) product(v, a, b reg.VecPhysical) { VMULPD(a, b, v) }

func (a avx2) sum(m Mem, v, scratch reg.VecPhysical) {
	a.fold(v, scratch)
	VMOVSD(v.AsX(), m)
}

func (a avx2) sumAdd(m Mem, v, scratch reg.VecPhysical) {
	a.fold(v, scratch)
	VADDSD(m, v.AsX(), v.AsX())
	VMOVSD(v.AsX(), m)
}

// fold adds up the lanes of v into its first.
func (avx2) fold(v, scratch reg.VecPhysical) {
	VEXTRACTF128(U8(1), v.AsY(), scratch.AsX())
	VADDPD(scratch.AsX(), v.AsX(), v.AsX())
	VHADDPD(v.AsX(), v.AsX(), v.AsX())
}

func (avx2) sum4(m Mem, a, b, c, d, scratch reg.VecPhysical) {
	VHADDPD(b.AsY(), a.AsY(), a.AsY())
	VHADDPD(d.AsY(), c.AsY(), c.AsY())
	VPERM2F128(U8(0x20), c.AsY(), a.AsY(), scratch.AsY())
	VPERM2F128(U8(0x31), c.AsY(), a.AsY(), a.AsY())
	VADDPD(scratch.AsY(), a.AsY(), a.AsY())
	VADDPD(m, a.AsY(), a.AsY())
	VMOVUPD(a.AsY(), m)
}

// scale multiplies by 2^(n/2) twice, and once more by 2 if n is odd, since 2^n may
// not be a number when the product is.
func (avx2) scale(e *evaluation, v, shifted wide) {
	half, rest := e.take(), e.take()
	e.do(VPADDQ, e.bits(2048), shifted, half) // not negative any more
	e.do(VPSLLQ, U8(51), half, half)
	e.do(VPSRLQ, U8(52), half, half)  // 1024 + n/2, rounded down
	e.do(VPSUBQ, half, shifted, rest) // n - n/2 in the low bits, but for 1024
	e.do(VPADDQ, e.bits(1024), rest, rest)
	e.do(VPSUBQ, e.bits(1024), half, half)
	for _, f := range []wide{half, rest} {
		e.do(VPSLLQ, U8(52), f, f)
		e.do(VPADDQ, e.c(1), f, f)
		e.do(VMULPD, f, v, v)
	}
	e.give(2)
}

func (avx2) choose(v, z, negative, positive wide) {
	for i := range v {
		VBLENDVPD(z[i], negative[i], positive[i], v[i])
	}
}

var zmm = []reg.VecPhysical{
	reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10,
	reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15, reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21,
	reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
}

var ymm = []reg.VecPhysical{
	reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10,
	reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
}
