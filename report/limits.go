package report

import (
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// standing says how a response stands to its limits: "active", "violated by 3
// psi", "margin 12 psi"; nothing where there are none.
func standing(r sbo.Response, y, multiplier float64) string {
	switch excess := r.Excess(y); {
	case r.Role != sbo.Constraint:
		return ""
	case math.IsNaN(y):
		return "not known"
	case excess > sbo.FeasibilityTolerance*r.Scale():
		return "violated by " + brief(excess) + unit(r.Unit)
	case multiplier != 0:
		return "active"
	}
	margin := min(y-r.Lower, r.Upper-y)
	if margin <= sbo.FeasibilityTolerance*r.Scale() {
		return "at its limit"
	}
	return "margin " + brief(margin) + unit(r.Unit)
}

// standingOfBound says the same of a variable and its bounds, a thousandth of
// which count as reached.
func standingOfBound(v sbo.Variable, x, multiplier float64) string {
	reach := 1e-3 * (v.Upper - v.Lower)
	switch {
	case multiplier > 0 && x-v.Lower <= reach:
		return "active at its lower bound"
	case multiplier < 0 && v.Upper-x <= reach:
		return "active at its upper bound"
	case x == v.Lower:
		return "at its lower bound"
	case x == v.Upper:
		return "at its upper bound"
	}
	return ""
}

// price says what an active limit costs.
type price struct {
	Limit      string  // "shear_stress <= 13600 psi"
	Multiplier float64 // change of the objective per change of the limit
	Unit       string  // of the multiplier
	Meaning    string  // a sentence
}

// prices returns what the active limits and bounds at the best point cost, to
// first order, from the multipliers of the certificate.
func prices(r *study.Result) []price {
	if r.Best == nil || !r.Certificate.Known {
		return nil
	}
	p, goal := r.Problem, r.Problem.Objective()
	objective, value := p.Responses[goal], r.Best.Y[goal]
	sign := 1.0
	if objective.Maximize {
		sign = -1 // multipliers are of the cost
	}
	effect := func(multiplier, change float64) string {
		by := sign * multiplier * change
		s := signed(by) + unit(objective.Unit)
		if value != 0 {
			s = signed(100*by/math.Abs(value)) + " % (" + s + ")"
		}
		return objective.Name + " " + s
	}
	per := func(name string) string {
		if objective.Unit == "" && name == "" {
			return ""
		}
		return or(objective.Unit, "1") + "/" + or(name, "1")
	}
	var list []price
	for k, m := range r.Certificate.Multipliers {
		c := p.Responses[k]
		if m == 0 {
			continue
		}
		limit, change, verb := c.Upper, 1.0, "more"
		if m > 0 && c.Lower != c.Upper {
			limit, change, verb = c.Lower, -1, "less"
		}
		amount := change * 0.01 * math.Abs(limit)
		lead := fmt.Sprintf("1 %% %s %s (%s -> %s%s)", verb, c.Name, number(limit), number(limit+amount), unit(c.Unit))
		if limit == 0 { // of which 1 % is nothing
			amount = change * hundredth(r.Data, k)
			lead = fmt.Sprintf("%s%s %s %s", number(math.Abs(amount)), unit(c.Unit), verb, c.Name)
		}
		list = append(list, price{c.Name + " " + c.Wanted() + unit(c.Unit), sign * m, per(c.Unit), lead + ": " + effect(m, amount)})
	}
	for j, m := range r.Certificate.Bounds {
		v := p.Variables[j]
		if m == 0 {
			continue
		}
		bound, side, amount, op := v.Upper, "upper", 0.01*(v.Upper-v.Lower), "<="
		if m > 0 {
			bound, side, amount, op = v.Lower, "lower", -amount, ">="
		}
		list = append(list, price{
			v.Name + " " + op + " " + number(bound) + unit(v.Unit), sign * m, per(v.Unit),
			fmt.Sprintf("%s bound of %s moved out by 1 %% of the range (%s -> %s%s): %s", side, v.Name, number(bound), number(bound+amount), unit(v.Unit), effect(m, amount)),
		})
	}
	return list
}

// hundredth returns the power of ten next to a hundredth of the range of a
// response over the samples.
func hundredth(d sbo.Data, k int) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for i := range d.Len() {
		if v := d.Responses(i)[k]; !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if !(high > low) {
		return 1
	}
	return math.Pow(10, math.Round(math.Log10((high-low)/100)))
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// signed writes a change, with its sign.
func signed(v float64) string {
	if v > 0 {
		return "+" + brief(v)
	}
	return brief(v)
}

// certificate says in a sentence what the optimality conditions at the best point
// are worth.
func certificate(r *study.Result) string {
	switch {
	case r.Best == nil:
		return "None: no evaluation has an answer."
	case !r.Certificate.Known && !r.Best.Feasible:
		return "None: the best point is not feasible."
	case !r.Certificate.Known:
		return "Not known: the conditions of optimality need measured partials, and some were not delivered."
	case !r.Best.Feasible:
		return fmt.Sprintf("None: the best point violates its limits by %s (relative).", brief(r.Best.Violation))
	}
	spread := "the objective's spread over the samples"
	if len(r.Rounds) == 0 {
		spread = "the objective"
	}
	text := fmt.Sprintf("KKT residual %s from measured partials: to first order, no variable moved across its whole range gains more than this fraction of %s.",
		brief(r.Certificate.Residual), spread)
	if seen, unseen := r.Basins(); seen > 0 {
		text += " " + basins(seen, unseen)
	}
	return text
}

// basins says in a sentence how likely it is that the best point is a local optimum
// only.
func basins(seen int, unseen float64) string {
	what := "One basin is known"
	if seen > 1 {
		what = fmt.Sprintf("%d basins are known", seen)
	}
	return fmt.Sprintf("%s; the estimated chance that there is another, which may be better or not, is %.0f %%.", what, 100*unseen)
}
