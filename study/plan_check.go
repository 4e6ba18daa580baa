package study

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/sbo-go/sbo"
)

// checker finds what is wrong with a plan whose values could all be read. It
// says nothing about values that the reader has already complained about.
type checker struct {
	*reader
	plan *Plan
}

func (c checker) check() {
	if strings.ContainsFunc(c.plan.Study, unicode.IsControl) {
		c.fault("study", "the name of the study must be a single line of text")
	}
	for i, v := range c.plan.Variables {
		c.variable(fmt.Sprintf("variables[%d]", i), v)
	}
	for i, v := range c.plan.Responses {
		c.response(fmt.Sprintf("responses[%d]", i), v)
	}
	c.objective()
	c.evaluator()
	c.settings()
	c.factors()
	c.names()
}

func (c checker) variable(path string, v VariablePlan) {
	switch v.Type {
	case "", Continuous:
	case Integer:
		c.fault(child(path, "type"), "integer variables are not supported yet; "+
			"use type: continuous, or leave the variable out and fix its value in the program")
	default:
		c.choice(child(path, "type"), string(v.Type), []string{string(Continuous), string(Integer)})
	}
	lower, upper := child(path, "lower"), child(path, "upper")
	switch {
	case !c.clean(lower) || !c.clean(upper):
	case v.Lower == v.Upper:
		c.fault(lower, "lower and upper are both %v; give the variable room, or leave it out and fix its value in the program", v.Lower)
	case v.Lower > v.Upper:
		c.fault(lower, "lower is %v, which is above upper, %v; swap them", v.Lower, v.Upper)
	case math.IsInf(v.Upper-v.Lower, 0):
		c.fault(lower, "the distance between lower and upper is too large for a number; bring them closer")
	}
}

func (c checker) response(path string, v ResponsePlan) {
	at := func(key string) string { return child(path, key) }
	lower, upper, equals := v.Lower != nil, v.Upper != nil, v.Equals != nil
	switch {
	case v.Minimize && v.Maximize:
		c.faultAtKey(at("maximize"), "a response cannot be both minimized and maximized; keep one of the two")
	case (v.Minimize || v.Maximize) && (lower || upper || equals):
		for _, key := range []string{"lower", "upper", "equals"} {
			if c.has(at(key)) {
				c.faultAtKey(at(key), "the objective cannot have limits; remove %s, or give the limit to a second response with the same value", key)
			}
		}
	case equals && (lower || upper):
		c.faultAtKey(at("equals"), "equals leaves no room for lower or upper; keep equals alone, or replace it by the two limits")
	case !lower || !upper || !c.clean(at("lower")) || !c.clean(at("upper")):
	case *v.Lower > *v.Upper:
		c.fault(at("lower"), "lower is %v, which is above upper, %v, so that no value meets both; swap them", *v.Lower, *v.Upper)
	case *v.Lower == *v.Upper:
		c.fault(at("lower"), "lower and upper are both %v; write `equals: %v`", *v.Lower, *v.Lower)
	}
	if v.Partials != nil {
		c.partials(at("partials"), v.Partials.Names)
	}
	c.noise(path, v)
}

// noise checks that there are partials where it is said how noisy they are.
func (c checker) noise(path string, v ResponsePlan) {
	delivered := c.plan.Evaluator.Problem != "" // as it is by default
	if v.Partials != nil {
		delivered = v.Partials.All || len(v.Partials.Names) > 0
	}
	key := child(path, "partials_noise")
	if v.PartialsNoise > 0 && !delivered && c.clean(child(path, "partials")) && c.clean(key) {
		c.faultAtKey(key, "there are no partials that could be off; add partials: true, or remove partials_noise")
	}
}

func (c checker) partials(path string, names []string) {
	variables, known := c.variableNames()
	seen := map[string]bool{}
	for i, n := range names {
		p := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case !c.clean(p):
		case known && !slices.Contains(variables, n):
			c.fault(p, "there is no variable %q%s", clip(n), suggestion(n, variables))
		case seen[n]:
			c.fault(p, "%q is here twice; keep one", n)
		}
		seen[n] = true
	}
}

// objective checks that one response, and only one, is minimized or maximized.
func (c checker) objective() {
	first, known := "", c.has("responses") && !c.broken["responses"]
	for i, v := range c.plan.Responses {
		path := fmt.Sprintf("responses[%d]", i)
		known = known && c.clean(child(path, "minimize")) && c.clean(child(path, "maximize"))
		switch {
		case v.Minimize:
			path = child(path, "minimize")
		case v.Maximize:
			path = child(path, "maximize")
		default:
			continue
		}
		if first == "" {
			first = path
			continue
		}
		c.faultAtKey(path, "this is a second objective, after the one in line %d; keep one, and give the other a limit or nothing", c.items[first].Line)
	}
	if first == "" && known {
		c.faultAtKey("responses", "no response is the objective; give one of them `minimize: true` or `maximize: true`")
	}
}

// faultAtKey reports a fault at the key of path rather than at its value.
func (c checker) faultAtKey(path, format string, args ...any) {
	c.faultAt(c.items[path], path, format, args...)
}

// choice reports a value that is none of those that are possible.
func (c checker) choice(path, value string, possible []string) {
	if value == "" && !c.has(path) || !c.clean(path) || slices.Contains(possible, value) {
		return
	}
	c.fault(path, "there is no %s %q%s", subject(path), clip(value), suggestion(value, possible))
}

// suggestion is what to write instead of a name that does not exist.
func suggestion(name string, possible []string) string {
	if near := sbo.Nearest(clip(name), possible); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	const most = 40
	if len(possible) > most {
		return "; choose one of " + strings.Join(possible[:most], ", ") + ", ..."
	}
	return "; choose one of " + strings.Join(possible, ", ")
}

// variableNames returns the names of the variables, and whether all are known.
func (c checker) variableNames() (names []string, known bool) {
	known = c.has("variables") && !c.broken["variables"]
	for i, v := range c.plan.Variables {
		names = append(names, v.Name)
		known = known && c.clean(fmt.Sprintf("variables[%d].name", i))
	}
	return names, known
}

// namePattern is what a name may be, so that it needs no quoting in CSV files,
// in JSON, on command lines and in most programs; SQL wants quotes for some.
const namePattern = `^[\p{L}_][\p{L}\p{N}_.:\-\[\]]*$`

// maxName is the largest length of a name in characters: tables stay readable.
const maxName = 64

var validName = regexp.MustCompile(namePattern)

// names checks that every name can be used in every file and table, and once.
func (c checker) names() {
	var all []named
	add := func(path, name string) {
		if path = child(path, "name"); c.clean(path) {
			all = append(all, named{path, name})
		}
	}
	for i, v := range c.plan.Variables {
		add(fmt.Sprintf("variables[%d]", i), v.Name)
	}
	for i, v := range c.plan.Responses {
		add(fmt.Sprintf("responses[%d]", i), v.Name)
	}
	partials := c.partialColumns()
	first := map[string]named{} // by the name in lower case: SQL does not tell them apart
	for _, n := range all {
		before, twice := first[strings.ToLower(n.name)]
		if !twice {
			first[strings.ToLower(n.name)] = n
		}
		switch {
		case !validName.MatchString(n.name):
			c.fault(n.path, "%q cannot be a name; use letters, digits and _ . : - [ ], beginning with a letter or _", clip(n.name))
		case len([]rune(n.name)) > maxName:
			c.fault(n.path, "this name is longer than %d characters; choose a shorter one", maxName)
		case strings.EqualFold(n.name, "id"):
			c.fault(n.path, "%q is what tables call the number of an evaluation; choose another name", n.name)
		case twice && before.name == n.name:
			c.fault(n.path, "the name %q is used already in line %d; variables and responses need names of their own", n.name, c.places[before.path].Line)
		case twice:
			c.fault(n.path, "%q and %q in line %d differ only in case, which tables do not tell apart; rename one", n.name, before.name, c.places[before.path].Line)
		case partials(n.name) != "":
			c.fault(n.path, "%q is what tables call %s; choose another name", n.name, partials(n.name))
		}
	}
}

type named struct{ path, name string }

// partialColumns returns a function that says which partial a name is the column
// of, as dcd_dalpha is that of the partial of cd by alpha, or "" if it is none.
func (c checker) partialColumns() func(name string) string {
	responses := map[string]bool{}
	for _, v := range c.plan.Responses {
		responses[v.Name] = true
	}
	variables := map[string]bool{}
	for _, v := range c.plan.Variables {
		variables[v.Name] = true
	}
	return func(name string) string {
		rest, ok := strings.CutPrefix(name, "d")
		for i := range rest {
			if ok && strings.HasPrefix(rest[i:], "_d") && responses[rest[:i]] && variables[rest[i+2:]] {
				return fmt.Sprintf("the partial of %s by %s", rest[:i], rest[i+2:])
			}
		}
		return ""
	}
}
