package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// events is what a short run tells.
func events() []study.Event {
	return []study.Event{
		{Kind: study.EventChanged, Text: "since the last run: seed 2"},
		{Kind: study.EventPhase, Phase: "design", Total: 2, Text: "design: 2 samples"},
		{Kind: study.EventEvaluated, Done: 1, Total: 2, Evaluation: &study.Evaluation{State: study.Done, Y: []float64{3, 2}}},
		{Kind: study.EventEvaluated, Done: 2, Total: 2, Evaluation: &study.Evaluation{State: study.Failed, Cause: "exit code 1"}},
		{Kind: study.EventFit, Round: 1, Fraction: 0.5},
		{Kind: study.EventEvaluated, Round: 1, Done: 3, Total: 9, Evaluation: &study.Evaluation{State: study.Done, Y: []float64{4, 0}}},
		{Kind: study.EventRound, Round: 1, Text: "That is it."},
		{Kind: study.EventStopped, Text: "That is it."},
	}
}

func TestLiveLines(t *testing.T) {
	for _, c := range []struct {
		terminal, quiet bool
		want            []string
	}{
		{true, false, []string{
			"sbo: since the last run: seed 2\n", "design: 2 samples\n", "   1 of 2  design    f 3  g 2  best so far, not feasible\n",
			"   2 of 2  design    failed: exit code 1\n", "round 1: learning", "   3 of 9  round 1   f 4  g 0  best so far\n", "round 1: That is it.\n",
		}},
		{false, false, []string{"sbo: since the last run: seed 2\n"}},
		{true, true, nil},
	} {
		var screen bytes.Buffer
		l := (&app{err: &screen, terminal: c.terminal, quiet: c.quiet}).live()
		l.problem = sbo.Problem{Responses: []sbo.Response{sbo.Minimize("f"), sbo.AtMost("g", 1)}}
		for _, e := range events() {
			l.event(e)
		}
		for _, line := range c.want {
			require.Contains(t, screen.String(), line)
		}
		if !c.terminal || c.quiet {
			want := ""
			for _, line := range c.want {
				want += line
			}
			require.Equal(t, want, screen.String())
		}
	}
}
