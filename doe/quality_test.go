package doe_test

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/stretchr/testify/require"
)

// The two designs of six points of Fang, Li and Sudjianto, "Design and Modeling
// for Computer Experiments" (2006), chapter 3, on levels 1 to 6: the first is
// uniform, the second is not. They print CD² as 0.0081 and 0.0105; the digits are
// those that SciPy's documentation of qmc.discrepancy shows for them.
var (
	uniform    = []float64{1, 3, 2, 6, 3, 2, 4, 5, 5, 1, 6, 4}
	nonuniform = []float64{1, 5, 2, 4, 3, 3, 4, 2, 5, 1, 6, 6}
)

// onLevels places levels 1 to n in the middle of n strata of the unit interval.
func onLevels(levels []float64, n float64) []float64 {
	x := make([]float64, len(levels))
	for i, l := range levels {
		x[i] = (l - 0.5) / n
	}
	return x
}

func TestCenteredL2OfPublishedDesigns(t *testing.T) {
	square := func(levels []float64) float64 {
		return math.Pow(doe.CenteredL2(onLevels(levels, 6), 2), 2)
	}
	require.InDelta(t, 0.008142039609053464, square(uniform), 1e-14)
	require.InDelta(t, 0.010456854423869011, square(nonuniform), 1e-14)
}

// The center alone: the single sum is 1 and so is the double.
func TestCenteredL2OfCenter(t *testing.T) {
	for dim := 1; dim <= 6; dim++ {
		center := make([]float64, dim)
		for j := range center {
			center[j] = 0.5
		}
		require.InDelta(t, math.Sqrt(math.Pow(13.0/12, float64(dim))-1), doe.CenteredL2(center, dim), 1e-12)
	}
}

// The definition, integrated numerically: boxes reach from x to the nearest
// corner; projections to one variable and to both are summed.
func TestCenteredL2ByDefinition(t *testing.T) {
	const cells = 600
	points := doe.Random{}.Sample(7, 2, sbo.Rand(3, "test"))
	in := func(p, x float64) bool { return (x < 0.5 && p < x) || (x >= 0.5 && p >= x) }
	length := func(x float64) float64 { return min(x, 1-x) }

	var square float64
	for j := range 2 {
		for a := range cells {
			x := (float64(a) + 0.5) / cells
			inside := 0.0
			for i := range 7 {
				if in(points[2*i+j], x) {
					inside++
				}
			}
			square += math.Pow(length(x)-inside/7, 2) / cells
		}
	}
	for a := range cells {
		for b := range cells {
			x, y := (float64(a)+0.5)/cells, (float64(b)+0.5)/cells
			inside := 0.0
			for i := range 7 {
				if in(points[2*i], x) && in(points[2*i+1], y) {
					inside++
				}
			}
			square += math.Pow(length(x)*length(y)-inside/7, 2) / (cells * cells)
		}
	}
	require.InEpsilon(t, math.Sqrt(square), doe.CenteredL2(points, 2), 2e-3)
}

func TestCenteredL2DoesNotSeeReflections(t *testing.T) {
	points := doe.Random{}.Sample(20, 3, sbo.Rand(1, "test"))
	reflected := make([]float64, len(points))
	for i := range 20 {
		x, y, z := points[3*i], points[3*i+1], points[3*i+2]
		copy(reflected[3*i:], []float64{1 - y, z, x}) // variables reordered, one reversed
	}
	require.InDelta(t, doe.CenteredL2(points, 3), doe.CenteredL2(reflected, 3), 1e-14)
}

func TestDistances(t *testing.T) {
	// A 3-4-5 triangle: distances 0.3, 0.4, 0.5.
	triangle := []float64{0, 0, 0.3, 0, 0, 0.4}
	require.InDelta(t, 0.3, doe.MinDistance(triangle, 2), 1e-15)
	require.InDelta(t, 1/0.3+1/0.4+1/0.5, doe.PhiP(triangle, 2, 1), 1e-12)
	want := math.Sqrt(1/0.09 + 1/0.16 + 1/0.25)
	require.InDelta(t, want, doe.PhiP(triangle, 2, 2), 1e-12)
	require.InDelta(t, 1/0.3, doe.PhiP(triangle, 2, 1000), 1e-12)

	// Equal distances count with their number: k^(1/p)/d.
	square := []float64{0, 0, 1, 0, 1, 1, 0, 1}
	require.InDelta(t, 1.0, doe.MinDistance(square, 2), 1e-15)
	require.InDelta(t, math.Pow(4+2*math.Pow(2, -25), 1.0/50), doe.PhiP(square, 2, 50), 1e-12)
}

func TestPhiPOfTinyDistances(t *testing.T) {
	// Their 50th powers are far outside the range of a float64.
	points := []float64{0, 1e-9, 1}
	require.InEpsilon(t, 1e9, doe.PhiP(points, 1, 50), 1e-9)
	require.Equal(t, math.Inf(1), doe.PhiP([]float64{0.5, 0.5}, 1, 50), "two points at the same place")
}

func TestQualityOfFewPoints(t *testing.T) {
	require.Equal(t, math.Inf(1), doe.MinDistance(nil, 3))
	require.Equal(t, math.Inf(1), doe.MinDistance([]float64{1, 2, 3}, 3))
	require.Zero(t, doe.PhiP(nil, 3, 50))
	require.Zero(t, doe.PhiP([]float64{1, 2, 3}, 3, 50))
}

func TestQualityPanics(t *testing.T) {
	require.PanicsWithValue(t, "doe: no points have no discrepancy", func() { doe.CenteredL2(nil, 2) })
	require.PanicsWithValue(t, "doe: 3 numbers are not rows of 2", func() { doe.CenteredL2(make([]float64, 3), 2) })
	require.PanicsWithValue(t, "doe: 3 numbers are not rows of 2", func() { doe.MinDistance(make([]float64, 3), 2) })
	require.PanicsWithValue(t, "doe: points need at least one dimension, not 0", func() { doe.PhiP(nil, 0, 2) })
	require.PanicsWithValue(t, "doe: phi_p needs p > 0, not 0", func() { doe.PhiP(nil, 2, 0) })
	require.Panics(t, func() { doe.PhiP(nil, 2, math.NaN()) })
}
