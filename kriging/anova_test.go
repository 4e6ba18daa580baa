package kriging

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo/problems"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/diff/fd"
)

// Sums of functions of few variables are learned from fewer samples than there would
// have to be without knowing that they are.
func TestSumsOfFewVariables(t *testing.T) {
	for name, c := range map[string]struct {
		problem     problems.Problem
		samples     int
		interaction float64 // at most
		nrmse       float64
	}{
		"of one": {problems.Styblinski(5), 15, 1e-3, 0.01},
		"of two": {problems.Rosenbrock(10), 30, 0.1, 0.02},
	} {
		t.Run(name, func(t *testing.T) {
			d, test := draw(t, c.problem, c.samples, 1), draw(t, c.problem, 200, 2)
			m, s := fit(t, Task{Data: d, Problem: c.problem.Problem}, Options{})
			require.Equal(t, Additive, m.Kernel(0))
			require.Less(t, m.Interaction(0), c.interaction)
			require.Equal(t, m.Interaction(0), s.Responses[0].Interaction)
			require.Less(t, nrmse(m, test), c.nrmse)
			radial, _ := fit(t, Task{Data: d, Problem: c.problem.Problem}, Options{Kernel: SquaredExponential})
			require.Greater(t, nrmse(radial, test), 20*c.nrmse)
			require.True(t, math.IsInf(radial.Interaction(0), 1))
		})
	}
}

// The gradient by theta holds up where the kernel is next to a sum of functions of one
// variable, and next to the squared exponential.
func TestLikelihoodGradientByTheta(t *testing.T) {
	r := newRows(holes(bumps(9)), Weights{}, 0, unit(3))
	p := parameters{nx: 3, kernel: Additive, trend: 1}
	l := newLikelihood(r, p)
	for _, theta := range []float64{1e-7, 1e-4, 1e-2, 1, 100, 1e6} {
		v := []float64{-1, -0.5, 0.3, -5, -4, math.Log(theta)}
		grad := make([]float64, p.len())
		_, ok := l.evaluate(grad, v)
		require.True(t, ok)
		want := fd.Gradient(nil, func(v []float64) float64 {
			q, _ := l.evaluate(nil, v)
			return q.posterior
		}, v, &fd.Settings{Formula: fd.Central})
		require.InDeltaSlice(t, want, grad, 1e-4, "theta %v", theta)
	}
}

// Far apart, and for large theta, the additive kernel is the squared exponential.
func TestAdditiveBecomesSquaredExponential(t *testing.T) {
	k := newAnova(1e9, 3)
	var a, b pair
	for _, h := range [][]float64{{0, 0, 0}, {0.3, -0.2, 1}, {2, 1, -3}} {
		k.pair(&a, h)
		hyper{kernel: SquaredExponential}.pair(&b, h)
		require.InDelta(t, b.s0, a.s0, 1e-6)
		for j := range h {
			require.InDelta(t, b.s1*b.w[j], a.s1*a.w[j], 1e-6)
			require.InDelta(t, b.d[j]-b.e*b.w[j]*b.w[j], a.d[j]-a.e*a.w[j]*a.w[j], 1e-6)
		}
	}
}
