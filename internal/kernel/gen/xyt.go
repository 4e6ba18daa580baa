package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// xyt writes C += X Y' for m rows of X and n rows of Y, k long: sums along the
// rows, of 6 by 4 products at a time (AVX2: 2 by 4), in lanes that are added up at
// the end. The more rows at a time, the less often Y is read, from where it may be far.
// A single row meets 8 at a time, for there to be enough sums that don't wait for each
// other.
func xyt(isa isa) {
	TEXT("xyt"+isa.name(), NOSPLIT, "func(c *float64, ldc int, x *float64, ldx int, y *float64, ldy, m, n, k int)")
	Pragma("noescape")
	q := xytKernel{
		isa: isa, c: argument("c"), ldc: bytes("ldc"), x: argument("x"), ldx: bytes("ldx"), ldy: bytes("ldy"),
		ldx3: GP64(), ldy3: GP64(), y: GP64(), y4: GP64(), to: GP64(), at: GP64(), left: GP64(), full: bytes("k"),
		m: argument("m"), n: AllocLocal(8),
	}
	LEAQ(Mem{Base: q.ldx, Index: q.ldx, Scale: 2}, q.ldx3)
	LEAQ(Mem{Base: q.ldy, Index: q.ldy, Scale: 2}, q.ldy3)
	last := GP64()
	Load(Param("k"), last)
	ANDQ(U8(isa.lanes()-1), last)
	isa.setMask(last)
	ANDQ(I32(int32(-8*isa.lanes())), q.full)
	tiles := []int{2, 1}
	if isa.lanes() == 8 {
		tiles = []int{6, 4, 2, 1}
		q.ldx5 = GP64()
		LEAQ(Mem{Base: q.ldx, Index: q.ldx, Scale: 4}, q.ldx5)
	}
	for _, rows := range tiles {
		name := fmt.Sprintf("rows%d", rows)
		Label(name)
		CMPQ(q.m, U8(rows))
		JLT(LabelRef(name + "_done"))
		Load(Param("y"), q.y)
		MOVQ(q.c, q.to)
		Load(Param("n"), q.left)
		MOVQ(q.left, q.n)
		together := []int{4, 2, 1}
		if rows == 1 {
			together = []int{8, 4, 2, 1}
		}
		for _, columns := range together {
			part := fmt.Sprintf("%s_columns%d", name, columns)
			Label(part)
			CMPQ(q.n, U8(columns))
			JLT(LabelRef(part + "_done"))
			q.tile(part, rows, columns)
			SUBQ(U8(columns), q.n)
			JMP(LabelRef(part))
			Label(part + "_done")
		}
		for range rows {
			ADDQ(q.ldx, q.x)
			ADDQ(q.ldc, q.c)
		}
		SUBQ(U8(rows), q.m)
		JMP(LabelRef(name))
		Label(name + "_done")
	}
	VZEROUPPER()
	RET()
}

type xytKernel struct {
	isa                             isa
	c, ldc, x, ldx, ldx3, ldy, ldy3 reg.GPVirtual
	ldx5                            reg.GPVirtual
	y4                              reg.GPVirtual // 4 rows of Y further
	y, to, at, left, full, m        reg.GPVirtual
	n                               Mem
}

// tile adds one tile at q.to and moves on to the next columns.
func (q *xytKernel) tile(name string, rows, columns int) {
	isa := q.isa
	acc := func(i, j int) reg.VecPhysical { return isa.v(i*columns + j) }
	x := func(i int) reg.VecPhysical { return isa.v(rows*columns + i) }
	y := isa.v(rows*columns + rows)
	for i := range rows * columns {
		isa.zero(isa.v(i))
	}
	row := func(base, ld, ld3, ld5 reg.GPVirtual, i int) Mem {
		m := Mem{Base: base}
		switch i {
		case 5:
			m.Index, m.Scale = ld5, 1
		case 1, 2, 4:
			m.Index, m.Scale = ld, uint8(i)
		case 3:
			m.Index, m.Scale = ld3, 1
		}
		return m
	}
	multiply := func(masked bool) {
		for i := range rows {
			isa.load(x(i), row(q.x, q.ldx, q.ldx3, q.ldx5, i), masked)
		}
		for j := range columns {
			at := row(q.y, q.ldy, q.ldy3, nil, j)
			if j >= 4 {
				at = row(q.y4, q.ldy, q.ldy3, nil, j-4)
			}
			isa.load(y, at, masked)
			for i := range rows {
				isa.fma(acc(i, j), x(i), y)
			}
		}
	}
	// The cursors run along the rows, and are put back.
	LEAQ(Mem{Base: q.y, Index: q.ldy, Scale: 4}, q.y4)
	XORQ(q.at, q.at)
	CMPQ(q.at, q.full)
	JGE(LabelRef(name + "_tail"))
	Label(name + "_loop")
	multiply(false)
	ADDQ(U8(8*isa.lanes()), q.x)
	ADDQ(U8(8*isa.lanes()), q.y)
	ADDQ(U8(8*isa.lanes()), q.y4)
	ADDQ(U8(8*isa.lanes()), q.at)
	CMPQ(q.at, q.full)
	JLT(LabelRef(name + "_loop"))
	Label(name + "_tail")
	Load(Param("k"), q.left)
	TESTQ(U32(uint32(isa.lanes()-1)), q.left)
	JZ(LabelRef(name + "_sum"))
	multiply(true)
	Label(name + "_sum")
	SUBQ(q.at, q.x)
	SUBQ(q.at, q.y)
	MOVQ(q.to, q.at)
	for i := range rows {
		for j := 0; j < columns; j += 4 {
			if columns < 4 {
				for j := range columns {
					isa.sumAdd(Mem{Base: q.at, Disp: 8 * j}, acc(i, j), x(0))
				}
				continue
			}
			at := i
			if i*columns >= 16 { // out of reach of instructions of AVX2; the first row is done
				at = 0
				for j := range columns {
					VMOVAPD(acc(i, j), acc(0, j))
				}
			}
			isa.sum4(Mem{Base: q.at, Disp: 8 * j}, acc(at, j), acc(at, j+1), acc(at, j+2), acc(at, j+3), y)
		}
		ADDQ(q.ldc, q.at)
	}
	ADDQ(U8(8*columns), q.to)
	LEAQ(Mem{Base: q.y, Index: q.ldy, Scale: uint8(columns)}, q.y)
}
