package picture

import (
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot"
)

// Pair is a prediction and what was measured.
type Pair struct {
	Predicted, Actual float64
	Infill            bool // foretold by the loop before the evaluation
}

// Agreement draws actual by predicted values; on the diagonal they agree.
func Agreement(title, unit string, pairs []Pair) Figure {
	var all []float64
	for _, p := range pairs {
		all = append(all, p.Actual, p.Predicted)
	}
	low, high, _ := span(0.06, all)
	p := newPlot(axes{title: fit(title, 34), x: fit(Label("predicted", unit), 26), y: "actual", xmin: low, xmax: high, ymin: low, ymax: high, xticks: roundTicks(3), yticks: roundTicks(4)})
	p.Add(curve{style: line(of("muted"), 1), x: []float64{low, high}, y: []float64{low, high}})
	cloud(p, pairs, func(p Pair) float64 { return p.Actual })
	return stack("Actual by predicted "+title, 232, 214, [][]*plot.Plot{{p}})
}

// Residuals draws actual minus predicted by predicted values; at zero they agree.
func Residuals(title, unit string, pairs []Pair) Figure {
	var predicted, residuals []float64
	for _, p := range pairs {
		predicted, residuals = append(predicted, p.Predicted), append(residuals, p.Actual-p.Predicted)
	}
	a := axes{title: fit(title, 34), x: fit(Label("predicted", unit), 26), y: "actual - predicted", xticks: roundTicks(3), yticks: roundTicks(4)}
	a.xmin, a.xmax, _ = span(0.06, predicted)
	a.ymin, a.ymax, _ = span(0.08, residuals, []float64{0})
	p := newPlot(a)
	p.Add(curve{style: line(of("muted"), 1), x: []float64{a.xmin, a.xmax}, y: []float64{0, 0}})
	cloud(p, pairs, func(p Pair) float64 { return p.Actual - p.Predicted })
	return stack("Residuals of "+title, 232, 214, [][]*plot.Plot{{p}})
}

func cloud(p *plot.Plot, pairs []Pair, height func(Pair) float64) {
	design := scatter{mark: mark{disk, 2.6, of("feasible").fade(0.75), nil}}
	infill := scatter{mark: mark{diamond, 4, of("best").fade(0.85), nil}}
	for _, pair := range pairs {
		s := &design
		if pair.Infill {
			s = &infill
		}
		s.x, s.y = append(s.x, pair.Predicted), append(s.y, height(pair))
	}
	p.Add(design, infill)
}

// Label joins a name and a unit.
func Label(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + " [" + unit + "]"
}

// fit shortens a label to at most so many letters: first by its unit, then in the
// middle, because names that begin alike often differ at the end.
func fit(label string, most int) string {
	if utf8.RuneCountInString(label) <= most {
		return label
	}
	if i := strings.LastIndex(label, " ["); i > 0 {
		label = label[:i]
	}
	if letters := []rune(label); len(letters) > most {
		tail := most / 3
		label = string(letters[:most-1-tail]) + "…" + string(letters[len(letters)-tail:])
	}
	return label
}
