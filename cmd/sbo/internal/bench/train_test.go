package bench

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/surrogate"
)

// oracle predicts the truth with an error of its own in each value and partial.
type oracle struct {
	sbo.Evaluator
	nx              int
	value, relative float64 // added to values, and to partials as a share of them
}

func (o oracle) Dims() (nx, ny int) { return o.nx, 1 }

func (o oracle) Predict(y, x []float64) []float64 {
	_ = o.Evaluate(context.Background(), y, nil, x)
	y[0] += o.value
	return y
}

func (o oracle) PredictPartials(dydx, x []float64) []float64 {
	_ = o.Evaluate(context.Background(), make([]float64, 1), dydx, x)
	for i := range dydx {
		dydx[i] *= 1 + o.relative
	}
	return dydx
}

// hasty makes the automatic trainings of a test short ones: it is not they that
// are tested.
func hasty(t *testing.T) {
	t.Helper()
	before := automatic
	automatic = surrogate.Options{Hidden: []int{8}, Restarts: 1, Ensemble: 1, Iterations: 60}
	t.Cleanup(func() { automatic = before })
}

func TestSubjectsDrawDesigns(t *testing.T) {
	s := ofTestProblem("otl", problems.OTL())
	require.Equal(t, "otl-30", s.at(30))
	a, testA, err := s.draw(t.Context(), 30, 1)
	require.NoError(t, err)
	b, _, err := s.draw(t.Context(), 30, 1)
	require.NoError(t, err)
	c, testC, err := s.draw(t.Context(), 30, 2)
	require.NoError(t, err)
	require.Equal(t, a, b, "a seed is a design")
	require.NotEqual(t, a.X, c.X)
	require.Equal(t, testA, testC, "all designs are judged alike")
	require.Equal(t, 30, a.Len())
	require.Equal(t, heldOut, testA.Len())
	box := problems.OTL().Box()
	for j := range a.NX { // a Latin hypercube has one point in each stratum
		var strata []int
		for i := range a.Len() {
			strata = append(strata, int(30*(a.Point(i)[j]-box.Lower[j])/(box.Upper[j]-box.Lower[j])))
		}
		slices.Sort(strata)
		for i, n := range strata {
			require.Equal(t, i, n)
		}
	}
}

func TestTablesAreDealtOut(t *testing.T) {
	all, err := answers(t.Context(), problems.Branin(), grid(problems.Branin().Box(), 6))
	require.NoError(t, err)
	s := ofTable("branin", sbo.Columns{}, all)
	require.Equal(t, []float64{15, 15}, s.width)
	train, test, err := s.draw(t.Context(), 10, 3)
	require.NoError(t, err)
	require.Equal(t, 10, train.Len())
	require.Equal(t, 26, test.Len())
	var dealt []float64
	for _, d := range []sbo.Data{train, test} {
		dealt = append(dealt, d.Y...)
	}
	require.ElementsMatch(t, all.Y, dealt)
	_, _, err = s.draw(t.Context(), 36, 3)
	require.ErrorContains(t, err, "36 samples of the 36 rows of branin leave none to hold out")
}

func TestJudge(t *testing.T) {
	p := problems.Rosenbrock(2)
	s := ofTestProblem("rosenbrock2", p)
	_, test, err := s.draw(t.Context(), 2, 0)
	require.NoError(t, err)
	require.Equal(t, misses{responses: []float64{0}}, s.judge(oracle{p, 2, 0, 0}, test))

	const off = 3.5
	e := s.judge(oracle{p, 2, off, 0.01}, test)
	mean, squares := 0.0, 0.0
	for _, y := range test.Y {
		mean += y / heldOut
		squares += y * y / heldOut
	}
	require.InEpsilon(t, off/math.Sqrt(squares-mean*mean), e.values, 1e-9)
	require.InEpsilon(t, off/math.Sqrt(squares), e.relative, 1e-9)
	// Both variables have the same range, so that it does not matter.
	share, spread := 0.0, 0.0
	for j := range 2 {
		sum, sum2 := 0.0, 0.0
		for i := range test.Len() {
			v := test.PartialsOf(i)[j]
			sum += v / heldOut
			sum2 += v * v / heldOut
		}
		share += sum2
		spread += sum2 - sum*sum
	}
	require.InEpsilon(t, 0.01*math.Sqrt(share/spread), e.partials, 1e-9)
}

func TestPartialsCountPerRange(t *testing.T) {
	d := sbo.Data{NX: 2, NY: 1, X: make([]float64, 6), Y: make([]float64, 3), Partials: []float64{1, 10, 2, 30, 3, math.NaN()}}
	wrong := sbo.Data{NX: 2, NY: 1, X: d.X, Y: d.Y, Partials: []float64{1, 12, 2, 30, 4, 0}}
	s := &subject{width: []float64{1, 0.5}}
	// Deviations 1, 0, 1 and half of 10, 10; errors 1 and half of 2.
	require.InDelta(t, math.Sqrt((1.0+1.0)/(2+50)), s.pooled(d, wrong, 0), 1e-15)
	// In other units of the second variable: a hundred times the range, a hundredth of the partials.
	for i := range 3 {
		d.Partials[2*i+1] /= 100
		wrong.Partials[2*i+1] /= 100
	}
	s.width[1] *= 100
	require.InDelta(t, math.Sqrt(2.0/52), s.pooled(d, wrong, 0), 1e-15)
	require.Zero(t, s.pooled(d, d, 0))
}

// A comparison of seconds: its accuracies repeat, and its ratios are of its laps.
func TestComparisonRepeats(t *testing.T) {
	hasty(t)
	p := problems.Sinusoid()
	c := comparison{
		subject: ofProblem("sinusoid", p.Problem, p, func(n int, _ uint64) []float64 { return grid(p.Box(), n) }),
		samples: 4, reference: demoSinusoid,
	}
	var before []race
	for range 2 {
		last := 0.0
		races, err := c.races(t.Context(), 1, func(share float64) {
			require.GreaterOrEqual(t, share, last)
			last = share
		})
		require.NoError(t, err)
		require.InDelta(t, 1, last, 0)
		for i, r := range races {
			for _, l := range []lap{r.automatic, r.adam, r.sameTime, r.lbfgs} {
				require.Positive(t, l.values)
				require.Positive(t, l.partials)
				require.Positive(t, l.seconds)
			}
			require.Less(t, r.automatic.values, 0.2)
			require.Less(t, r.adam.values, 0.2, "the reference learns it from four samples, too")
			require.Greater(t, r.plain.values, 0.5, "and nothing does without partials")
			if before != nil {
				require.Equal(t, before[i].automatic.misses, r.automatic.misses)
				require.Equal(t, before[i].coverage, r.coverage)
				require.Equal(t, before[i].plain.misses, r.plain.misses)
				require.Equal(t, before[i].adam.misses, r.adam.misses)
				require.Equal(t, before[i].lbfgs.misses, r.lbfgs.misses)
			}
		}
		before = races
	}
}

func TestRatios(t *testing.T) {
	r := race{automatic: lap{misses: misses{values: 0.01}}, adam: lap{misses: misses{values: 0.5}, seconds: 2}, sameTime: lap{misses: misses{values: 0.2}}, overtaken: 0.1}
	require.InDelta(t, 20, r.timeRatio(), 1e-12)
	require.InDelta(t, 20, r.nrmseRatio(), 1e-12)
	r.overtaken = math.Inf(1)
	require.Zero(t, r.timeRatio(), "it never was as accurate")
	r.automatic.values = 0
	require.False(t, math.IsInf(r.nrmseRatio(), 0))
}

// The reference's trainer is ADAM on the loss with lambda, nothing more: on its own
// demonstration it comes to what its program comes to.
func TestReferenceTrainerIsThatOfTheDemonstrations(t *testing.T) {
	p := problems.Sinusoid()
	train, err := answers(t.Context(), p, grid(p.Box(), 4))
	require.NoError(t, err)
	test, err := answers(t.Context(), p, grid(p.Box(), 201))
	require.NoError(t, err)
	m, summary, err := surrogate.Fit(t.Context(), surrogate.Task{Data: train}, sbo.Rand(0, "fit"), demoSinusoid.adam(demoSinusoid.iterations))
	require.NoError(t, err)
	require.Equal(t, surrogate.ADAM, summary.Trainer)
	require.Equal(t, []int{12}, summary.Hidden)
	require.InDelta(t, 0.1, summary.Lambda, 0)
	values, partials := worst(surrogate.Assess(m, test))
	// jenn 2.0.1: R2 0.981 to 0.995 of y and 0.992 to 0.997 of dy/dx over five seeds.
	require.Greater(t, values, 0.97)
	require.Greater(t, partials, 0.98)
}

func TestCasesOfTheSuite(t *testing.T) {
	names := Cases("train", Options{})
	for _, name := range []string{
		"rosenbrock2-9", "rosenbrock2-16", "rosenbrock2-389", "rastrigin-25", "rastrigin-50", "rastrigin-100", "sinusoid-4",
		"hartmann6-100", "hartmann6-150", "styblinski5-60", "borehole-40", "wingweight-20", "wingweight-40", "otl-30", "otl-40", "otl", "hartmann6",
	} {
		require.Contains(t, names, name)
	}
	require.NotContains(t, names, together)
	require.Subset(t, names, Cases("train", Options{Quick: true}))

	table := Table{Name: "deck", Data: sbo.NewData(3, 2, 1056)}
	require.Subset(t, Cases("train", Options{Tables: []Table{table}}), []string{"deck-200", "deck-500"})
	require.NotContains(t, Cases("train", Options{Tables: []Table{table}}), "deck-2000", "too few would be held out")
}

// The whole machinery, on the cases of a second.
func TestTrainRuns(t *testing.T) {
	hasty(t)
	steps := map[string]bool{}
	r, err := Run(t.Context(), "train", Options{
		Quick: true, Only: []string{"sinusoid-4", "sine-30"},
		Progress: func(_ float64, what string) { steps[what] = true },
	})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"sinusoid-4": true, "sine-30, smooth": true, "all": true}, steps)
	require.NotEmpty(t, r.Notes)

	ratio := value(t, r.Rows, "sinusoid-4", "nrmse_ratio_to_adam")
	require.InDelta(t, goalNRMSERatio, *ratio.Goal, 0)
	require.Equal(t, ratio.Value, value(t, r.Rows, "all", "nrmse_ratio_to_adam").Value)
	covered := value(t, r.Rows, "sinusoid-4", "coverage90").Value
	require.InDelta(t, covered, value(t, r.Rows, "all", "coverage90").Value, 1e-12)
	require.InDelta(t, math.Abs(covered-90), value(t, r.Rows, "all", "coverage90_off").Value, 1e-12)
	require.Less(t, value(t, r.Rows, "sine-30", "relative_rms").Value, 1e-2)
}

func TestTrainStopsPromptly(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Run(ctx, "train", Options{Only: []string{"hartmann6-150"}, Progress: func(float64, string) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
}
