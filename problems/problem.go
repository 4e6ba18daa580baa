package problems

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// Problem is a test problem: the data of an [sbo.Problem], an evaluator that
// answers it, and the optimum that is known. The constructors and [Lookup] make
// them; every call makes a new one that its caller owns.
//
// All test problems minimize. Response 0 is the objective, the others are the
// constraints.
type Problem struct {
	sbo.Problem

	// Source is where the definition comes from: author, publication, page.
	Source string
	// Minimizers are the known global minimizers in the box, nx numbers each. Those
	// of simulations are the best points known.
	Minimizers [][]float64
	// Minimum is the objective at the minimizers, NaN if there are none known.
	Minimum float64

	// everywhere says that Minimum is the minimum over all of space, not only
	// over the box, so that a wider box changes nothing.
	everywhere bool
	answer     formula
	evaluator  sbo.Evaluator // in place of answer, of what is more than a formula
	charts     func(ctx context.Context, x []float64) ([][]Chart, error)
}

// A formula writes the responses at x into y and, unless dydx is nil, their
// partials into dydx (ny by nx).
type formula func(y, dydx, x []float64)

// Evaluate answers x with the responses y and, unless dydx is nil, their exact
// partials. It implements [sbo.Evaluator]: x may lie outside the box, as far as
// the formula is defined there. It panics if a length is wrong. Formulas fail only
// with the error of ctx, simulations also where they come to no answer.
func (p Problem) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	nx, ny := p.NX(), p.NY()
	if len(x) != nx || len(y) != ny || dydx != nil && len(dydx) != ny*nx {
		panic(fmt.Sprintf("problems: %s takes %d variables, %d responses and %d partials, not %d, %d and %d",
			p.Name, nx, ny, ny*nx, len(x), len(y), len(dydx)))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if p.evaluator != nil {
		return p.evaluator.Evaluate(ctx, y, dydx, x)
	}
	p.answer(y, dydx, x)
	return nil
}

// WithBox returns the problem with other bounds, nx numbers each; it panics if
// they are not. Known minimizers outside the new box are dropped. They all are,
// and Minimum becomes NaN, if the new box reaches beyond the old one where
// nothing is known about the function.
func (p Problem) WithBox(lower, upper []float64) Problem {
	nx := p.NX()
	if len(lower) != nx || len(upper) != nx {
		panic(fmt.Sprintf("problems: bounds of %d and %d numbers for the %d variables of %s", len(lower), len(upper), nx, p.Name))
	}
	old := p.Box()
	p.Variables = slices.Clone(p.Variables)
	for j := range p.Variables {
		p.Variables[j].Lower, p.Variables[j].Upper = lower[j], upper[j]
	}
	box := p.Box()
	known := p.everywhere || old.Contains(lower) && old.Contains(upper)
	p.Minimizers = slices.DeleteFunc(slices.Clone(p.Minimizers), func(x []float64) bool {
		return !known || !box.Contains(x)
	})
	if len(p.Minimizers) == 0 {
		p.Minimum = math.NaN()
	}
	return p
}

// cube is the variables x1..xn between the same two bounds.
func cube(n int, lower, upper float64) []sbo.Variable {
	v := make([]sbo.Variable, n)
	for j := range v {
		v[j] = sbo.Variable{Name: fmt.Sprintf("x%d", j+1), Lower: lower, Upper: upper}
	}
	return v
}

// objective is the responses of a problem without constraints.
func objective() []sbo.Response { return []sbo.Response{sbo.Minimize("f")} }

// objectiveUnder is the objective f and m constraints g1 <= 0 ... gm <= 0.
func objectiveUnder(m int) []sbo.Response {
	r := objective()
	for k := range m {
		r = append(r, sbo.AtMost(fmt.Sprintf("g%d", k+1), 0))
	}
	return r
}

// unit returns the response with its unit.
func unit(r sbo.Response, unit string) sbo.Response {
	r.Unit = unit
	return r
}

// repeat is the point whose n coordinates are all v.
func repeat(v float64, n int) []float64 { return slices.Repeat([]float64{v}, n) }

// row writes the partials of response k into dydx.
func row(dydx []float64, k int, partials ...float64) {
	copy(dydx[k*len(partials):(k+1)*len(partials)], partials)
}
