package polish

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

func TestAdapt(t *testing.T) {
	for name, c := range map[string]struct{ radius, ratio, length, want float64 }{
		"failed":                   {0.2, nan, 0.2, 0.16},
		"failed on a short step":   {0.2, nan, 0.1, 0.16},
		"worse":                    {0.2, -3, 0.2, 0.1},
		"poor":                     {0.2, 0.05, 0.2, 0.14},
		"fair":                     {0.2, 0.4, 0.2, 0.2},
		"good, at the rim":         {0.02, 0.8, 0.02, 0.04},
		"exact, at the rim":        {0.02, 1.05, 0.02, 0.16},
		"good, inside":             {0.2, 1, 0.1, 0.2},
		"good, as large as can be": {0.4, 0.8, 0.4, 0.5},
		"infinitely good":          {0.2, math.Inf(1), 0.2, 0.4},
	} {
		t.Run(name, func(t *testing.T) {
			g := region{radii: [surrogates]float64{0.3, c.radius, 0.4}, kind: onKriging}
			g.adapt(c.ratio, c.length)
			require.InDelta(t, c.want, g.radius(), 1e-15)
			require.Equal(t, 0.3, g.radii[onNetwork], "the network's is its own")
		})
	}
}

func TestDistance(t *testing.T) {
	box := square().Box() // 10 and 2 wide
	require.InDelta(t, 0.3, distance(box, []float64{1, 0}, []float64{4, 0.5}), 1e-15)
	require.InDelta(t, 0.5, distance(box, []float64{1, -1}, []float64{4, 0}), 1e-15)
	require.Zero(t, distance(box, []float64{1, 0}, []float64{1, 0}))
}

// episode feeds a region with answers, one candidate a round.
type episode struct {
	region region
	trust  trust
	merit  merit
	data   sbo.Data
}

func newEpisode(costs ...float64) *episode {
	p := square(sbo.Minimize("f"))
	m := merit{p: p, spread: 1, size: []float64{0}, weight: []float64{0}}
	return &episode{region: newRegion(), trust: newTrust(2), merit: m, data: table(2, 1, costs...)}
}

// round evaluates a candidate for which the cost is foretold.
func (e *episode) round(r Reason, foretold, truth float64, useful bool) {
	c := Candidate{Reason: r, X: []float64{1, 0}, Predicted: []float64{foretold}, True: []float64{truth}, Index: e.data.Len()}
	old := e.merit.best(e.data)
	e.data = e.data.Append(sbo.Data{NX: 2, NY: 1, X: c.X, Y: c.True})
	e.trust.weigh(e.merit, e.merit.of(e.data.Responses(old)), []Candidate{c})
	if e.region.update(e.merit.p.Box(), e.merit, e.data, old, e.merit.best(e.data), []Candidate{c}, useful) {
		e.trust.promises = 0
	}
}

func TestPromises(t *testing.T) {
	e := newEpisode(5, 7)
	require.Equal(t, firstRadius, e.region.radius())
	e.round(Promised, 0, 6, true)
	require.Equal(t, 1, e.trust.wait)
	e.round(Promised, 0, nan, true) // a failure breaks it too
	require.Equal(t, 2, e.trust.wait)
	e.round(Promised, 0, 4.9, true) // a tenth is the least that keeps it
	require.Equal(t, 4, e.trust.wait)
	e.round(Descent, 4.8, 4.85, true)
	require.Equal(t, 3, e.trust.wait)
	e.round(Space, 9, 9, true)
	require.Equal(t, 2, e.trust.wait)
	e.round(Promised, 0, 2, true)
	require.Zero(t, e.trust.promises)
	require.Zero(t, e.region.idle)
	e.round(Promised, 0, 3, true)
	require.Equal(t, 1, e.trust.wait) // doubt begins anew
	require.Equal(t, 1, e.trust.promises)
	require.Equal(t, 1, e.region.idle)
}

func TestProgressIsByTodaysMerit(t *testing.T) {
	p := square(sbo.Minimize("f"), sbo.AtMost("g", 0))
	m := merit{p: p, spread: 1, size: []float64{0, 1}, weight: []float64{0, 1}}
	d := table(2, 2, 0, 1, 5, -1)
	g := newRegion()
	ask := func(f, excess float64) {
		c := Candidate{Reason: Basin, X: []float64{0, 0}, Predicted: []float64{0, 0}, True: []float64{f, excess}, Index: d.Len()}
		old := m.best(d)
		d = d.Append(sbo.Data{NX: 2, NY: 2, X: c.X, Y: c.True})
		g.update(p.Box(), m, d, old, m.best(d), []Candidate{c}, true)
	}
	ask(9, 9)
	require.Zero(t, g.row)
	ask(9, 9)
	require.Equal(t, 1, g.idle)
	m.weight[1] = 100 // now the feasible sample is the best, which is no merit of the round
	ask(9, 9)
	require.Equal(t, 2, g.idle)
	ask(4, -1) // better than it, though its merit was once undercut
	require.Zero(t, g.idle)
	require.Equal(t, 5, g.row)
}

// Progress is also a residual that is halved, however small the gain.
func TestProgressOfResidual(t *testing.T) {
	e := newEpisode(5)
	slope := func(v float64) {
		e.data.Partials = make([]float64, len(e.data.Y)*2)
		e.data.Partials[len(e.data.Partials)-1] = v
	}
	slope(1)
	e.round(Descent, 4, 4, true)
	slope(1)
	cost := 4.0
	for n, c := range []struct {
		slope float64
		idle  int
	}{{0.05, 1}, {0.0005, 0}, {0.0004, 1}, {0.0001, 0}} {
		cost -= 1e-12
		e.data = e.data.Append(sbo.Data{NX: 2, NY: 1, X: []float64{5, 0}, Y: []float64{cost}})
		slope(c.slope)
		candidate := Candidate{Reason: Descent, X: []float64{5, 0}, Predicted: []float64{cost}, True: []float64{cost}, Index: e.data.Len() - 1}
		e.region.update(e.merit.p.Box(), e.merit, e.data, candidate.Index-1, candidate.Index, []Candidate{candidate}, true)
		if n > 0 {
			require.Equal(t, c.idle, e.region.idle, "step %d", n)
		}
	}
}

// Steps confirm an optimum where no partial can: those that were tried, or that
// need not be, since the surrogate had foretold where it stands.
func TestSteps(t *testing.T) {
	e := newEpisode(5)
	e.round(Space, 9, 9, false)
	require.Zero(t, e.region.steps)
	e.round(Space, 9, 9, false)
	require.Zero(t, e.region.steps, "nobody had foretold the sample of the design")
	e.round(Descent, 4.01, 4, true) // progress
	require.Zero(t, e.region.steps)
	e.round(Descent, 3, 4, true)
	require.Equal(t, 1, e.region.steps)
	e.round(Space, 9, 9, false)
	require.Equal(t, 1, e.region.steps, "it was a surprise")
	e.round(Descent, 3.00001, 3, true)
	e.round(Space, 9, 9, false)
	e.round(Basin, 9, 9, false)
	require.Equal(t, 2, e.region.steps)
}
