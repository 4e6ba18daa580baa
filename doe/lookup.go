package doe

import (
	"fmt"
	"strings"
)

// byName are the samplers as users call them, in the order they are listed in.
// "lhs" is what most users expect of a Latin hypercube today, one that fills the
// space, and not the plain one of 1979.
var byName = []struct {
	name    string
	sampler Sampler
}{
	{"random", Random{}},
	{"lhs", LatinHypercube{Criterion: ESE}},
	{"lhs-plain", LatinHypercube{}},
	{"lhs-centered", LatinHypercube{Criterion: Centered}},
	{"lhs-maximin", LatinHypercube{Criterion: Maximin}},
	{"lhs-ese", LatinHypercube{Criterion: ESE}},
	{"factorial", FullFactorial{}},
	{"sobol", Sobol{}},
	{"sobol-scrambled", Sobol{Scramble: true}},
	{"halton", Halton{}},
	{"halton-scrambled", Halton{Scramble: true}},
}

// Lookup returns the sampler of a name. "lhs" is "lhs-ese". The error of an
// unknown name lists the known ones.
func Lookup(name string) (Sampler, error) {
	for _, known := range byName {
		if known.name == name {
			return known.sampler, nil
		}
	}
	return nil, fmt.Errorf("doe: there is no sampler %q; choose one of %s", name, strings.Join(Names(), ", "))
}

// Names returns the names that [Lookup] knows.
func Names() []string {
	names := make([]string, len(byName))
	for i, known := range byName {
		names[i] = known.name
	}
	return names
}
