package surrogate

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// Answers of several networks, in ensembles and with stages, shared or not, for
// numbers of points around those of a block.
func TestBatchesAreManyPoints(t *testing.T) {
	rng := sbo.Rand(1, "batch")
	term := func(weight float64, sizes ...int) *fitted {
		f := randomModel(rng, Tanh, sizes...).answers[0].members[0]
		f.weight = weight
		return f
	}
	models := map[string]*JENN{
		"one":       randomModel(rng, Swish, 3, 5, 1),
		"shared":    randomModel(rng, Tanh, 3, 9, 9, 2),
		"forward":   randomModel(rng, Tanh, 2, 5, 3),
		"ensembles": newJENN(Facts{}, &answer{members: []*fitted{term(0.75, 2, 4, 1), term(0.25, 2, 5, 5, 1)}, stages: []*fitted{term(1, 2, 3, 1)}}, alone(term(1, 2, 6, 1))),
	}
	for name, m := range models {
		nx, ny := m.Dims()
		for _, n := range []int{0, 1, 7, 8, batchColumns - 1, batchColumns, batchColumns + 1, 3*batchColumns + 5} {
			x := make([]float64, n*nx)
			for i := range x {
				x[i] = rng.NormFloat64()
			}
			y, dydx := make([]float64, n*ny), make([]float64, n*ny*nx)
			m.PredictBatch(y, dydx, x)
			wantY, wantJ := make([]float64, n*ny), make([]float64, n*ny*nx)
			for i := range n {
				require.NoError(t, m.Evaluate(context.Background(), wantY[i*ny:(i+1)*ny], wantJ[i*ny*nx:(i+1)*ny*nx], x[i*nx:(i+1)*nx]))
			}
			requireNear(t, wantY, y, 1e-13, name)
			requireNear(t, wantJ, dydx, 1e-13, name)
			alone := make([]float64, n*ny)
			m.PredictBatch(alone, nil, x)
			requireNear(t, wantY, alone, 1e-13, name)
			clear(dydx)
			m.PredictBatch(nil, dydx, x)
			requireNear(t, wantJ, dydx, 1e-13, name)
		}
	}
	require.Panics(t, func() { models["one"].PredictBatch(nil, nil, make([]float64, 4)) })
	require.Panics(t, func() { models["one"].PredictBatch(make([]float64, 1), nil, make([]float64, 6)) })
	require.Panics(t, func() { models["one"].PredictBatch(nil, make([]float64, 3), make([]float64, 6)) })
}

func TestBatchesFromSeveralGoroutines(t *testing.T) {
	rng := sbo.Rand(1, "batch")
	m := randomModel(rng, Tanh, 2, 8, 1)
	x := make([]float64, 2*500)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	want := make([]float64, 500)
	m.PredictBatch(want, nil, x)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			y := make([]float64, 500)
			m.PredictBatch(y, nil, x)
			if !slices.Equal(want, y) {
				t.Error("other numbers")
			}
		})
	}
	wg.Wait()
}
