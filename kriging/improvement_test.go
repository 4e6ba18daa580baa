package kriging_test

import (
	"context"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/kriging"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/diff/fd"
)

// valuesOf returns samples of a function of two variables in the unit square, without
// partials.
func valuesOf(n int, f func(a, b float64) float64) sbo.Data {
	d := sbo.NewData(2, 1, n)
	copy(d.X, doe.LatinHypercube{}.Sample(n, 2, sbo.Rand(5, "values")))
	for i := range n {
		d.Responses(i)[0] = f(d.Point(i)[0], d.Point(i)[1])
	}
	return d
}

// ripple is learned as it is, power as its logarithm.
func ripple(a, b float64) float64 { return math.Sin(5*a) * math.Cos(4*b) }
func power(a, b float64) float64  { return math.Exp(6*a - 5*b + math.Sin(6*a*b)) }

func fitValues(t *testing.T, n int, f func(a, b float64) float64) *kriging.Model {
	t.Helper()
	m, _, err := kriging.Fit(context.Background(), kriging.Task{Data: valuesOf(n, f)}, sbo.Rand(1, "fit"), kriging.Options{})
	require.NoError(t, err)
	return m
}

func TestChanceOfIntervals(t *testing.T) {
	for name, f := range map[string]func(a, b float64) float64{"ripple": ripple, "power": power} {
		t.Run(name, func(t *testing.T) {
			m := fitValues(t, 14, f)
			_, logarithm, _ := m.Logarithms(0)
			require.Equal(t, name == "power", logarithm)
			x := []float64{0.31, 0.83}
			for _, p := range []float64{0.3, 0.9, 0.999} {
				lower, upper := m.PredictInterval(nil, nil, x, p)
				within := math.Exp(m.LogChance(nil, x, 0, lower[0], upper[0]))
				below, above := math.Exp(m.LogChance(nil, x, 0, math.Inf(-1), lower[0])), math.Exp(m.LogChance(nil, x, 0, upper[0], math.Inf(1)))
				require.InDeltaSlice(t, []float64{p, (1 - p) / 2, (1 - p) / 2}, []float64{within, below, above}, 1e-3)
			}
			require.Zero(t, m.LogChance(nil, x, 0, math.Inf(-1), math.Inf(1)))
		})
	}
	m := fitValues(t, 14, power)
	require.Equal(t, math.Inf(-1), m.LogChance(nil, []float64{0.5, 0.5}, 0, math.Inf(-1), -1), "what is positive is never below 0")
}

// The improvement to be expected below a level is the integral of the probability to be
// below it, over all levels less than that.
func TestImprovement(t *testing.T) {
	for name, f := range map[string]func(a, b float64) float64{"ripple": ripple, "power": power} {
		t.Run(name, func(t *testing.T) {
			m := fitValues(t, 14, f)
			x := []float64{0.31, 0.83}
			lowest, highest := m.PredictInterval(nil, nil, x, 1-1e-12)
			for _, share := range []float64{0.3, 0.5, 0.7} {
				level := lowest[0] + share*(highest[0]-lowest[0])
				const parts = 4000
				sum, step := 0.0, (level-lowest[0])/parts
				for i := range parts {
					sum += step * math.Exp(m.LogChance(nil, x, 0, math.Inf(-1), lowest[0]+(float64(i)+0.5)*step))
				}
				require.InDelta(t, math.Log(sum), m.LogImprovement(nil, x, 0, level, false), 1e-3)
			}
			require.Equal(t, name == "power", math.IsInf(m.LogImprovement(nil, x, 0, -3, false), -1))
		})
	}
}

func TestImprovementFarFromTheLevel(t *testing.T) {
	m := fitValues(t, 14, ripple)
	x := []float64{0.31, 0.83}
	lower, upper := m.PredictInterval(nil, nil, x, math.Erf(math.Sqrt2/2)) // one standard deviation
	mean, std := m.Predict(nil, x)[0], (upper[0]-lower[0])/2
	for _, far := range []float64{5, 20, 60} {
		// The first terms of the asymptotic series of phi(u) - u(1-Phi(u)).
		q := 1 / (far * far)
		want := -far*far/2 - math.Log(2*math.Pi)/2 + math.Log(q) + math.Log1p(-3*q+15*q*q-105*q*q*q+945*q*q*q*q) + math.Log(std)
		require.InDelta(t, want, m.LogImprovement(nil, x, 0, mean-far*std, false), 0.02)
		require.InDelta(t, -far*far/2-math.Log(far)-math.Log(2*math.Pi)/2, m.LogChance(nil, x, 0, math.Inf(-1), mean-far*std), 0.05, "Mills's ratio")
		require.InDelta(t, far, math.Exp(m.LogImprovement(nil, x, 0, mean+far*std, false))/std, 1e-3)
	}
}

// The mirror image of a response is to be maximized.
func TestImprovementAbove(t *testing.T) {
	for _, f := range []func(a, b float64) float64{ripple, power} {
		below := fitValues(t, 14, f)
		above := fitValues(t, 14, func(a, b float64) float64 { return -f(a, b) })
		for _, x := range [][]float64{{0.31, 0.83}, {0.9, 0.1}} {
			level := below.Predict(nil, x)[0] * 0.9
			require.InDelta(t, below.LogImprovement(nil, x, 0, level, false), above.LogImprovement(nil, x, 0, -level, true), 1e-4)
			require.InDelta(t, below.LogImprovement(nil, x, 0, level, true), above.LogImprovement(nil, x, 0, -level, false), 1e-4)
		}
	}
}

func TestPartialsOfImprovement(t *testing.T) {
	for name, f := range map[string]func(a, b float64) float64{"ripple": ripple, "power": power} {
		t.Run(name, func(t *testing.T) {
			m := fitValues(t, 14, f)
			lowest, highest := m.PredictInterval(nil, nil, []float64{0.31, 0.83}, 0.9)
			width := highest[0] - lowest[0]
			for what, log := range map[string]func(grad, x []float64) float64{
				"below":     func(g, x []float64) float64 { return m.LogImprovement(g, x, 0, lowest[0], false) },
				"far below": func(g, x []float64) float64 { return m.LogImprovement(g, x, 0, lowest[0]-0.01*width, false) },
				"above":     func(g, x []float64) float64 { return m.LogImprovement(g, x, 0, highest[0], true) },
				"within":    func(g, x []float64) float64 { return m.LogChance(g, x, 0, lowest[0], highest[0]-width/4) },
				"beyond":    func(g, x []float64) float64 { return m.LogChance(g, x, 0, highest[0]+20*width, math.Inf(1)) },
			} {
				x, grad := []float64{0.29, 0.81}, make([]float64, 2)
				log(grad, x)
				differences := fd.Gradient(nil, func(x []float64) float64 { return log(nil, x) }, x, &fd.Settings{Formula: fd.Central})
				require.InDeltaSlice(t, differences, grad, 1e-4*(1+math.Abs(differences[0])+math.Abs(differences[1])), what)
			}
		})
	}
}
