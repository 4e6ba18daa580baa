package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo/cmd/sbo/internal/bench"
)

// standingsTables are a table for each part of the suite.
func standingsTables(all []bench.Standing) []*table {
	var tables []*table
	for _, part := range bench.Parts() {
		if of := slices.DeleteFunc(slices.Clone(all), func(s bench.Standing) bool { return s.Part != part }); len(of) > 0 {
			tables = append(tables, standingsTable(part, of))
		}
	}
	return tables
}

// standingsTable has a line for each case and a column for each solver: medians, and
// the share of runs that got to a regret of 1e-3.
func standingsTable(part string, all []bench.Standing) *table {
	t := &table{left: 1, header: []string{part}}
	lines := map[string][]string{}
	var cases []string
	for _, s := range all {
		title := s.Solver
		if s.Published {
			title += "*"
		}
		column := slices.Index(t.header, title)
		if column < 0 {
			column = len(t.header)
			t.header = append(t.header, title)
		}
		if lines[s.Case] == nil {
			lines[s.Case] = []string{s.Case}
			cases = append(cases, s.Case)
		}
		for len(lines[s.Case]) <= column {
			lines[s.Case] = append(lines[s.Case], "")
		}
		lines[s.Case][column] = standingCell(s)
	}
	for _, c := range cases {
		t.add(lines[c]...)
	}
	return t
}

func standingCell(s bench.Standing) string {
	medians := make([]string, len(s.Median))
	for i, median := range s.Median {
		medians[i] = evaluations(median)
	}
	text := strings.Join(medians, "/")
	if len(s.Success) == 0 {
		return text
	}
	return fmt.Sprintf("%s (%.0f%%)", text, 100*s.Success[min(1, len(s.Success)-1)])
}

// evaluations writes a number of them, or a dash for never.
func evaluations(e bench.Evaluations) string {
	if math.IsInf(float64(e), 1) {
		return "-"
	}
	return strconv.FormatFloat(float64(e), 'g', 5, 64)
}

// coursesTable has a line for each run.
func coursesTable(all []bench.Course) *table {
	t := &table{left: 3, header: []string{"part", "case", "solver", "seed", "1e-2", "1e-3", "1e-6", "spent", "regret", "why it ended"}}
	for _, r := range all {
		line := []string{r.Part, r.Case, r.Solver, strconv.Itoa(r.Seed)}
		for _, e := range r.Reached {
			line = append(line, evaluations(e))
		}
		regret := "infeasible"
		if !math.IsInf(float64(r.Regret), 1) {
			regret = strconv.FormatFloat(float64(r.Regret), 'g', 2, 64)
		}
		t.add(append(line, strconv.Itoa(r.Evaluations), regret, r.Why)...)
	}
	return t
}

// profilesTable has a line for each solver and accuracy.
func profilesTable(all []bench.Profile) *table {
	t := &table{left: 2, header: []string{"solver", "evaluations/(d+1)"}}
	for i, p := range all {
		if i == 0 {
			for _, budget := range p.Budgets {
				t.header = append(t.header, short(budget))
			}
		}
		line := []string{p.Solver, "regret " + p.Accuracy}
		for _, share := range p.Shares {
			line = append(line, fmt.Sprintf("%.2f", share))
		}
		t.add(line...)
	}
	return t
}
