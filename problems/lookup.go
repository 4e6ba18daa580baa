package problems

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo"
)

// A family is an entry of the catalog: one problem, or one of every size.
type family struct {
	name   string
	create func(size int) Problem
	// standard is the size that the bare name means, and least the smallest
	// there is; both are 0 for a problem of one size only.
	standard, least int
}

// single is the family of one problem.
func single(name string, create func() Problem) family {
	return family{name: name, create: func(int) Problem { return create() }}
}

// catalog is every test problem: plain ones, engineering formulas, constrained,
// simulations.
var catalog = []family{
	{"rosenbrock", Rosenbrock, 2, 2},
	{"rastrigin", Rastrigin, 2, 1},
	single("branin", Branin),
	single("camel6", Camel6),
	single("goldstein", Goldstein),
	single("beale", Beale),
	single("shekel5", func() Problem { return Shekel(5) }),
	single("shekel7", func() Problem { return Shekel(7) }),
	single("shekel10", func() Problem { return Shekel(10) }),
	single("hartmann3", Hartmann3),
	single("hartmann6", Hartmann6),
	{"ackley", Ackley, 2, 1},
	{"styblinski", Styblinski, 2, 1},
	{"levy", Levy, 2, 1},
	{"trid", Trid, 2, 1},
	{"zakharov", Zakharov, 2, 1},
	{"griewank", Griewank, 2, 1},
	{"sphere", Sphere, 2, 1},
	single("sinusoid", Sinusoid),
	single("wingweight", WingWeight),
	single("borehole", Borehole),
	single("otl", OTL),
	single("weldedbeam", WeldedBeam),
	single("pressurevessel", PressureVessel),
	single("speedreducer", SpeedReducer),
	single("spring", Spring),
	single("gomez3", Gomez3),
	single("mystery", Mystery),
	single("g04", G04),
	single("g07", G07),
	single("g08", G08),
	single("g09", G09),
	single("g24", G24),
	{"cantilever", Cantilever, 5, 1},
	single("airfoil-af1", AirfoilAF1),
	single("airfoil-af2", AirfoilAF2),
	single("airfoil-af3", AirfoilAF3),
}

// aliases are other names in use for the same problems.
var aliases = map[string]string{
	"goldsteinprice": "goldstein",
	"pressvessel":    "pressurevessel",
	"rosen":          "rosenbrock",
	"spring3":        "spring",
	"styblinskitang": "styblinski",
	"vcant10":        "cantilever", // five segments, ten variables
	"wingweight10":   "wingweight",
}

// largestSize bounds the sizes that [Lookup] makes, so that a slip of the
// keyboard is an error and not gigabytes.
const largestSize = 10_000

// Names returns the names of all test problems. Those of any size take it as a
// suffix: rosenbrock10.
func Names() []string {
	names := make([]string, len(catalog))
	for i, f := range catalog {
		names[i] = f.name
	}
	return names
}

// All returns every test problem of [Names], in that order, those of any size in
// their standard size.
func All() []Problem {
	all := make([]Problem, len(catalog))
	for i, f := range catalog {
		all[i] = f.create(f.standard)
	}
	return all
}

// Lookup returns the test problem of a name in [Names]. The size of a problem
// that comes in any size may follow: "rosenbrock5" and "rosenbrock-5" have five
// variables, "cantilever8" has eight segments. Case does not count. The error
// for an unknown name suggests the nearest one and lists all.
func Lookup(name string) (Problem, error) {
	wanted := strings.ToLower(strings.TrimSpace(name))
	if f, ok := find(wanted); ok {
		return f.create(f.standard), nil
	}
	stem := strings.TrimRight(wanted, "0123456789")
	f, ok := find(strings.TrimRight(stem, "-"))
	if !ok || f.standard == 0 || stem == wanted {
		return Problem{}, unknown(name, wanted)
	}
	size, err := strconv.Atoi(wanted[len(stem):])
	if err != nil || size < f.least || size > largestSize {
		return Problem{}, fmt.Errorf("problems: %q: the size of %s is a number from %d to %d", name, f.name, f.least, largestSize)
	}
	return f.create(size), nil
}

// find returns the family of a name or alias.
func find(name string) (family, bool) {
	if own, ok := aliases[name]; ok {
		name = own
	}
	for _, f := range catalog {
		if f.name == name {
			return f, true
		}
	}
	return family{}, false
}

func unknown(name, wanted string) error {
	hint := ""
	if nearest := sbo.Nearest(wanted, Names()); nearest != "" {
		hint = fmt.Sprintf("; did you mean %s?", nearest)
	}
	return fmt.Errorf("problems: there is no test problem %q%s; there are %s", name, hint, strings.Join(Names(), ", "))
}

// sized is the name of a problem of the given size: bare in the standard size.
// It panics if the size is below the least.
func sized(name string, size, standard, least int) string {
	switch {
	case size < least:
		panic(fmt.Sprintf("problems: %s has at least %d as its size, not %d", name, least, size))
	case size == standard:
		return name
	default:
		return name + strconv.Itoa(size)
	}
}
