// Command gen writes the assembly of package kernel, for one instruction set at
// a time:
//
//	go run . -isa avx512 -pkg kernel -out ../avx512_amd64.s -stubs ../avx512_amd64.go
//
// It is a module of its own, so that who uses the package doesn't pull avo.
package main

import (
	"flag"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	name := flag.String("isa", "avx512", "instruction set: avx512 or avx2")
	flag.Parse()
	ConstraintExpr("!purego")
	var isa isa
	switch *name {
	case "avx512":
		isa = avx512{}
	case "avx2":
		isa = avx2{}
	default:
		panic("unknown instruction set " + *name)
	}
	panel(isa)
	layer(isa)
	xyt(isa)
	copyRows(isa)
	transpose(isa)
	gemv(isa)
	gemvT(isa)
	addSums(isa)
	solveRows(isa)
	scaleRows(isa)
	curveRows(isa)
	outer(isa)
	residuals(isa)
	combine(isa)
	elementwise(isa)
	Generate()
}
