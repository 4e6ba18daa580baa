package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// constants are vectors of equal elements in memory, and held those that the current
// function keeps in registers, which AVX-512 has to spare.
var (
	constants = map[uint64]Mem{}
	held      = map[uint64]vec{}
	order     []uint64
)

// firstHeld is the register from which on constants are kept.
var firstHeld int

// holding writes the body of a function whose constants are loaded before: since they
// are known only at its end, that is where the loads are. The registers before `first`
// are the body's own.
func holding(isa isa, first int, body func()) { holdingAs("", isa, first, body) }

// holdingAs is holding for a part of a function, with labels that end in the name.
func holdingAs(name string, isa isa, first int, body func()) {
	firstHeld = first
	clear(held)
	order = nil
	if isa.lanes() == 4 {
		body()
		return
	}
	JMP(LabelRef("constants" + name))
	Label("start" + name)
	body()
	Label("constants" + name)
	e := evaluation{isa: isa}
	for _, b := range order {
		VBROADCASTSD(e.memory(b), held[b])
	}
	JMP(LabelRef("start" + name))
}

// holdNothing makes all constants of the next function stay in memory.
func holdNothing() {
	clear(held)
	firstHeld = 32
}

// bits returns a vector of equal elements.
func (e *evaluation) bits(b uint64) Op {
	if v, ok := held[b]; ok {
		return v
	}
	if e.isa.lanes() == 8 && firstHeld+len(held) < 32 {
		held[b] = e.isa.v(firstHeld + len(held))
		order = append(order, b)
		return held[b]
	}
	return e.memory(b)
}

func (e *evaluation) memory(b uint64) Mem {
	if m, ok := constants[b]; ok {
		return m
	}
	m := GLOBL(fmt.Sprintf("c%016x", b), RODATA|NOPTR)
	for i := range e.isa.lanes() {
		DATA(8*i, U64(b))
	}
	constants[b] = m
	return m
}

func (e *evaluation) c(v float64) Op { return e.bits(math.Float64bits(v)) }
