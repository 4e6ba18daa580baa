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
		end(t)
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
	MOVQ(t.argument("bias"), t.at)
	LEAQ(Mem{Base: t.at, Index: t.count, Scale: 8}, t.at)
	t.each(nil, func(i int, acc reg.VecPhysical, masked bool, place func(string) Mem) {
		t.isa.broadcast(t.x, Mem{Base: t.at, Disp: 8 * i})
		t.isa.add(acc, t.x)
		t.isa.store(place(""), acc, masked)
	})
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
