package bench

import (
	"math"

	"github.com/sbo-go/sbo"
)

// confident is a model that says how sure it is.
type confident interface {
	PredictInterval(lower, upper, x []float64, level float64) (lo, up []float64)
}

// coverage returns the percentage of the known values of the samples that lie in
// the model's intervals of 90 percent, NaN if it cannot say.
func coverage(m confident, test sbo.Data) float64 {
	const level = 0.9
	lower, upper := make([]float64, test.NY), make([]float64, test.NY)
	inside, known := 0.0, 0.0
	for i := range test.Len() {
		m.PredictInterval(lower, upper, test.Point(i), level)
		for k, y := range test.Responses(i) {
			if math.IsNaN(y) {
				continue
			}
			if math.IsNaN(lower[k]) {
				return math.NaN()
			}
			known++
			if lower[k] <= y && y <= upper[k] {
				inside++
			}
		}
	}
	return 100 * inside / known
}
