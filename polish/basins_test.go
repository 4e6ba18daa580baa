package polish

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/kriging"
)

// mapping is a state whose samples, n by chance, tell kriging all about a function of
// one variable in [0, 4].
func mapping(t *testing.T, n int, f, slope func(x float64) float64) *state {
	t.Helper()
	p := sbo.Problem{Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 4}}, Responses: []sbo.Response{sbo.Minimize("f")}}
	d := sbo.NewData(1, 1, n)
	for i, u := range (doe.LatinHypercube{}).Sample(n, 1, sbo.Rand(2, "design")) {
		x := 4 * u
		d.X[i], d.Y[i], d.Partials[i] = x, f(x), slope(x)
	}
	krige, _, err := kriging.Fit(t.Context(), kriging.Task{Data: d, Problem: p}, sbo.Rand(1, "kriging"), kriging.Options{})
	require.NoError(t, err)
	s := newState(Loop{Problem: p, Seed: 1}, d)
	s.krige, s.model, s.number = krige, stacked(nil, krige, onKriging), 1
	return s
}

func wave(x float64) float64      { return math.Cos(math.Pi * x) } // minima at 1 and 3
func waveSlope(x float64) float64 { return -math.Pi * math.Sin(math.Pi*x) }

// Boender and Rinnooy Kan: w (w + 1) / (n (n - 1)).
func TestSurvey(t *testing.T) {
	bowl := mapping(t, 5, func(x float64) float64 { return (x - 1) * (x - 1) }, func(x float64) float64 { return 2 * (x - 1) })
	found, unseen, err := bowl.survey(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, found)
	require.InDelta(t, 2./20, unseen, 1e-15)

	two := mapping(t, 8, wave, waveSlope)
	found, unseen, err = two.survey(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, found)
	require.InDelta(t, 6./56, unseen, 1e-15)
	two.basins.surprises = []float64{5, 0.01, 0.009} // the last two of them were foretold
	found, unseen, err = two.survey(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, found)
	require.InDelta(t, 6./(38*37), unseen, 1e-15)

	two.basins.blind = two.basins.blind[:1]
	two.basins.surprises = []float64{0.01, 0.02}
	_, unseen, err = two.survey(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1., unseen, "nothing follows from one start")

	// Of steps kriging makes no sense: only descents that were made count.
	steps := mapping(t, 8, func(x float64) float64 { return math.Sin(1e4 * x) }, func(float64) float64 { return 0 })
	for _, c := range []struct {
		descents, found int
		ends            map[int]bool
		unseen          float64
	}{
		{1, 1, map[int]bool{0: true}, 1},
		{5, 1, map[int]bool{0: true, 1: false}, 2. / 20},
		{8, 1, map[int]bool{0: true, 1: true}, 2. / 56}, // without a ridge between them
	} {
		steps.basins.descents, steps.basins.ends = c.descents, c.ends
		found, unseen, err = steps.survey(t.Context())
		require.NoError(t, err)
		require.Equal(t, c.found, found)
		require.InDelta(t, c.unseen, unseen, 1e-15)
	}
}

func TestSameBasin(t *testing.T) {
	s := mapping(t, 8, wave, waveSlope)
	require.True(t, s.sameBasin([]float64{0.8}, []float64{1.2}))
	require.False(t, s.sameBasin([]float64{1}, []float64{3}), "a ridge at 2")
}

// New starts are made by turns in gaps, where it may be good, and where the surrogate
// has an optimum; never where a descent has ended.
func TestNewStart(t *testing.T) {
	s := mapping(t, 8, wave, waveSlope)
	f := findings{anchor: 0, broad: []Candidate{at(-1, 1), at(-1, 3)}}
	for i := range s.data.Len() { // a descent has ended in every sample but near 3
		if math.Abs(s.data.X[i]-3) > 0.5 {
			s.basins.ends[i] = true
		}
	}
	s.data = s.data.Append(sbo.Data{NX: 1, NY: 1, X: []float64{1}, Y: []float64{-1}, Partials: []float64{0}})
	s.basins.ends[s.data.Len()-1] = true
	for starts, reason := range []Reason{Space, NewStart, NewStart, Space} {
		s.basins.starts = starts
		c := s.newStart(f)
		require.Equal(t, reason, c.Reason, "start %d", starts)
		if reason == NewStart {
			require.False(t, s.known(c.X))
			require.InDelta(t, 3, c.X[0], 0.3, "start %d", starts)
		}
	}
}
