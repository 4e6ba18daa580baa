package airfoil

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

func TestLogarithm(t *testing.T) {
	rng := sbo.Rand(1, "numbers")
	for i := range 200_000 {
		x := math.Exp(30*rng.Float64() - 25)
		if i%2 == 0 {
			x = 1 + 0.01*rng.NormFloat64()
		}
		require.InDelta(t, math.Log(x), logarithm(x), 8e-15, "of %v", x)
	}
	require.InDelta(t, 0, logarithm(1), 1e-16)
}

func BenchmarkLogarithm(b *testing.B) {
	for name, log := range map[string]func(float64) float64{"ours": logarithm, "math": math.Log} {
		b.Run(name, func(b *testing.B) {
			sum, x := 0.0, 0.3
			for b.Loop() {
				sum += log(x)
				x = x*1.00001 + 1e-9
			}
			require.False(b, math.IsNaN(sum))
		})
	}
}
