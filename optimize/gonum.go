package optimize

import (
	"math"
	"slices"

	gonum "gonum.org/v1/gonum/optimize"
)

// All contact with gonum's optimizers is in this file. Its quasi-Newton methods
// and line search are driven here step by step, by the same interfaces that
// gonum's Minimize drives them by, because the path of the search must bend at
// the bounds, and because the user's code must run on the user's goroutine.

// directions returns a fresh source of descent directions. They carry state:
// one serves one face of the box, once.
func (m Method) directions() gonum.NextDirectioner {
	if m == BFGS {
		return &gonum.BFGS{}
	}
	return &gonum.LBFGS{Store: 15}
}

// firstStep overrides the length of the first step, which gonum sets to one: the
// whole box. The later ones are up to the method.
type firstStep struct {
	gonum.NextDirectioner
	length float64
}

// InitDirection returns the step, above zero also where the square of the gradient
// overflows.
func (f firstStep) InitDirection(loc *gonum.Location, dir []float64) float64 {
	step := f.length * f.NextDirectioner.InitDirection(loc, dir)
	if step > 0 {
		return step
	}
	steepest := 0.0
	for _, v := range dir {
		steepest = max(steepest, math.Abs(v))
	}
	return max(f.length/steepest, math.SmallestNonzeroFloat64)
}

// bentSearch is gonum's bisection (strong Wolfe conditions), but for steps that
// end on another face of the box. These need only decrease enough, since the
// search goes on there with a new method: the kink of a path that bends at a
// bound may have no point that meets the Wolfe conditions.
//
// Bisection is used because it copes with +Inf; the Moré-Thuente search of
// gonum 0.17 does not end when it meets one.
type bentSearch struct {
	gonum.Bisection
	landed func() bool // the last trial is on another face and decreases enough
	trials int         // of this search
}

// mostTrials is how often a search may bisect: beyond a billionth of the step rounding decides.
const mostTrials = 40

// Init starts a search.
func (b *bentSearch) Init(value, slope, step float64) gonum.Operation {
	b.trials = 0
	return b.Bisection.Init(value, slope, step)
}

// Iterate goes on from the value and slope of the last trial.
func (b *bentSearch) Iterate(value, slope float64) (gonum.Operation, float64, error) {
	op, step, err := b.Bisection.Iterate(value, slope)
	if b.landed() {
		return gonum.MajorIteration, 0, nil
	}
	if b.trials++; b.trials > mostTrials {
		return op, step, gonum.ErrLinesearcherFailure
	}
	return op, step, err
}

// trial is the last point of a search over a face, which gonum's location may
// have left the box for.
type trial struct {
	d     *descent
	free  []int           // the variables of the search: those at no bound
	loc   *gonum.Location // their values, as gonum would have them
	u, g  []float64       // the nearest point of the box, and the gradient there
	value float64
	bent  bool // the point is on another face
}

func newTrial(d *descent) *trial {
	t := &trial{d: d, free: d.interior(), u: slices.Clone(d.u), g: make([]float64, len(d.u)), value: d.value}
	t.loc = &gonum.Location{X: pick(d.u, t.free), F: d.value, Gradient: pick(d.g, t.free)}
	return t
}

// evaluate does what gonum asks for at its location.
func (t *trial) evaluate(op gonum.Operation) {
	if op&gonum.FuncEvaluation != 0 {
		t.bent = false
		for i, j := range t.free {
			t.u[j] = min(max(t.loc.X[i], 0), 1)
			t.bent = t.bent || t.u[j] == 0 || t.u[j] == 1
		}
		t.value = math.Inf(1)
		if !slices.ContainsFunc(t.u, math.IsNaN) { // curvature that underflows has no direction
			t.value = t.d.f(t.g, t.u)
		}
		t.loc.F = t.value
	}
	if op&gonum.GradEvaluation != 0 {
		for i, j := range t.free {
			t.loc.Gradient[i] = t.g[j]
			if t.u[j] != t.loc.X[i] {
				t.loc.Gradient[i] = 0 // beyond the bound nothing changes any more
			}
		}
	}
}

// landed reports whether the point is on another face and decreases enough.
func (t *trial) landed() bool {
	return t.bent && t.value <= t.d.value+sufficient*slope(t.d.g, t.d.u, t.u)
}

// face searches the face of the box on which the point lies, that is, moves the
// variables that are at no bound, until finished says so, another face is
// reached, or no lower point is found. It changes the point of d, never to a
// higher one.
//
// What gonum calls errors here (no descent in the direction, no lower point on
// it, no change of the location) is met near every optimum, where rounding
// hides the descent. None is a failure: the caller judges by the gradient.
func (d *descent) face(finished func() bool) {
	t := newTrial(d)
	ls := &gonum.LinesearchMethod{
		NextDirectioner: firstStep{d.method.directions(), d.stride},
		Linesearcher:    &bentSearch{landed: t.landed},
	}
	idle := 0
	for op, err := ls.Init(t.loc); !d.stop(); op, err = ls.Iterate(t.loc) {
		if err != nil {
			return
		}
		if op != gonum.MajorIteration {
			t.evaluate(op)
			continue
		}
		if idle++; t.value < d.value {
			idle = 0
		}
		d.accept(t.u, t.g, t.value)
		if t.bent || finished() || idle >= 3 { // idle steps are made by rounding alone
			return
		}
	}
}

func pick(v []float64, indices []int) []float64 {
	w := make([]float64, len(indices))
	for i, j := range indices {
		w[i] = v[j]
	}
	return w
}

// slope returns the product of the gradient and the step from u to v.
func slope(g, u, v []float64) float64 {
	s := 0.0
	for j := range g {
		s += g[j] * (v[j] - u[j])
	}
	return s
}

// stretch returns the largest change of a variable from u to v.
func stretch(u, v []float64) float64 {
	s := 0.0
	for j := range u {
		s = max(s, math.Abs(v[j]-u[j]))
	}
	return s
}
