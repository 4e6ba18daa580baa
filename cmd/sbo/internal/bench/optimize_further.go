package bench

import (
	"context"

	"github.com/sbo-go/sbo/problems"
)

// further is the part with problems of package problems that the figures do not
// have, so that what is good for the others is not good for them alone. The rival
// is the multistart that runs beside.
type further struct {
	*tournament
	ratios, successes []float64
}

// furtherFields returns the problems. How they are scored is found out when they are
// run.
func furtherFields() []field {
	var all []field
	for _, p := range []problems.Problem{
		problems.Sinusoid(), problems.Camel6(), problems.Hartmann3(), problems.Ackley(2), problems.Griewank(2), problems.Styblinski(2),
		problems.Levy(2), problems.Levy(5), problems.Levy(10), problems.Rosenbrock(3), problems.Zakharov(5), problems.Trid(5), problems.Sphere(5),
		problems.Styblinski(10), problems.Borehole(), problems.OTL(), problems.Cantilever(2), problems.Cantilever(10), problems.Beale(),
		problems.Shekel(5), problems.Shekel(7), problems.G09(),
	} {
		all = append(all, field{reference{Name: p.Name}, p})
	}
	return all
}

func (e *further) compare(ctx context.Context, c field, progress func(float64)) ([]Row, error) {
	c, err := survey(ctx, c.problem)
	if err != nil {
		return nil, err
	}
	nx := c.problem.NX()
	entries := []entry{
		{solver: solverLoop, run: runLoop, budget: budgetPerVariable * nx, last: 2},
		{solver: solverDirect, run: runMultistart, budget: directBudgetPerVariable * nx, last: 2},
	}
	courses, err := e.start(ctx, partFurther, c, entries, progress)
	if err != nil {
		return nil, err
	}
	ours, rival := standing(courses[0], entries[0], reached), standing(courses[1], entries[1], reached)
	e.standings = append(e.standings, ours, rival)
	r := &rows{name: c.Name + " " + partFurther}
	r.add("median_1e-2", "evaluations", lower, float64(ours.Median[0]))
	r.add("median_1e-3", "evaluations", lower, float64(ours.Median[1]))
	r.add("median_1e-6", "evaluations", lower, float64(ours.Median[2]))
	r.add("success_1e-3", "share", higher, ours.Success[1])
	e.successes = append(e.successes, ours.Success[1])
	if ratio, ok := over(ours, rival, 1); ok {
		r.add("over_lbfgs", "ratio", lower, float64(ours.Median[1]/rival.Median[1]), goalNoRegret)
		e.ratios = append(e.ratios, ratio)
	}
	return r.list, nil
}

func (e *further) together(context.Context, func(float64)) ([]Row, error) {
	r := &rows{name: together + " " + partFurther}
	if len(e.ratios) > 0 {
		r.add("geomean_over_lbfgs", "ratio", lower, geomean(e.ratios), goalGeomean)
	}
	if len(e.successes) > 0 {
		r.add("success_1e-3", "share", higher, mean(e.successes))
	}
	return r.list, nil
}
