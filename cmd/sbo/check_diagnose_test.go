package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// Every usual mistake is made on purpose, and called by its name.
func TestExplainNamesTheMistake(t *testing.T) {
	problem := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 20}, {Name: "b", Lower: 1, Upper: 4}, {Name: "c", Lower: 0, Upper: 1}},
		Responses: []sbo.Response{sbo.Minimize("f"), sbo.AtMost("g", 0)},
	}
	truth := [][]float64{{2, -30, 0.5}, {7, 0.01, -4}}
	change := func(f func(k, j int, v float64) float64) [][]float64 {
		var m [][]float64
		for k, row := range truth {
			m = append(m, nil)
			for j, v := range row {
				m[k] = append(m[k], f(k, j, v))
			}
		}
		return m
	}
	for name, c := range map[string]struct {
		claimed [][]float64
		k, j    int
		still   bool
		want    string
	}{
		"sign of one":          {change(func(k, j int, v float64) float64 { return sign(v, k == 0 && j == 1) }), 0, 1, false, "sign: it is minus the differences"},
		"sign of a response":   {change(func(k, _ int, v float64) float64 { return sign(v, k == 1) }), 1, 2, false, "sign: all partials of g are minus the differences"},
		"sign of a variable":   {change(func(_, j int, v float64) float64 { return sign(v, j == 2) }), 0, 2, false, "sign: all partials by c are minus the differences"},
		"radians":              {change(func(_, j int, v float64) float64 { return scaled(v, j == 0, 180/math.Pi) }), 1, 0, false, "scale: all partials by a are 57.3 times the differences (by radians instead of degrees?)"},
		"scaled to the bounds": {change(func(_, j int, v float64) float64 { return scaled(v, j == 0, 20) }), 0, 0, false, "scale: all partials by a are 20 times the differences (by a scaled to its bounds, from 0 to 1?)"},
		"a logarithm":          {change(func(_, j int, v float64) float64 { return scaled(v, j == 1, 2.5) }), 0, 1, false, "scale: all partials by b are 2.5 times the differences (by the logarithm of b?)"},
		"kilo":                 {change(func(k, _ int, v float64) float64 { return scaled(v, k == 0, 1e-3) }), 0, 0, false, "scale: all partials of f are 0.001 times the differences (milli?)"},
		"relative":             {change(func(k, _ int, v float64) float64 { return scaled(v, k == 1, 1.0/8) }), 1, 0, false, "scale: all partials of g are 0.125 times the differences (of the logarithm of g?)"},
		"columns":              {[][]float64{{-30, 2, 0.5}, truth[1]}, 0, 0, false, "column order: the partials of f look like those by b, a, c, in this order"},
		"rows":                 {[][]float64{truth[1], truth[0]}, 0, 0, false, "response order: the partials of f are those of g"},
		"zero":                 {change(func(k, j int, v float64) float64 { return scaled(v, k == 0 && j == 1, 0) }), 0, 1, false, "zero: is it computed at all?"},
		"any number":           {change(func(k, j int, v float64) float64 { return scaled(v, k == 0 && j == 1, 1.37) }), 0, 1, false, "scale: it is 1.37 times the differences"},
		"stale":                {change(func(_, _ int, v float64) float64 { return 3 * v }), 0, 0, true, "stale: the partials of f are the same at every point around, where its values curve; are they read from an old file?"},
	} {
		u := [][]float64{{1e-9, 1e-9, 1e-9}, {1e-9, 1e-9, 1e-9}}
		seen := claims{problem: problem, x: []float64{10, 2.5, 0.5}, y: []float64{3, 8}, claimed: c.claimed, measured: truth, uncertainty: u, still: []bool{c.still, c.still}}
		require.Equal(t, c.want, seen.explain(c.k, c.j), name)
	}
}

func sign(v float64, change bool) float64 { return scaled(v, change, -1) }

func scaled(v float64, change bool, by float64) float64 {
	if change {
		return by * v
	}
	return v
}

func TestUnmoved(t *testing.T) {
	box := sbo.Box{Lower: []float64{0, 0}, Upper: []float64{1, 1}}
	points := stencil(box, []float64{0.5, 0.5}, auditStep)
	answers := func(f func(x []float64) (y, da, db float64)) (list []study.Evaluation) {
		for i := 0; i < len(points); i += 2 {
			y, da, db := f(points[i : i+2])
			list = append(list, study.Evaluation{X: points[i : i+2], State: study.Done, Y: []float64{y}, Partials: []float64{da, db}})
		}
		return list
	}
	old := answers(func(x []float64) (y, da, db float64) { return x[0]*x[0] + x[1], 7, 1 })
	require.True(t, unmoved(old, 0, 2, 0))
	require.False(t, unmoved(old, 0, 2, 1), "the noise hides it")
	old[3].Partials = []float64{6, 1}
	require.False(t, unmoved(old, 0, 2, 0))
	require.False(t, unmoved(answers(func(x []float64) (y, da, db float64) { return x[0] + x[1], 1, 1 }), 0, 2, 0), "a plane has the same everywhere")
}
