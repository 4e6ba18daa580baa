package report

import (
	"fmt"
	"io"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/report/internal/picture"
	"github.com/sbo-go/sbo/study"
)

// Picture writes a PNG that shows a result at a glance: the contours of the
// objective with the samples and the path to the optimum, where there are two
// variables and a model, and the convergence. The errors are an unknown variable
// in the options, a result without samples, and that of w.
func Picture(w io.Writer, r *study.Result, o Options) error {
	pair, err := o.pair(r, variablesByInfluence(r.Problem, influence(r)))
	if err != nil {
		return err
	}
	samples := course(r)
	if len(samples) == 0 {
		return fmt.Errorf("report: %s has no samples to draw", or(r.Problem.Name, "the study"))
	}
	const height = 370
	figure := picture.Convergence(courseOf(r, samples)).Sized(500, height)
	if r.Model != nil && r.Best != nil && pair != nil {
		contours := picture.Contours(mapOf(r, samples, r.Problem.Objective(), pair[0], pair[1])).Sized(540, height)
		figure = picture.Beside(r.Problem.Name, contours, figure)
	}
	return figure.PNG(w)
}

// courseOf returns the samples as the picture of convergence wants them.
func courseOf(r *study.Result, samples []sample) picture.Course {
	goal := r.Problem.Responses[r.Problem.Objective()]
	c := picture.Course{
		Objective: picture.Label(goal.Name, goal.Unit), Maximize: goal.Maximize, Tolerance: sbo.FeasibilityTolerance,
		Limits: len(r.Problem.Constraints()) > 0,
	}
	for _, s := range samples {
		c.Samples = append(c.Samples, s.Sample)
	}
	return c
}
