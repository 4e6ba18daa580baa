package study

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// nearly is how far, in widths of the box, a point may be from the one that was
// asked for: by numbers written with six digits.
const nearly = 1e-5

// find returns the evaluation that an answer belongs to, 0 for a point of its own, or
// what is wrong with it.
func (t *teller) find(a Answer) (id int, fault string) {
	nx := t.problem.NX()
	switch {
	case a.X != nil && len(a.X) != nx:
		return 0, fmt.Sprintf("the point has %d numbers, and the study %d variables", len(a.X), nx)
	case slices.ContainsFunc(a.X, func(v float64) bool { return !finite(v) }):
		return 0, "a variable is no finite number"
	case a.ID < 0 || a.ID > 0 && t.points[a.ID] == nil:
		return 0, fmt.Sprintf("there is no evaluation %d", a.ID)
	case a.ID > 0:
		if x := t.points[a.ID]; a.X != nil && !t.near(x, a.X) {
			return 0, fmt.Sprintf("evaluation %d was asked at %s, and this is at %s", a.ID, t.point(x), t.point(a.X))
		}
		return a.ID, ""
	case a.X == nil:
		return 0, "it says neither the id of an evaluation nor a point"
	}
	if id, there := t.byKey[string(keyOf(a.X))]; there {
		return id, ""
	}
	for _, id := range t.waiting {
		if !t.known[id] && t.near(t.points[id], a.X) {
			return id, ""
		}
	}
	return 0, ""
}

func (t *teller) near(x, z []float64) bool {
	for j, v := range t.problem.Variables {
		if math.Abs(x[j]-z[j]) > nearly*max(v.Upper-v.Lower, math.Abs(x[j])*1e-3) {
			return false
		}
	}
	return true
}

// point is a point for people.
func (t *teller) point(x []float64) string {
	var parts []string
	for j, v := range t.problem.Variables {
		parts = append(parts, v.Name+" = "+exact(x[j]))
	}
	return strings.Join(parts, ", ")
}

// judge says what is wrong with the numbers of an answer to evaluation id.
func (t *teller) judge(a Answer, id int) string {
	nx, ny := t.problem.NX(), t.problem.NY()
	switch {
	case a.Failed != "" && a.Y != nil:
		return "it has values and a failure; it can be one of the two only"
	case a.Failed != "":
		return ""
	case a.Y == nil:
		return "it has neither values nor a failure"
	case len(a.Y) != ny:
		return fmt.Sprintf("it has %d values, and the study %d responses", len(a.Y), ny)
	case a.Partials != nil && len(a.Partials) != ny*nx:
		return fmt.Sprintf("it has %d partials, and the study %d responses by %d variables", len(a.Partials), ny, nx)
	}
	missing := 0
	for k, v := range a.Y {
		switch {
		case math.IsInf(v, 0):
			return fmt.Sprintf("the value of %s is %v; an evaluation without a value has failed, and should say so", t.problem.Responses[k].Name, v)
		case math.IsNaN(v) && id > 0 && !t.known[id]:
			return fmt.Sprintf("no value for %s; an evaluation without a value has failed, and should say so", t.problem.Responses[k].Name)
		case math.IsNaN(v):
			missing++
		}
	}
	if missing == ny {
		return "it has no value at all"
	}
	return ""
}
