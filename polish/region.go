package polish

import (
	"math"

	"github.com/sbo-go/sbo"
)

// region is the trust region around the best point, a box of half width radius in
// the unit box, together with the memory of what the last rounds brought.
type region struct {
	radius  float64
	patient int // rounds without progress, and promises not kept, that are borne

	row      int     // best sample when progress was last made, -1 at first
	residual float64 // of the KKT conditions there
	surprise float64 // |foretold - true| merit there, infinite where nothing was foretold
	idle     int     // rounds since
	steps    int     // since, descents tried, or not to be tried though row was no surprise
	promises int     // promises over the whole box that were not kept, since
	wait     int     // descents to make before the next promise is followed
	doubt    int     // how many that are after a broken promise: twice as many each time
}

// Constants of the trust region, of the sizes customary for surrogate management
// (Conn, Gould and Toint, Trust-Region Methods, 2000, section 6.1).
const (
	firstRadius  = 0.25
	largeRadius  = 0.5
	poorRatio    = 0.1   // of true to predicted gain: below, the region shrinks
	goodRatio    = 0.7   // above, it grows if it was in the way
	worthwhile   = 1e-9  // smallest gain of merit, in spreads, that counts as progress
	negligible   = 1e-11 // promised gain, in spreads, that arithmetic hardly tells from none
	broadPromise = 1e-3  // smallest promised gain elsewhere, in spreads, worth a look
	agreement    = 1e-4  // spreads to which surrogate and truth agree, where no partial tells more
)

func newRegion(nx int) region {
	return region{radius: firstRadius, patient: max(8, 2*nx), row: -1, residual: math.Inf(1), surprise: math.Inf(1)}
}

// update draws the conclusions from the candidates, the last rows of the data, and
// from there having been a descent to try or not.
func (g *region) update(box sbo.Box, m merit, d sbo.Data, cs []Candidate, descends bool) {
	old := m.best(d.Subset(upTo(cs[0].Index)))
	now := m.best(d)
	if old < 0 {
		return
	}
	g.idle++
	if !descends && g.surprise <= agreement {
		g.steps++
	}
	for _, c := range cs {
		foretold := m.of(d.Responses(old)) - m.of(c.Predicted)
		ratio := (m.of(d.Responses(old)) - m.of(c.True)) / foretold
		switch c.Reason {
		case Promised:
			if ratio > poorRatio {
				g.radius, g.doubt = firstRadius, 0
			} else {
				g.promises++
				g.doubt = max(1, 2*g.doubt)
				g.wait = g.doubt
			}
		case Descent:
			g.wait--
			g.steps++
			g.adapt(ratio, distance(box, c.X, d.Point(old)))
		case Basin, Space:
		}
	}
	if residual := m.kkt(d, now).Residual; g.row < 0 || now >= cs[0].Index && g.progress(m, d, now, residual) {
		g.row, g.idle, g.steps, g.promises = now, 0, 0, 0
		g.residual = math.Inf(1)
		if !math.IsNaN(residual) {
			g.residual = residual
		}
		g.surprise = math.Inf(1)
		for _, c := range cs {
			if c.Index == now {
				g.surprise = math.Abs(m.of(c.Predicted) - m.of(c.True))
			}
		}
	}
}

// progress reports whether sample now is a worthwhile gain of merit, or half the
// KKT residual, since progress was last made. Both merits are taken by today's
// penalties, since those of different rounds don't compare.
func (g *region) progress(m merit, d sbo.Data, now int, residual float64) bool {
	return m.of(d.Responses(g.row))-m.of(d.Responses(now)) > worthwhile || residual < g.residual/2
}

// adapt resizes the region after a step of the given length in the unit box. A
// ratio that is not known, of a failed evaluation, counts as poor.
func (g *region) adapt(ratio, length float64) {
	switch {
	case !(ratio >= 0):
		g.radius = 0.5 * min(g.radius, length)
	case ratio < poorRatio:
		g.radius = 0.7 * min(g.radius, length)
	case ratio > goodRatio && length > 0.9*g.radius:
		g.radius = min(2*g.radius, largeRadius)
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
