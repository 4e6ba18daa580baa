package sbo

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

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

// Wanted says what the response is for, in a word or a relation: "minimize",
// "<= 13600", "0.4 to 0.6", "monitored".
func (r Response) Wanted() string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
	switch {
	case r.Role == Objective && r.Maximize:
		return "maximize"
	case r.Role == Objective:
		return "minimize"
	case r.Role == Monitor:
		return "monitored"
	case r.Lower == r.Upper:
		return "= " + number(r.Lower)
	case math.IsInf(r.Lower, -1):
		return "<= " + number(r.Upper)
	case math.IsInf(r.Upper, 1):
		return ">= " + number(r.Lower)
	}
	return number(r.Lower) + " to " + number(r.Upper)
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

// VariableNames returns the names of the design variables, in their order.
func (p Problem) VariableNames() []string {
	names := make([]string, p.NX())
	for j, v := range p.Variables {
		names[j] = v.Name
	}
	return names
}

// ResponseNames returns the names of the responses, in their order.
func (p Problem) ResponseNames() []string {
	names := make([]string, p.NY())
	for k, r := range p.Responses {
		names[k] = r.Name
	}
	return names
}

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
