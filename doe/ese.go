package doe

import (
	"math"
	"math/rand/v2"
)

// The settings of the algorithm are those of Jin, Chen and Sudjianto (2005),
// section 3; see [ESE].
const (
	eseLimit = 2000 // points; the tables of distances grow with their square

	esePower     = 50    // p of phi_p
	eseThreshold = 0.005 // of the first threshold, relative to phi_p of the first design

	eseMaxTries = 50  // J: exchanges tried before the best of them is accepted or not
	eseMaxMoves = 100 // M: such moves in a round

	eseFew, eseMany = 0.1, 0.8 // shares of moves accepted that are too few and too many

	eseCool, eseCoolSlowly, eseHeat = 0.8, 0.9, 0.7 // factors of the threshold
)

// evolve reduces phi_p of the points, together with the existing ones, by
// exchanging coordinates of a variable between points, which leaves a Latin
// hypercube one. An inner loop makes moves, each the best
// of a few random exchanges and accepted if it makes matters worse by less than a
// random part of the threshold; and an outer loop that lowers the threshold as
// long as designs improve and raises it to get away when they don't.
func evolve(points, existing []float64, dim, rounds int, rng *rand.Rand) []float64 {
	n := len(points) / dim
	if n < 2 || dim < 2 {
		return points // all Latin hypercubes are the same set of points
	}
	e := newExchange(points, existing, dim)
	pairs := n * (n - 1) / 2
	tries := min(max(pairs/5, 1), eseMaxTries)
	moves := min(2*pairs*dim/tries, eseMaxMoves)
	if rounds == 0 {
		const work = 4e7 // changes of a distance; a tenth of a second
		rounds = int(min(max(work/float64(2*e.total*tries*moves), 5), 500))
	}

	t := threshold{value: eseThreshold * e.phi()}
	best, lowest := e.points(), e.phi()
	for range rounds {
		before, accepted, improved := lowest, 0, 0
		e.refresh()
		for move := range moves {
			swap := e.bestOf(tries, move%dim, rng)
			if e.phiAfter(swap)-e.phi() > t.value*rng.Float64() {
				continue
			}
			e.apply(swap)
			accepted++
			if e.phi() < lowest {
				lowest = e.phi()
				best = e.points()
				improved++
			}
		}
		t.adapt(lowest < before, float64(accepted)/float64(moves), improved == accepted)
	}
	return best
}

// threshold decides how much worse a design may become in one move.
type threshold struct {
	value   float64
	cooling bool // while designs don't improve: going down, after having gone up
}

// adapt changes the threshold after a round: whether the best design improved,
// the share of moves that were accepted, and whether all of those were improvements
// of the best design.
func (t *threshold) adapt(improved bool, accepted float64, all bool) {
	if improved {
		t.cooling = false
		switch {
		case accepted <= eseFew:
			t.value /= eseCool
		case !all:
			t.value *= eseCool
		}
		return
	}
	// Nothing was found here: go up fast until nearly everything is accepted, to
	// leave the neighborhood, then down slowly, to look at another, and so on.
	switch {
	case accepted < eseFew:
		t.cooling = false
	case accepted > eseMany:
		t.cooling = true
	}
	if t.cooling {
		t.value *= eseCoolSlowly
	} else {
		t.value /= eseHeat
	}
}

// exchange holds a design while coordinates are exchanged in it. It knows all
// distances, so that an exchange, which changes those of two points only, costs
// time proportional to the number of points and not to its square.
type exchange struct {
	n, total int         // points that can change come first; behind them those that stay
	columns  [][]float64 // [variable][point]
	unit     float64     // squared distance that counts as 1 in the sum
	distance []float64   // [point that can change][point]: squared distances
	term     []float64   // (unit/distance)^(p/2) of them
	sum      float64     // of the terms of all pairs that can change
	largest  float64     // sum since it was last added up afresh
}

// swap is an exchange of the coordinates of variable column between points a and
// b, and what it adds to the sum.
type swap struct {
	column, a, b int
	change       float64
}

func newExchange(points, existing []float64, dim int) *exchange {
	e := &exchange{n: len(points) / dim, total: (len(points) + len(existing)) / dim, columns: make([][]float64, dim)}
	for j := range dim {
		e.columns[j] = make([]float64, 0, e.total)
		for _, rows := range [][]float64{points, existing} {
			for i := j; i < len(rows); i += dim {
				e.columns[j] = append(e.columns[j], rows[i])
			}
		}
	}
	// About the squared distance of neighbors in a regular grid.
	e.unit = float64(dim) * math.Pow(float64(e.total), -2/float64(dim))
	e.distance = make([]float64, e.n*e.total)
	e.term = make([]float64, e.n*e.total)
	e.refresh()
	return e
}

// termOf returns (unit/d2)^(p/2). Distances below a thousandth of the unit count
// as that, which keeps the power within the range of a float64.
func (e *exchange) termOf(d2 float64) float64 {
	r := e.unit / max(d2, 1e-6*e.unit)
	// r^25 in six multiplications.
	r2 := r * r
	r3 := r2 * r
	r6 := r3 * r3
	r12 := r6 * r6
	return r12 * r12 * r
}

// refresh computes everything from the coordinates, free from the rounding of
// many small changes.
func (e *exchange) refresh() {
	for i := range e.n {
		row := e.distance[i*e.total : (i+1)*e.total]
		clear(row)
		for _, x := range e.columns {
			for k := range row {
				d := x[i] - x[k]
				row[k] += d * d
			}
		}
		for k, d2 := range row {
			e.term[i*e.total+k] = e.termOf(d2)
		}
	}
	e.addUp()
}

// addUp adds up the terms of all pairs.
func (e *exchange) addUp() {
	e.sum = 0
	for i := range e.n {
		for _, t := range e.term[i*e.total+i+1 : (i+1)*e.total] {
			e.sum += t
		}
	}
	e.largest = e.sum
}

// phi returns phi_p in units of the reciprocal of the root of e.unit.
func (e *exchange) phi() float64 { return math.Pow(e.sum, 1.0/esePower) }

// phiAfter returns phi after a swap. Rounding can leave nothing of a sum that
// drops by many orders of magnitude; such a swap is a good one in any case.
func (e *exchange) phiAfter(s swap) float64 {
	return math.Pow(max(e.sum+s.change, 0), 1.0/esePower)
}

// bestOf returns the best of a number of random swaps in a column.
func (e *exchange) bestOf(tries, column int, rng *rand.Rand) swap {
	best := swap{change: math.Inf(1)}
	for range tries {
		a, b := rng.IntN(e.n), rng.IntN(e.n-1)
		if b >= a {
			b++
		}
		if change := e.change(column, a, b); change < best.change {
			best = swap{column, a, b, change}
		}
	}
	return best
}

// change returns what a swap adds to the sum: only the distances of a and b from
// the others change, not theirs from each other.
func (e *exchange) change(column, a, b int) float64 {
	x := e.columns[column][:e.total]
	xa, xb := x[a], x[b]
	da, db := e.distance[a*e.total:][:e.total], e.distance[b*e.total:][:e.total]
	ta, tb := e.term[a*e.total:][:e.total], e.term[b*e.total:][:e.total]
	var gained, lost float64
	for k, xk := range x {
		if k == a || k == b {
			continue
		}
		// (xb-xk)² - (xa-xk)², by which the distance of a grows and that of b shrinks.
		grows := (xb - xa) * (xb + xa - 2*xk)
		gained += e.termOf(da[k]+grows) + e.termOf(db[k]-grows)
		lost += ta[k] + tb[k]
	}
	return gained - lost
}

// apply makes a swap.
func (e *exchange) apply(s swap) {
	x := e.columns[s.column]
	xa, xb := x[s.a], x[s.b]
	for k, xk := range x {
		if k == s.a || k == s.b {
			continue
		}
		grows := (xb - xa) * (xb + xa - 2*xk)
		e.set(s.a, k, e.distance[s.a*e.total+k]+grows)
		e.set(s.b, k, e.distance[s.b*e.total+k]-grows)
	}
	x[s.a], x[s.b] = xb, xa
	e.sum += s.change
	e.largest = max(e.largest, e.sum)
	if e.sum < 1e-8*e.largest { // half of the digits are lost
		e.addUp()
	}
}

// set stores a distance between point i, which can change, and any point k.
func (e *exchange) set(i, k int, d2 float64) {
	t := e.termOf(d2)
	e.distance[i*e.total+k], e.term[i*e.total+k] = d2, t
	if k < e.n {
		e.distance[k*e.total+i], e.term[k*e.total+i] = d2, t
	}
}

// points returns the points that can change, row after row.
func (e *exchange) points() []float64 {
	dim := len(e.columns)
	points := make([]float64, e.n*dim)
	for j, x := range e.columns {
		for i := range e.n {
			points[i*dim+j] = x[i]
		}
	}
	return points
}
