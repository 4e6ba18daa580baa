package doe_test

import (
	"bufio"
	"math"
	"math/bits"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/stretchr/testify/require"
)

// readRows reads numbers, a row a line, from a file with comments.
func readRows(t *testing.T, name string) [][]float64 {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	var rows [][]float64
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		var row []float64
		for field := range strings.FieldsSeq(lines.Text()) {
			x, err := strconv.ParseFloat(field, 64)
			require.NoError(t, err)
			row = append(row, x)
		}
		rows = append(rows, row)
	}
	require.NoError(t, lines.Err())
	return rows
}

func TestSobolIsThePublishedSequence(t *testing.T) {
	published := readRows(t, "testdata/sobol27.txt")
	require.Len(t, published, 10)
	for dim := 1; dim <= 27; dim++ {
		points := doe.Sobol{}.Sample(123, dim, nil)
		for k, row := range published {
			i := k
			if k >= 5 {
				i = 113 + k
			}
			require.Equal(t, row[:dim], points[i*dim:(i+1)*dim], "point %d in %d dimensions", i, dim)
		}
	}
	// The ends of their example of 1000 points in one dimension.
	points := doe.Sobol{}.Sample(1000, 1, nil)
	require.Equal(t, []float64{0.2822265625, 0.4072265625, 0.9072265625, 0.6572265625, 0.1572265625}, points[995:])
}

// column returns the coordinates of one variable.
func column(points []float64, dim, j int) []float64 {
	var x []float64
	for i := j; i < len(points); i += dim {
		x = append(x, points[i])
	}
	return x
}

// requireStrata requires that x has one number in each of len(x) equal intervals.
func requireStrata(t *testing.T, x []float64, msg ...any) {
	t.Helper()
	seen := make([]bool, len(x))
	for _, v := range x {
		require.True(t, v >= 0 && v < 1, msg...)
		k := int(v * float64(len(x)))
		require.False(t, seen[k], msg...)
		seen[k] = true
	}
}

// netQuality returns the smallest t for which the 2^m points (x, y) are a
// (t,m,2)-net in base 2, by counting: each box of size 2^-a times 2^-(m-t-a)
// holds 2^t of them.
func netQuality(x, y []float64, m int) int {
	counts := make([]int, len(x))
	for quality := range m {
		rest := m - quality
		fits := true
		for a := 0; a <= rest && fits; a++ {
			clear(counts)
			for i := range x {
				counts[int(math.Ldexp(x[i], a))<<(rest-a)|int(math.Ldexp(y[i], rest-a))]++
			}
			for _, c := range counts[:1<<rest] {
				fits = fits && c == 1<<quality
			}
		}
		if fits {
			return quality
		}
	}
	return m
}

func TestSobolPairsAreNets(t *testing.T) {
	const m, n = 8, 1 << 8
	for _, s := range []doe.Sobol{{}, {Scramble: true}, {Skip: n}, {Scramble: true, Skip: 3 * n}} {
		dim := doe.SobolDimensions
		points := s.Sample(n, dim, sbo.Rand(5, "test"))
		y := column(points, dim, 0)
		requireStrata(t, y)
		for j := 1; j < dim; j++ {
			x := y
			y = column(points, dim, j)
			requireStrata(t, y, "dimension %d of %+v", j+1, s)
			if j >= 120 && j%16 != 0 {
				continue // enough of them
			}
			quality := netQuality(x, y, m)
			// A general bound: the sum of the degrees of the two polynomials,
			// less one each (Sobol' 1967).
			require.LessOrEqual(t, quality, degree(j)+degree(j-1)-2, "dimensions %d and %d of %+v", j, j+1, s)
		}
	}
}

// degree returns the degree of the polynomial of a dimension, counted from 0, from
// the numbers of primitive polynomials, phi(2^s-1)/s of degree s.
func degree(dimension int) int {
	if dimension == 0 {
		return 1 // no polynomial, and as good as degree 1
	}
	for s, count := range []int{1, 1, 2, 2, 6, 6, 18, 16, 48, 60, 176, 144, 630} {
		if dimension <= count {
			return s + 1
		}
		dimension -= count
	}
	panic("no such dimension")
}

// The first two dimensions are a (0,2)-sequence: 2^m points are a perfect net
// wherever they start at a multiple of 2^m.
func TestSobolFirstPairIsPerfect(t *testing.T) {
	for _, scramble := range []bool{false, true} {
		for m := 1; m <= 10; m++ {
			n := 1 << m
			for block := range 3 {
				points := doe.Sobol{Scramble: scramble, Skip: block * n}.Sample(n, 2, sbo.Rand(1, "test"))
				require.Zero(t, netQuality(column(points, 2, 0), column(points, 2, 1), m))
			}
		}
	}
}

// What Joe and Kuo (2008) searched their numbers for: pairs of variables whose points
// don't gather in two of the four quadrants. With 1024 points none of the first 300
// variables does that with another; the counts are exact.
func TestSobolPairsFillQuadrants(t *testing.T) {
	const n, dim = 1 << 10, 300
	points := doe.Sobol{}.Sample(n, dim, nil)
	var upper [dim][n / 64]uint64 // a bit per point: is it in the upper half?
	for i, x := range points {
		if x >= 0.5 {
			upper[i%dim][i/dim/64] |= 1 << (i / dim % 64)
		}
	}
	for j := range dim {
		for k := range j {
			both := 0
			for w := range upper[j] {
				both += bits.OnesCount64(upper[j][w] & upper[k][w])
			}
			require.Equal(t, n/4, both, "dimensions %d and %d", k+1, j+1)
		}
	}
}

func TestSobolSkip(t *testing.T) {
	all := doe.Sobol{}.Sample(300, 5, nil)
	for _, skip := range []int{0, 1, 2, 3, 64, 100, 255, 299} {
		require.Equal(t, all[skip*5:], doe.Sobol{Skip: skip}.Sample(300-skip, 5, nil), "skip %d", skip)
	}
	// Far out, where the index has many bits: against a start a little before.
	far := 1<<40 - 10
	a := doe.Sobol{Skip: far}.Sample(20, 3, nil)
	require.Equal(t, a[30:], doe.Sobol{Skip: far + 10}.Sample(10, 3, nil))
}

// Scrambling makes every point uniform: the mean of a coordinate of the first
// point, over many scramblings, is 1/2 and its variance 1/12.
func TestSobolScramblesUniformly(t *testing.T) {
	const trials = 4000
	rng := sbo.Rand(7, "test")
	var sum, square [4]float64
	for range trials {
		points := doe.Sobol{Scramble: true}.Sample(2, 2, rng)
		for j, x := range points {
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

// The error of an average falls much faster than that of random points.
func TestSobolIntegrates(t *testing.T) {
	const n, dim = 1024, 4
	f := func(x []float64) float64 {
		product := 1.0
		for _, v := range x {
			product *= math.Pi / 2 * math.Sin(math.Pi*v) // each integrates to 1
		}
		return product
	}
	rms := func(s doe.Sampler) float64 {
		rng := sbo.Rand(1, "test")
		var sum float64
		for range 20 {
			points, mean := s.Sample(n, dim, rng), 0.0
			for i := range n {
				mean += f(points[i*dim:(i+1)*dim]) / n
			}
			sum += (mean - 1) * (mean - 1) / 20
		}
		return math.Sqrt(sum)
	}
	random := rms(doe.Random{})
	require.Less(t, rms(doe.Sobol{Scramble: true}), random/10)
	require.Less(t, rms(doe.Halton{Scramble: true}), random/4)
}

func TestSobolPanics(t *testing.T) {
	require.PanicsWithValue(t, "doe: the Sobol sequence has at most 1111 dimensions, not 1112",
		func() { doe.Sobol{}.Sample(1, 1112, nil) })
	require.PanicsWithValue(t, "doe: cannot skip -1 points", func() { doe.Sobol{Skip: -1}.Sample(1, 1, nil) })
	require.PanicsWithValue(t, "doe: this design is random and needs an rng, which is nil",
		func() { doe.Sobol{Scramble: true}.Sample(1, 1, nil) })
}
