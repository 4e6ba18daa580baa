package optimize

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
	"gonum.org/v1/gonum/mat"
)

// KKT tells how nearly a point satisfies the first-order conditions of
// optimality of Karush, Kuhn and Tucker (Nocedal, Wright: Numerical
// Optimization, 2nd ed., section 12.3), and what its active limits cost.
//
// With the cost c, the constraints y_k, the multipliers m_k of their limits and
// b_j of the bounds, and the unit-box coordinates u_j = (x_j-lower_j)/width_j,
// the residual is
//
//	max( max_j |∂c/∂u_j - Σ_k m_k ∂y_k/∂u_j - b_j width_j|,
//	     max_k |m_k| slack_k, max_j |b_j| slack_j ) / max(1, |c|, max_j |∂c/∂u_j|)
//
// where a slack is the distance to the limit or bound, 0 beyond it. So a
// residual r says that, to first order, no variable moved across its whole
// range improves the cost by more than the fraction r (of 1, for a cost below
// one). Violated constraints do not enter: that is sbo.Problem.Violation.
//
// The multipliers are those of the right sign that make the sum of the squares
// of these terms smallest.
type KKT struct {
	// Residual is dimensionless: 0 at an optimum, NaN if not known.
	Residual float64 `json:"residual"`
	// Bounds holds the nx multipliers of the bounds: the change of the optimal
	// cost per change of the bound. Positive at a lower bound, negative at an
	// upper bound, 0 where none is active.
	Bounds []float64 `json:"bounds"`
	// Multipliers holds ny numbers: the change of the optimal cost per change of
	// the limit of a constraint, in their units. Positive at a lower limit,
	// negative at an upper limit, of either sign for an equality, 0 where no
	// limit is active and for responses that are no constraints.
	Multipliers []float64 `json:"multipliers"`
	// Known is false if a needed response or partial is missing.
	Known bool `json:"known"`
}

// MarshalJSON writes a residual that is not known as null, since JSON has no NaN.
func (k KKT) MarshalJSON() ([]byte, error) {
	type plain KKT
	if k.Known {
		return json.Marshal(plain(k))
	}
	return json.Marshal(struct {
		plain
		Residual *float64 `json:"residual"`
	}{plain: plain(k)})
}

// UnmarshalJSON reads what [KKT.MarshalJSON] writes.
func (k *KKT) UnmarshalJSON(data []byte) error {
	type plain KKT
	*k = KKT{Residual: math.NaN()}
	return json.Unmarshal(data, (*plain)(k))
}

// near is the distance, as a fraction of the box, within which a bound or a
// limit (to first order) may have a multiplier. What such a multiplier is worth
// the product with the slack decides, so the number matters little.
const near = 1e-3

// ComputeKKT returns the KKT conditions of the problem at x (nx) from the
// responses y (ny) and the partials dydx (ny*nx, or nil when none is known),
// measured or predicted. Needed are the objective, all constraints, and their
// partials, but for those of constraints that are far from their limits (1% of
// their sbo.Response.Scale). It panics if the lengths differ.
func ComputeKKT(p sbo.Problem, x, y, dydx []float64) KKT {
	nx, ny := p.NX(), p.NY()
	if len(x) != nx || len(y) != ny || (dydx != nil && len(dydx) != ny*nx) {
		panic(fmt.Sprintf("optimize: %d variables, %d responses and %d partials for a problem of %d and %d",
			len(x), len(y), len(dydx), nx, ny))
	}
	if dydx == nil || !knows(p, y, dydx) {
		return KKT{Residual: math.NaN(), Bounds: make([]float64, nx), Multipliers: make([]float64, ny)}
	}
	box := p.Box()
	u := box.Unit(nil, x)
	jac := make([]float64, ny*nx)
	for i, d := range dydx {
		jac[i] = d * (box.Upper[i%nx] - box.Lower[i%nx])
	}
	k := unitKKT(p, u, y, jac, 1)
	for j := range k.Bounds {
		if w := box.Upper[j] - box.Lower[j]; w > 0 {
			k.Bounds[j] /= w
		}
	}
	return k
}

// knows reports whether all is known that the conditions need.
func knows(p sbo.Problem, y, dydx []float64) bool {
	nx := p.NX()
	for k, r := range p.Responses {
		if r.Role == sbo.Monitor {
			continue
		}
		if math.IsNaN(y[k]) || math.IsInf(y[k], 0) {
			return false
		}
		if r.Role == sbo.Constraint && min(y[k]-r.Lower, r.Upper-y[k]) > 0.01*r.Scale() {
			continue
		}
		for _, d := range dydx[k*nx : (k+1)*nx] {
			if math.IsNaN(d) || math.IsInf(d, 0) {
				return false
			}
		}
	}
	return true
}

// side is one side of a constraint or bound that may push on the point.
type side struct {
	index int       // response or variable
	bound bool      // of a bound, not a constraint
	sign  float64   // +1 at a lower limit, -1 at an upper one
	row   []float64 // its gradient in the unit box, made to point inward, of size 1
	size  float64   // what row was divided by
	slack float64   // in units of row: a fraction of the box
}

// unitKKT returns the conditions in the unit box. The residual is relative to at
// least the given scale of the cost.
func unitKKT(p sbo.Problem, u, y, jac []float64, scale float64) KKT {
	nx, goal := p.NX(), p.Objective()
	k := KKT{Bounds: make([]float64, nx), Multipliers: make([]float64, p.NY()), Known: true}
	gradient := make([]float64, nx)
	steepest := 0.0
	for j := range gradient {
		gradient[j] = jac[goal*nx+j]
		if p.Responses[goal].Maximize {
			gradient[j] = -gradient[j]
		}
		steepest = max(steepest, math.Abs(gradient[j]))
	}
	if scale = max(scale, math.Abs(y[goal]), steepest); scale == 0 {
		scale = 1 // all is zero, and so will be the residual
	}
	sides := append(boundSides(u), constraintSides(p, y, jac)...)
	if len(sides) > 0 && steepest > 0 {
		force := push(sides, gradient, steepest)
		for i, s := range sides {
			k.Residual = max(k.Residual, force[i]*s.slack/scale)
			for j, v := range s.row {
				gradient[j] -= force[i] * v
			}
			if s.bound {
				k.Bounds[s.index] += s.sign * force[i]
			} else {
				k.Multipliers[s.index] += s.sign * force[i] / s.size
			}
		}
	}
	for _, v := range gradient {
		k.Residual = max(k.Residual, math.Abs(v)/scale)
	}
	return k
}

// push returns the nonnegative forces of the sides that best balance the gradient.
func push(sides []side, gradient []float64, steepest float64) []float64 {
	nx, n := len(gradient), len(sides)
	a := mat.NewDense(nx+n, n, nil)
	b := make([]float64, nx+n)
	for j, v := range gradient {
		b[j] = v / steepest
	}
	for i, s := range sides {
		for j, v := range s.row {
			a.Set(j, i, v)
		}
		a.Set(nx+i, i, s.slack)
	}
	force := nonnegative(a, b)
	for i := range force {
		force[i] *= steepest
	}
	return force
}

// boundSides returns the bounds near u.
func boundSides(u []float64) []side {
	var sides []side
	for j, v := range u {
		for _, s := range []side{{sign: 1, slack: v}, {sign: -1, slack: 1 - v}} {
			if s.slack <= near {
				s.index, s.bound, s.size, s.row = j, true, 1, make([]float64, len(u))
				s.row[j] = s.sign
				s.slack = max(s.slack, 0)
				sides = append(sides, s)
			}
		}
	}
	return sides
}

// constraintSides returns the limits near y. A violated limit counts as one
// without slack, and so do both sides of an equality.
func constraintSides(p sbo.Problem, y, jac []float64) []side {
	nx := p.NX()
	var sides []side
	for _, k := range p.Constraints() {
		r := p.Responses[k]
		size, reach := 0.0, 0.0
		for _, v := range jac[k*nx : (k+1)*nx] {
			size = max(size, math.Abs(v))
			reach += math.Abs(v)
		}
		if !(size > 0) {
			continue // flat, or not known and far from its limits
		}
		for _, s := range []side{{sign: 1, slack: y[k] - r.Lower}, {sign: -1, slack: r.Upper - y[k]}} {
			if s.slack > near*reach {
				continue
			}
			s.index, s.size, s.row = k, size, make([]float64, nx)
			for j := range s.row {
				s.row[j] = s.sign * jac[k*nx+j] / size
			}
			s.slack = max(s.slack, 0) / size
			if r.Lower == r.Upper {
				s.slack = 0
			}
			sides = append(sides, s)
		}
	}
	return sides
}
