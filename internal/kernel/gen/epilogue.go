package main

import (
	"fmt"
	"sync"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// store ends a tile in the way of its mode.
func (p *panelKernel) store(name string, r, v int, masked bool) {
	isa := p.isa
	t := tile{panelKernel: p, rows: r, vectors: v, masked: masked}
	t.x, t.y, t.z, t.one = isa.v(r*v), isa.v(r*v+1), isa.v(r*v+2), isa.v(r*v+3)
	MOVQ(p.argument("mode"), p.count)
	for mode, end := range p.modes {
		if mode < len(p.modes)-1 {
			CMPQ(p.count, U8(mode))
			JNE(LabelRef(fmt.Sprintf("mode%d_%s", mode+1, name)))
		}
		end(t, name)
		if mode < len(p.modes)-1 {
			JMP(LabelRef("stored" + name))
			Label(fmt.Sprintf("mode%d_%s", mode+1, name))
		}
	}
	Label("stored" + name)
}

// tile is what a mode works on; x, y, z and one are free registers.
type tile struct {
	*panelKernel
	rows, vectors int
	masked        bool
	x, y, z, one  reg.VecPhysical
}

// each goes over the vectors of the tile, whose sums are in acc; place returns where
// a vector is that lies as far from that of C as one of the named arguments says, ""
// for C itself.
func (t tile) each(distances []string, do func(i int, acc reg.VecPhysical, masked bool, place func(distance string) Mem)) {
	free := []reg.GPVirtual{t.at, t.b, t.count, GP64()}
	register := map[string]reg.GPVirtual{}
	for i, name := range distances {
		MOVQ(t.argument(name), free[i])
		register[name] = free[i]
	}
	for i := range t.rows {
		for j := range t.vectors {
			do(i, t.isa.v(i*t.vectors+j), t.masked && j == t.vectors-1, func(name string) Mem {
				m := t.vector(t.c, j)
				if name != "" {
					m.Index, m.Scale = register[name], 8
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
	t.isa.broadcast(t.x, t.argument("alpha"))
	t.each(nil, func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.mul(acc, t.x)
		t.isa.store(place(""), acc, masked)
	})
}

// add: C += alpha A B.
func (t tile) add() {
	t.isa.broadcast(t.x, t.argument("alpha"))
	t.each(nil, func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.load(t.y, place(""), masked)
		t.isa.fma(t.y, t.x, acc)
		t.isa.store(place(""), t.y, masked)
	})
}

// bias: C = A B + a number for each row.
func (t tile) bias() {
	MOVQ(t.argument("m"), t.count) // rows done: m less those that are left
	SUBQ(t.m, t.count)
	bias := GP64()
	t.parameter("biasAt", t.at)
	MOVQ(t.argument("bias"), bias) // where they are, if not among the parameters
	TESTQ(bias, bias)
	CMOVQNE(bias, t.at)
	LEAQ(Mem{Base: t.at, Index: t.count, Scale: 8}, t.at)
	t.each(nil, func(i int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.broadcast(t.x, Mem{Base: t.at, Disp: 8 * i})
		t.isa.add(acc, t.x)
		t.isa.store(place(""), acc, masked)
	})
}

// biasTanh: C = tanh(A B + a number for each row). What is in the registers is stored
// first, for tanh needs them, and taken up again, as many vectors at a time as are
// computed in turns.
func (t tile) biasTanh(name string) {
	start := t.b
	MOVQ(t.c, start)
	t.bias()
	together, registers := tanh{}.vectors(t.isa)
	rows := 1
	for r := 2; r*t.vectors <= together && r <= 3; r++ {
		if t.rows%r == 0 {
			rows = r
		}
	}
	holdingAs(name, t.isa, together*registers+1, func() {
		Label("tanh" + name)
		for from := 0; from < t.vectors; from += together {
			width := min(together, t.vectors-from)
			e := &evaluation{isa: t.isa, vectors: rows * width}
			each := func(w wide, do func(v vec, m Mem, masked bool)) {
				for i, v := range w {
					m, j := t.vector(start, from+i%width), from+i%width
					if i >= width { // of the next row, or the one after that
						m.Index, m.Scale = t.ldc, uint8(i/width)
					}
					do(v, m, t.masked && j == t.vectors-1)
				}
			}
			e.argument = func(to wide) { each(to, t.isa.load) }
			z := e.take()
			e.argument(z)
			value, _, _ := tanh{}.at(e, z)
			each(value, func(v vec, m Mem, masked bool) { t.isa.store(m, v, masked) })
		}
		for range rows {
			ADDQ(t.ldc, start)
		}
		CMPQ(start, t.c)
		JNE(LabelRef("tanh" + name))
		JMP(LabelRef("stored" + name))
	})
	holdNothing()
}

// scaled: C = d1 * A B, to = A B.
func (t tile) scaled() {
	t.each([]string{"to", "d1"}, func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.store(place("to"), acc, masked)
		t.isa.load(t.x, place("d1"), masked)
		t.isa.mul(acc, t.x)
		t.isa.store(place(""), acc, masked)
	})
}

// curved: C = d1 * A B, to = d2 * t * A B, or added to it.
func (t tile) curved(add bool) {
	t.each([]string{"to", "d1", "d2", "t"}, func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
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
	t.each([]string{"d1"}, func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.load(t.x, place("d1"), masked)
		t.isa.load(t.y, place(""), masked)
		t.isa.fma(t.y, t.x, acc)
		t.isa.store(place(""), t.y, masked)
	})
}

// slope sets x to a, the values of tanh that are at a place, and y to 1 - a^2.
func (t tile) slope(at Mem, masked bool) {
	t.isa.load(t.x, at, masked)
	VMOVAPD(t.one, t.y)
	t.isa.fnma(t.y, t.x, t.x)
}

// tanhScaled: C = (1 - a^2) A B.
func (t tile) tanhScaled() {
	t.ones()
	t.each([]string{"d1"}, func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.slope(place("d1"), masked)
		t.isa.mul(acc, t.y)
		t.isa.store(place(""), acc, masked)
	})
}

// tanhCurved: C = (1 - a^2) A B, to = -2 a t A B, or added to it.
func (t tile) tanhCurved(add bool) {
	t.ones()
	t.each([]string{"to", "d1", "t"}, func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.slope(place("d1"), masked)
		t.isa.mul(t.x, acc)
		t.isa.mul(acc, t.y)
		t.isa.store(place(""), acc, masked)
		t.isa.load(t.y, place("t"), masked)
		t.isa.add(t.y, t.y)
		if add {
			t.isa.load(t.z, place("to"), masked)
		} else {
			t.isa.zero(t.z)
		}
		t.isa.fnma(t.z, t.x, t.y)
		t.isa.store(place("to"), t.z, masked)
	})
}

// tanhDown: C = (1 - a^2) A B + C.
func (t tile) tanhDown() {
	t.ones()
	t.each([]string{"d1"}, func(_ int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.slope(place("d1"), masked)
		t.isa.load(t.z, place(""), masked)
		t.isa.fma(t.z, t.y, acc)
		t.isa.store(place(""), t.z, masked)
	})
}

// ones sets a register to ones.
func (t tile) ones() { t.isa.broadcast(t.one, oneInMemory()) }

// oneInMemory returns where a 1 is.
var oneInMemory = sync.OnceValue(func() Mem {
	one := GLOBL("one", RODATA|NOPTR)
	DATA(0, F64(1))
	return one
})
