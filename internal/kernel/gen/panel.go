package main

import (
	"fmt"
	"math/bits"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vectors is the width of a full panel.
const vectors = 3

// panel writes the kernel that all products of matrices are made of: C = A B over
// the whole of k, for m rows and n columns, by panels of 3 vectors. Of each it
// keeps a tile of 8 rows (AVX2: 4) in registers. What is done with a tile at the
// end is the mode, as in the package's type Epilogue.
func panel(isa isa) {
	TEXT("panel"+isa.name(), NOSPLIT, "func(c *float64, ldc int, a *float64, rowStride, depthStride, tileStride int, b *float64, ldb, m, k, n int, alpha float64, mode int, bias *float64, to, d1, d2, t int)")
	Pragma("noescape")
	p := panelKernel{isa: isa, left: AllocLocal(8)}
	p.arguments()
	lanes := isa.lanes()
	left, last, full := GP64(), GP64(), GP64()
	Load(Param("n"), left)
	MOVQ(left, p.left)
	Label("panel")
	Load(Param("c"), p.c)
	ADDQ(p.column, p.c)
	Load(Param("a"), p.a)
	Load(Param("m"), p.m)
	MOVQ(p.left, left)
	for v := vectors; v >= 1; v-- {
		masked := lanes == 8 || v < vectors
		least := (v-1)*lanes + 1
		if !masked { // AVX2 has no register left for a mask in full width
			least = v * lanes
		}
		if v > 1 {
			CMPQ(left, U8(least))
			JLT(LabelRef(fmt.Sprintf("narrow%d", v-1)))
		}
		if masked {
			MOVQ(left, last)
			SUBQ(U8((v-1)*lanes), last)
			MOVQ(U32(uint32(lanes)), full)
			CMPQ(last, full)
			CMOVQGT(full, last)
			isa.setMask(last)
		}
		p.rows(v, masked)
		Label(fmt.Sprintf("next%d", v))
		ADDQ(U32(uint32(8*v*lanes)), p.column)
		SUBQ(U8(v*lanes), p.left)
		JG(LabelRef("panel"))
		VZEROUPPER()
		RET()
		if v > 1 {
			Label(fmt.Sprintf("narrow%d", v-1))
		}
	}
}

// panelKernel holds the registers that last through the kernel.
type panelKernel struct {
	isa               isa
	left              Mem           // columns
	column            reg.GPVirtual // where the panel begins, in bytes
	c, ldc, a, ldb, m reg.GPVirtual
	row, row3, row5   reg.GPVirtual // byte strides of A: row, 3 rows, ...
	row7, depth       reg.GPVirtual
	at, b, count      reg.GPVirtual // cursors
}

func (p *panelKernel) arguments() {
	p.ldc, p.ldb, p.row, p.depth = bytes("ldc"), bytes("ldb"), bytes("rowStride"), bytes("depthStride")
	p.c, p.a, p.m, p.column, p.b, p.at, p.count = GP64(), GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	XORQ(p.column, p.column)
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

// rows does all rows of a panel of v vectors: by whole tiles, then by halves,
// quarters ... of one.
func (p *panelKernel) rows(v int, masked bool) {
	for r := p.isa.rows(); r >= 1; r /= 2 {
		name := fmt.Sprintf("tile%dx%d", r, v)
		Label(name)
		CMPQ(p.m, U8(r))
		JLT(LabelRef(name + "_done"))
		p.tile(r, v, masked)
		SUBQ(U8(r), p.m)
		if r == p.isa.rows() {
			Load(Param("tileStride"), p.at)
			LEAQ(Mem{Base: p.a, Index: p.at, Scale: 8}, p.a)
			JMP(LabelRef(name))
		} else {
			MOVQ(p.row, p.at)
			SHLQ(U8(bits.TrailingZeros(uint(r))), p.at)
			ADDQ(p.at, p.a)
		}
		Label(name + "_done")
	}
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
	ADDQ(p.column, p.b)
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

// store ends a tile in the way of its mode.
func (p *panelKernel) store(name string, r, v int, masked bool) {
	isa := p.isa
	t := tile{panelKernel: p, rows: r, vectors: v, masked: masked}
	t.x, t.y = isa.v(r*v), isa.v(r*v+1)
	Load(Param("mode"), p.count)
	modes := []func(){t.over, t.add, t.bias, t.scaled, func() { t.curved(false) }, func() { t.curved(true) }, t.down}
	for mode, end := range modes {
		if mode < len(modes)-1 {
			CMPQ(p.count, U8(mode))
			JNE(LabelRef(fmt.Sprintf("mode%d_%s", mode+1, name)))
		}
		end()
		if mode < len(modes)-1 {
			JMP(LabelRef("stored" + name))
			Label(fmt.Sprintf("mode%d_%s", mode+1, name))
		}
	}
	Label("stored" + name)
}

// tile is what a mode works on; x and y are free registers.
type tile struct {
	*panelKernel
	rows, vectors int
	masked        bool
	x, y          reg.VecPhysical
}

// each goes over the vectors of the tile; place returns where a vector is that lies
// as far from that of C as the named argument says, "" for C itself.
func (t tile) each(do func(i int, acc reg.VecPhysical, masked bool, place func(distance string) Mem)) {
	distance := t.count
	for i := range t.rows {
		for j := range t.vectors {
			do(i, t.isa.v(i*t.vectors+j), t.masked && j == t.vectors-1, func(name string) Mem {
				m := t.vector(t.c, j)
				if name != "" {
					Load(Param(name), distance)
					m.Index, m.Scale = distance, 8
				}
				return m
			})
		}
		ADDQ(t.ldc, t.c)
	}
}

func argumentAt(name string) Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// over: C = alpha A B.
func (t tile) over() {
	t.isa.broadcast(t.x, argumentAt("alpha"))
	t.each(func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.mul(acc, t.x)
		t.isa.store(place(""), acc, masked)
	})
}

// add: C += alpha A B.
func (t tile) add() {
	t.isa.broadcast(t.x, argumentAt("alpha"))
	t.each(func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.load(t.y, place(""), masked)
		t.isa.fma(t.y, t.x, acc)
		t.isa.store(place(""), t.y, masked)
	})
}

// bias: C = A B + a number for each row.
func (t tile) bias() {
	Load(Param("m"), t.count) // rows done: m less those that are left
	SUBQ(t.m, t.count)
	Load(Param("bias"), t.at)
	LEAQ(Mem{Base: t.at, Index: t.count, Scale: 8}, t.at)
	t.each(func(i int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.broadcast(t.x, Mem{Base: t.at, Disp: 8 * i})
		t.isa.add(acc, t.x)
		t.isa.store(place(""), acc, masked)
	})
}

// scaled: C = d1 * A B, to = A B.
func (t tile) scaled() {
	t.each(func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.store(place("to"), acc, masked)
		t.isa.load(t.x, place("d1"), masked)
		t.isa.mul(acc, t.x)
		t.isa.store(place(""), acc, masked)
	})
}

// curved: C = d1 * A B, to = d2 * t * A B, or added to it.
func (t tile) curved(add bool) {
	t.each(func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.load(t.x, place("d2"), masked)
		t.isa.load(t.y, place("t"), masked)
		t.isa.mul(t.x, t.y)
		t.isa.mul(t.x, acc)
		if add {
			t.isa.load(t.y, place("to"), masked)
			t.isa.add(t.x, t.y)
		}
		t.isa.store(place("to"), t.x, masked)
		t.isa.load(t.x, place("d1"), masked)
		t.isa.mul(acc, t.x)
		t.isa.store(place(""), acc, masked)
	})
}

// down: C = d1 * A B + C.
func (t tile) down() {
	t.each(func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.load(t.x, place("d1"), masked)
		t.isa.load(t.y, place(""), masked)
		t.isa.fma(t.y, t.x, acc)
		t.isa.store(place(""), t.y, masked)
	})
}
