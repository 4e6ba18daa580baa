package doe_test

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/stretchr/testify/require"
)

// The beginning of the sequence as every textbook has it.
func TestHaltonIsThePublishedSequence(t *testing.T) {
	want := []float64{
		1. / 2, 1. / 3, 1. / 5,
		1. / 4, 2. / 3, 2. / 5,
		3. / 4, 1. / 9, 3. / 5,
		1. / 8, 4. / 9, 4. / 5,
		5. / 8, 7. / 9, 1. / 25,
		3. / 8, 2. / 9, 6. / 25,
		7. / 8, 5. / 9, 11. / 25,
		1. / 16, 8. / 9, 16. / 25,
	}
	points := doe.Halton{}.Sample(9, 3, nil)
	require.Equal(t, []float64{0, 0, 0}, points[:3])
	require.InDeltaSlice(t, want, points[3:], 1e-15)
	require.Equal(t, points[3:], doe.Halton{Skip: 1}.Sample(8, 3, nil))
}

// The radical inverse by its definition, digit by digit, in bases far out.
func TestHaltonInManyDimensions(t *testing.T) {
	const dim, index = 200, 123456789
	bases := []uint64{}
	for p := uint64(2); len(bases) < dim; p++ {
		divisors := 0
		for d := uint64(1); d <= p; d++ {
			if p%d == 0 {
				divisors++
			}
		}
		if divisors == 2 {
			bases = append(bases, p)
		}
	}
	point := doe.Halton{Skip: index}.Sample(1, dim, nil)
	for j, base := range bases {
		want, place := 0.0, 1.0
		for i := uint64(index); i > 0; i /= base {
			place /= float64(base)
			want += float64(i%base) * place
		}
		require.InDelta(t, want, point[j], 1e-14, "base %d", base)
	}
}

func TestHaltonStrata(t *testing.T) {
	for _, scramble := range []bool{false, true} {
		for j, base := range []float64{2, 3, 5, 7, 11} {
			for k := 1.0; math.Pow(base, k) < 400; k++ {
				n := int(math.Pow(base, k))
				h := doe.Halton{Scramble: scramble, Skip: 4 * n}
				points := h.Sample(n, 5, sbo.Rand(2, "test"))
				seen := make([]bool, n)
				for _, x := range column(points, 5, j) {
					// Points of the unscrambled sequence lie on the boundaries.
					stratum := int(x*float64(n) + 1e-9)
					require.False(t, seen[stratum], "base %v, %d points", base, n)
					seen[stratum] = true
				}
			}
		}
	}
}

func TestHaltonScramblesUniformly(t *testing.T) {
	const trials = 4000
	rng := sbo.Rand(7, "test")
	var sum, square [6]float64
	for range trials {
		for j, x := range (doe.Halton{Scramble: true}).Sample(2, 3, rng) {
			require.True(t, x >= 0 && x < 1)
			sum[j] += x
			square[j] += x * x
		}
	}
	for j := range sum {
		mean := sum[j] / trials
		require.InDelta(t, 0.5, mean, 5*math.Sqrt(1.0/12/trials))
		require.InDelta(t, 1.0/12, square[j]/trials-mean*mean, 0.005)
	}
}

// Without scrambling, variables with large bases move in step.
func TestHaltonScramblingBreaksCorrelation(t *testing.T) {
	correlation := func(h doe.Halton) float64 {
		points := h.Sample(100, 40, sbo.Rand(1, "test"))
		var xy, xx, yy float64
		for i := range 100 {
			x, y := points[i*40+38]-0.5, points[i*40+39]-0.5 // bases 167 and 173
			xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
		}
		return xy / math.Sqrt(xx*yy)
	}
	require.Greater(t, correlation(doe.Halton{}), 0.9)
	require.Less(t, math.Abs(correlation(doe.Halton{Scramble: true})), 0.3)
}

func TestHaltonPanics(t *testing.T) {
	require.PanicsWithValue(t, "doe: cannot skip -1 points", func() { doe.Halton{Skip: -1}.Sample(1, 1, nil) })
	require.PanicsWithValue(t, "doe: this design is random and needs an rng, which is nil",
		func() { doe.Halton{Scramble: true}.Sample(1, 1, nil) })
}
