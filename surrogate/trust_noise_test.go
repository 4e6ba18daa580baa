package surrogate

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// Partials that are said to be noisy are believed that far and no farther: with few
// samples, where noise can't be told from shape, networks that are told of it come
// closer to the truth than those that are not.
func TestPartialNoise(t *testing.T) {
	truth := func(a, b float64) float64 { return math.Sin(2*a) + a*b*b/2 }
	const noise = 0.3
	rmse := func(seed uint64, said float64) (float64, *JENN) {
		rng := sbo.Rand(seed, "samples")
		d := sbo.Data{NX: 2, NY: 1}
		for range 12 {
			a, b := 2*rng.Float64()-1, 2*rng.Float64()-1
			d.X, d.Y = append(d.X, a, b), append(d.Y, truth(a, b))
			// The root mean squares of the partials are about 1.4 and 0.4.
			d.Partials = append(d.Partials, 2*math.Cos(2*a)+b*b/2+1.4*noise*rng.NormFloat64(), a*b+0.4*noise*rng.NormFloat64())
		}
		o := Options{Restarts: 2, Hidden: []int{6}, Ensemble: 1, Responses: []ResponseOptions{{PartialNoise: said}}}
		m, _, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(seed, "fit"), o)
		require.NoError(t, err)
		sum := 0.0
		for i := range 400 {
			x := []float64{float64(i%20)/9.5 - 1, float64(i/20)/9.5 - 1}
			off := m.Predict(nil, x)[0] - truth(x[0], x[1])
			sum += off * off
		}
		return math.Sqrt(sum / 400), m
	}
	var told, untold float64
	for seed := range uint64(5) {
		without, _ := rmse(seed, 0)
		with, m := rmse(seed, noise)
		told, untold = told+with/5, untold+without/5
		f := m.answers[0].members[0]
		for j, off := range f.evidence.partialNoise(m.answers[0].samples) {
			require.GreaterOrEqual(t, off, noise*(1-1e-9), "variable %d", j)
		}
	}
	t.Logf("%.4f with, %.4f without", told, untold)
	require.Less(t, told, 0.3*untold)
}

// Of what nothing is said, everything may be believed, and so with columns of zeros.
func TestMostPrecision(t *testing.T) {
	set := trainingSet{m: 2, nx: 2, ny: 2, dydx: []float64{3, 4, 0, 0, 1, 7, 5, 5}, gamma: []float64{1, 1, 1, 1, 1, 0, 1, 1}}
	most := set.mostPrecision([]float64{0.1, 0.5})
	require.InDelta(t, 100/12.5, most[0], 1e-12) // of 3 and 4 by their mean square
	require.True(t, math.IsInf(most[1], 1))
	require.InDelta(t, 4, most[2], 1e-12) // of 1 alone: 7 has no weight
	require.InDelta(t, 4.0/25, most[3], 1e-12)
	require.True(t, math.IsInf(set.mostPrecision([]float64{0, 0.5})[0], 1))
	require.Nil(t, set.mostPrecision(nil))
	require.Nil(t, trainingSet{m: 1, nx: 1, ny: 1}.mostPrecision([]float64{0.1}))

	require.Nil(t, Options{Responses: []ResponseOptions{{}, {}}}.of(1).noise)
	o := Options{Responses: []ResponseOptions{{}, {PartialNoise: 0.2}}}
	require.Equal(t, []float64{0.2}, o.of(1).noise)
	o.Shared = true
	require.Equal(t, []float64{0, 0.2}, o.of(0).noise)
	require.ErrorContains(t, Options{Responses: []ResponseOptions{{PartialNoise: -1}}}.Validate(), "partial_noise")
}
