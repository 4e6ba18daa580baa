package main

import (
	"math"
	"math/big"
)

const precision = 300 // bits

func number(v float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(v) }

// series is sum_i c_i x^i, as exactly as needed.
func series(x *big.Float, c func(i int) *big.Rat) *big.Float {
	sum, power := number(0), number(1)
	for i := range 60 {
		term := number(0).SetRat(c(i))
		sum.Add(sum, term.Mul(term, power))
		power.Mul(power, x)
	}
	return sum
}

func factorial(n int) *big.Int { return new(big.Int).MulRange(1, int64(n)) }

// expTail is (exp(x) - 1 - x) / x^2.
func expTail(x *big.Float) *big.Float {
	return series(x, func(i int) *big.Rat { return new(big.Rat).SetFrac(big.NewInt(1), factorial(i+2)) })
}

// sinTail is (sin(r) - r) / r^3 of u = r^2.
func sinTail(u *big.Float) *big.Float {
	return series(u, func(i int) *big.Rat { return alternating(i+1, 2*i+3) })
}

// cosTail is (cos(r) - 1 + r^2/2) / r^4 of u = r^2.
func cosTail(u *big.Float) *big.Float {
	return series(u, func(i int) *big.Rat { return alternating(i, 2*i+4) })
}

func alternating(sign, n int) *big.Rat {
	r := new(big.Rat).SetFrac(big.NewInt(1), factorial(n))
	if sign%2 == 1 {
		r.Neg(r)
	}
	return r
}

// atanhTail is (atanh(s) - s) / s^3 of u = s^2.
func atanhTail(u *big.Float) *big.Float {
	return series(u, func(i int) *big.Rat { return big.NewRat(1, int64(2*i+3)) })
}

// chebyshev returns the coefficients, lowest first, of the polynomial that meets f
// at the Chebyshev nodes of [lo, hi]: its error is within a small factor of the
// least there is (Trefethen, Approximation Theory and Approximation Practice,
// chapter 16).
func chebyshev(f func(*big.Float) *big.Float, lo, hi float64, degree int) []float64 {
	n := degree + 1
	x, y := make([]*big.Float, n), make([]*big.Float, n)
	for i := range n {
		x[i] = number((lo+hi)/2 + (hi-lo)/2*math.Cos(math.Pi*(float64(i)+0.5)/float64(n)))
		y[i] = f(x[i])
	}
	for step := 1; step < n; step++ { // Newton's divided differences
		for i := n - 1; i >= step; i-- {
			dy, dx := number(0).Sub(y[i], y[i-1]), number(0).Sub(x[i], x[i-step])
			y[i] = dy.Quo(dy, dx)
		}
	}
	c := make([]*big.Float, n) // expanded: c = c*(t - x[i]) + y[i]
	for i := range c {
		c[i] = number(0)
	}
	for i := n - 1; i >= 0; i-- {
		for k := n - 1; k >= 0; k-- {
			v := number(0).Mul(c[k], x[i])
			v.Neg(v)
			if k > 0 {
				v.Add(v, c[k-1])
			} else {
				v.Add(v, y[i])
			}
			c[k] = v
		}
	}
	out := make([]float64, n)
	for i := range c {
		out[i], _ = c[i].Float64()
	}
	return out
}

// split returns v in parts of the given numbers of bits, the last one rounded.
func split(v *big.Float, bits ...uint) []float64 {
	rest := number(0).Set(v)
	parts := make([]float64, len(bits))
	for i, b := range bits {
		part := new(big.Float).SetPrec(b).SetMode(big.ToZero).Set(rest)
		if i == len(bits)-1 {
			part = new(big.Float).SetPrec(53).Set(rest)
		}
		parts[i], _ = part.Float64()
		rest.Sub(rest, number(parts[i]))
	}
	return parts
}

// ln2 is 2 atanh(1/3).
func ln2() *big.Float {
	third := number(0).Quo(number(1), number(3))
	u := number(0).Mul(third, third)
	sum, power := number(0), number(2)
	power.Mul(power, third)
	for i := range 100 {
		term := number(0).Quo(power, number(float64(2*i+1)))
		sum.Add(sum, term)
		power.Mul(power, u)
	}
	return sum
}

// halfPi is by Machin's formula, pi/4 = 4 atan(1/5) - atan(1/239).
func halfPi() *big.Float {
	atan := func(n float64) *big.Float {
		u := number(0).Quo(number(-1), number(n*n))
		sum, power := number(0), number(0).Quo(number(1), number(n))
		for i := range 140 {
			sum.Add(sum, number(0).Quo(power, number(float64(2*i+1))))
			power.Mul(power, u)
		}
		return sum
	}
	v := number(0).Mul(number(8), atan(5))
	return v.Sub(v, number(0).Mul(number(2), atan(239)))
}
