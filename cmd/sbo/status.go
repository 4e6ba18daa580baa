package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status [DIR]",
		Short: "Say where a study stands, also while it runs",
		Args:  atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd.Context(), args, func(s *study.Study) error { return a.status(cmd.Context(), s) })
		},
	}
}

// statusDocument is what status --json prints.
type statusDocument struct {
	Study       string            `json:"study"`
	Dir         string            `json:"dir"`
	Phase       string            `json:"phase"`
	Round       int               `json:"round"`
	RunBy       *study.Holder     `json:"run_by"`
	Evaluations countsDocument    `json:"evaluations"`
	Jobs        []study.JobCounts `json:"jobs,omitempty"`
	Budget      int               `json:"budget"`
	Failures    map[string]int    `json:"failures,omitempty"`
	Best        *bestPoint        `json:"best"`
	Stopped     study.Stopped     `json:"stopped,omitempty"`
	Why         string            `json:"why,omitempty"`
	Updated     *time.Time        `json:"updated,omitempty"`
	SecondsLeft number            `json:"seconds_left,omitzero"` // of watch
}

type countsDocument struct {
	Total        int `json:"total"`
	Done         int `json:"done"`
	Failed       int `json:"failed"`
	Running      int `json:"running"`
	Queued       int `json:"queued"`
	Waiting      int `json:"waiting"`
	WithPartials int `json:"with_partials"`
	Imported     int `json:"imported"`
}

func (a *app) status(ctx context.Context, s *study.Study) error {
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.document(a.newStatusDocument(s, st))
	}
	p := s.Plan().Problem()
	t := &table{left: 2}
	t.add("study", cmp.Or(st.Study, st.Dir))
	t.add("folder", st.Dir)
	t.add("stands", standing(st))
	if st.Evaluations.Total > 0 {
		t.add("evaluations", plural(st.Evaluations.Done, "answer")+" ("+itoa(st.Evaluations.WithPartials)+" with partials), "+
			itoa(st.Evaluations.Failed)+" failed, "+underway(st.Evaluations)+"; the budget is "+itoa(st.Budget))
	}
	if n := st.Evaluations.Imported; n > 0 {
		t.add("besides", plural(n, "sample")+" from elsewhere")
	}
	if len(st.Jobs) > 0 {
		t.add("jobs", jobsText(st.Jobs))
	}
	for _, cause := range causes(st.Failures) {
		t.add("failed", itoa(st.Failures[cause])+" times: "+cause)
	}
	if b := st.Best; b != nil {
		k := p.Objective()
		t.add("best", p.Responses[k].Name+" = "+short(b.Y[k])+" at evaluation "+itoa(b.ID)+", "+feasibility(st.Feasible, st.Violation))
	}
	a.printf("%s", t)
	return nil
}

// underway counts what has no answer yet.
func underway(e study.Counts) string {
	text := itoa(e.Running) + " running, "
	if e.Queued > 0 {
		text += itoa(e.Queued) + " queued, "
	}
	return text + itoa(e.Waiting) + " waiting"
}

// jobsText lists the jobs of a cluster, the first of them if there are many.
func jobsText(jobs []study.JobCounts) string {
	const most = 8
	var parts []string
	for _, j := range jobs[:min(len(jobs), most)] {
		parts = append(parts, fmt.Sprintf("%s (%d running, %d queued)", j.ID, j.Running, j.Queued))
	}
	if more := len(jobs) - most; more > 0 {
		parts = append(parts, itoa(more)+" more")
	}
	return strings.Join(parts, ", ")
}

func (a *app) newStatusDocument(s *study.Study, st study.Status) statusDocument {
	d := statusDocument{
		Study: st.Study, Dir: st.Dir, Phase: st.Phase, Round: st.Round, RunBy: st.Holder, Evaluations: countsDocument(st.Evaluations),
		Jobs: st.Jobs, Budget: st.Budget, Failures: st.Failures, Stopped: st.Stopped, Why: st.Why,
	}
	if !st.Updated.IsZero() {
		d.Updated = &st.Updated
	}
	if st.Best != nil {
		d.Best = newBestPoint(s.Plan().Problem(), st.Best.ID, st.Best.X, st.Best.Y)
	}
	return d
}

// standing says in words where a study is.
func standing(st study.Status) string {
	what := "never run"
	switch {
	case st.Stopped == study.Unanswered && st.Evaluations.Waiting > 0:
		what = "waiting for answers to " + plural(st.Evaluations.Waiting, "point")
	case st.Stopped == study.Unanswered:
		what = "answered as far as it was asked; sbo ask or sbo run goes on"
	case st.Stopped != "":
		what = string(st.Stopped) + ": " + st.Why
	case st.Phase == "infill":
		what = "in round " + itoa(st.Round)
	case st.Evaluations.Total > 0:
		what = "in the design"
	}
	if st.Holder != nil {
		return what + ", running as process " + itoa(st.Holder.PID) + " on " + st.Holder.Host + " since " + st.Holder.Since.Local().Format(time.DateTime)
	}
	return what
}

func feasibility(feasible bool, violation float64) string {
	switch {
	case feasible && violation == 0:
		return "feasible"
	case feasible:
		return "feasible (violation " + short(violation) + ")"
	}
	return "not feasible (violation " + short(violation) + ")"
}
