package kernel

import "math"

// Lanes is of what the length of vectors must be a multiple in a [Combination].
const Lanes = 8

// Combination is y = by * A'x + plus or y = tanh(A'x + plus), element by element, at
// fixed places: of a matrix A with a row for each element of x, as many columns as y
// has, and no gaps.
type Combination struct {
	op                    combination
	y, x, a, by, plus, d1 []float64
}

// combination is what the assembly is told of one.
type combination = struct {
	y, x, a      *float64
	lda, k, n    int
	by, plus, d1 *float64
}

// NewCombination returns y = by * A'x + plus.
func NewCombination(y, x, a, by, plus []float64) Combination {
	return newCombination(Combination{y: y, x: x, a: a, by: by, plus: plus}, by)
}

// NewTanhCombination returns y = tanh(A'x + plus), whose derivative goes to d1.
func NewTanhCombination(y, d1, x, a, plus []float64) Combination {
	c := newCombination(Combination{y: y, x: x, a: a, plus: plus, d1: d1}, d1)
	c.op.d1 = &d1[0]
	return c
}

func newCombination(c Combination, other []float64) Combination {
	n, k := len(c.y), len(c.x)
	if n == 0 || k == 0 || n%Lanes != 0 || len(c.a) != n*k || len(other) < n || len(c.plus) < n {
		panic("kernel: the shapes of a combination don't fit")
	}
	c.op = combination{y: &c.y[0], x: &c.x[0], a: &c.a[0], lda: n, k: k, n: n, by: &other[0], plus: &c.plus[0]}
	return c
}

// Combine does some combinations, one after the other.
func Combine(list []Combination) {
	if len(list) > 0 {
		combine(list)
	}
}

// do does a combination in plain Go.
func (c *Combination) do() {
	n := len(c.y)
	y := c.y
	clear(y)
	for d, v := range c.x {
		for j, e := range c.a[d*n:][:n] {
			y[j] += v * e
		}
	}
	for j, v := range y {
		if c.d1 == nil {
			y[j] = v*c.by[j] + c.plus[j]
		} else {
			y[j] = math.Tanh(v + c.plus[j])
			c.d1[j] = 1 - y[j]*y[j]
		}
	}
}
