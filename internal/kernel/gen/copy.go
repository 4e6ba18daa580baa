package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// copyRows writes the kernel that packs: it copies rows of up to 3 vectors.
func copyRows(isa isa) {
	TEXT("copyRows"+isa.name(), NOSPLIT, "func(dst *float64, ldd int, src *float64, lds, rows, w int)")
	Pragma("noescape")
	dst, src := GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	ldd, lds, rows, w, last := GP64(), GP64(), GP64(), GP64(), GP64()
	Load(Param("ldd"), ldd)
	Load(Param("lds"), lds)
	SHLQ(U8(3), ldd)
	SHLQ(U8(3), lds)
	Load(Param("rows"), rows)
	Load(Param("w"), w)
	for v := vectors; v >= 1; v-- {
		if v > 1 {
			CMPQ(w, U8((v-1)*isa.lanes()))
			JLE(LabelRef(fmt.Sprintf("narrow%d", v-1)))
		}
		MOVQ(w, last)
		SUBQ(U8((v-1)*isa.lanes()), last)
		isa.setMask(last)
		name := fmt.Sprint(v)
		Label("row" + name)
		CMPQ(rows, U8(1))
		JLT(LabelRef("done" + name))
		for j := range v {
			isa.load(isa.v(j), Mem{Base: src, Disp: 8 * isa.lanes() * j}, j == v-1)
		}
		for j := range v {
			isa.store(Mem{Base: dst, Disp: 8 * isa.lanes() * j}, isa.v(j), j == v-1)
		}
		ADDQ(lds, src)
		ADDQ(ldd, dst)
		DECQ(rows)
		JMP(LabelRef("row" + name))
		Label("done" + name)
		VZEROUPPER()
		RET()
		if v > 1 {
			Label(fmt.Sprintf("narrow%d", v-1))
		}
	}
}
