package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose writes up to as many rows of src as a vector has lanes into the columns of
// dst, k long: what is missing to whole squares is written, but means nothing.
func transpose(isa isa) {
	TEXT("transpose"+isa.name(), NOSPLIT, "func(dst *float64, ldd int, src *float64, lds, rows, k int)")
	Pragma("noescape")
	lanes := isa.lanes()
	dst, ldd, src, lds, rows, k := argument("dst"), bytes("ldd"), argument("src"), bytes("lds"), argument("rows"), argument("k")
	from := []reg.GPVirtual{src}
	for i := 1; i < lanes; i++ { // the last row again for those that are not there
		next := GP64()
		LEAQ(Mem{Base: from[i-1], Index: lds, Scale: 1}, next)
		CMPQ(rows, U8(i))
		CMOVQLE(from[i-1], next)
		from = append(from, next)
	}
	at := GP64()
	columns(isa, "columns", k, at, 1, func(_ int, masked bool) {
		for i := range lanes {
			isa.load(isa.v(i), Mem{Base: from[i], Index: at, Scale: 1}, masked)
		}
		for _, v := range isa.transpose() {
			isa.store(Mem{Base: dst}, v, false)
			ADDQ(ldd, dst)
		}
	})
	VZEROUPPER()
	RET()
}

// transpose turns the square in the first registers, with as many more, and returns
// where its columns are.
func (a avx512) transpose() []vec {
	pairs := func(from, to int, f func(lo, hi, x, y vec), stride int) {
		for i := 0; i < 8; i += 2 * stride {
			for j := range stride {
				x, y := a.v(from+i+j), a.v(from+i+j+stride)
				f(a.v(to+i+j), a.v(to+i+j+stride), x, y)
			}
		}
	}
	quarters := func(lo, hi, x, y vec) {
		VSHUFF64X2(U8(0x88), y, x, lo)
		VSHUFF64X2(U8(0xdd), y, x, hi)
	}
	pairs(0, 8, func(lo, hi, x, y vec) {
		VUNPCKLPD(y, x, lo)
		VUNPCKHPD(y, x, hi)
	}, 1)
	pairs(8, 0, quarters, 2)
	pairs(0, 8, quarters, 4)
	var columns []vec
	for _, i := range []int{0, 1, 2, 3, 4, 5, 6, 7} {
		columns = append(columns, a.v(8+i))
	}
	return columns
}

func (a avx2) transpose() []vec {
	for i := 0; i < 4; i += 2 {
		VUNPCKLPD(a.v(i+1), a.v(i), a.v(4+i))
		VUNPCKHPD(a.v(i+1), a.v(i), a.v(5+i))
	}
	for i := range 2 {
		VPERM2F128(U8(0x20), a.v(6+i), a.v(4+i), a.v(i))
		VPERM2F128(U8(0x31), a.v(6+i), a.v(4+i), a.v(2+i))
	}
	return []vec{a.v(0), a.v(1), a.v(2), a.v(3)}
}
