package bench

import (
	"context"
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/surrogate"
)

// automatic is how the networks of this suite are trained: one value for all
// problems, and it is the zero value. On one core, so that times compare.
var automatic = surrogate.Options{}

// Goals of the suite.
const (
	goalTimeRatio    = 100  // the reference's own final accuracy in a hundredth of its time
	goalNRMSERatio   = 10   // a tenth of its error in the same time
	goalSamplesRatio = 5    // a fifth of the samples that are needed without partials, in the median
	goalNoise        = 1.02 // never 2 percent worse than without partials, whatever their errors
	goalNoiseGain    = 2    // twice as good with half of them wrong
	goalCoverageOff  = 5    // percent of the held-out points, from the 90 that should lie in the intervals
	goalSmooth       = 1e-10
)

// training is the suite train: what the automatic training gets out of few
// samples, beside other trainers and beside itself without partials. It gathers
// what the rows of all cases together are made of.
type training struct {
	quick  bool
	seeds  int
	curves func(Curve)

	timeRatios, nrmseRatios, coverages, samplesRatios, noiseRatios []float64
}

func train(o Options) suite {
	t := &training{quick: o.Quick, seeds: designs(o.Quick), curves: o.Curves}
	var steps []step
	for _, c := range t.comparisons(o.Tables) {
		steps = append(steps, step{c.name(), func(ctx context.Context, progress func(float64)) ([]Row, error) { return t.compare(ctx, c, progress) }})
	}
	for _, e := range t.efficiencies() {
		steps = append(steps, step{e.subject.name + ", samples needed", func(ctx context.Context, progress func(float64)) ([]Row, error) { return t.count(ctx, e, progress) }})
	}
	for _, n := range t.trials() {
		steps = append(steps, step{n.subject.at(n.samples) + ", noise", func(ctx context.Context, progress func(float64)) ([]Row, error) { return t.disturb(ctx, n, progress) }})
	}
	for _, c := range t.smooth() {
		steps = append(steps, step{c.name() + ", smooth", func(ctx context.Context, progress func(float64)) ([]Row, error) { return t.refine(ctx, c, progress) }})
	}
	return suite{steps: append(steps, step{together, t.together}), notes: t.notes()}
}

// designs returns how many designs a number is the median of.
func designs(quick bool) int {
	if quick {
		return 2
	}
	return 5
}

// together is the case of the rows over all others.
const together = "all"

func (t *training) notes() []string {
	notes := []string{
		"The automatic trainings all have the same options, the zero value: nothing is set for a problem.",
		fmt.Sprintf("Numbers are medians over %d random designs; errors are relative to the spread of held-out points.", t.seeds),
	}
	if t.quick {
		notes = append(notes, fmt.Sprintf("ADAM stops after %d iterations here, if the reference has more; ratios to it then have no goal.", quickIterations))
	}
	return notes
}

// box returns the Rastrigin function on a square from -1 to upper.
func rastrigin(upper float64) problems.Problem {
	return problems.Rastrigin(2).WithBox([]float64{-1, -1}, []float64{upper, upper})
}

func ofTestProblem(name string, p problems.Problem) *subject {
	return ofProblem(name, p.Problem, p, nil)
}

// comparisons are the cases in which trainers are compared.
func (t *training) comparisons(tables []Table) []comparison {
	sinusoid, rosenbrock := problems.Sinusoid(), problems.Rosenbrock(2)
	levels := func(n int, _ uint64) []float64 { return grid(sinusoid.Box(), n) }
	// As many as the demonstration of the reference has: 100 random ones and a grid.
	mixed := func(n int, seed uint64) []float64 {
		return append(hypercube(rosenbrock.Box(), n-17*17, seed), grid(rosenbrock.Box(), 17)...)
	}
	rosenbrock2, square := ofTestProblem("rosenbrock2", rosenbrock), ofTestProblem("rastrigin", rastrigin(1))
	wing, otl := ofTestProblem("wingweight", problems.WingWeight()), ofTestProblem("otl", problems.OTL())
	all := []comparison{
		{ofProblem("sinusoid", sinusoid.Problem, sinusoid, levels), 4, demoSinusoid, 0},
		{rosenbrock2, 9, demoRosenbrock, 5e-4},
		{square, 25, demoRastrigin, 1e-3},
	}
	if !t.quick {
		hartmann := ofTestProblem("hartmann6", problems.Hartmann6())
		all = append(all, []comparison{
			{square, 50, demoRastrigin, 1e-5},
			{ofTestProblem("rastrigin", rastrigin(1.5)), 100, demoRastrigin, 0},
			{rosenbrock2, 16, demoRosenbrock, 1e-4},
			{ofProblem("rosenbrock2", rosenbrock.Problem, rosenbrock, mixed), 389, demoRosenbrock, 0},
			{ofTestProblem("rosenbrock10", problems.Rosenbrock(10)), 100, demoRastrigin, 0},
			{hartmann, 100, demoRastrigin, 0.31},
			{hartmann, 150, demoRastrigin, 0},
			{ofTestProblem("styblinski5", problems.Styblinski(5)), 60, demoRastrigin, 5e-3},
			{ofTestProblem("borehole", problems.Borehole()), 40, demoRastrigin, 0},
			{wing, 20, demoRastrigin, 6e-3},
			{wing, 40, demoRastrigin, 1.2e-3},
			{otl, 30, demoRastrigin, 0},
			{otl, 40, demoRastrigin, 0},
		}...)
	}
	return append(all, ofTables(tables)...)
}

// Table is a table of samples with partials.
type Table struct {
	Name    string
	Columns sbo.Columns
	Data    sbo.Data
}

// ofTables makes cases of tables, with so many samples that at least as many
// others are held out.
func ofTables(tables []Table) []comparison {
	var all []comparison
	for _, table := range tables {
		s := ofTable(table.Name, table.Columns, table.Data)
		for _, n := range []int{200, 500, 2000} {
			if 2*n <= table.Data.Len() {
				all = append(all, comparison{s, n, demoAirfoil, 0})
			}
		}
	}
	return all
}

// efficiencies are the subjects of which the samples needed are counted.
func (t *training) efficiencies() []efficiency {
	all := []efficiency{
		{ofTestProblem("rosenbrock2", problems.Rosenbrock(2)), 128, t.seeds},
		{ofTestProblem("otl", problems.OTL()), 128, t.seeds},
	}
	if t.quick {
		return all
	}
	all = append(all, efficiency{ofTestProblem("sinusoid", problems.Sinusoid()), 512, t.seeds}, efficiency{ofTestProblem("rastrigin", rastrigin(1)), 512, t.seeds})
	for _, p := range []problems.Problem{
		problems.Borehole(), problems.WingWeight(), problems.Styblinski(5), problems.Rosenbrock(10), problems.Hartmann6(),
	} {
		all = append(all, efficiency{ofTestProblem(p.Name, p), 512, t.seeds})
	}
	return all
}

// trials are the subjects that are learned from wrong partials.
func (t *training) trials() []trial {
	otl := ofTestProblem("otl", problems.OTL())
	if t.quick {
		return []trial{{otl, 30, []int{50, 100}, t.seeds}}
	}
	return []trial{
		{otl, 30, noises, t.seeds},
		{ofTestProblem("rastrigin", rastrigin(1)), 80, noises, t.seeds},
		{ofTestProblem("borehole", problems.Borehole()), 40, noises, t.seeds},
	}
}

// smooth are functions without kinks and noise, with samples enough to learn them
// to the last digits.
func (t *training) smooth() []comparison {
	sine := sbo.Problem{
		Name:      "sine",
		Variables: []sbo.Variable{{Name: "x", Lower: -math.Pi, Upper: math.Pi}},
		Responses: []sbo.Response{sbo.Minimize("f")},
	}
	evaluator := sbo.EvaluatorFunc(func(_ context.Context, y, dydx, x []float64) error {
		y[0] = math.Sin(x[0])
		if dydx != nil {
			dydx[0] = math.Cos(x[0])
		}
		return nil
	})
	all := []comparison{{subject: ofProblem("sine", sine, evaluator, nil), samples: 30}}
	if t.quick {
		return all
	}
	return append(all,
		comparison{subject: ofTestProblem("otl", problems.OTL()), samples: 150},
		comparison{subject: ofTestProblem("borehole", problems.Borehole()), samples: 150})
}
