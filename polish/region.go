package polish

import (
	"math"

	"github.com/sbo-go/sbo"
)

// region is the trust region of a descent, a box of half width radius in the unit box
// around the best point of the descent, together with the memory of what the last
// rounds brought.
type region struct {
	// radii of the steps on each surrogate, of which one may lead astray where another
	// does not; kind is that of the present step's objective.
	radii [surrogates]float64
	kind  int
	made  int // steps of the descent so far

	row      int     // the best point when progress was last made, -1 at first
	residual float64 // of the KKT conditions there
	surprise float64 // |foretold - true| merit there, infinite where nothing was foretold
	idle     int     // rounds since
	steps    int     // since, descents tried, or not to be tried though row was no surprise
}

// trust is how far the surrogate's promises are believed, by those it has kept.
type trust struct {
	patient  int // rounds without progress, and promises not kept, that are borne
	promises int // over the whole box that were not kept, since progress was last made
	wait     int // descents to make before the next promise is followed
	doubt    int // how many that are after a broken promise: twice as many each time
}

// Constants of the trust region, of the sizes customary for surrogate management
// (Conn, Gould and Toint, Trust-Region Methods, 2000, section 6.1).
const (
	firstRadius  = 0.25
	largeRadius  = 0.5
	poorRatio    = 0.1   // of true to predicted gain: below, the region shrinks
	goodRatio    = 0.7   // above, it grows if it was in the way,
	growth       = 2     // by this factor,
	exact        = 0.1   // or by its cube if the ratio is that close to 1
	failure      = 0.8   // by this factor it shrinks where an evaluation fails
	worthwhile   = 1e-9  // smallest gain of merit, in spreads, that counts as progress
	negligible   = 1e-11 // promised gain, in spreads, that arithmetic hardly tells from none
	broadPromise = 1e-3  // smallest promised gain elsewhere, in spreads, worth a look
	agreement    = 1e-4  // spreads to which surrogate and truth agree, where no partial tells more
)

func newRegion() region {
	return region{radii: [surrogates]float64{firstRadius, firstRadius, firstRadius}, row: -1, residual: math.Inf(1), surprise: math.Inf(1)}
}

func (g *region) radius() float64 { return g.radii[g.kind] }

func newTrust(nx int) trust { return trust{patient: max(8, 2*nx)} }

// weigh draws the conclusions from promises; best is the merit of the best sample
// when they were made. It reports whether one was kept.
func (t *trust) weigh(m merit, best float64, cs []Candidate) (kept bool) {
	for _, c := range cs {
		switch c.Reason {
		case Promised:
			if (best-m.of(c.True))/(best-m.of(c.Predicted)) > poorRatio {
				t.doubt, kept = 0, true
			} else {
				t.promises++
				t.doubt = max(1, 2*t.doubt)
				t.wait = t.doubt
			}
		case Descent, NewStart, Space:
			t.wait--
		case Basin, Rival, Expected, Probe:
		}
	}
	return kept
}

// update draws the conclusions for the descent, whose best point was row old and now
// is row now, from the candidates, and from there having been a descent to try or not.
// It reports whether that is progress.
func (g *region) update(box sbo.Box, m merit, d sbo.Data, old, now int, cs []Candidate, descends bool) (progress bool) {
	g.idle++
	if !descends && g.surprise <= agreement {
		g.steps++
	}
	for _, c := range cs {
		if c.Reason == Descent {
			from := m.of(d.Responses(old))
			g.made++
			g.steps++
			g.adapt((from-m.of(c.True))/(from-m.of(c.Predicted)), distance(box, c.X, d.Point(old)))
		}
	}
	residual := m.kkt(d, now).Residual
	if g.row >= 0 && (now < cs[0].Index || !g.progress(m, d, now, residual)) {
		return false
	}
	*g = region{radii: g.radii, kind: g.kind, made: g.made, row: now, residual: math.Inf(1), surprise: math.Inf(1)}
	if !math.IsNaN(residual) {
		g.residual = residual
	}
	for _, c := range cs {
		if c.Index == now {
			g.surprise = math.Abs(m.of(c.Predicted) - m.of(c.True))
		}
	}
	return true
}

// progress reports whether sample now is a worthwhile gain of merit, or half the
// KKT residual, since progress was last made. Both merits are taken by today's
// penalties, since those of different rounds don't compare.
func (g *region) progress(m merit, d sbo.Data, now int, residual float64) bool {
	return m.of(d.Responses(g.row))-m.of(d.Responses(now)) > worthwhile || residual < g.residual/2
}

// adapt resizes the region after a step of the given length in the unit box. A
// ratio that is not known, of a failed evaluation, says nothing of the surrogate, but
// that the way is shorter.
func (g *region) adapt(ratio, length float64) {
	radius := &g.radii[g.kind]
	switch {
	case math.IsNaN(ratio):
		*radius *= failure
	case !(ratio >= 0):
		*radius = 0.5 * min(*radius, length)
	case ratio < poorRatio:
		*radius = 0.7 * min(*radius, length)
	case ratio > goodRatio && length > 0.9**radius:
		if *radius *= growth; math.Abs(ratio-1) < exact {
			*radius *= growth * growth
		}
		*radius = min(*radius, largeRadius)
	}
}

// distance returns the largest difference of two points in the unit box.
func distance(box sbo.Box, a, b []float64) float64 {
	far := 0.0
	for j, v := range a {
		far = max(far, math.Abs(v-b[j])/(box.Upper[j]-box.Lower[j]))
	}
	return far
}

func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}
