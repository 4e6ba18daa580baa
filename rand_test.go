package sbo_test

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

func TestRandStreams(t *testing.T) {
	require.Equal(t, sbo.Rand(1, "design").Uint64(), sbo.Rand(1, "design").Uint64(), "repeatable")
	// Recorded: a change would silently change the course of every study.
	require.Equal(t, uint64(0x2cc7f9d8a33efc7c), sbo.Rand(1, "design").Uint64())

	const n = 10000
	streams := map[string]func() float64{
		"purpose": func() func() float64 { return sbo.Rand(1, "fit").Float64 }(),
		"seed":    func() func() float64 { return sbo.Rand(2, "design").Float64 }(),
	}
	for other, next := range streams {
		rng := sbo.Rand(1, "design")
		covariance := 0.0
		for range n {
			covariance += (rng.Float64() - 0.5) * (next() - 0.5)
		}
		correlation := covariance / n * 12
		require.Less(t, math.Abs(correlation), 4/math.Sqrt(n), "streams of another %s are independent", other)
	}
}
