package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sine writes sines and cosines, and returns the largest |z| per lane: the
// reduction to |r| <= pi/4 is good for |z| < 2^20, since it takes pi/2 in parts of
// 33 bits (Cody and Waite, Software Manual for the Elementary Functions, 1980,
// chapter 8).
func sine(isa isa) {
	TEXT("sincos"+isa.name(), NOSPLIT, "func(sin, cos, z *float64, n int, largest *float64)")
	Pragma("noescape")
	sin, cos, z, n, largest := argument("sin"), argument("cos"), argument("z"), argument("n"), argument("largest")
	at := GP64()
	holding(isa, 10, func() {
		most := isa.v(0)
		isa.zero(most)
		columns(isa, "columns", n, at, 1, func(_ int, masked bool) {
			e := &evaluation{isa: isa, vectors: 1, free: 4}
			x, s, c := isa.v(1), isa.v(2), isa.v(3)
			place := func(base reg.GPVirtual) Mem { return Mem{Base: base, Index: at, Scale: 1} }
			isa.load(x, place(z), masked)
			e.sincos(x, s, c, most)
			isa.store(place(sin), s, masked)
			isa.store(place(cos), c, masked)
		})
		isa.store(Mem{Base: largest}, most, false)
		VZEROUPPER()
		RET()
	})
}

func (e *evaluation) sincos(z, s, c, most vec) {
	one := func() vec { return e.take()[0] }
	shifted, r, u, u2, odd, p := one(), one(), one(), one(), one(), one()
	VANDPD(e.bits(allBits-signBit), z, r)
	VMAXPD(most, r, most) // of NaN and a number: the number
	VMOVUPD(e.c(shifter), shifted)
	VFMADD231PD(e.c(2/math.Pi), z, shifted)
	VSUBPD(e.c(shifter), shifted, u)
	VMOVAPD(z, r)
	for _, part := range split(halfPi(), 33, 33, 53) {
		VFNMADD231PD(e.c(part), u, r)
	}
	VMULPD(r, r, u)
	VMULPD(u, u, u2)
	const top = math.Pi / 4 * math.Pi / 4
	e.polynomial(wide{p}, wide{u}, wide{u2}, wide{odd}, chebyshev(sinTail, 0, top, 6))
	VMULPD(r, p, p)
	VMOVAPD(r, s)
	VFMADD231PD(u, p, s) // r + r u p(u)
	VANDPD(e.bits(signBit), r, r)
	VORPD(r, s, s) // -0 too
	e.polynomial(wide{p}, wide{u}, wide{u2}, wide{odd}, chebyshev(cosTail, 0, top, 6))
	// 1 - u/2 + u^2 p(u), with what 1 - u/2 loses put back.
	VMOVUPD(e.c(1), c)
	VMOVAPD(c, odd)
	VFNMADD231PD(e.c(0.5), u, c)
	VSUBPD(c, odd, odd)
	VFNMADD231PD(e.c(0.5), u, odd)
	VFMADD231PD(u2, p, odd)
	VADDPD(odd, c, c)
	// By quarter turns: odd ones exchange sine and cosine.
	VANDPD(e.bits(1), shifted, p)
	VXORPD(u, u, u)
	VPSUBQ(p, u, u) // all ones or none
	VXORPD(s, c, p)
	VANDPD(u, p, p)
	VXORPD(p, s, s)
	VXORPD(p, c, c)
	VPSLLQ(U8(62), shifted, p) // the second bit is the sign of the sine
	VANDPD(e.bits(signBit), p, p)
	VXORPD(p, s, s)
	VPADDQ(e.bits(1), shifted, p)
	VPSLLQ(U8(62), p, p)
	VANDPD(e.bits(signBit), p, p)
	VXORPD(p, c, c)
}
