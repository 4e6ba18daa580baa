package sbotest

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// levels is how often the finite-difference step is halved, plus one.
const levels = 4

// partials checks the partials against finite differences. Everything is
// compared per width of the box, so that variables of any size count alike.
func (c *checker) partials(ctx context.Context) error {
	box, nx := c.problem.Box(), c.problem.NX()
	spread, size := c.ranges()
	var t tally
	for i, x := range c.points {
		if c.answers[i].failed {
			continue
		}
		for j := range nx {
			width := box.Upper[j] - box.Lower[j]
			slopes, doubts, err := c.differences(ctx, x, j, width)
			if err != nil {
				return err
			}
			for k := range slopes {
				entry := k*nx + j
				given := c.answers[i].dydx[entry] * width
				if math.IsNaN(given) {
					if c.options.AllPartials {
						return fmt.Errorf("sbotest: %s is not available at x = %v", c.partial(entry), x)
					}
					continue
				}
				scale := max(math.Abs(given), math.Abs(slopes[k]), spread[k])
				// Differences cannot see less than the rounding of the responses.
				rounding := 1e-13 * size[k] / c.options.Step
				t.add(comparison{
					point: i, entry: entry, given: given / width, slope: slopes[k] / width,
					excess:   math.Abs(given-slopes[k]) / max(c.options.Tolerance*scale, 10*doubts[k], rounding),
					resolved: !(10*doubts[k] > 0.1*scale),
				})
			}
		}
	}
	return c.judge(t)
}

// A comparison is one partial beside its finite difference.
type comparison struct {
	point, entry int
	given, slope float64
	excess       float64 // how often the allowed difference; NaN if there is no difference to be had
	resolved     bool    // the finite difference is good enough to tell
}

// A tally counts comparisons and keeps the worst.
type tally struct {
	compared, resolved, wrong int
	worst                     comparison
}

func (t *tally) add(c comparison) {
	t.compared++
	if !c.resolved || math.IsNaN(c.excess) {
		return
	}
	t.resolved++
	if c.excess > 1 {
		t.wrong++
	}
	if c.excess > t.worst.excess {
		t.worst = c
	}
}

func (c *checker) judge(t tally) error {
	switch w := t.worst; {
	case t.wrong > 0:
		return fmt.Errorf("sbotest: %d of %d partials are wrong; the worst: at x = %.6g, %s is %.6g, but differences give %.6g",
			t.wrong, t.resolved, c.points[w.point], c.partial(w.entry), w.given, w.slope)
	case t.compared > 0 && t.resolved == 0:
		return fmt.Errorf("sbotest: none of %d partials could be checked: the responses are too rough for differences with a step of %g of the box",
			t.compared, c.options.Step)
	default:
		return nil
	}
}

// ranges returns the spread and the largest magnitude of each response over the
// points.
func (c *checker) ranges() (spread, size []float64) {
	ny := c.problem.NY()
	low, high := slices.Repeat([]float64{math.Inf(1)}, ny), slices.Repeat([]float64{math.Inf(-1)}, ny)
	spread, size = make([]float64, ny), make([]float64, ny)
	for _, a := range c.answers {
		if a.failed {
			continue
		}
		for k, v := range a.y {
			low[k], high[k] = min(low[k], v), max(high[k], v)
			spread[k], size[k] = high[k]-low[k], max(size[k], math.Abs(v))
		}
	}
	return spread, size
}

// differences returns the slope of every response at x along variable j, per
// width of the box, and how far it may be off; NaN if an evaluation failed.
//
// Central differences with steps h, h/2, h/4, ... are extrapolated to h = 0, and
// the entry of that tableau is taken that differs least from its neighbors: C. J.
// F. Ridders, Advances in Engineering Software 4 (1982) 75-76. Under noise two
// entries can agree by chance, so only entries from the third step on count,
// which have three neighbors, but for one.
func (c *checker) differences(ctx context.Context, x []float64, j int, width float64) (slopes, doubts []float64, err error) {
	ny := c.problem.NY()
	slopes, doubts = slices.Repeat([]float64{math.NaN()}, ny), slices.Repeat([]float64{math.Inf(1)}, ny)
	tableau := make([][levels][levels]float64, ny)
	h := c.options.Step
	for n := range levels {
		ahead, back := slices.Clone(x), slices.Clone(x)
		ahead[j] += h * width
		back[j] -= h * width
		a, errAhead := c.ask(ctx, ahead, junk)
		b, errBack := c.ask(ctx, back, junk)
		for _, err := range []error{errAhead, errBack} {
			if err != nil {
				return nil, nil, err
			}
		}
		if a.failed || b.failed {
			return slopes, doubts, nil
		}
		taken := (ahead[j] - back[j]) / width // 2h, but for the rounding of x
		for k := range tableau {
			t := &tableau[k]
			t[n][0] = (a.y[k] - b.y[k]) / taken
			for m := 1; m <= n; m++ {
				factor := math.Pow(4, float64(m))
				t[n][m] = t[n][m-1] + (t[n][m-1]-t[n-1][m-1])/(factor-1)
				if n < 2 {
					continue
				}
				doubt := max(math.Abs(t[n][m]-t[n][m-1]), math.Abs(t[n][m]-t[n-1][m-1]))
				if m < n {
					doubt = max(doubt, math.Abs(t[n][m]-t[n-1][m]))
				}
				if doubt < doubts[k] {
					slopes[k], doubts[k] = t[n][m], doubt
				}
			}
		}
		h /= 2
	}
	return slopes, doubts, nil
}
