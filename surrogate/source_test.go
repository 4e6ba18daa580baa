package surrogate

import (
	"bytes"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// distant returns samples with missing numbers, failed evaluations and weights, of
// two responses or the second alone: where they are, and copied.
func distant(t *testing.T, responses int) (there, copied trainingSet) {
	t.Helper()
	const nx, ny, m = 3, 2, 500
	rng := sbo.Rand(1, "distant samples")
	d := sbo.NewData(nx, ny, m)
	var w Weights
	for i := range m {
		for _, numbers := range [][]float64{d.Point(i), d.Responses(i), d.PartialsOf(i)} {
			for n := range numbers {
				numbers[n] = 3 + rng.NormFloat64()
			}
		}
		if i%5 == 0 {
			d.Responses(i)[i%2] = math.NaN()
			d.PartialsOf(i)[i%6] = math.NaN()
		}
		if i%11 == 0 {
			d.Responses(i)[0], d.Responses(i)[1] = math.NaN(), math.NaN()
		}
	}
	for range m * ny {
		w.Beta = append(w.Beta, float64(rng.IntN(3)))
	}
	for range m * ny * nx {
		w.Gamma = append(w.Gamma, float64(rng.IntN(3)))
	}
	s := newSource(d, w, ny-responses, responses)
	require.Less(t, s.samples(), m, "some have failed")
	own := s.copied()
	scaling := s.newScaling()
	require.Equal(t, scaling, own.newScaling())
	s.scaling, s.partials = scaling, true
	return s.unread(), own.set(scaling)
}

// What is read where it is counts as what is copied.
func TestSamplesThatAreReadWhereTheyAre(t *testing.T) {
	for responses := 1; responses <= 2; responses++ {
		there, copied := distant(t, responses)
		require.Nil(t, copied.source)
		require.Equal(t, copied, there.copied())
		require.Equal(t, copied.m, there.m)
		require.Equal(t, copied.residuals(), there.residuals())
		require.Equal(t, copied.relativeWeights(), there.relativeWeights())
		require.Equal(t, newPlausibility(copied), newPlausibility(there))
		some := []int{300, 2, 77, 5}
		require.Equal(t, copied.batch(some), there.batch(some))

		rng := sbo.Rand(2, "distant samples")
		net := randomNetwork(rng, Tanh, 3, 7, 5, responses)
		trust := []float64{1, 0.5, 0.25, 0.1, 1, 0}[:3*responses]
		for _, by := range [][]float64{nil, trust} {
			want, got := make([]float64, len(net.Parameters)), make([]float64, len(net.Parameters))
			cost := newObjective(net, copied.trusted(by), 0.1).evaluate(net.Parameters, want)
			o := newObjective(net, there.trusted(by), 0.1)
			require.Equal(t, cost, o.evaluate(net.Parameters, got))
			require.Equal(t, want, got)
			require.Zero(t, testing.AllocsPerRun(3, func() { o.evaluate(net.Parameters, got) }))
		}
		e := newEvidence(net, nil)
		e.Trust = trust
		require.Equal(t, e.partialNoise(copied), e.partialNoise(there))
	}
}

// The batches of an epoch are read into the same room.
func TestBatchesTakeNoRoom(t *testing.T) {
	there, copied := distant(t, 2)
	var room trainingSet
	for _, some := range [][]int{{5, 6, 7}, {9, 1}, {400, 3, 2}} {
		room.take(there, some)
		require.Equal(t, copied.batch(some), room)
	}
	some := []int{1, 2, 3}
	require.LessOrEqual(t, testing.AllocsPerRun(3, func() { room.take(there, some) }), 1.0, "where they are")
	require.Zero(t, testing.AllocsPerRun(3, func() { room.take(copied, some) }))
}

// Some samples stand for all.
func TestMemoryStandsForTheSamples(t *testing.T) {
	there, copied := distant(t, 2)
	require.Equal(t, copied, copied.memory(), "what is a copy is kept")
	kept := there.memory()
	require.Nil(t, kept.source)
	require.Equal(t, there.m, kept.of)
	require.InEpsilon(t, sum(copied.beta), sum(kept.beta), 0.1)
	require.InEpsilon(t, sum(copied.gamma), sum(kept.gamma), 0.1)
}

func sum(v []float64) float64 {
	total := 0.0
	for _, e := range v {
		total += e
	}
	return total
}

// smoothSamples returns so many samples of a smooth function with their partials.
func smoothSamples(nx, m int) sbo.Data {
	rng := sbo.Rand(1, "smooth samples")
	d := sbo.NewData(nx, 1, m)
	for i := range m {
		y := 0.0
		for j := range nx {
			a, x := float64(1+j%4), 2*rng.Float64()-1
			d.Point(i)[j], d.PartialsOf(i)[j] = x, math.Cos(a*x)
			y += math.Sin(a*x) / a
		}
		d.Responses(i)[0] = y
	}
	return d
}

// A fit of many samples makes no copy of them, whoever trains.
func TestFitsOfManySamplesCopyNothing(t *testing.T) {
	d := smoothSamples(16, 80_000)
	before := sum(d.X) + sum(d.Y) + sum(d.Partials)
	bytes := float64(8 * (len(d.X) + len(d.Y) + len(d.Partials)))
	for name, o := range map[string]Options{
		"minibatches": {Trainer: ADAM, Hidden: []int{8}, Batch: 500, Iterations: 100},
		"held out":    {Trainer: ADAM, Hidden: []int{8}, Batch: 500, Iterations: 50, Validation: 0.1},
		"all":         {Trainer: LBFGS, Hidden: []int{8}, Iterations: 10, Restarts: 1, Ensemble: 1, Lambda: new(1e-6)},
	} {
		t.Run(name, func(t *testing.T) {
			var from, to runtime.MemStats
			runtime.ReadMemStats(&from)
			m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), o)
			runtime.ReadMemStats(&to)
			require.NoError(t, err)
			require.Less(t, float64(to.TotalAlloc-from.TotalAlloc), 0.5*bytes, "of %v", bytes)
			require.Equal(t, d.Len(), s.Samples+s.HeldOut)
			require.Less(t, m.Facts.Loss, 1.0)
			require.LessOrEqual(t, m.answers[0].samples.m, remembered)
		})
	}
	require.Equal(t, before, sum(d.X)+sum(d.Y)+sum(d.Partials))
}

// A survey learns from samples that it doesn't copy, and knows how well.
func TestSurveyOfManySamples(t *testing.T) {
	d := smoothSamples(4, 70_000)
	train := d.Subset(numbersTo(d.Len())[1000:])
	m, _, err := Fit(t.Context(), Task{Data: train}, sbo.Rand(1, "fit"), Options{Trainer: LBFGS, Hidden: []int{12}, Activation: Tanh, FitTime: 200e6, Ensemble: 1})
	require.NoError(t, err)
	held := d.Subset(numbersTo(1000))
	require.Less(t, Assess(m, held).Values[0].NRMSE, 0.1)
	within := 0
	for i := range held.Len() {
		lower, upper := m.PredictInterval(nil, nil, held.Point(i), 0.9)
		if y := held.Responses(i)[0]; y >= lower[0] && y <= upper[0] {
			within++
		}
	}
	require.Greater(t, within, 850)
	require.Equal(t, -1, m.Trust(held.Point(0)).Nearest, "not all samples are kept")

	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	require.Less(t, file.Len(), 4_000_000)
	again, err := Load(&file)
	require.NoError(t, err)
	require.Equal(t, m.PredictStd(nil, held.Point(0)), again.PredictStd(nil, held.Point(0)))
}
