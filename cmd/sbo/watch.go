package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func (a *app) watchCommand() *cobra.Command {
	var every time.Duration
	c := &cobra.Command{
		Use:   "watch [DIR] [flags]",
		Short: "Watch a study while it runs, from another terminal",
		Long: "Shows where the study in the folder DIR stands, and goes on until the study has ended: its phase,\n" +
			"the evaluations by state, the best point, the failures by cause, and about how long the budget\n" +
			"lasts. On a terminal the view is renewed in place; elsewhere, every change is a line, with --json\n" +
			"a document.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if every <= 0 {
				return usage("--every must be more than 0")
			}
			return a.with(cmd.Context(), args, func(s *study.Study) error { return a.watch(cmd.Context(), s, every) })
		},
	}
	c.Flags().DurationVar(&every, "every", time.Second, "how often to look")
	return c
}

// watch looks at the study again and again. Looking takes longer the more answers
// there are, and is to take a tenth of the time at most.
func (a *app) watch(ctx context.Context, s *study.Study, every time.Duration) error {
	w := watcher{app: a, study: s, drawn: isTerminal(a.screen) && !a.json}
	for {
		began := time.Now()
		ended, err := w.look(ctx)
		if err != nil || ended {
			return err
		}
		if err := a.out.Flush(); err != nil {
			return fmt.Errorf("cannot write the output: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(max(every, 10*time.Since(began))):
		}
	}
}

type watcher struct {
	*app
	study *study.Study
	drawn bool // in place
	last  string
	lines int  // of the view on the terminal
	held  bool // a process was seen that runs the study
}

// look shows the study if it has changed, and reports whether it has ended.
func (w *watcher) look(ctx context.Context) (ended bool, err error) {
	st, err := w.study.Status(ctx)
	if err != nil {
		return false, err
	}
	history, err := w.study.History(ctx)
	if err != nil {
		return false, err
	}
	left := timeLeft(history, st, time.Now())
	text := w.lineOf(st)
	if w.drawn {
		text = clipped(w.view(st, left), w.width())
	}
	if text != w.last {
		w.last = text
		switch {
		case w.json:
			d := w.newStatusDocument(w.study, st)
			d.SecondsLeft = number(left.Seconds())
			if err := w.line(d); err != nil {
				return false, err
			}
		case w.drawn:
			if w.lines > 0 {
				w.printf("\x1b[%dA\x1b[J", w.lines) // up to where the view began, and clear from there
			}
			w.printf("%s", text)
			w.lines = strings.Count(text, "\n")
		default:
			w.printf("%s\n", text)
		}
	}
	final := st.Stopped == study.Converged || st.Stopped == study.Stalled || st.Stopped == study.Budget
	ended = st.Holder == nil && (final || w.held)
	w.held = w.held || st.Holder != nil
	return ended, nil
}

// lineOf is the study in a line.
func (w *watcher) lineOf(st study.Status) string {
	phase := st.Phase
	if st.Phase == "infill" {
		phase = "round " + itoa(st.Round)
	}
	if st.Stopped != "" {
		phase = string(st.Stopped)
	}
	e := st.Evaluations
	parts := []string{phase, fmt.Sprintf("%d of %d", e.Done+e.Failed, st.Budget)}
	for _, part := range []struct {
		n    int
		what string
	}{{e.Failed, "failed"}, {e.Running, "running"}, {e.Queued, "queued"}, {e.Waiting, "waiting"}, {e.Imported, "from elsewhere"}} {
		if part.n > 0 {
			parts = append(parts, itoa(part.n)+" "+part.what)
		}
	}
	if b := st.Best; b != nil {
		p := w.study.Plan().Problem()
		k := p.Objective()
		parts = append(parts, p.Responses[k].Name+" "+short(b.Y[k])+" at "+itoa(b.ID)+", "+feasibility(st.Feasible, st.Violation))
	}
	return strings.Join(parts, "  ")
}

// view is the study on a terminal.
func (w *watcher) view(st study.Status, left time.Duration) string {
	t := &table{left: 2}
	e := st.Evaluations
	t.add("study", cmp.Or(st.Study, st.Dir))
	t.add("stands", standing(st))
	const width = 30
	done := min(width, width*(e.Done+e.Failed)/max(st.Budget, 1))
	t.add("budget", "["+strings.Repeat("=", done)+strings.Repeat(" ", width-done)+"] "+itoa(e.Done+e.Failed)+" of "+itoa(st.Budget))
	t.add("evaluations", fmt.Sprintf("%d done, %d failed, %s", e.Done, e.Failed, underway(e)))
	if w.study.Plan().Evaluator.Executor != study.ExecutorSlurm {
		t.add("workers", fmt.Sprintf("%d busy, %d planned", e.Running, w.study.Plan().Evaluator.Workers))
	}
	if len(st.Jobs) > 0 {
		t.add("jobs", jobsText(st.Jobs))
	}
	if e.Imported > 0 {
		t.add("besides", plural(e.Imported, "sample")+" from elsewhere")
	}
	for _, cause := range causes(st.Failures) {
		t.add("failed", itoa(st.Failures[cause])+" times: "+cause)
	}
	if b := st.Best; b != nil {
		p := w.study.Plan().Problem()
		k := p.Objective()
		t.add("best", p.Responses[k].Name+" = "+short(b.Y[k])+" at evaluation "+itoa(b.ID)+", "+feasibility(st.Feasible, st.Violation))
	}
	if left > 0 {
		t.add("time left", "at most "+roughly(left)+" at this pace, if all of the budget is needed")
	}
	return t.String()
}

// roughly is a length of time for people.
func roughly(d time.Duration) string {
	if d < 10*time.Minute {
		return d.Round(time.Second).String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}

// clipped cuts the lines of a text that are wider than the terminal, on which they
// would take more than one line.
func clipped(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if runes := []rune(line); width > 0 && len(runes) > width {
			lines[i] = string(runes[:width-1]) + "…"
		}
	}
	return strings.Join(lines, "\n")
}

// width is that of the terminal, 0 if there is none.
func (a *app) width() int {
	if f, is := a.screen.(*os.File); is {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// causes returns the causes of failures, the most frequent first.
func causes(failures map[string]int) []string {
	return slices.SortedFunc(maps.Keys(failures), func(x, y string) int {
		return cmp.Or(cmp.Compare(failures[y], failures[x]), cmp.Compare(x, y))
	})
}

// timeLeft estimates how long the rest of the budget takes, from the pace of the last
// answers; 0 if that is not known, or nobody is at work.
func timeLeft(history []study.Evaluation, st study.Status, now time.Time) time.Duration {
	const recent = 20
	var ends []time.Time
	for _, e := range history {
		if !e.Ended.IsZero() && e.Reason != study.Imported {
			ends = append(ends, e.Ended)
		}
	}
	rest := st.Budget - len(ends)
	if st.Holder == nil || len(ends) < 2 || rest <= 0 {
		return 0
	}
	slices.SortFunc(ends, time.Time.Compare)
	ends = ends[max(0, len(ends)-recent):]
	return time.Duration(rest) * (now.Sub(ends[0]) / time.Duration(len(ends)-1))
}
