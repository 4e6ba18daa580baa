package picture

import (
	"math"

	"gonum.org/v1/plot"
)

// Sample is an evaluation as the pictures see it.
type Sample struct {
	Objective float64 // NaN if the evaluation failed
	Violation float64
	Feasible  bool
	Failed    bool
	Infill    bool // of a round, not of the design
}

// Course is the evaluations of a study in their order.
type Course struct {
	Objective string // name and unit
	Maximize  bool
	Tolerance float64 // largest violation of a feasible point
	Limits    bool    // there are constraints
	Samples   []Sample
}

// kinds are the marks of samples, in the order of the legend.
var kinds = []struct {
	label            string
	infill, feasible bool
	mark             mark
}{
	{"design", false, true, mark{disk, 3, of("feasible"), nil}},
	{"design, infeasible", false, false, mark{disk, 3, of("infeasible"), nil}},
	{"infill", true, true, mark{diamond, 4.5, of("feasible"), nil}},
	{"infill, infeasible", true, false, mark{diamond, 4.5, of("infeasible"), nil}},
}

// Convergence draws objective and violation of every evaluation, and the best so
// far. The objective is drawn on a logarithmic scale if it is positive and spans
// more than two powers of ten.
func Convergence(c Course) Figure {
	rows := [][]*plot.Plot{{objectivePlot(c)}}
	height := 300.0
	if c.Limits {
		rows = append(rows, []*plot.Plot{violationPlot(c)})
		height = 480
	}
	rows[len(rows)-1][0].X.Label.Text = "evaluation"
	return stack("Convergence of "+c.Objective+" by evaluation", wide, height, rows)
}

func objectivePlot(c Course) *plot.Plot {
	values, best := make([]float64, len(c.Samples)), bestSoFar(c)
	for i, s := range c.Samples {
		values[i] = s.Objective
	}
	a := axes{y: fit(c.Objective, 32), xmin: 0, xmax: float64(len(c.Samples) + 1), xticks: wholeTicks(8)}
	low, high, _ := span(0, values)
	if a.logY = low > 0 && high/low > 100; a.logY {
		a.ymin, a.ymax = low/1.6, high*1.6
	} else {
		a.ymin, a.ymax, _ = span(0.06, values)
	}
	p := newPlot(a)
	marked(p, c, values)
	incumbent := curve{style: line(of("text"), 1.4), x: numbers(len(c.Samples)), y: best, step: true}
	p.Add(incumbent)
	failures(p, c)
	if _, _, found := span(0, best); found {
		p.Legend.Add("best so far", incumbent)
	}
	return p
}

// violationPlot has a logarithmic scale that ends at the tolerance, below which a
// point is feasible; there lies all that is less.
func violationPlot(c Course) *plot.Plot {
	floor, high := c.Tolerance/3, c.Tolerance*30
	values := make([]float64, len(c.Samples))
	for i, s := range c.Samples {
		values[i] = max(s.Violation, floor)
		if s.Failed {
			values[i] = math.NaN()
		} else if !math.IsInf(s.Violation, 0) {
			high = max(high, s.Violation*2)
		}
	}
	p := newPlot(axes{
		y: "violation (relative)", xmin: 0, xmax: float64(len(c.Samples) + 1), ymin: floor / 8, ymax: high,
		xticks: wholeTicks(8), logY: true,
	})
	p.Y.Tick.Marker = decades{zero: floor}
	feasible := zone{of("slope").fade(0.1), math.Inf(-1), math.Inf(1), floor / 8, c.Tolerance}
	p.Add(feasible)
	marked(p, c, values)
	failures(p, c)
	p.Legend.Add("feasible", feasible)
	return p
}

// marked adds the samples to a plot, each with its sign, and the legend's entries.
func marked(p *plot.Plot, c Course, values []float64) {
	for _, k := range kinds {
		s := scatter{mark: k.mark}
		if len(c.Samples) > 800 {
			s.radius *= 0.65
		}
		for i, sample := range c.Samples {
			if !sample.Failed && sample.Infill == k.infill && sample.Feasible == k.feasible {
				s.x, s.y = append(s.x, float64(i+1)), append(s.y, values[i])
			}
		}
		if len(s.x) > 0 {
			p.Add(s)
			p.Legend.Add(k.label, s.mark)
		}
	}
}

// failures adds a cross at the foot of the plot for each failed evaluation.
func failures(p *plot.Plot, c Course) {
	s := scatter{mark: mark{cross, 3, of("failed"), nil}}
	foot := p.Y.Min + 0.03*(p.Y.Max-p.Y.Min)
	if _, logarithmic := p.Y.Scale.(plot.LogScale); logarithmic {
		foot = p.Y.Min * math.Pow(p.Y.Max/p.Y.Min, 0.03)
	}
	for i, sample := range c.Samples {
		if sample.Failed {
			s.x, s.y = append(s.x, float64(i+1)), append(s.y, foot)
		}
	}
	if len(s.x) > 0 {
		p.Add(s)
		p.Legend.Add("failed", s.mark)
	}
}

// bestSoFar returns the best feasible objective after each evaluation, NaN before
// there is one.
func bestSoFar(c Course) []float64 {
	best := make([]float64, len(c.Samples))
	now := math.NaN()
	for i, s := range c.Samples {
		better := s.Objective < now
		if c.Maximize {
			better = s.Objective > now
		}
		if s.Feasible && !s.Failed && (math.IsNaN(now) || better) {
			now = s.Objective
		}
		best[i] = now
	}
	return best
}

func numbers(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}
