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
	steps.basins.ends = map[int]end{0: atOptimum}
	_, unseen, err = steps.survey(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1., unseen)
	for row := range 5 {
		steps.basins.ends[row] = atOptimum // without a ridge between them
	}
	found, unseen, err = steps.survey(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, found)
	require.InDelta(t, 2./20, unseen, 1e-15)

	// Where it sees more basins than there are, they count as well.
	two = mapping(t, 8, wave, waveSlope)
	for range 6 {
		two.data = two.data.Append(sbo.Data{NX: 1, NY: 1, X: []float64{1}, Y: []float64{-1}, Partials: []float64{0}})
		two.basins.ends[two.data.Len()-1] = atOptimum
	}
	found, unseen, err = two.survey(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, found)
	require.InDelta(t, 2./30, unseen, 1e-15)
}

// Descents that were given up are half as good as others, also to tell of a basin beyond
// a ridge; those that ended as good as the best to a thousandth are of one basin with it.
func TestWitnesses(t *testing.T) {
	s := mapping(t, 12, wave, waveSlope)
	for i, x := range []float64{1, 3, 0.1} {
		s.data = s.data.Append(sbo.Data{NX: 1, NY: 1, X: []float64{x}, Y: []float64{wave(x) + 1e-5*float64(i)}, Partials: []float64{waveSlope(x)}})
	}
	one, other, slope := s.data.Len()-3, s.data.Len()-2, s.data.Len()-1
	require.False(t, s.sameBasin(s.data.Point(one), s.data.Point(other)))
	for _, c := range []struct {
		value     float64 // of the best
		ends      map[int]end
		basins    int
		witnesses float64
	}{
		{-1, map[int]end{one: atOptimum, other: atOptimum}, 1, 2},
		{-1, map[int]end{one: atOptimum, other: givenUp}, 1, 2},
		{-1, map[int]end{other: atOptimum, slope: givenUp}, 1, 1.5},
		{-2, map[int]end{one: atOptimum, other: atOptimum, slope: givenUp}, 2, 2.5},
		{-2, map[int]end{one: atOptimum, other: givenUp, slope: givenUp}, 2, 2},
	} {
		s.data.Y[one], s.basins.ends = c.value, c.ends
		basins, witnesses := s.witnesses()
		require.Equal(t, c.basins, basins, "%v", c)
		require.InDelta(t, c.witnesses, witnesses, 1e-15, "%v", c)
	}
}

// A descent away from the best sample is for something better, not for as good.
func TestEnded(t *testing.T) {
	for name, c := range map[string]struct {
		anchor, made int
		gain         float64 // spreads
		useful       bool
		local        float64
		want         end
	}{
		"a first step":                   {0, 0, 1e-3, true, 2, goesOn},
		"enough to gain":                 {0, 1, 1, true, 2, goesOn},
		"not enough to gain":             {0, 1, 0.01, true, 2, givenUp},
		"nothing to gain":                {0, 0, 0, false, 2, givenUp},
		"to where one has ended":         {0, 1, 1, true, 8.9, givenUp},
		"as good as the best":            {2, 1, 1e-4, true, 2, givenUp},
		"as good, and worthwhile better": {2, 1, 1e-3, true, 2, goesOn},
	} {
		t.Run(name, func(t *testing.T) {
			p := sbo.Problem{Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 10}}, Responses: []sbo.Response{sbo.Minimize("f")}}
			d := sbo.Data{NX: 1, NY: 1, X: []float64{1, 9, 5}, Y: []float64{3, 1, 1 + 1e-9}, Partials: []float64{1, 0, 1}}
			s := newState(Loop{Problem: p}, d)
			s.basins.from, s.basins.ends[1], s.region.made = c.anchor, atOptimum, c.made
			f := findings{anchor: c.anchor, gain: c.gain, useful: c.useful, local: at(0, c.local)}
			require.Equal(t, c.want, s.ended(f))
		})
	}
}

// Bumps of a tenth of the range on a bowl around 0.8, with close samples where descents
// have ended: the surrogate is lost among the bumps, the outline is that of the bowl.
func TestOutline(t *testing.T) {
	bumps := func(x float64) (y, slope float64) {
		u, w := (x-0.8)/4, 2*math.Pi*10/4
		return u*u + 0.2*math.Cos(w*x), u/2 - 0.2*w*math.Sin(w*x)
	}
	value := func(x float64) float64 { y, _ := bumps(x); return y }
	slope := func(x float64) float64 { _, s := bumps(x); return s }
	s := mapping(t, 10, value, slope)
	for _, x := range []float64{3.4, 3.401, 3.40001} {
		s.data = s.data.Append(sbo.Data{NX: 1, NY: 1, X: []float64{x}, Y: []float64{value(x)}, Partials: []float64{slope(x)}})
	}
	rows := s.lows()
	for i, a := range rows {
		for _, b := range rows[:i] {
			require.GreaterOrEqual(t, math.Abs(s.data.X[a]-s.data.X[b]), 4*sameBasin)
		}
	}
	candidates, err := s.outline(t.Context())
	require.NoError(t, err)
	require.InDelta(t, 0.8, candidates[0].X[0], 0.4)
	f := findings{outline: candidates, broad: []Candidate{at(-9, 3)}}
	s.basins.starts = wherePoints
	require.Equal(t, candidates[0].X, s.newStart(f).X)
	s.krige = nil
	candidates, err = s.outline(t.Context())
	require.NoError(t, err)
	require.Empty(t, candidates)
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
			s.basins.ends[i] = atOptimum
		}
	}
	s.data = s.data.Append(sbo.Data{NX: 1, NY: 1, X: []float64{1}, Y: []float64{-1}, Partials: []float64{0}})
	s.basins.ends[s.data.Len()-1] = atOptimum
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
