package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/report/internal/picture"
	"github.com/sbo-go/sbo/study"
)

// variableRow is a line of the table of variables.
type variableRow struct {
	sbo.Variable
	Value      string
	Gauge      template.HTML // where the best point lies between the bounds
	Standing   string
	Multiplier string
	Influence  string // on the objective
}

func variableRows(r *study.Result, influence []float64) []variableRow {
	var rows []variableRow
	for j, v := range r.Problem.Variables {
		row := variableRow{Variable: v}
		if b := r.Best; b != nil {
			row.Value = number(b.X[j])
			row.Gauge = gauge((b.X[j] - v.Lower) / (v.Upper - v.Lower))
			m := multiplier(r.Certificate.Bounds, j)
			row.Standing = standingOfBound(v, b.X[j], m)
			if m != 0 {
				row.Multiplier = brief(m)
			}
		}
		if influence != nil {
			row.Influence = brief(influence[r.Problem.Objective()*r.Problem.NX()+j])
		}
		rows = append(rows, row)
	}
	return rows
}

func multiplier(list []float64, i int) float64 {
	if i < len(list) {
		return list[i]
	}
	return 0
}

// gauge draws a place between two bounds.
func gauge(t float64) template.HTML {
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg class="gauge" width="92" height="12" viewBox="0 0 92 12" aria-hidden="true"><path class="s-frame" d="M3 6H89M3 2V10M89 2V10"/><circle class="f-best" cx="%.1f" cy="6" r="4"/></svg>`,
		3+86*min(max(t, 0), 1)))
}

// responseRow is a line of the table of responses.
type responseRow struct {
	sbo.Response
	Wanted     string
	Value      string
	Standing   string
	Multiplier string
	Bad        bool
}

func responseRows(r *study.Result) []responseRow {
	var rows []responseRow
	for k, c := range r.Problem.Responses {
		row := responseRow{Response: c, Wanted: c.Wanted()}
		if b := r.Best; b != nil {
			m := multiplier(r.Certificate.Multipliers, k)
			row.Value, row.Standing = number(b.Y[k]), standing(c, b.Y[k], m)
			row.Bad = strings.HasPrefix(row.Standing, "violated")
			if m != 0 {
				row.Multiplier = brief(m)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// table is the evaluations, as far as they are shown.
type table struct {
	X, Y []string // names with units
	Rows []tableRow
	Note string
}

// tableRow is an evaluation.
type tableRow struct {
	study.Evaluation
	Where     string // design, round 3
	Violation string
	X, Y      []cell
	Best      bool
	Unused    bool // not in the result: of an earlier plan
	Class     string
}

// cell is a number of the table, with what was predicted.
type cell struct {
	Value     string
	Predicted string
}

// newTable shows the latest evaluations, and the best.
func newTable(r *study.Result, samples []sample) table {
	t := table{}
	for _, v := range r.Problem.Variables {
		t.X = append(t.X, picture.Label(v.Name, v.Unit))
	}
	for _, c := range r.Problem.Responses {
		t.Y = append(t.Y, picture.Label(c.Name, c.Unit))
	}
	rowOf := map[int]int{}
	for i, id := range r.IDs {
		rowOf[id] = i
	}
	best := -1
	if r.Best != nil {
		best = r.Best.ID
	}
	for i, e := range r.History {
		if i < len(r.History)-mostRows && e.ID != best {
			continue
		}
		row := newRow(r, e)
		row.Best = e.ID == best
		n, used := rowOf[e.ID]
		row.Unused = !used
		if used && e.Predicted == nil && n < len(samples) {
			row.Predicted = samples[n].predicted
		}
		row.fill(r.Problem)
		t.Rows = append(t.Rows, row)
	}
	if len(r.History) > mostRows {
		t.Note = fmt.Sprintf("Shown are the latest %d of %d evaluations, and the best; sbo history has all.", mostRows, len(r.History))
	}
	return t
}

func newRow(r *study.Result, e study.Evaluation) tableRow {
	row := tableRow{Evaluation: e, Where: e.Phase}
	if e.Round > 0 {
		row.Where = fmt.Sprintf("round %d", e.Round)
	}
	if e.Y != nil {
		v := r.Problem.Violation(e.Y)
		row.Violation, row.Class = brief(v), "infeasible"
		if v <= sbo.FeasibilityTolerance {
			row.Class = "feasible"
		}
	}
	if e.State == study.Failed {
		row.Class = "failed"
	}
	return row
}

// fill writes the numbers of a row.
func (row *tableRow) fill(p sbo.Problem) {
	for _, v := range row.Evaluation.X {
		row.X = append(row.X, cell{Value: number(v)})
	}
	for k := range p.Responses {
		c := cell{}
		if k < len(row.Evaluation.Y) {
			c.Value = number(row.Evaluation.Y[k])
		}
		if k < len(row.Predicted) && !math.IsNaN(row.Predicted[k]) {
			c.Predicted = number(row.Predicted[k])
		}
		row.Y = append(row.Y, c)
	}
}
