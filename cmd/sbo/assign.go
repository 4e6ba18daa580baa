package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo"
)

// assignments reads name=value pairs, as the flags --at, --at-most and --bounds
// have them, into values by the index of the name.
func assignments(flag string, pairs, names []string) (map[int]string, error) {
	values := map[int]string{}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, usage("--%s %s: write it as name=value", flag, pair).hint("the names are %s", list(names))
		}
		i := slices.Index(names, strings.TrimSpace(name))
		if i < 0 {
			return nil, usage("--%s: there is no %q%s", flag, name, didYouMean(name, names)).hint("the names are %s", list(names))
		}
		if _, twice := values[i]; twice {
			return nil, usage("--%s names %s twice", flag, name)
		}
		values[i] = strings.TrimSpace(value)
	}
	return values, nil
}

func parseNumber(flag, text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, usage("--%s: %q is not a number", flag, text)
	}
	return v, nil
}

// parsePoint reads a point with a value for every name.
func parsePoint(flag string, pairs, names []string) ([]float64, error) {
	values, err := assignments(flag, pairs, names)
	if err != nil {
		return nil, err
	}
	x := make([]float64, len(names))
	var missing []string
	for j, name := range names {
		text, ok := values[j]
		if !ok {
			missing = append(missing, name+"=...")
			continue
		}
		if x[j], err = parseNumber(flag, text); err != nil {
			return nil, err
		}
	}
	if len(missing) > 0 {
		return nil, usage("--%s needs a value for every variable", flag).hint("add %s", strings.Join(missing, ","))
	}
	return x, nil
}

// parseRange reads the lower:upper of a name.
func parseRange(flag, name, text string) (lower, upper float64, err error) {
	from, to, ok := strings.Cut(text, ":")
	if !ok {
		return 0, 0, usage("--%s %s=%s: write a range as lower:upper", flag, name, text)
	}
	if lower, err = parseNumber(flag, from); err != nil {
		return 0, 0, err
	}
	if upper, err = parseNumber(flag, to); err != nil {
		return 0, 0, err
	}
	if lower >= upper {
		return 0, 0, usage("--%s %s=%s: the lower bound has to be below the upper one", flag, name, text)
	}
	return lower, upper, nil
}

// numbered returns n names: x1, x2, ...
func numbered(letter string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s%d", letter, i+1)
	}
	return names
}

// outside says of every variable of x that is out of its bounds.
func outside(box sbo.Box, names []string, x []float64) []string {
	var found []string
	for j, v := range x {
		if v < box.Lower[j] || v > box.Upper[j] {
			found = append(found, fmt.Sprintf("%s = %s is outside %s to %s", names[j], short(v), short(box.Lower[j]), short(box.Upper[j])))
		}
	}
	return found
}
