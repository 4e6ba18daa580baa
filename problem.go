package sbo

import (
	"errors"
	"fmt"
	"math"
)

// Box is an axis-aligned region: Lower[j] <= x[j] <= Upper[j].
type Box struct {
	Lower, Upper []float64 // nx entries each, in the units of the design variables
}

// Dim returns the number of design variables.
func (b Box) Dim() int { return len(b.Lower) }

// Place maps the unit-cube point u onto the box and returns it in dst, which is
// allocated when nil and may be u itself. It panics if the lengths differ.
func (b Box) Place(dst, u []float64) []float64 {
	dst = b.destination(dst, u)
	for j := range u {
		// The weighted form gives the bounds exactly at 0 and 1, but between
		// them rounding may leave the box.
		v := b.Lower[j]*(1-u[j]) + b.Upper[j]*u[j]
		dst[j] = min(max(v, b.Lower[j]), b.Upper[j])
	}
	return dst
}

// Unit maps the point x of the box onto the unit cube: the inverse of [Box.Place].
// A variable of zero width maps to 0. It panics if the lengths differ.
func (b Box) Unit(dst, x []float64) []float64 {
	dst = b.destination(dst, x)
	for j := range x {
		if w := b.Upper[j] - b.Lower[j]; w > 0 {
			dst[j] = (x[j] - b.Lower[j]) / w
		} else {
			dst[j] = 0
		}
	}
	return dst
}

// Clip returns in dst the point of the box nearest to x. dst may be x itself.
// It panics if the lengths differ.
func (b Box) Clip(dst, x []float64) []float64 {
	dst = b.destination(dst, x)
	for j := range x {
		dst[j] = min(max(x[j], b.Lower[j]), b.Upper[j])
	}
	return dst
}

// Contains reports whether x lies in the box, its faces included.
func (b Box) Contains(x []float64) bool {
	for j := range x {
		if !(x[j] >= b.Lower[j] && x[j] <= b.Upper[j]) {
			return false
		}
	}
	return true
}

func (b Box) destination(dst, src []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(src))
	}
	if len(src) != b.Dim() || len(dst) != b.Dim() {
		panic(fmt.Sprintf("sbo: box of dimension %d used with %d and %d numbers", b.Dim(), len(src), len(dst)))
	}
	return dst
}

// Variable is a continuous design variable.
type Variable struct {
	Name         string
	Unit         string // for people; sbo does not convert
	Lower, Upper float64
}

// Role says what a response is for.
type Role int

// The roles of a response.
const (
	Monitor    Role = iota // recorded and learned, not acted on
	Objective              // to be minimized, or maximized if Response.Maximize
	Constraint             // to be kept within [Lower, Upper]
)

// String returns the role as a word.
func (r Role) String() string {
	switch r {
	case Objective:
		return "objective"
	case Constraint:
		return "constraint"
	default:
		return "monitor"
	}
}

// Response is a number that the simulation answers.
//
// For a constraint, Lower and Upper are its limits: an infinite limit is none,
// and Lower == Upper is an equality. The constructors [Minimize], [Maximize],
// [AtMost], [AtLeast], [Between], [Equal] and [Monitored] spell them out.
type Response struct {
	Name         string
	Unit         string // for people; sbo does not convert
	Role         Role
	Maximize     bool    // an objective to be maximized
	Lower, Upper float64 // limits of a constraint, in the response's unit
}

// Minimize is an objective to be minimized.
func Minimize(name string) Response {
	return Response{Name: name, Role: Objective, Lower: math.Inf(-1), Upper: math.Inf(1)}
}

// Maximize is an objective to be maximized.
func Maximize(name string) Response {
	return Response{Name: name, Role: Objective, Maximize: true, Lower: math.Inf(-1), Upper: math.Inf(1)}
}

// AtMost is the constraint name <= upper.
func AtMost(name string, upper float64) Response { return Between(name, math.Inf(-1), upper) }

// AtLeast is the constraint name >= lower.
func AtLeast(name string, lower float64) Response { return Between(name, lower, math.Inf(1)) }

// Equal is the constraint name == value.
func Equal(name string, value float64) Response { return Between(name, value, value) }

// Between is the constraint lower <= name <= upper.
func Between(name string, lower, upper float64) Response {
	return Response{Name: name, Role: Constraint, Lower: lower, Upper: upper}
}

// Monitored is a response that is recorded and learned, but not acted on.
func Monitored(name string) Response {
	return Response{Name: name, Role: Monitor, Lower: math.Inf(-1), Upper: math.Inf(1)}
}

// Excess returns how far the value y lies outside the limits of a constraint, in
// the response's unit; 0 inside, and for other roles. What is not finite is no
// answer, and infinitely far.
func (r Response) Excess(y float64) float64 {
	switch {
	case r.Role != Constraint:
		return 0
	case math.IsNaN(y) || math.IsInf(y, 0):
		return math.Inf(1)
	}
	return max(r.Lower-y, y-r.Upper, 0)
}

// Scale returns the size against which a violation of the constraint is judged:
// the largest magnitude of its finite limits, but at least 1, so that a
// violation is relative for large limits and absolute for small ones.
func (r Response) Scale() float64 {
	s := 1.0
	for _, limit := range []float64{r.Lower, r.Upper} {
		if !math.IsInf(limit, 0) {
			s = max(s, math.Abs(limit))
		}
	}
	return s
}

// Problem says what is to be decided: design variables within bounds, and the
// responses of the simulation with their roles. The order of the variables is
// the order of x everywhere, and that of the responses the order of y.
type Problem struct {
	Name      string
	Variables []Variable
	Responses []Response
}

// FeasibilityTolerance is the largest [Problem.Violation] of a point that still
// counts as feasible. It is the usual tolerance of nonlinear programming codes.
const FeasibilityTolerance = 1e-6

// NX returns the number of design variables.
func (p Problem) NX() int { return len(p.Variables) }

// NY returns the number of responses.
func (p Problem) NY() int { return len(p.Responses) }

// Box returns the bounds of the design variables.
func (p Problem) Box() Box {
	b := Box{Lower: make([]float64, p.NX()), Upper: make([]float64, p.NX())}
	for j, v := range p.Variables {
		b.Lower[j], b.Upper[j] = v.Lower, v.Upper
	}
	return b
}

// Objective returns the index of the objective among the responses, -1 if there is none.
func (p Problem) Objective() int {
	for k, r := range p.Responses {
		if r.Role == Objective {
			return k
		}
	}
	return -1
}

// Constraints returns the indices of the constraints among the responses.
func (p Problem) Constraints() []int {
	var ks []int
	for k, r := range p.Responses {
		if r.Role == Constraint {
			ks = append(ks, k)
		}
	}
	return ks
}

// Cost returns the objective as a number to be minimized: the objective itself,
// its negative if it is to be maximized, NaN if y does not hold it.
func (p Problem) Cost(y []float64) float64 {
	k := p.Objective()
	if k < 0 {
		return math.NaN()
	}
	if p.Responses[k].Maximize {
		return -y[k]
	}
	return y[k]
}

// Violation returns the largest excess of the constraints, each relative to its
// [Response.Scale]: 0 when all hold, +Inf when one is unknown.
func (p Problem) Violation(y []float64) float64 {
	worst := 0.0
	for k, r := range p.Responses {
		worst = max(worst, r.Excess(y[k])/r.Scale())
	}
	return worst
}

// Feasible reports whether all constraints hold within [FeasibilityTolerance].
func (p Problem) Feasible(y []float64) bool { return p.Violation(y) <= FeasibilityTolerance }

// Better reports whether responses a are better than b: known before unknown,
// feasible before infeasible, then the lower cost or the smaller violation.
// Equal points are not better, so that a scan keeps the first of them.
func (p Problem) Better(a, b []float64) bool {
	va, vb := p.Violation(a), p.Violation(b)
	ca, cb := p.Cost(a), p.Cost(b)
	switch {
	case math.IsNaN(ca):
		return false
	case math.IsNaN(cb):
		return true
	case va <= FeasibilityTolerance && vb <= FeasibilityTolerance:
		return ca < cb
	default:
		return va < vb
	}
}

// Validate returns every fault of the problem, joined: no variables, no or
// several objectives, missing or repeated names, bounds and limits that are not
// finite or in the wrong order.
func (p Problem) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	names := map[string]bool{}
	name := func(kind string, i int, n string) {
		switch {
		case n == "":
			fault("%s %d has no name", kind, i+1)
		case names[n]:
			fault("the name %q is used twice", n)
		}
		names[n] = true
	}
	if p.NX() == 0 {
		fault("the problem has no design variables")
	}
	for j, v := range p.Variables {
		name("variable", j, v.Name)
		if math.IsNaN(v.Lower) || math.IsInf(v.Lower, 0) || math.IsNaN(v.Upper) || math.IsInf(v.Upper, 0) {
			fault("variable %q has bounds that are not finite: [%g, %g]", v.Name, v.Lower, v.Upper)
		} else if v.Lower >= v.Upper {
			fault("variable %q has lower bound %g, which is not below its upper bound %g", v.Name, v.Lower, v.Upper)
		}
	}
	objectives := 0
	for k, r := range p.Responses {
		name("response", k, r.Name)
		if r.Role == Objective {
			objectives++
		}
		if r.Role != Constraint {
			continue
		}
		switch {
		case math.IsNaN(r.Lower), math.IsNaN(r.Upper), r.Lower > r.Upper, math.IsInf(r.Lower, 1), math.IsInf(r.Upper, -1):
			fault("constraint %q has limits [%g, %g] that no value meets", r.Name, r.Lower, r.Upper)
		case math.IsInf(r.Lower, -1) && math.IsInf(r.Upper, 1):
			fault("constraint %q has no limit", r.Name)
		}
	}
	if objectives != 1 {
		fault("the problem has %d objectives; sbo needs exactly one response to minimize or maximize", objectives)
	}
	return errors.Join(faults...)
}
