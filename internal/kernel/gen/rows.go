package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rowsLoop writes, inside a loop over columns, a loop over `count` rows that moves
// the cursors on after each; none of the cursors is changed outside.
func rowsLoop(name string, count reg.GPVirtual, body func()) {
	left := GP64()
	MOVQ(count, left)
	Label(name)
	body()
	DECQ(left)
	JNZ(LabelRef(name))
}

// cursor returns a register that begins where column `at` of base is.
func cursor(base, at reg.GPVirtual) reg.GPVirtual {
	c := GP64()
	LEAQ(Mem{Base: base, Index: at, Scale: 1}, c)
	return c
}

func variant(name string, vectors int, masked bool) string {
	return fmt.Sprintf("%s_%d_%v", name, vectors, masked)
}

// scaleRows writes dst[r][j] = g[j] src[r][j].
func scaleRows(isa isa) {
	TEXT("scaleRows"+isa.name(), NOSPLIT, "func(dst, src, gain *float64, rows, n int)")
	Pragma("noescape")
	dst, src, g, rows, n := argument("dst"), argument("src"), argument("gain"), argument("rows"), argument("n")
	at, step := GP64(), bytes("n")
	columns(isa, "columns", n, at, 2, func(vectors int, masked bool) {
		for j := range vectors {
			isa.load(isa.v(j), Mem{Base: g, Index: at, Scale: 1, Disp: 8 * isa.lanes() * j}, masked)
		}
		to, from := cursor(dst, at), cursor(src, at)
		rowsLoop(variant("rows", vectors, masked), rows, func() {
			for j := range vectors {
				v, place := isa.v(2+j), 8*isa.lanes()*j
				isa.load(v, Mem{Base: from, Disp: place}, masked)
				isa.mul(v, isa.v(j))
				isa.store(Mem{Base: to, Disp: place}, v, masked)
			}
			ADDQ(step, from)
			ADDQ(step, to)
		})
	})
	VZEROUPPER()
	RET()
}

// curveRows writes q[r][j] = g[j] q[r][j] + h[j] t[j] x[r][j].
func curveRows(isa isa) {
	TEXT("curveRows"+isa.name(), NOSPLIT, "func(q, x, gain, curve, t *float64, rows, n int)")
	Pragma("noescape")
	q, x, g, h, t, rows, n := argument("q"), argument("x"), argument("gain"), argument("curve"), argument("t"), argument("rows"), argument("n")
	at, step := GP64(), bytes("n")
	columns(isa, "columns", n, at, 2, func(vectors int, masked bool) {
		scale := func(j int) reg.VecPhysical { return isa.v(j) }
		curve := func(j int) reg.VecPhysical { return isa.v(2 + j) }
		for j := range vectors {
			place := 8 * isa.lanes() * j
			isa.load(scale(j), Mem{Base: g, Index: at, Scale: 1, Disp: place}, masked)
			isa.load(curve(j), Mem{Base: h, Index: at, Scale: 1, Disp: place}, masked)
			isa.load(isa.v(4), Mem{Base: t, Index: at, Scale: 1, Disp: place}, masked)
			isa.mul(curve(j), isa.v(4))
		}
		to, from := cursor(q, at), cursor(x, at)
		rowsLoop(variant("rows", vectors, masked), rows, func() {
			for j := range vectors {
				v, w, place := isa.v(4+2*j), isa.v(5+2*j), 8*isa.lanes()*j
				isa.load(v, Mem{Base: to, Disp: place}, masked)
				isa.load(w, Mem{Base: from, Disp: place}, masked)
				isa.mul(v, scale(j))
				isa.fma(v, curve(j), w)
				isa.store(Mem{Base: to, Disp: place}, v, masked)
			}
			ADDQ(step, from)
			ADDQ(step, to)
		})
	})
	VZEROUPPER()
	RET()
}

// outer writes dst[i][h] = scale (q[i] a[h] + s[i] b[h]).
func outer(isa isa) {
	TEXT("outer"+isa.name(), NOSPLIT, "func(dst, q, a, s, b *float64, m, n int, scale float64)")
	Pragma("noescape")
	dst, q, a, s, b, m, n := argument("dst"), argument("q"), argument("a"), argument("s"), argument("b"), argument("m"), argument("n")
	at, step, row := GP64(), bytes("n"), GP64()
	columns(isa, "columns", n, at, 2, func(vectors int, masked bool) {
		left := func(j int) reg.VecPhysical { return isa.v(j) }
		right := func(j int) reg.VecPhysical { return isa.v(2 + j) }
		isa.broadcast(isa.v(4), NewParamAddr("scale", 56))
		for j := range vectors {
			place := 8 * isa.lanes() * j
			isa.load(left(j), Mem{Base: a, Index: at, Scale: 1, Disp: place}, masked)
			isa.load(right(j), Mem{Base: b, Index: at, Scale: 1, Disp: place}, masked)
			isa.mul(left(j), isa.v(4))
			isa.mul(right(j), isa.v(4))
		}
		to := cursor(dst, at)
		XORQ(row, row)
		rowsLoop(variant("rows", vectors, masked), m, func() {
			isa.broadcast(isa.v(5), Mem{Base: q, Index: row, Scale: 8})
			isa.broadcast(isa.v(6), Mem{Base: s, Index: row, Scale: 8})
			for j := range vectors {
				v := isa.v(7 + j)
				isa.product(v, isa.v(5), left(j))
				isa.fma(v, isa.v(6), right(j))
				isa.store(Mem{Base: to, Disp: 8 * isa.lanes() * j}, v, masked)
			}
			ADDQ(step, to)
			INCQ(row)
		})
	})
	VZEROUPPER()
	RET()
}

// residuals writes dst = scale weight (x - target) for rows of n elements and the
// sum of dst (x - target).
func residuals(isa isa) {
	TEXT("residuals"+isa.name(), NOSPLIT, "func(dst, x *float64, ld int, target, weight *float64, ldt, rows, n int, scale float64, sum *float64)")
	Pragma("noescape")
	dst, x, ld, target, weight, ldt, rows, n := argument("dst"), argument("x"), bytes("ld"), argument("target"), argument("weight"), bytes("ldt"), argument("rows"), argument("n")
	at := GP64()
	sum, scale := isa.v(0), isa.v(1)
	isa.zero(sum)
	isa.broadcast(scale, argumentAt("scale"))
	Label("row")
	columns(isa, "columns", n, at, 2, func(vectors int, masked bool) {
		for j := range vectors {
			place := func(base reg.GPVirtual) Mem {
				return Mem{Base: base, Index: at, Scale: 1, Disp: 8 * isa.lanes() * j}
			}
			e, t := isa.v(2+2*j), isa.v(3+2*j)
			isa.load(e, place(x), masked)
			isa.load(t, place(target), masked)
			VSUBPD(t, e, e)
			isa.load(t, place(weight), masked)
			isa.mul(t, scale)
			isa.mul(t, e)
			isa.store(place(dst), t, masked)
			isa.fma(sum, t, e)
		}
	})
	for _, c := range []reg.GPVirtual{dst, x} {
		ADDQ(ld, c)
	}
	for _, c := range []reg.GPVirtual{target, weight} {
		ADDQ(ldt, c)
	}
	DECQ(rows)
	JNZ(LabelRef("row"))
	result := argument("sum")
	isa.sum(Mem{Base: result}, sum, isa.v(2))
	VZEROUPPER()
	RET()
}
