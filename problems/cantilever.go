package problems

import (
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
)

// Vanderplaats's beam, in N and cm.
const (
	cantileverLoad   = 50000.0 // N, down at the tip
	cantileverLength = 500.0   // cm
	cantileverE      = 2e7     // N/cm^2, Young's modulus
	cantileverStress = 14000.0 // N/cm^2, allowed
	cantileverTip    = 2.5     // cm, allowed deflection of the tip
	cantileverAspect = 20.0    // allowed height to width
	cantileverWidth  = 1.0     // cm, least width of a segment
	cantileverHeight = 5.0     // cm, least height of a segment
)

// Cantilever is the stepped cantilever beam of the least volume: segments >= 1
// pieces of equal length, each with a rectangular section of width b_i and height
// h_i, that carry a load at the tip. The first segment is the clamped one. The
// variables are b1..bN, then h1..hN; the responses the volume, in units of 1e4
// cm^3, the bending stress at the root of each segment, its aspect ratio h_i/b_i,
// and the deflection of the tip, the integral of the bending moment:
//
//	stress_i = 6 P z_{i-1} / (b_i h_i^2)
//	tip      = sum_i 4 P (z_{i-1}^3 - z_i^3) / (E b_i h_i^3)
//
// with the distance z_i = (1 - i/N) 500 cm from the tip to the end of segment i.
//
// Source: G. N. Vanderplaats, Numerical Optimization Techniques for Engineering
// Design, McGraw-Hill, 1984, with five segments. The optimum for any number of
// them is derived at cantileverOptimum.
func Cantilever(segments int) Problem {
	name := sized("cantilever", segments, 5, 1)
	var widths, heights []sbo.Variable
	var stresses, aspects []sbo.Response
	for i := range segments {
		widths = append(widths, sbo.Variable{Name: fmt.Sprintf("b%d", i+1), Unit: "cm", Lower: cantileverWidth, Upper: 20})
		heights = append(heights, sbo.Variable{Name: fmt.Sprintf("h%d", i+1), Unit: "cm", Lower: cantileverHeight, Upper: 100})
		stresses = append(stresses, unit(sbo.AtMost(fmt.Sprintf("stress%d", i+1), cantileverStress), "N/cm^2"))
		aspects = append(aspects, sbo.AtMost(fmt.Sprintf("aspect%d", i+1), cantileverAspect))
	}
	responses := append([]sbo.Response{unit(sbo.Minimize("volume"), "1e4 cm^3")}, stresses...)
	responses = append(append(responses, aspects...), unit(sbo.AtMost("tip", cantileverTip), "cm"))
	minimizer := cantileverOptimum(segments)
	p := Problem{
		Problem:    sbo.Problem{Name: name, Variables: append(widths, heights...), Responses: responses},
		Source:     "Vanderplaats, Numerical Optimization Techniques for Engineering Design, 1984",
		Minimizers: [][]float64{minimizer},
		answer:     cantilever,
	}
	y := make([]float64, p.NY())
	cantilever(y, nil, minimizer)
	p.Minimum = y[0]
	return p
}

func cantilever(y, dydx, x []float64) {
	n := len(x) / 2
	l := cantileverLength / float64(n)
	clear(y)
	clear(dydx)
	put := func(k, i int, byWidth, byHeight float64) {
		if dydx != nil {
			dydx[k*2*n+i], dydx[k*2*n+n+i] = byWidth, byHeight
		}
	}
	tip := 2*n + 1
	for i := range n {
		b, h := x[i], x[n+i]
		stress := 6 * cantileverLoad * float64(n-i) * l / (b * h * h)
		bend := cantileverBend(i, n) / (b * h * h * h)
		y[0] += l * b * h / 1e4
		y[1+i] = stress
		y[1+n+i] = h / b
		y[tip] += bend
		put(0, i, l*h/1e4, l*b/1e4)
		put(1+i, i, -stress/b, -2*stress/h)
		put(1+n+i, i, -h/(b*b), 1/b)
		put(tip, i, -bend/b, -3*bend/h)
	}
}

// cantileverBend is what segment i of n, counted from 0, adds to the deflection
// of the tip, times b h^3.
func cantileverBend(i, n int) float64 {
	l := cantileverLength / float64(n)
	root, end := float64(n-i)*l, float64(n-i-1)*l
	return 4 * cantileverLoad / cantileverE * (root*root*root - end*end*end)
}

// cantileverOptimum returns the minimizer for n segments, by duality.
//
// At a given area b h of a section, a taller one has less stress and bends less,
// so the height is as large as aspect ratio and least width allow: h = 20 b, or
// b = 1 for h <= 20. That leaves one variable a segment, in which area and
// stiffness rise. With a multiplier for the deflection, the segments are
// independent: each minimizes
//
//	h^2/20 + multiplier 20 bend/h^4   (h >= 20)
//	h      + multiplier bend/h^3      (h <= 20)
//
// from the height on that its stress asks for. Heights rise with the multiplier,
// so bisection finds the one at which the tip is at its limit, unless stress alone
// keeps it within. The upper bounds on b and h are never reached.
func cantileverOptimum(n int) []float64 {
	x := make([]float64, 2*n)
	// deflect sets x to the best beam for a multiplier and returns its deflection.
	deflect := func(multiplier float64) float64 {
		tip := 0.0
		for i := range n {
			h := max(cheapestHeight(multiplier*cantileverBend(i, n)), stressHeight(i, n), cantileverHeight)
			b := max(h/cantileverAspect, cantileverWidth)
			x[i], x[n+i] = b, h
			tip += cantileverBend(i, n) / (b * h * h * h)
		}
		return tip
	}
	if deflect(0) <= cantileverTip {
		return x
	}
	low, high := 0.0, 1.0
	for deflect(high) > cantileverTip {
		high *= 2
	}
	for {
		middle := (low + high) / 2
		if middle == low || middle == high {
			break
		}
		if deflect(middle) > cantileverTip {
			low = middle
		} else {
			high = middle
		}
	}
	deflect(high)
	return x
}

// cheapestHeight minimizes area + price/(b h^3) over the height h alone.
func cheapestHeight(price float64) float64 {
	const kink = cantileverAspect * cantileverWidth // where the width starts to grow
	if tall := math.Pow(2*cantileverAspect*cantileverAspect*price, 1.0/6); tall > kink {
		return tall
	}
	return min(math.Pow(3*price, 1.0/4), kink)
}

// stressHeight is the least height at which segment i of n, counted
// from 0, keeps to the allowed stress: b h^2 = 6 M/stress.
func stressHeight(i, n int) float64 {
	modulus := 6 * cantileverLoad * cantileverLength * float64(n-i) / float64(n) / cantileverStress
	if tall := math.Cbrt(cantileverAspect * modulus); tall > cantileverAspect*cantileverWidth {
		return tall
	}
	return math.Sqrt(modulus / cantileverWidth)
}
