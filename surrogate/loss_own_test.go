package surrogate

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// The reference's loss and gradient, from the outside.
func TestLossIsThatOfTheReference(t *testing.T) {
	for _, g := range goldens(t) {
		d, w := g.data()
		l, err := NewLoss(g.Sizes, g.Hidden, Task{Data: d, Weights: w}, g.Lambda)
		require.NoError(t, err)
		if !g.Normalized {
			require.NotEqual(t, g.scaling(), l.Scaling(), "we always scale")
			continue
		}
		parameters := vector(g.W, g.B)
		grad := make([]float64, len(parameters))
		c := l.Evaluate(grad, parameters)
		require.InEpsilon(t, g.Cost.Total, c.Total(), goldenTolerance, g.Name)
		require.Equal(t, c, l.Evaluate(nil, parameters))
		requireNear(t, vector(g.Gradient.DW, g.Gradient.DB), grad, goldenTolerance, g.Name)

		m, err := l.Model(parameters)
		require.NoError(t, err)
		require.Equal(t, g.M, m.Facts.Samples)
		require.Equal(t, c.Total(), m.Facts.Loss)
		for i := range g.M {
			for k, v := range m.Predict(nil, d.Point(i)) {
				require.InDelta(t, g.MeanY[k]+g.StdY[k]*g.Outputs[k][i], v, 1e-11)
			}
		}
	}
}

func TestLossLeavesFailedSamplesOut(t *testing.T) {
	d := sbo.NewData(1, 1, 4)
	copy(d.X, []float64{0, 1, 2, math.NaN()})
	copy(d.Y, []float64{0, 1, 4, 9})
	copy(d.Partials, []float64{0, 2, 4, 6})
	d.Forget(3)
	few := d.Subset([]int{0, 1, 2})
	rng := sbo.Rand(1, "loss")
	net := randomNetwork(rng, Tanh, 1, 3, 1)
	w := Weights{Beta: []float64{1, 2, 3, 4}}
	all, err := NewLoss(net.Sizes, net.Hidden, Task{Data: d, Weights: w}, 0.1)
	require.NoError(t, err)
	want, err := NewLoss(net.Sizes, net.Hidden, Task{Data: few, Weights: Weights{Beta: w.Beta[:3]}}, 0.1)
	require.NoError(t, err)
	require.Equal(t, want.Evaluate(nil, net.Parameters), all.Evaluate(nil, net.Parameters))
}

func TestLossRefuses(t *testing.T) {
	d := sbo.NewData(2, 1, 3)
	clear(d.X)
	clear(d.Y)
	for _, c := range []struct {
		name   string
		sizes  []int
		hidden Activation
		task   Task
		lambda float64
		want   string
	}{
		{"other inputs", []int{3, 4, 1}, Tanh, Task{Data: d}, 0, "a network of 3 inputs and 1 outputs for data of 2 and 1"},
		{"no layers", []int{2}, Tanh, Task{Data: d}, 0, "at least an input and an output layer"},
		{"activation", []int{2, 4, 1}, "tan", Task{Data: d}, 0, "tan"},
		{"lambda", []int{2, 4, 1}, Tanh, Task{Data: d}, -1, "a lambda of -1"},
		{"weights", []int{2, 4, 1}, Tanh, Task{Data: d, Weights: Weights{Beta: []float64{1}}}, 0, "1 weights beta for 3 responses"},
		{"nothing", []int{2, 4, 1}, Tanh, Task{Data: sbo.NewData(2, 1, 0)}, 0, "no sample has a response"},
	} {
		_, err := NewLoss(c.sizes, c.hidden, c.task, c.lambda)
		require.ErrorContains(t, err, c.want, c.name)
	}
	l, err := NewLoss([]int{2, 4, 1}, Tanh, Task{Data: d}, 0)
	require.NoError(t, err)
	require.Panics(t, func() { l.Evaluate(nil, make([]float64, 3)) })
	require.Panics(t, func() { l.Evaluate(make([]float64, 3), make([]float64, 17)) })
	_, err = l.Model(make([]float64, 3))
	require.ErrorContains(t, err, "has 17 parameters, not 3")
}

func TestInstructionSet(t *testing.T) {
	require.Contains(t, []string{"avx512", "avx2", "go"}, InstructionSet())
}
