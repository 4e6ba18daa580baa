package bench

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems"
)

// value returns a number of the table.
func value(t *testing.T, rows []Row, name, metric string) Row {
	t.Helper()
	for _, r := range rows {
		if r.Case == name && r.Metric == metric {
			return r
		}
	}
	require.Failf(t, "no row", "%s %s", name, metric)
	return Row{}
}

// The steps of the suite that take a second reach their goals; those that take
// longer train the same networks for more steps.
func TestPaperReachesItsGoals(t *testing.T) {
	steps := paper(Options{Quick: true})
	for _, i := range []int{0, len(steps) - 1} {
		last := 0.0
		rows, err := steps[i].run(t.Context(), func(fraction float64) {
			require.GreaterOrEqual(t, fraction, last)
			require.LessOrEqual(t, fraction, 1.0)
			last = fraction
		})
		require.NoError(t, err)
		require.NotEmpty(t, rows)
		require.Positive(t, last)
		for _, r := range rows {
			require.True(t, r.Reached(), "%+v", r)
		}
		if i == 0 {
			require.Less(t, value(t, rows, "sinusoid-4 nn", "r2_values").Value, 0.5, "without partials four points say nothing")
		}
	}
}

func TestRosenbrockIsThatOfTheReference(t *testing.T) {
	d := &demonstration{problem: problems.Rosenbrock(2)}
	require.NoError(t, d.load(t.Context()))
	require.Equal(t, 389, d.train.Len())
	require.Equal(t, 1000, d.test.Len())
	// What the reference's program computed at its first and last points.
	require.InDelta(t, 38.512524853152819, d.train.Y[0], 1e-12)
	require.InDelta(t, 401, d.train.Y[388], 1e-12)
	require.InDelta(t, 1602, d.train.Partials[2*388], 1e-12)
}

func TestRastriginIsThatOfTheReference(t *testing.T) {
	p := problems.Rastrigin(2).WithBox([]float64{-1, -1}, []float64{1.5, 1.5})
	d, err := demo(t.Context(), "rastrigin.csv", p)
	require.NoError(t, err)
	require.Equal(t, 100, d.Len())
	require.InDelta(t, 31.41389474127498, d.Y[0], 1e-12)
	require.InDelta(t, -59.021237025055271, d.Partials[0], 1e-11)
	test := grid(p.Box(), 10)
	require.Len(t, test, 200)
	require.InDeltaSlice(t, []float64{-1, -1, -1, -1 + 2.5/9}, test[:4], 1e-15)
	require.Equal(t, []float64{1.5, 1.5}, test[198:])
}

func TestRunTellsOfUnknownSuites(t *testing.T) {
	_, err := Run(t.Context(), "papr", Options{})
	require.ErrorContains(t, err, `there is no suite "papr"`)
	for _, name := range Names() {
		require.NotEmpty(t, suites(Options{})[name].steps)
	}
}

func TestReportInJSON(t *testing.T) {
	r := rows{name: "a"}
	r.add("true_f", "", lower, 2, 1)
	r.add("seconds", "s", lower, 2)
	text, err := json.Marshal(Report{Suite: "paper", Machine: Machine{OS: "linux"}, Rows: r.list})
	require.NoError(t, err)
	require.JSONEq(t, `{"suite":"paper","quick":false,"machine":{"os":"linux","arch":"","cpus":0,"go":"","instructions":""},"rows":[
		{"case":"a","metric":"true_f","value":2,"unit":"","goal":1,"better":"lower"},
		{"case":"a","metric":"seconds","value":2,"unit":"s","goal":null,"better":"lower"}]}`, string(text))
	require.False(t, r.list[0].Reached())
	require.True(t, r.list[1].Reached())
	require.True(t, Row{Goal: new(float64), Better: higher, Value: 1}.Reached())
	require.InDelta(t, 2.5, median([]float64{4, 1, 2, 3}), 0)
	require.InDelta(t, 2, median([]float64{3, 1, 2}), 0)
}
