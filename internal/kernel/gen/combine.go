package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// combinationType is one of what combine does, as in the package's type of that name.
const combinationType = "*struct{y, x, a *float64; lda, k, n int; by, plus, d1 *float64}"

// combine writes y = by * (x_1 A_1 + ... + x_k A_k) + plus for the rows of A, whose n
// elements are whole vectors: the product of a matrix with a single vector, without
// sums across lanes. Rows are taken several at a time, into sums of their own, so
// that one needn't wait for the other. Where there is a d1, it is y = tanh(... + plus)
// instead, and its derivative goes there.
func combine(isa isa) {
	TEXT("combine"+isa.name(), NOSPLIT, "func(op "+combinationType+", apart, count int)")
	Pragma("noescape")
	c := combineKernel{isa: isa, op: argument("op"), left: AllocLocal(8)}
	for _, r := range []*reg.GPVirtual{&c.x, &c.a, &c.lda, &c.n, &c.y, &c.other, &c.plus} {
		*r = GP64()
	}
	MOVQ(argument("count"), c.left)
	together, registers := tanh{}.vectors(isa)
	holding(isa, together*registers+1, func() {
		Label("next")
		MOVQ(c.argument("x"), c.x)
		MOVQ(c.argument("a"), c.a)
		MOVQ(c.argument("lda"), c.lda)
		SHLQ(U8(3), c.lda)
		MOVQ(c.argument("n"), c.n)
		MOVQ(c.argument("y"), c.y)
		MOVQ(c.argument("plus"), c.plus)
		MOVQ(c.argument("d1"), c.other)
		TESTQ(c.other, c.other)
		JNZ(LabelRef("tanh"))
		MOVQ(c.argument("by"), c.other)
		c.columns("linear", c.linear)
		Label("done")
		ADDQ(argumentAt("apart"), c.op)
		DECQ(c.left)
		JNZ(LabelRef("next"))
		VZEROUPPER()
		RET()
		Label("tanh")
		c.columns("tanh", c.tanh)
		JMP(LabelRef("done"))
	})
}

// combineKernel holds the registers that last through the kernel.
type combineKernel struct {
	isa            isa
	op             reg.GPVirtual
	left           Mem // combinations
	x, a, lda, n   reg.GPVirtual
	y, other, plus reg.GPVirtual // cursors; the second is of by or d1
}

func (c *combineKernel) argument(name string) Mem {
	at, err := Param("op").Dereference(c.op).Field(name).Resolve()
	if err != nil {
		panic(err)
	}
	return at.Addr
}

// linear ends some sums with by and plus.
func (c *combineKernel) linear(sums wide) {
	isa, scratch := c.isa, c.isa.v(len(sums))
	for j, sum := range sums {
		place := 8 * isa.lanes() * j
		isa.load(scratch, Mem{Base: c.plus, Disp: place}, false)
		VFMADD231PD(Mem{Base: c.other, Disp: place}, sum, scratch)
		isa.store(Mem{Base: c.y, Disp: place}, scratch, false)
	}
}

// tanh ends some sums with plus and tanh.
func (c *combineKernel) tanh(sums wide) {
	together, _ := tanh{}.vectors(c.isa)
	for from := 0; from < len(sums); from += together {
		some := sums[from:min(from+together, len(sums))]
		each := func(w wide, base reg.GPVirtual, do func(v vec, m Mem)) {
			for j, v := range w {
				do(v, Mem{Base: base, Disp: 8 * c.isa.lanes() * (from + j)})
			}
		}
		store := func(v vec, m Mem) { c.isa.store(m, v, false) }
		each(some, c.plus, func(v vec, m Mem) { VADDPD(m, v, v) })
		each(some, c.y, store)
		e := &evaluation{isa: c.isa, vectors: len(some), free: len(sums), withDerivatives: true}
		e.argument = func(to wide) { each(to, c.y, func(v vec, m Mem) { c.isa.load(v, m, false) }) }
		value, slope, _ := tanh{}.at(e, some)
		each(value, c.y, store)
		each(slope, c.other, store)
	}
}

// columns goes over the columns of A by 4, 2 and single vectors, and ends their sums,
// which are in the first registers, with the cursors at their places.
func (c *combineKernel) columns(kind string, end func(sums wide)) {
	isa, x, a, lda, n := c.isa, c.x, c.a, c.lda, c.n
	from, to, left, second, third := GP64(), GP64(), GP64(), GP64(), GP64()
	lanes := isa.lanes()
	for _, v := range []int{4, 2, 1} {
		rows := min(4, 8/v)
		name := fmt.Sprintf("%s_by%d", kind, v)
		acc := func(r, j int) reg.VecPhysical { return isa.v(r*v + j) }
		factor := func(r int) reg.VecPhysical { return isa.v(rows*v + r) }
		Label(name)
		CMPQ(n, U8(v*lanes))
		JLT(LabelRef(name + "_done"))
		for i := range rows * v {
			isa.zero(isa.v(i))
		}
		MOVQ(a, from)
		MOVQ(x, to)
		MOVQ(c.argument("k"), left)
		for _, together := range []int{rows, 1} {
			loop := fmt.Sprintf("%s_rows%d", name, together)
			Label(loop)
			CMPQ(left, U8(together))
			JLT(LabelRef(loop + "_done"))
			LEAQ(Mem{Base: from, Index: lda, Scale: 1}, second)
			LEAQ(Mem{Base: second, Index: lda, Scale: 1}, third)
			for r := range together {
				isa.broadcast(factor(r), Mem{Base: to, Disp: 8 * r})
				for j := range v {
					row := Mem{Base: from, Disp: 8 * lanes * j}
					switch r {
					case 1:
						row.Base = second
					case 2:
						row.Base = third
					case 3:
						row.Base, row.Index, row.Scale = third, lda, 1
					}
					VFMADD231PD(row, factor(r), acc(r, j))
				}
			}
			LEAQ(Mem{Base: from, Index: lda, Scale: uint8(together)}, from)
			ADDQ(U8(8*together), to)
			SUBQ(U8(together), left)
			JMP(LabelRef(loop))
			Label(loop + "_done")
		}
		for stride := rows / 2; stride >= 1; stride /= 2 {
			for r := range stride {
				for j := range v {
					isa.add(acc(r, j), acc(r+stride, j))
				}
			}
		}
		sums := make(wide, v)
		for j := range v {
			sums[j] = acc(0, j)
		}
		end(sums)
		for _, p := range []reg.GPVirtual{a, c.y, c.other, c.plus} {
			ADDQ(U32(uint32(8*lanes*v)), p)
		}
		SUBQ(U8(v*lanes), n)
		JMP(LabelRef(name))
		Label(name + "_done")
	}
}
