package surrogate

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryTrainerLearns(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 30)
	for _, trainer := range Trainers() {
		t.Run(string(trainer), func(t *testing.T) {
			o := Options{Trainer: trainer, Hidden: []int{12}, Restarts: 1}
			m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), o)
			require.NoError(t, err)
			a := Assess(m, rosenbrockData(sbo.Rand(2, "test"), 200))
			require.Less(t, a.Values[0].NRMSE, 0.1, "%+v", a)
			require.Equal(t, trainer, s.Trainer)
			require.Equal(t, []int{12}, s.Hidden)
			require.Equal(t, 49, s.Parameters)
			require.Equal(t, 30, s.Samples)
			require.Positive(t, s.Iterations)
			require.NotEmpty(t, s.Status.String())
			require.Equal(t, trainer != ADAM, !math.IsNaN(s.LogEvidence))
			require.Equal(t, s.Cost.Total(), m.Facts.Loss)
			require.Equal(t, 60, m.Facts.Partials)
		})
	}
}

// The same bits for any number of workers, and different ones for another seed.
func TestFitDoesNotDependOnWorkers(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 12)
	for _, trainer := range Trainers() {
		fit := func(seed uint64, workers int) *JENN {
			o := Options{Trainer: trainer, Iterations: 30, Restarts: 3, Workers: workers, Batch: 5, Validation: 0.2}
			m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(seed, "fit"), o)
			require.NoError(t, err)
			return m
		}
		one := fit(1, 1)
		for _, workers := range []int{2, 8} {
			require.Equal(t, one.Networks()[0], fit(1, workers).Networks()[0], "%s with %d workers", trainer, workers)
		}
		require.NotEqual(t, one.Networks()[0], fit(2, 1).Networks()[0])
	}
}

func TestFitStopsWithItsContext(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 200)
	for _, trainer := range Trainers() {
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		task := Task{Data: d, Progress: func(Progress) {
			if calls++; calls == 3 {
				cancel()
			}
		}}
		o := Options{Trainer: trainer, Hidden: []int{10, 10}, Iterations: 1_000_000, Batch: 7}
		begin := time.Now()
		m, _, err := Fit(ctx, task, sbo.Rand(1, "fit"), o)
		require.ErrorIs(t, err, context.Canceled)
		require.Nil(t, m)
		require.Less(t, time.Since(begin), time.Minute, "of days")
		require.LessOrEqual(t, calls, 5, "%s went on", trainer)
	}
}

func TestProgress(t *testing.T) {
	d := rosenbrockData(sbo.Rand(1, "data"), 12)
	for _, trainer := range Trainers() {
		seen := map[int]int{} // iterations of each network
		task := Task{Data: d, Progress: func(p Progress) {
			assert.Equal(t, 2, p.Networks)
			assert.Equal(t, 40, p.Iterations)
			assert.Greater(t, p.Iteration, seen[p.Network])
			assert.False(t, math.IsNaN(p.Loss))
			assert.True(t, math.IsNaN(p.Validation))
			seen[p.Network] = p.Iteration
		}}
		o := quick(trainer)
		o.Workers = 2
		_, s, err := Fit(t.Context(), task, sbo.Rand(1, "fit"), o)
		require.NoError(t, err)
		require.Len(t, seen, 2)
		require.Equal(t, 2, s.Networks)
	}
}

// Early stopping returns the state whose held-out loss was lowest, not the last.
func TestEarlyStoppingRestoresTheBestState(t *testing.T) {
	d := withoutPartials(rosenbrockData(sbo.Rand(1, "data"), 20))
	for i := range d.Y {
		d.Y[i] += 300 * math.Sin(float64(37*i)) // noise, so that there is something to overfit
	}
	for _, trainer := range Trainers() {
		t.Run(string(trainer), func(t *testing.T) {
			lowest, last := math.Inf(1), 0
			task := Task{Data: d, Progress: func(p Progress) {
				lowest, last = min(lowest, p.Validation), p.Iteration
			}}
			patience := 25
			if trainer == LM || trainer == GaussNewtonCG { // they are done after a few
				patience = 4
			}
			o := Options{
				Trainer: trainer, Hidden: []int{20}, Restarts: 1, Iterations: 3000, Validation: 0.3,
				Patience: patience, Lambda: new(0.0), LearningRate: 0.02,
			}
			m, s, err := Fit(t.Context(), task, sbo.Rand(3, "fit"), o)
			require.NoError(t, err)
			require.Equal(t, EarlyStop, s.Status)
			require.Equal(t, []int{14, 6}, []int{s.Samples, s.HeldOut})
			require.LessOrEqual(t, s.Validation, lowest)
			require.Equal(t, s.Iterations+patience, last, "patience counts iterations")

			all := newTrainingSet(d, Weights{}, m.answers[0].members[0].scaling)
			_, held := split(all, 0.3, sbo.Rand(3, "fit"))
			again := newObjective(m.answers[0].members[0].network, held, 0).evaluate(m.answers[0].members[0].network.Parameters, nil)
			require.InEpsilon(t, s.Validation, again.Total(), 1e-12, "the model is that state")
		})
	}
}

func TestMinibatchesHoldEverySample(t *testing.T) {
	for _, c := range []struct {
		m, size int
		want    []int
	}{{10, 4, []int{4, 4, 2}}, {8, 4, []int{4, 4}}, {3, 8, []int{3}}, {5, 0, []int{5}}, {1, 1, []int{1}}} {
		var sizes, all []int
		for batch := range minibatches(make([]int, c.m), c.size, sbo.Rand(1, "batches")) {
			sizes = append(sizes, len(batch))
			all = append(all, batch...)
		}
		require.Equal(t, c.want, sizes)
		seen := make([]bool, c.m)
		for _, i := range all {
			seen[i] = true
		}
		require.NotContains(t, seen, false)
		require.Len(t, all, c.m)
	}
}

// An epoch of ADAM in batches is the same as steps on the batches one by one,
// the smaller last one included.
func TestADAMStepsOnEveryBatch(t *testing.T) {
	set := unevenSet(sbo.Rand(1, "set"), 2, 1, 10)
	net := randomNetwork(sbo.Rand(1, "net"), Tanh, 2, 3, 1)
	r := &runs{ctx: t.Context(), train: set, o: Options{Trainer: ADAM, Batch: 4, Iterations: 6, LearningRate: 0.01, Lambda: new(0.1)}, total: 1}
	tr := newTraining(r, 0, net)
	tr.adam(rand.New(rand.NewPCG(5, 0)))

	x := net.clone().Parameters
	grad := make([]float64, len(x))
	state := newADAM(0.01, 0.9, 0.99, len(x))
	rng := rand.New(rand.NewPCG(5, 0))
	for range 2 {
		for indices := range minibatches(make([]int, 10), 4, rng) {
			newObjective(net, set.batch(indices), 0.1).evaluate(x, grad)
			state.step(x, grad)
		}
	}
	require.Equal(t, x, tr.network.Parameters)
}
