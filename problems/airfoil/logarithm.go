package airfoil

import "math"

// A number is 2^k m, m from 1 to 2. Of the first bits of m a table knows a number r near
// 1/m and -ln r, and ln(r m), near 0, is a short series: half the time of math.Log, and
// no less accurate, in absolute terms, for numbers from 1e-10 to 10.
const tableBits = 7

var logTable = func() (table [1 << tableBits]struct{ reciprocal, log float64 }) {
	for i := range table {
		middle := 1 + (float64(i)+0.5)/(1<<tableBits)
		r := 1 / middle
		table[i].reciprocal, table[i].log = r, -math.Log(r)
	}
	return table
}()

// logarithm returns ln x of a positive, normal number.
func logarithm(x float64) float64 {
	const mantissa = 52
	bits := math.Float64bits(x)
	k := float64(int(bits>>mantissa) - 1023)
	t := &logTable[bits>>(mantissa-tableBits)&(1<<tableBits-1)]
	m := math.Float64frombits(bits&(1<<mantissa-1) | 1023<<mantissa)
	e := math.FMA(m, t.reciprocal, -1) // within 1/256
	s := e * e
	return k*math.Ln2 + t.log + (e - s*(0.5-e*(1./3)) - s*s*(0.25-e*(1./5)+s*(1./6-e*(1./7))))
}
