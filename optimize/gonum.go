package optimize

import (
	"errors"
	"math"
	"slices"

	gonum "gonum.org/v1/gonum/optimize"
)

// All contact with gonum's optimizers is in this file. Its quasi-Newton methods
// and line search are driven here step by step, by the same interfaces that
// gonum.Minimize drives them by, for two reasons. The path of the search must
// bend at the bounds, of which gonum knows nothing. And gonum.Minimize calls
// user code on goroutines of its own, where a panic ends the process.

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

func (f firstStep) InitDirection(loc *gonum.Location, dir []float64) float64 {
	return f.length * f.NextDirectioner.InitDirection(loc, dir)
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
	if b.trials++; b.trials > 100 {
		return op, step, gonum.ErrLinesearcherFailure
	}
	return op, step, err
}

// outcome says how a search over a face of the box ended.
type outcome int

const (
	done    outcome = iota // the caller's test holds
	landed                 // the point moved to another face
	noLower                // the line search found no lower point
)

// outcomeOf maps gonum's errors. All of them are met near an optimum, where
// rounding hides the descent, so that none is a failure: the caller judges by the gradient.
func outcomeOf(err error) outcome {
	for _, known := range []error{gonum.ErrLinesearcherFailure, gonum.ErrNoProgress, gonum.ErrNonDescentDirection} {
		if errors.Is(err, known) {
			return noLower
		}
	}
	panic(err) // not one that the methods used here return
}

// face searches the face of the box on which the point lies, that is, moves the
// variables that are at no bound, until finished says so or another face is
// reached. It changes the point of d, always to a lower one.
func (d *descent) face(finished func() bool) outcome {
	free := d.interior()
	trial := slices.Clone(d.u)          // the last evaluated point of the box
	slopes := make([]float64, len(d.u)) // the gradient there
	value, bent := d.value, false

	loc := &gonum.Location{X: pick(d.u, free), F: d.value, Gradient: pick(d.g, free)}
	evaluate := func() {
		bent = false
		for i, j := range free {
			trial[j] = min(max(loc.X[i], 0), 1)
			bent = bent || trial[j] == 0 || trial[j] == 1
		}
		value = d.f(slopes, trial)
	}
	search := &bentSearch{landed: func() bool {
		return bent && value <= d.value+sufficient*slope(d.g, d.u, trial)
	}}
	ls := &gonum.LinesearchMethod{
		NextDirectioner: firstStep{d.method.directions(), d.stride},
		Linesearcher:    search,
	}
	for op, err := ls.Init(loc); ; op, err = ls.Iterate(loc) {
		switch {
		case err != nil:
			return outcomeOf(err)
		case op == gonum.MajorIteration:
			d.accept(trial, slopes, value)
			if bent {
				return landed
			}
			if finished() {
				return done
			}
			continue
		case op&gonum.FuncEvaluation != 0:
			evaluate()
			loc.F = value
		}
		if op&gonum.GradEvaluation != 0 {
			for i, j := range free {
				loc.Gradient[i] = slopes[j]
				if trial[j] != loc.X[i] {
					loc.Gradient[i] = 0 // beyond the bound nothing changes any more
				}
			}
		}
		if d.stop() {
			return done
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
