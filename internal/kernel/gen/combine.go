package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// combine writes y = by * (x_1 A_1 + ... + x_k A_k) + plus for the rows of A, whose n
// elements are whole vectors: the product of a matrix with a single vector, without
// sums across lanes. Rows are taken several at a time, into sums of their own, so
// that one needn't wait for the other.
func combine(isa isa) {
	TEXT("combine"+isa.name(), NOSPLIT, "func(y, x, a *float64, lda, k, n int, by, plus *float64)")
	Pragma("noescape")
	y, by, plus := argument("y"), argument("by"), argument("plus")
	combination(isa, []reg.GPVirtual{y, by, plus}, func(sums wide) {
		scratch := isa.v(len(sums))
		for j, sum := range sums {
			place := 8 * isa.lanes() * j
			isa.load(scratch, Mem{Base: plus, Disp: place}, false)
			VFMADD231PD(Mem{Base: by, Disp: place}, sum, scratch)
			isa.store(Mem{Base: y, Disp: place}, scratch, false)
		}
	})
	VZEROUPPER()
	RET()
}

// combineTanh writes y = tanh(x_1 A_1 + ... + x_k A_k + plus) and its derivative.
func combineTanh(isa isa) {
	TEXT("combineTanh"+isa.name(), NOSPLIT, "func(y, d1, x, a *float64, lda, k, n int, plus *float64)")
	Pragma("noescape")
	y, d1, plus := argument("y"), argument("d1"), argument("plus")
	together, registers := tanh{}.vectors(isa)
	holding(isa, together*registers+1, func() {
		combination(isa, []reg.GPVirtual{y, d1, plus}, func(sums wide) {
			for from := 0; from < len(sums); from += together {
				some := sums[from:min(from+together, len(sums))]
				each := func(w wide, base reg.GPVirtual, do func(v vec, m Mem)) {
					for j, v := range w {
						do(v, Mem{Base: base, Disp: 8 * isa.lanes() * (from + j)})
					}
				}
				store := func(v vec, m Mem) { isa.store(m, v, false) }
				each(some, plus, func(v vec, m Mem) { VADDPD(m, v, v) })
				each(some, y, store)
				e := &evaluation{isa: isa, vectors: len(some), free: len(sums), withDerivatives: true}
				e.argument = func(to wide) { each(to, y, func(v vec, m Mem) { isa.load(v, m, false) }) }
				value, slope, _ := tanh{}.at(e, some)
				each(value, y, store)
				each(slope, d1, store)
			}
		})
		VZEROUPPER()
		RET()
	})
}

// combination goes over the columns of A by 4, 2 and single vectors (AVX2: 2 and
// single ones), and hands over their sums, in the first registers, with the cursors
// at their places.
func combination(isa isa, cursors []reg.GPVirtual, end func(sums wide)) {
	x, a, lda, n := argument("x"), argument("a"), bytes("lda"), argument("n")
	from, to, left, second, third := GP64(), GP64(), GP64(), GP64(), GP64()
	lanes := isa.lanes()
	for _, v := range []int{4, 2, 1} {
		rows := min(4, 8/v)
		name := fmt.Sprintf("by%d", v)
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
		Load(Param("k"), left)
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
		for _, p := range append([]reg.GPVirtual{a}, cursors...) {
			ADDQ(U32(uint32(8*lanes*v)), p)
		}
		SUBQ(U8(v*lanes), n)
		JMP(LabelRef(name))
		Label(name + "_done")
	}
}
