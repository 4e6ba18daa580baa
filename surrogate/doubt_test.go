package surrogate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/internal/kernel"
)

// ripples are samples of two waves on [-1, 1]^2.
func ripples(n int, rng *rand.Rand) sbo.Data {
	d := sbo.NewData(2, 1, n)
	for i := range n {
		x, dydx := d.Point(i), d.PartialsOf(i)
		d.Y[i] = 0
		for j := range x {
			x[j] = 2*rng.Float64() - 1
			d.Y[i] -= math.Cos(2 * math.Pi * x[j])
			dydx[j] = 2 * math.Pi * math.Sin(2*math.Pi*x[j])
		}
	}
	return d
}

// Where the values say it all and the partials are wrong, what the values say alone is
// kept. With the networks that begin with all numbers, errors were 8e-11 and 1e-9 on two of
// these sets of samples.
func TestWrongPartialsDoNoHarm(t *testing.T) {
	for seed := range uint64(3) {
		rng := sbo.Rand(seed+1, "points")
		d, test := ripples(40, rng), ripples(500, rng)
		for i := range d.Partials {
			d.Partials[i] += 4 * rng.NormFloat64()
		}
		m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Activation: Sine, Restarts: 3})
		require.NoError(t, err)
		require.Less(t, Assess(m, test).Values[0].NRMSE, 3e-11)
		require.InDelta(t, 4/math.Hypot(4, 2*math.Pi/math.Sqrt2), s.PartialNoise[0], 0.2)
	}
}

// What a value's residual would be without it is e (1 + j' A^-1 j), where j is its row of
// the Jacobian and A is J'J of all other rows with the prior: Sherman and Morrison's
// formula, from the other side.
func TestDeletedResiduals(t *testing.T) {
	d := ripples(12, sbo.Rand(1, "points"))
	net := NewNetwork([]int{2, 3, 1}, Tanh)
	net.Initialize(sbo.Rand(2, "start"))
	r := &runs{ctx: t.Context(), train: newTrainingSet(d, Weights{}, newScaling(d))}
	lm := newDoubting(newTraining(r, 0, net), 0.1)
	lm.linearize()
	damping := leastDamping * lm.scale()
	u, ok := lm.factorize(damping)
	require.True(t, ok)
	require.True(t, kernel.Invert(u))

	want, values := 0.0, 0
	for out, column := range lm.model.column {
		if column >= 0 {
			continue
		}
		values++
		others := mat.NewDense(len(lm.x), len(lm.x), nil)
		for a := range lm.x {
			others.Set(a, a, lm.evidence.prior(a)+damping)
		}
		for i := range lm.r {
			if i != out {
				j := mat.NewVecDense(len(lm.x), slices.Clone(row(lm.jacobian, i)))
				others.RankOne(others, 1, j, j)
			}
		}
		j := mat.NewVecDense(len(lm.x), slices.Clone(row(lm.jacobian, out)))
		var solved mat.VecDense
		require.NoError(t, solved.SolveVec(others, j))
		e := lm.r[out] * (1 + mat.Dot(j, &solved))
		want += e * e
	}
	require.Equal(t, 12, values)
	require.InEpsilon(t, want, lm.spread(u).deleted, 1e-8)
}

// Values that are off by 0.1 if they are left out have no noise of 0.001.
func TestNoiseOfValuesIsBound(t *testing.T) {
	net := NewNetwork([]int{1, 2, 1}, Tanh)
	for deleted, least := range map[float64]float64{0: 1e8, 100 * 0.1 * 0.1: overfitted / 0.1 / 0.1} {
		e := newEvidence(net, nil)
		e.Trust = []float64{1}
		s := spread{diagonal: make([]float64, len(net.Parameters)), count: []int{100, 100}, square: []float64{1e-7, 10}, well: []float64{90, 1}, deleted: deleted}
		e.update(s, net.Parameters, math.Inf(1))
		require.InEpsilon(t, least, e.Noise, 1e-6)
		require.InEpsilon(t, 9.9, e.Noise*e.Trust[0], 1e-6, "that of the partials is what it was")
	}
}

// The evidence is that of a noise below that of the values where the partials of a
// column are closer to the network than the values are.
func TestUnboundEvidence(t *testing.T) {
	d := ripples(20, sbo.Rand(1, "points"))
	for i := range d.Len() {
		d.PartialsOf(i)[1] = 0
	}
	net := NewNetwork([]int{2, 1, 1}, Tanh)
	net.Initialize(sbo.Rand(2, "start"))
	w, _ := net.layer(net.Parameters, 1)
	w.Data[1] = 1e-3 // the second variable hardly matters
	r := &runs{ctx: t.Context(), train: newTrainingSet(d, Weights{}, newScaling(d))}
	logProbability := func(squares, precision float64) float64 { return 10*math.Log(precision) - precision/2*squares }

	lm := newDoubting(newTraining(r, 0, net), 1)
	lm.t.best.evidence = lm.evidence
	lm.evidence.Noise, lm.evidence.Trust[0] = 3, 1e-3
	lm.linearize()
	second := lm.model.columns(lm.r)[1]
	require.InDelta(t, 20, second.count, 0)
	own := 20 / second.square
	require.Greater(t, own, 1e4)
	require.InEpsilon(t, logProbability(second.square, own)-logProbability(second.square, 3), lm.unbound(), 1e-9)
	lm.evidence.Trust[1] = 0.5
	require.Zero(t, lm.unbound(), "no column at the bound")
}

// Random numbers can be had again, and others after them.
func TestTape(t *testing.T) {
	three := func(rng *rand.Rand) []float64 { return []float64{rng.NormFloat64(), rng.Float64(), rng.NormFloat64()} }
	tape := &tape{from: sbo.Rand(1, "numbers")}
	first, again, straight := three(rand.New(tape)), tape.again(), sbo.Rand(1, "numbers")
	require.Equal(t, three(straight), first)
	require.Equal(t, first, three(again))
	require.Equal(t, straight.Uint64(), again.Uint64())
}
