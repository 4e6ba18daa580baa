package kriging

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// Along a line in steps of rounding's size a prediction is a straight line, also where
// the numbers can nearly be foretold from each other, which makes their weights huge.
func TestPredictionsAreSmooth(t *testing.T) {
	const nx = 4
	rng := sbo.Rand(5, "smooth")
	d := sbo.NewData(nx, 1, 12)
	for i := range d.Len() {
		x, g := d.Point(i), d.PartialsOf(i)
		d.Y[i] = 0
		for j := range x {
			x[j] = rng.Float64()
			w := float64(1 + j)
			d.Y[i] += w * (x[j] - 0.3) * (x[j] - 0.3)
			g[j] = 2 * w * (x[j] - 0.3)
		}
	}
	m, _ := fit(t, Task{Data: d}, Options{Kernel: SquaredExponential})
	var values, partials []float64
	for step := range 21 {
		x := []float64{0.4, 0.42, 0.44, 0.46}
		for j := range x {
			x[j] += 1e-7 * float64(step)
		}
		values = append(values, m.Predict(nil, x)[0])
		partials = append(partials, m.PredictPartials(nil, x)[1])
	}
	require.Less(t, bend(values), 1e-10)
	require.Less(t, bend(partials), 1e-10)
}

// bend returns how far numbers are from the middle of their neighbors, at most.
func bend(v []float64) (most float64) {
	for i := 1; i+1 < len(v); i++ {
		most = max(most, math.Abs(v[i]-(v[i-1]+v[i+1])/2))
	}
	return most
}
