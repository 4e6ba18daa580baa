package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// claims are the partials that a program claims at a point, beside those that its
// values show, by response and variable.
type claims struct {
	problem                        sbo.Problem
	x, y                           []float64
	claimed, measured, uncertainty [][]float64 // NaN where one is not known
	still                          []bool      // the partials of a response stay the same where its values curve
}

// knownFactors are what partials in other units are off by.
var knownFactors = []struct {
	factor float64
	words  string
}{
	{math.Pi / 180, "by degrees instead of radians"},
	{180 / math.Pi, "by radians instead of degrees"},
	{1000, "kilo"},
	{1e-3, "milli"},
	{100, "percent or centi"},
	{1e-2, "percent or centi"},
	{1e6, "mega"},
	{1e-6, "micro"},
	{25.4, "inches and millimeters"},
	{1 / 25.4, "inches and millimeters"},
	{0.3048, "feet and meters"},
	{1 / 0.3048, "feet and meters"},
	{2, ""},
	{0.5, ""},
}

// explain says what the mistake looks like in the partial of response k by variable
// j: one that is made in all of a row or column of the Jacobian first.
func (c claims) explain(k, j int) string {
	response, variable := c.problem.Responses[k].Name, c.problem.Variables[j].Name
	if c.still[k] {
		return fmt.Sprintf("stale: the partials of %s are the same at every point around, where its values curve; are they read from an old file?", response)
	}
	if order := c.order(k); order != nil {
		return fmt.Sprintf("column order: the partials of %s look like those by %s, in this order", response, list(order))
	}
	if other := c.row(k); other != "" {
		return fmt.Sprintf("response order: the partials of %s are those of %s", response, other)
	}
	if s, ok := c.factor(c.claimed[k], c.measured[k], c.uncertainty[k]); ok {
		return fmt.Sprintf("%s: all partials of %s are %s", kind(s), response, c.words(s, k, -1))
	}
	column := func(m [][]float64) (v []float64) {
		for _, row := range m {
			v = append(v, row[j])
		}
		return v
	}
	if s, ok := c.factor(column(c.claimed), column(c.measured), column(c.uncertainty)); ok {
		return fmt.Sprintf("%s: all partials by %s are %s", kind(s), variable, c.words(s, -1, j))
	}
	switch claimed, measured := c.claimed[k][j], c.measured[k][j]; {
	case claimed == 0:
		return "zero: is it computed at all?"
	case math.Abs(measured) <= auditCaution*c.uncertainty[k][j]:
		return fmt.Sprintf("%s does not change with %s as far as its noise lets see", response, variable)
	default:
		return fmt.Sprintf("%s: it is %s", kind(claimed/measured), c.words(claimed/measured, k, j))
	}
}

// kind names the mistake behind a factor.
func kind(factor float64) string {
	if near(factor, -1) {
		return "sign"
	}
	return "scale"
}

// words describes a factor, and what it may come from: response k, variable j, where
// they are not -1.
func (c claims) words(s float64, k, j int) string {
	if near(s, -1) {
		return "minus the differences"
	}
	text := fmt.Sprintf("%.4g times the differences", s)
	var causes []string
	for _, f := range knownFactors {
		if f.words != "" && (near(s, f.factor) || near(s, -f.factor)) {
			causes = append(causes, f.words)
		}
	}
	if j >= 0 {
		width := c.problem.Variables[j].Upper - c.problem.Variables[j].Lower
		name := c.problem.Variables[j].Name
		switch {
		case near(s, width):
			causes = append(causes, fmt.Sprintf("by %s scaled to its bounds, from 0 to 1", name))
		case near(s, width/2):
			causes = append(causes, fmt.Sprintf("by %s scaled to its bounds, from -1 to 1", name))
		case near(s, c.x[j]):
			causes = append(causes, "by the logarithm of "+name)
		}
	}
	if k >= 0 && c.y[k] != 0 && near(s, 1/c.y[k]) {
		causes = append(causes, "of the logarithm of "+c.problem.Responses[k].Name)
	}
	if len(causes) > 0 {
		text += " (" + strings.Join(causes, "? ") + "?)"
	}
	return text
}

// near reports whether two numbers agree to a hundredth.
func near(a, b float64) bool { return math.Abs(a-b) <= 0.01*math.Max(math.Abs(a), math.Abs(b)) }

// fits reports whether a claimed partial agrees with a measured one.
func fits(claimed, measured, uncertainty float64) bool {
	return near(claimed, measured) || math.Abs(claimed-measured) <= auditCaution*uncertainty
}

// order returns the variables by which the partials of response k are, if they are
// the right ones in another order; nil if they are not, or if several orders fit.
func (c claims) order(k int) []string {
	claimed, measured, u := c.claimed[k], c.measured[k], c.uncertainty[k]
	var names []string
	taken := make([]bool, len(claimed))
	same := true
	for j, v := range claimed {
		found := -1
		for i := range measured {
			if !fits(v, measured[i], u[i]) {
				continue
			}
			if found >= 0 {
				return nil // it cannot be told which
			}
			found = i
		}
		if found < 0 || taken[found] {
			return nil
		}
		taken[found] = true
		same = same && found == j
		names = append(names, c.problem.Variables[found].Name)
	}
	if same {
		return nil
	}
	return names
}

// row returns the other response whose partials are claimed for response k, "" if
// there is none.
func (c claims) row(k int) string {
	for m, r := range c.problem.Responses {
		all, some := m != k, false
		for j, v := range c.claimed[k] {
			all = all && fits(v, c.measured[m][j], c.uncertainty[m][j])
			some = some || math.Abs(c.measured[m][j]) > auditCaution*c.uncertainty[m][j]
		}
		if all && some {
			return r.Name
		}
	}
	return ""
}

// factor returns what all the claimed partials are off by, if that is one factor for
// at least two of them.
func (c claims) factor(claimed, measured, uncertainty []float64) (factor float64, ok bool) {
	count := 0
	for i, v := range claimed {
		switch {
		case math.IsNaN(v), math.IsNaN(measured[i]):
			continue
		case math.Abs(measured[i]) <= auditCaution*uncertainty[i]:
			if math.Abs(v) > 2*auditCaution*uncertainty[i] {
				return 0, false
			}
			continue // both are nothing
		}
		s := v / measured[i]
		if s == 0 || count > 0 && !near(s, factor) {
			return 0, false
		}
		factor = s
		count++
	}
	return factor, count >= 2
}

// unmoved reports whether the partials of response k are the same to the bit at all
// points of a stencil, where the slopes of its values are not.
func unmoved(answers []study.Evaluation, k, nx int, noise float64) bool {
	center := answers[0].Partials[k*nx : (k+1)*nx]
	for _, e := range answers[1:] {
		if e.State != study.Done {
			continue
		}
		if slices.ContainsFunc(center, math.IsNaN) || !slices.Equal(center, e.Partials[k*nx:(k+1)*nx]) {
			return false
		}
	}
	for j := range nx {
		y, known := around(answers, k, j)
		if !known {
			continue
		}
		bend, rise := y[0]+y[1]-2*answers[0].Y[k], math.Abs(y[0]-y[1])
		if math.Abs(bend) > 10*noise && math.Abs(bend) > 1e-4*rise {
			return true
		}
	}
	return false
}
