package surrogate

import (
	"fmt"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
)

// steps are networks of the published comparisons with the reference and their
// numbers of samples, from small to large.
var steps = []struct {
	name  string
	sizes []int
	m     int
}{
	{"A", []int{2, 12, 12, 1}, 100},
	{"B", []int{2, 20, 20, 20, 1}, 389},
	{"C", []int{16, 12, 12, 1}, 1000},
	{"D", []int{16, 64, 64, 1}, 1000},
	{"E", []int{50, 128, 128, 3}, 2000},
}

// BenchmarkStep is one evaluation of loss and gradient with all partials: what a
// step of ADAM or L-BFGS costs.
func BenchmarkStep(b *testing.B) {
	for _, c := range steps {
		b.Run(c.name, func(b *testing.B) {
			rng := sbo.Rand(1, c.name)
			net := randomNetwork(rng, Tanh, c.sizes...)
			o := newObjective(net, unevenSet(rng, net.nx(), net.ny(), c.m), 1e-4)
			grad := make([]float64, len(net.Parameters))
			b.ReportAllocs()
			for b.Loop() {
				o.evaluate(net.Parameters, grad)
			}
		})
	}
}

// BenchmarkPredict is one point.
func BenchmarkPredict(b *testing.B) {
	for _, c := range steps {
		m := randomModel(sbo.Rand(1, c.name), Tanh, c.sizes...)
		nx, ny := m.Dims()
		x, y, dydx := make([]float64, nx), make([]float64, ny), make([]float64, ny*nx)
		b.Run(c.name+"/values", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Predict(y, x)
			}
		})
		b.Run(c.name+"/partials", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.PredictPartials(dydx, x)
			}
		})
	}
}

// BenchmarkFit is a fit with all defaults but the iterations.
func BenchmarkFit(b *testing.B) {
	rastrigin := func(dydx, x []float64) float64 {
		y := 0.0
		for j, v := range x {
			y += v*v/4 - 5*math.Cos(math.Pi*v)
			dydx[j] = v/2 + 5*math.Pi*math.Sin(math.Pi*v)
		}
		return y
	}
	for _, c := range []struct{ m, nx int }{{100, 2}, {60, 5}} {
		b.Run(fmt.Sprintf("%dx%d", c.m, c.nx), func(b *testing.B) {
			d := sampled(sbo.Rand(1, "data"), c.nx, c.m, rastrigin)
			for b.Loop() {
				if _, _, err := Fit(b.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Iterations: 60, Restarts: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
