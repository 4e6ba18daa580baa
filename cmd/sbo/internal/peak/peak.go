// Package peak keeps the multipliers of a processor core busy with nothing else
// to do, so that what a loop reaches can be told as a share of what there is.
package peak

import "runtime"

// Run makes n rounds of independent fused multiply-adds in float64, with the
// registers of an instruction set ("avx512", "avx2"), or in plain Go, and returns
// how many floating point operations these were: two for every number in a
// register. The set must be one the processor has.
func Run(set string, n int) float64 {
	if n <= 0 {
		return 0
	}
	return run(set, n)
}

// plainSums is how many sums of plain Go are independent: as many as amd64 has
// registers for, with the products.
const plainSums = 6

// factors keep the compiler from computing a product once for all.
var factors = [plainSums]float64{1, 2, 3, 4, 5, 6}

// plain multiplies and adds one number at a time; compilers for processors that
// always have them make fused ones of these.
func plain(n int) float64 {
	const b = 0.3
	var s0, s1, s2, s3, s4, s5 float64
	f := &factors
	for range n {
		s0 += f[0] * b
		s1 += f[1] * b
		s2 += f[2] * b
		s3 += f[3] * b
		s4 += f[4] * b
		s5 += f[5] * b
	}
	runtime.KeepAlive(s0 + s1 + s2 + s3 + s4 + s5) // or else all of it would be left out
	return float64(n) * plainSums * 2
}
