package picture

import (
	"math"

	"gonum.org/v1/plot"
)

// Rounds draws how well prediction and truth agreed in each round, and the
// residual of the optimality conditions, both relative to the spread of the
// objective. NaN is left out; less than 1e-16 is drawn there.
func Rounds(disagreement, residual []float64) Figure {
	const least = 1e-16
	low, high := 1e-3, 1.0
	clean := func(column []float64) (x, y []float64) {
		for i, v := range column {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				v = max(v, least)
				low, high = min(low, v), max(high, v)
				x, y = append(x, float64(i+1)), append(y, v)
			}
		}
		return x, y
	}
	dx, dy := clean(disagreement)
	rx, ry := clean(residual)
	p := newPlot(axes{
		x: "round", y: "relative to spread",
		xmin: 0.5, xmax: float64(max(len(disagreement), 1)) + 0.5, ymin: low / 3, ymax: high * 3, logY: true, xticks: wholeTicks(12),
	})
	for _, s := range []struct {
		x, y  []float64
		label string
		mark  mark
	}{
		{dx, dy, "|predicted - true|", mark{diamond, 4.5, of("curve"), nil}},
		{rx, ry, "KKT residual", mark{disk, 3.5, of("best"), nil}},
	} {
		if len(s.x) == 0 {
			continue
		}
		l := curve{style: line(s.mark.ink.fade(0.6), 1.2), x: s.x, y: s.y}
		p.Add(l, scatter{mark: s.mark, x: s.x, y: s.y})
		p.Legend.Add(s.label, l, s.mark)
	}
	return stack("Agreement of prediction and truth, and optimality, by round", wide, 240, [][]*plot.Plot{{p}})
}
