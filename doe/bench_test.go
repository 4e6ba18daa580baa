package doe_test

import (
	"fmt"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
)

func BenchmarkSample(b *testing.B) {
	for _, name := range doe.Names() {
		s, err := doe.Lookup(name)
		if err != nil {
			b.Fatal(err)
		}
		for _, size := range []struct{ n, dim int }{{100, 10}, {1000, 10}} {
			b.Run(fmt.Sprintf("%s/%dx%d", name, size.n, size.dim), func(b *testing.B) {
				rng := sbo.Rand(1, "benchmark")
				for b.Loop() {
					s.Sample(size.n, size.dim, rng)
				}
			})
		}
	}
}

func BenchmarkSobolAllDimensions(b *testing.B) {
	for b.Loop() {
		doe.Sobol{}.Sample(1024, doe.SobolDimensions, nil)
	}
}

func BenchmarkExtend(b *testing.B) {
	rng := sbo.Rand(1, "benchmark")
	s := doe.LatinHypercube{Criterion: doe.ESE}
	design := s.Sample(100, 10, rng)
	for b.Loop() {
		s.Extend(design, 20, 10, rng)
	}
}

func BenchmarkQuality(b *testing.B) {
	points := doe.Sobol{}.Sample(1000, 10, nil)
	b.Run("CenteredL2", func(b *testing.B) {
		for b.Loop() {
			doe.CenteredL2(points, 10)
		}
	})
	b.Run("MinDistance", func(b *testing.B) {
		for b.Loop() {
			doe.MinDistance(points, 10)
		}
	})
	b.Run("PhiP", func(b *testing.B) {
		for b.Loop() {
			doe.PhiP(points, 10, 50)
		}
	})
}
