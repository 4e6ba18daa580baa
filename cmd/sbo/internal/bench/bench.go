// Package bench runs the published comparisons behind sbo bench: every suite is a
// list of steps, every step comes to rows of one table, and a row says which
// value was meant to be reached.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	"github.com/sbo-go/sbo/surrogate"
)

// Report is what a suite came to.
type Report struct {
	Suite   string  `json:"suite"`
	Quick   bool    `json:"quick"`
	Machine Machine `json:"machine"`
	// Notes say what holds for all rows.
	Notes []string `json:"notes,omitempty"`
	Rows  []Row    `json:"rows"`

	// Of the suite optimize.
	Standings []Standing `json:"standings,omitempty"`
	Profiles  []Profile  `json:"profiles,omitempty"`
	Runs      []Course   `json:"runs,omitempty"` // if Options.Runs
}

// Machine is where it ran.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"` // that Go used
	Go   string `json:"go"`
	// Instructions are those of the processor that the inner loops use: "avx512",
	// "avx2" or, without any for vectors, "go".
	Instructions string `json:"instructions"`
}

// Row is one number. A number of evaluations, or a ratio of them, may be +Inf: what
// was counted to was never reached. In JSON that is null.
type Row struct {
	Case   string   `json:"case"`
	Metric string   `json:"metric"`
	Value  float64  `json:"value"`
	Unit   string   `json:"unit"`
	Goal   *float64 `json:"goal"`   // nil: none was set
	Better string   `json:"better"` // which way: "higher" or "lower"
}

// MarshalJSON writes the row.
func (r Row) MarshalJSON() ([]byte, error) {
	type plain Row
	row := struct {
		plain
		Value Evaluations `json:"value"`
	}{plain(r), Evaluations(r.Value)}
	return json.Marshal(row)
}

// Reached reports whether the goal is reached; true without one.
func (r Row) Reached() bool {
	switch {
	case r.Goal == nil:
		return true
	case r.Better == higher:
		return r.Value >= *r.Goal
	}
	return r.Value <= *r.Goal
}

const (
	higher = "higher"
	lower  = "lower"
)

// Options say how much to run.
type Options struct {
	Quick    bool                                // fewer seeds and shorter trainings: under a minute on two cores
	Only     []string                            // the cases to run; empty: all, see [Cases]
	Tables   []Table                             // further cases of train
	Curves   func(Curve)                         // hears of the learning curves that train draws; nil: not wanted
	Progress func(fraction float64, what string) // hears how far the suite is; nil: not wanted
	Parts    []string                            // of optimize, see [Parts]; empty: exact
	Seeds    int                                 // of optimize; 0: 10, or 3 if Quick
	Runs     bool                                // whether to report every run of optimize
	Shim     []string                            // of study: what its attempts run under, see study.Options
}

// suite is a list of steps.
type suite struct {
	steps    []step
	notes    []string
	complete func(*Report) // adds to the report at the end; nil: nothing
}

// step is a part of a suite.
type step struct {
	name string // of the case; what it does with it may follow behind a comma
	run  func(ctx context.Context, progress func(float64)) ([]Row, error)
}

// suites returns every suite.
func suites(o Options) map[string]suite {
	return map[string]suite{"paper": {steps: paper(o)}, "train": train(o), "kernels": kernels(o), "optimize": optimizeSuite(o), "airfoil": airfoils(o), "study": studies(o)}
}

// Names returns the suites there are.
func Names() []string { return []string{"paper", "train", "kernels", "optimize", "airfoil", "study"} }

// Cases returns the cases of a suite that can be run alone.
func Cases(suite string, o Options) []string {
	var names []string
	for _, s := range suites(o)[suite].steps {
		if name := s.subject(); name != together && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// subject returns the name of the case.
func (s step) subject() string {
	name, _, _ := strings.Cut(s.name, ",")
	return name
}

// Run runs a suite.
func Run(ctx context.Context, suite string, o Options) (Report, error) {
	all, ok := suites(o)[suite]
	if !ok {
		return Report{}, fmt.Errorf("there is no suite %q", suite)
	}
	steps := slices.DeleteFunc(all.steps, func(s step) bool {
		return len(o.Only) > 0 && s.name != together && !slices.Contains(o.Only, s.subject())
	})
	r := Report{Suite: suite, Quick: o.Quick, Notes: all.notes, Machine: Machine{runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), runtime.Version(), surrogate.InstructionSet()}}
	for i, s := range steps {
		progress := func(fraction float64) {
			if o.Progress != nil {
				o.Progress((float64(i)+fraction)/float64(len(steps)), s.name)
			}
		}
		progress(0)
		rows, err := s.run(ctx, progress)
		if err != nil {
			return r, fmt.Errorf("%s: %w", s.name, err)
		}
		if at := slices.IndexFunc(rows, func(w Row) bool { return math.IsNaN(w.Value) || math.IsInf(w.Value, 0) && all.complete == nil }); at >= 0 {
			return r, fmt.Errorf("%s: the metric %s of %s is not a number", s.name, rows[at].Metric, rows[at].Case)
		}
		r.Rows = append(r.Rows, rows...)
	}
	if all.complete != nil {
		all.complete(&r)
	}
	return r, nil
}

// rows makes the rows of one case.
type rows struct {
	name string
	list []Row
}

func (r *rows) add(metric, unit, better string, value float64, goal ...float64) {
	w := Row{Case: r.name, Metric: metric, Value: value, Unit: unit, Better: better}
	if len(goal) > 0 {
		w.Goal = &goal[0]
	}
	r.list = append(r.list, w)
}
