package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func argument(name string) reg.GPVirtual {
	r := GP64()
	Load(Param(name), r)
	return r
}

// bytes loads an argument that counts elements, as bytes.
func bytes(name string) reg.GPVirtual {
	r := argument(name)
	SHLQ(U8(3), r)
	return r
}

// fourRows loads the addresses of rows that begin ld bytes apart.
func fourRows(base, ld reg.GPVirtual, rows int) []reg.GPVirtual {
	row := []reg.GPVirtual{base}
	for i := 1; i < rows; i++ {
		next := GP64()
		LEAQ(Mem{Base: row[i-1], Index: ld, Scale: 1}, next)
		row = append(row, next)
	}
	return row
}

// columns writes a loop over n columns in steps of `unroll` vectors, then of half as
// many, down to single vectors, then what is left, masked. `at` is the offset in bytes.
func columns(isa isa, name string, n, at reg.GPVirtual, unroll int, body func(vectors int, masked bool)) {
	lanes := isa.lanes()
	left := GP64()
	MOVQ(n, left)
	XORQ(at, at)
	for v := unroll; v >= 1; v /= 2 {
		loop, end := fmt.Sprintf("%s_by%d", name, v), fmt.Sprintf("%s_below%d", name, v)
		Label(loop)
		CMPQ(left, U8(v*lanes))
		JLT(LabelRef(end))
		body(v, false)
		ADDQ(U32(uint32(8*v*lanes)), at)
		SUBQ(U8(v*lanes), left)
		JMP(LabelRef(loop))
		Label(end)
	}
	TESTQ(left, left)
	JZ(LabelRef(name + "_end"))
	isa.setMask(left)
	body(1, true)
	Label(name + "_end")
}

// gemv writes y = A x: four rows at a time, then single ones.
func gemv(isa isa) {
	TEXT("gemv"+isa.name(), NOSPLIT, "func(y, a *float64, lda int, x *float64, m, n int)")
	Pragma("noescape")
	y, a, lda, x, m, n := argument("y"), argument("a"), bytes("lda"), argument("x"), argument("m"), argument("n")
	at := GP64()
	for _, rows := range []int{4, 1} {
		name := fmt.Sprintf("rows%d", rows)
		Label(name)
		CMPQ(m, U8(rows))
		JLT(LabelRef(name + "_done"))
		row := fourRows(a, lda, rows)
		// Two sums for each row, so that one needn't wait for the other.
		for i := range 2 * rows {
			isa.zero(isa.v(i))
		}
		columns(isa, name, n, at, 2, func(vectors int, masked bool) {
			for j := range vectors {
				factor, element := isa.v(2*rows+j), isa.v(2*rows+2)
				isa.load(factor, Mem{Base: x, Index: at, Scale: 1, Disp: 8 * isa.lanes() * j}, masked)
				for i := range rows {
					isa.load(element, Mem{Base: row[i], Index: at, Scale: 1, Disp: 8 * isa.lanes() * j}, masked)
					isa.fma(isa.v(2*i+j), factor, element)
				}
			}
		})
		for i := range rows {
			isa.add(isa.v(2*i), isa.v(2*i+1))
			isa.sum(Mem{Base: y, Disp: 8 * i}, isa.v(2*i), isa.v(2*rows))
		}
		ADDQ(U8(8*rows), y)
		LEAQ(Mem{Base: row[rows-1], Index: lda, Scale: 1}, a)
		SUBQ(U8(rows), m)
		JMP(LabelRef(name))
		Label(name + "_done")
	}
	VZEROUPPER()
	RET()
}

// gemvT writes y += alpha A'x: four rows at a time, then single ones.
func gemvT(isa isa) {
	TEXT("gemvT"+isa.name(), NOSPLIT, "func(y, a *float64, lda int, x *float64, m, n int, alpha float64)")
	Pragma("noescape")
	y, a, lda, x, m, n := argument("y"), argument("a"), bytes("lda"), argument("x"), argument("m"), argument("n")
	at := GP64()
	for _, rows := range []int{4, 1} {
		name := fmt.Sprintf("rows%d", rows)
		Label(name)
		CMPQ(m, U8(rows))
		JLT(LabelRef(name + "_done"))
		row := fourRows(a, lda, rows)
		isa.broadcast(isa.v(rows), NewParamAddr("alpha", 48))
		for i := range rows {
			isa.broadcast(isa.v(i), Mem{Base: x, Disp: 8 * i})
			isa.mul(isa.v(i), isa.v(rows))
		}
		columns(isa, name, n, at, 2, func(vectors int, masked bool) {
			for j := range vectors {
				to, element := isa.v(rows+2*j), isa.v(rows+2*j+1)
				isa.load(to, Mem{Base: y, Index: at, Scale: 1, Disp: 8 * isa.lanes() * j}, masked)
				for i := range rows {
					isa.load(element, Mem{Base: row[i], Index: at, Scale: 1, Disp: 8 * isa.lanes() * j}, masked)
					isa.fma(to, isa.v(i), element)
				}
				isa.store(Mem{Base: y, Index: at, Scale: 1, Disp: 8 * isa.lanes() * j}, to, masked)
			}
		})
		ADDQ(U8(8*rows), x)
		LEAQ(Mem{Base: row[rows-1], Index: lda, Scale: 1}, a)
		SUBQ(U8(rows), m)
		JMP(LabelRef(name))
		Label(name + "_done")
	}
	VZEROUPPER()
	RET()
}

// solveRows writes X := U'^-1 X for an upper triangle U of 8 by 8, whose inverse
// diagonal is given, and 8 rows of n columns.
func solveRows(isa isa) {
	const size = 8
	TEXT("solveRows"+isa.name(), NOSPLIT, "func(x *float64, ldx int, u *float64, ldu int, inverse *float64, n int)")
	Pragma("noescape")
	x, ldx, u, ldu, inverse, n := argument("x"), bytes("ldx"), argument("u"), bytes("ldu"), argument("inverse"), argument("n")
	at, to, above := GP64(), GP64(), GP64()
	unroll := isa.lanes() / 4
	columns(isa, "columns", n, at, unroll, func(vectors int, masked bool) {
		rowOf := func(i, j int) reg.VecPhysical { return isa.v(i*vectors + j) }
		factor := isa.v(size * vectors)
		each := func(do func(v reg.VecPhysical, m Mem)) {
			LEAQ(Mem{Base: x, Index: at, Scale: 1}, to)
			for i := range size {
				for j := range vectors {
					do(rowOf(i, j), Mem{Base: to, Disp: 8 * isa.lanes() * j})
				}
				ADDQ(ldx, to)
			}
		}
		each(func(v reg.VecPhysical, m Mem) { isa.load(v, m, masked) })
		MOVQ(u, above)
		for k := range size {
			isa.broadcast(factor, Mem{Base: inverse, Disp: 8 * k})
			for j := range vectors {
				isa.mul(rowOf(k, j), factor)
			}
			for i := k + 1; i < size; i++ {
				isa.broadcast(factor, Mem{Base: above, Disp: 8 * i})
				for j := range vectors {
					isa.fnma(rowOf(i, j), factor, rowOf(k, j))
				}
			}
			ADDQ(ldu, above)
		}
		each(func(v reg.VecPhysical, m Mem) { isa.store(m, v, masked) })
	})
	VZEROUPPER()
	RET()
}

// addSums writes y += the sums of the rows of A: four rows at a time, then single
// ones.
func addSums(isa isa) {
	TEXT("addSums"+isa.name(), NOSPLIT, "func(y, a *float64, lda, m, n int)")
	Pragma("noescape")
	y, a, lda, m, n := argument("y"), argument("a"), bytes("lda"), argument("m"), argument("n")
	at := GP64()
	for _, rows := range []int{4, 1} {
		name := fmt.Sprintf("rows%d", rows)
		Label(name)
		CMPQ(m, U8(rows))
		JLT(LabelRef(name + "_done"))
		row := fourRows(a, lda, rows)
		// Two sums for each row, so that one needn't wait for the other.
		for i := range 2 * rows {
			isa.zero(isa.v(i))
		}
		columns(isa, name, n, at, 2, func(vectors int, masked bool) {
			for i := range rows {
				for j := range vectors {
					element := isa.v(2*rows + j)
					isa.load(element, Mem{Base: row[i], Index: at, Scale: 1, Disp: 8 * isa.lanes() * j}, masked)
					isa.add(isa.v(2*i+j), element)
				}
			}
		})
		for i := range rows {
			isa.add(isa.v(2*i), isa.v(2*i+1))
		}
		if rows == 4 {
			isa.sum4(Mem{Base: y}, isa.v(0), isa.v(2), isa.v(4), isa.v(6), isa.v(8))
		} else {
			isa.sumAdd(Mem{Base: y}, isa.v(0), isa.v(2))
		}
		ADDQ(U8(8*rows), y)
		LEAQ(Mem{Base: row[rows-1], Index: lda, Scale: 1}, a)
		SUBQ(U8(rows), m)
		JMP(LabelRef(name))
		Label(name + "_done")
	}
	VZEROUPPER()
	RET()
}
