package study

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sbo-go/sbo/problems"
)

// lookupProblem returns a test problem, or what to say if there is none.
func lookupProblem(name string) (problems.Problem, string) {
	p, err := problems.Lookup(name)
	if err == nil {
		return p, ""
	}
	names := problems.Names()
	if stem := strings.TrimRight(name, "-0123456789"); slices.Contains(names, stem) {
		return p, strings.TrimPrefix(err.Error(), "problems: ") // there is, but not of that size
	}
	return p, fmt.Sprintf("there is no problem %q%s", clip(name), suggestion(name, names))
}
