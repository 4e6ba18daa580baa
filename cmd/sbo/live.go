package main

import (
	"fmt"
	"strings"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// live shows on a terminal what a run is doing: a line for every evaluation and
// round that has ended, and a bar for the training that goes on. Elsewhere it
// shows only what must be seen.
type live struct {
	*app
	problem sbo.Problem
	best    []float64 // responses of the best evaluation so far
	bar     bar
	begun   bool // the bar
}

func (a *app) live() *live { return &live{app: a} }

const barLength = 1000

// event shows one event of a study.
func (l *live) event(e study.Event) {
	if e.Kind == study.EventChanged || e.Kind == study.EventDoubt || e.Kind == study.EventCluster {
		l.notef("%s", e.Text)
	}
	if !l.terminal || l.quiet {
		return
	}
	switch e.Kind {
	case study.EventFit:
		if !l.begun {
			l.bar, l.begun = l.app.bar(""), true
		}
		l.bar.at(int(e.Fraction*barLength), fmt.Sprintf("round %d: learning", e.Round))
	case study.EventPhase:
		if e.Phase == "design" {
			l.line("%s", e.Text)
		}
	case study.EventEvaluated:
		l.evaluated(e)
	case study.EventChanged, study.EventDoubt, study.EventCluster, study.EventStopped: // told above, or by the report
	case study.EventRound:
		if e.Text != "" {
			l.line("round %d: %s", e.Round, e.Text)
		}
	}
}

// evaluated shows an evaluation: which it is, how it ended, and whether it is the
// best so far.
func (l *live) evaluated(e study.Event) {
	what := "design"
	if e.Round > 0 {
		what = fmt.Sprintf("round %d", e.Round)
	}
	if e.Evaluation.State == study.Failed {
		l.line("%4d of %d  %-9s failed: %s", e.Done, e.Total, what, e.Evaluation.Cause)
		return
	}
	var values []string
	for k, r := range l.problem.Responses {
		values = append(values, r.Name+" "+short(e.Evaluation.Y[k]))
	}
	mark := ""
	if l.best == nil || l.problem.Better(e.Evaluation.Y, l.best) {
		l.best, mark = e.Evaluation.Y, "  best so far"
		if !l.problem.Feasible(l.best) {
			mark += ", not feasible"
		}
	}
	l.line("%4d of %d  %-9s %s%s", e.Done, e.Total, what, strings.Join(values, "  "), mark)
}

// line prints a line where the bar was.
func (l *live) line(format string, args ...any) {
	l.bar.end()
	l.bar, l.begun = bar{}, false
	_, _ = fmt.Fprintf(l.err, format+"\n", args...) // an ornament
}
