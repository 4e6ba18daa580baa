package report

import (
	"math"

	"github.com/sbo-go/sbo/report/internal/picture"
	"github.com/sbo-go/sbo/study"
)

// sample is a row of a result's data with what is known of its evaluation.
type sample struct {
	picture.Sample
	row       int
	predicted []float64 // by the surrogate that chose the point; nil for the design
}

// course returns the samples of a result in their order.
func course(r *study.Result) []sample {
	list := make([]sample, r.Data.Len())
	goal := r.Problem.Objective()
	for i := range list {
		y := r.Data.Responses(i)
		s := sample{row: i, Sample: picture.Sample{Objective: math.NaN(), Violation: math.Inf(1), Failed: r.Data.Failed(i)}}
		if !s.Failed {
			s.Objective, s.Violation, s.Feasible = y[goal], r.Problem.Violation(y), r.Problem.Feasible(y)
		}
		list[i] = s
	}
	for _, round := range r.Rounds {
		for _, c := range round.Candidates {
			if c.Index >= 0 && c.Index < len(list) {
				list[c.Index].Infill, list[c.Index].predicted = true, c.Predicted
			}
		}
	}
	return list
}

// incumbents returns the rows that were the best so far, in their order.
func incumbents(r *study.Result) []int {
	var rows []int
	for i := range r.Data.Len() {
		y := r.Data.Responses(i)
		if math.IsNaN(r.Problem.Cost(y)) {
			continue
		}
		if len(rows) == 0 || r.Problem.Better(y, r.Data.Responses(rows[len(rows)-1])) {
			rows = append(rows, i)
		}
	}
	return rows
}
