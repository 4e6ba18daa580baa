package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vectors is the width of a full panel of packed matrices.
const vectors = 3

// operation is what panel and layer do, as in the package's type of that name.
const operation = "*struct{c *float64; ldc, at, row, depth, tile int; b *float64; ldb, m, k int; alpha float64; mode int; bias *float64; biasAt, to, d1, d2, t int}"

// panel writes the kernel that products of packed matrices are made of: C = A B over
// the whole of k, for m rows and n columns, by panels of 3 vectors. Of each it keeps
// a tile of 8 rows (AVX2: 4) in registers. What is done with a tile at the end is the
// mode, as in the package's type Epilogue.
func panel(isa isa) {
	p := panelKernel{isa: isa, heights: []int{8, 4, 2, 1}, widest: vectors, modes: []mode{plainly(tile.over), plainly(tile.add)}}
	if isa.lanes() == 4 {
		p.heights = p.heights[1:]
	}
	p.write("panel")
}

// layer writes the same for products that end in what a layer of a network does with
// them, by tiles of 6 rows and 4 vectors (AVX2: 4 and 3).
func layer(isa isa) {
	p := panelKernel{isa: isa, heights: []int{6, 4, 2, 1}, widest: 4, modes: []mode{
		plainly(tile.over), plainly(tile.add), plainly(tile.bias), tile.biasTanh,
		plainly(tile.scaled), curved(false), curved(true), plainly(tile.down),
		plainly(tile.tanhScaled), tanhCurved(false), tanhCurved(true), plainly(tile.tanhDown),
	}}
	if isa.lanes() == 4 {
		p.heights, p.widest = p.heights[1:], 3
	}
	p.write("layer")
}

// mode is what is done with a tile of some name.
type mode = func(t tile, name string)

func plainly(do func(tile)) mode { return func(t tile, _ string) { do(t) } }

func curved(add bool) mode { return func(t tile, _ string) { t.curved(add) } }

func tanhCurved(add bool) mode { return func(t tile, _ string) { t.tanhCurved(add) } }

// panelKernel is the shapes of tiles, and the registers that last through the kernel.
type panelKernel struct {
	isa     isa
	heights []int // of tiles, from the largest
	widest  int   // vectors of a full panel
	modes   []mode

	left              Mem           // columns
	column            Mem           // where the panel begins, in bytes
	operations        Mem           // that are left
	op                reg.GPVirtual // the operation
	c, ldc, a, ldb, m reg.GPVirtual
	row, row3, row5   reg.GPVirtual // byte strides of A: row, 3 rows, ...
	row7, depth       reg.GPVirtual
	at, b, count      reg.GPVirtual // cursors
}

func (p *panelKernel) write(name string) {
	isa := p.isa
	holdNothing()
	TEXT(name+isa.name(), NOSPLIT, "func(op "+operation+", apart, count int, parameters *float64, n int)")
	Pragma("noescape")
	p.left, p.column, p.operations = AllocLocal(8), AllocLocal(8), AllocLocal(8)
	p.op = argument("op")
	MOVQ(argument("count"), p.operations)
	Label("operation")
	p.arguments()
	lanes := isa.lanes()
	left, last, full := GP64(), GP64(), GP64()
	Load(Param("n"), left)
	MOVQ(left, p.left)
	Label("panel")
	MOVQ(p.argument("c"), p.c)
	ADDQ(p.column, p.c)
	p.parameter("at", p.a)
	MOVQ(p.argument("m"), p.m)
	MOVQ(p.left, left)
	for v := p.widest; v >= 1; v-- {
		masked := lanes == 8 || v < p.widest
		least := (v-1)*lanes + 1
		if !masked { // AVX2 has no register left for a mask in full width
			least = v * lanes
		}
		if v > 1 {
			CMPQ(left, U8(least))
			JLT(LabelRef(fmt.Sprintf("narrow%d", v-1)))
		}
		if v == 4 { // 5 vectors are better divided into 3 and 2 than into 4 and 1
			LEAQ(Mem{Base: left, Disp: lanes - 1}, last)
			ANDQ(U8(4*lanes-1), last)
			SUBQ(U8(lanes), last)
			CMPQ(last, U8(lanes))
			JCS(LabelRef("five"))
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
		JMP(LabelRef("operation_done"))
		if v > 1 {
			Label(fmt.Sprintf("narrow%d", v-1))
		}
		if v == 4 {
			Label("five")
		}
	}
	Label("operation_done")
	ADDQ(argumentAt("apart"), p.op)
	DECQ(p.operations)
	JNZ(LabelRef("operation"))
	VZEROUPPER()
	RET()
}

// parameter loads the address of the parameter whose number is the named argument.
func (p *panelKernel) parameter(name string, to reg.GPVirtual) {
	MOVQ(p.argument(name), to)
	SHLQ(U8(3), to)
	ADDQ(argumentAt("parameters"), to)
}

// argument returns where one is.
func (p *panelKernel) argument(name string) Mem {
	at, err := Param("op").Dereference(p.op).Field(name).Resolve()
	if err != nil {
		panic(err)
	}
	return at.Addr
}

func (p *panelKernel) arguments() {
	bytes := func(name string) reg.GPVirtual {
		r := GP64()
		MOVQ(p.argument(name), r)
		SHLQ(U8(3), r)
		return r
	}
	p.ldc, p.ldb, p.row, p.depth = bytes("ldc"), bytes("ldb"), bytes("row"), bytes("depth")
	p.c, p.a, p.m, p.b, p.at, p.count = GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(U32(0), p.column)
	p.row3 = GP64()
	LEAQ(Mem{Base: p.row, Index: p.row, Scale: 2}, p.row3)
	if p.heights[0] > 4 {
		p.row5 = GP64()
		LEAQ(Mem{Base: p.row, Index: p.row, Scale: 4}, p.row5)
	}
	if p.heights[0] > 6 {
		p.row7 = GP64()
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

// rows does all rows of a panel of v vectors: by the highest tiles, then by lower ones.
func (p *panelKernel) rows(v int, masked bool) {
	for _, r := range p.heights {
		name := fmt.Sprintf("tile%dx%d", r, v)
		Label(name)
		CMPQ(p.m, U8(r))
		JLT(LabelRef(name + "_done"))
		p.tile(r, v, masked)
		SUBQ(U8(r), p.m)
		if r == p.heights[0] {
			MOVQ(p.argument("tile"), p.at)
			LEAQ(Mem{Base: p.a, Index: p.at, Scale: 8}, p.a)
			JMP(LabelRef(name))
		} else {
			LEAQ(Mem{Base: p.a, Index: p.row, Scale: uint8(r)}, p.a)
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
	if isa.lanes() == 4 && v == p.widest {
		spare = 1
	}
	for i := range r * v {
		isa.zero(isa.v(i))
	}
	name := fmt.Sprintf("%dx%d", r, v)
	MOVQ(p.argument("b"), p.b)
	ADDQ(p.column, p.b)
	MOVQ(p.a, p.at)
	MOVQ(p.argument("k"), p.count)
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
