package optimize_test

import (
	"testing"

	"github.com/sbo-go/sbo/optimize"
)

// BenchmarkMinimize runs from the same 20 starts each time and reports the
// evaluations that a start takes.
func BenchmarkMinimize(b *testing.B) {
	for _, c := range knownCases() {
		for _, method := range methods {
			b.Run(c.Name+"/"+string(method), func(b *testing.B) {
				rows := starts(c, 20)
				evaluations := 0
				for b.Loop() {
					results, err := optimize.Multistart(b.Context(), c.Problem, c, rows, optimize.Options{Method: method})
					if err != nil {
						b.Fatal(err)
					}
					evaluations = 0
					for _, r := range results {
						evaluations += r.Evaluations
					}
				}
				b.ReportMetric(float64(evaluations)/20, "evaluations/start")
			})
		}
	}
}

func BenchmarkComputeKKT(b *testing.B) {
	c := cantilever(5)
	y, dydx := make([]float64, c.NY()), make([]float64, c.NY()*c.NX())
	if err := c.Evaluate(b.Context(), y, dydx, c.x); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		optimize.ComputeKKT(c.Problem, c.x, y, dydx)
	}
}
