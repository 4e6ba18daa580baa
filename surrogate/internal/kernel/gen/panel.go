package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vectors is the width of a full panel.
const vectors = 3

// panel writes the kernel that all products of matrices are made of: a panel of
// C, m rows by w columns (w up to 3 vectors), over the whole of k. It keeps a
// tile of 8 by 3 vectors (AVX2: 4 by 3) in registers. One call does all rows.
func panel(isa isa) {
	TEXT("panel"+isa.name(), NOSPLIT, "func(c *float64, ldc int, a *float64, rowStride, depthStride, tileStride int, b *float64, ldb, m, k, w int, alpha float64, add int)")
	Pragma("noescape")
	p := panelKernel{isa: isa}
	p.arguments()
	w, last := GP64(), GP64()
	Load(Param("w"), w)
	for v := vectors; v >= 1; v-- {
		if v > 1 {
			CMPQ(w, U8((v-1)*isa.lanes()))
			JLE(LabelRef(fmt.Sprintf("narrow%d", v-1)))
		}
		masked := isa.lanes() == 8 || v < vectors
		if masked {
			MOVQ(w, last)
			SUBQ(U8((v-1)*isa.lanes()), last)
			isa.setMask(last)
		}
		p.column(v, masked)
		if v > 1 {
			Label(fmt.Sprintf("narrow%d", v-1))
		}
	}
}

// panelKernel holds the registers that last through the kernel.
type panelKernel struct {
	isa                  isa
	c, ldc, a, b, ldb, m reg.GPVirtual
	row, row3, row5      reg.GPVirtual // byte strides of A: row, 3 rows, ...
	row7, depth          reg.GPVirtual
	at, count            reg.GPVirtual // cursors
}

func (p *panelKernel) arguments() {
	elements := func(name string) reg.GPVirtual {
		r := GP64()
		Load(Param(name), r)
		SHLQ(U8(3), r)
		return r
	}
	pointer := func(name string) reg.GPVirtual {
		r := GP64()
		Load(Param(name), r)
		return r
	}
	p.c, p.a, p.m = pointer("c"), pointer("a"), pointer("m")
	p.ldc, p.ldb, p.row, p.depth = elements("ldc"), elements("ldb"), elements("rowStride"), elements("depthStride")
	p.b, p.at, p.count = GP64(), GP64(), GP64()
	p.row3 = GP64()
	LEAQ(Mem{Base: p.row, Index: p.row, Scale: 2}, p.row3)
	if p.isa.rows() > 4 {
		p.row5, p.row7 = GP64(), GP64()
		LEAQ(Mem{Base: p.row, Index: p.row, Scale: 4}, p.row5)
		LEAQ(Mem{Base: p.row3, Index: p.row, Scale: 4}, p.row7)
	}
}

// element returns where A's row r is, at the cursor.
func (p *panelKernel) element(r int) Mem {
	m := Mem{Base: p.at}
	switch r {
	case 1, 2, 4:
		m.Index, m.Scale = p.row, uint8(r)
	case 3, 6:
		m.Index, m.Scale = p.row3, uint8(r/3)
	case 5:
		m.Index, m.Scale = p.row5, 1
	case 7:
		m.Index, m.Scale = p.row7, 1
	}
	return m
}

// column does all rows of a panel of v vectors.
func (p *panelKernel) column(v int, masked bool) {
	rows := p.isa.rows()
	name := func(r int) string { return fmt.Sprintf("tile%dx%d", r, v) }
	Label(name(rows))
	CMPQ(p.m, U8(rows))
	JLT(LabelRef(name(rows - 1)))
	p.tile(rows, v, masked)
	step := GP64()
	Load(Param("tileStride"), step)
	LEAQ(Mem{Base: p.a, Index: step, Scale: 8}, p.a)
	SUBQ(U8(rows), p.m)
	JMP(LabelRef(name(rows)))
	for r := rows - 1; r >= 1; r-- {
		Label(name(r))
		CMPQ(p.m, U8(r))
		JLT(LabelRef(name(r - 1)))
		p.tile(r, v, masked)
		VZEROUPPER()
		RET()
	}
	Label(name(0))
	VZEROUPPER()
	RET()
}

// tile computes r rows of v vectors and moves c on.
func (p *panelKernel) tile(r, v int, masked bool) {
	isa := p.isa
	acc := func(i, j int) reg.VecPhysical { return isa.v(i*v + j) }
	b := func(j int) reg.VecPhysical { return isa.v(r*v + j) }
	spare := 4 // registers for elements of A
	if isa.lanes() == 4 && v == vectors {
		spare = 1
	}
	for i := range r * v {
		isa.zero(isa.v(i))
	}
	name := fmt.Sprintf("%dx%d", r, v)
	Load(Param("b"), p.b)
	MOVQ(p.a, p.at)
	Load(Param("k"), p.count)
	TESTQ(p.count, p.count)
	JLE(LabelRef("store" + name))
	Label("depth" + name)
	for j := range v {
		isa.load(b(j), p.vector(p.b, j), masked && j == v-1)
	}
	for i := range r {
		a := isa.v(r*v + v + i%spare)
		isa.broadcast(a, p.element(i))
		for j := range v {
			isa.fma(acc(i, j), a, b(j))
		}
	}
	ADDQ(p.depth, p.at)
	ADDQ(p.ldb, p.b)
	DECQ(p.count)
	JNZ(LabelRef("depth" + name))
	Label("store" + name)
	p.store(name, r, v, masked)
}

func (p *panelKernel) vector(base reg.GPVirtual, j int) Mem {
	return Mem{Base: base, Disp: 8 * p.isa.lanes() * j}
}

// store writes alpha times the tile over C, or adds it.
func (p *panelKernel) store(name string, r, v int, masked bool) {
	isa := p.isa
	alpha, old := isa.v(r*v), isa.v(r*v+1)
	isa.broadcast(alpha, NewParamAddr("alpha", 88))
	MOVQ(p.c, p.at)
	add := GP64()
	Load(Param("add"), add)
	TESTQ(add, add)
	JZ(LabelRef("over" + name))
	for i := range r {
		for j := range v {
			last := masked && j == v-1
			isa.load(old, p.vector(p.at, j), last)
			isa.fma(old, alpha, isa.v(i*v+j))
			isa.store(p.vector(p.at, j), old, last)
		}
		ADDQ(p.ldc, p.at)
	}
	JMP(LabelRef("stored" + name))
	Label("over" + name)
	for i := range r {
		for j := range v {
			isa.mul(isa.v(i*v+j), alpha)
			isa.store(p.vector(p.at, j), isa.v(i*v+j), masked && j == v-1)
		}
		ADDQ(p.ldc, p.at)
	}
	Label("stored" + name)
	MOVQ(p.at, p.c)
}
