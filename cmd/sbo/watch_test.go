package main

import (
	"bufio"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study"
)

func TestTimeLeft(t *testing.T) {
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var history []study.Evaluation
	for i := range 30 { // the first ten were faster
		history = append(history, study.Evaluation{State: study.Done, Ended: began.Add(time.Duration(max(i, 4*i-30)) * time.Second)})
	}
	history = append(history, study.Evaluation{State: study.Waiting}, study.Evaluation{Reason: study.Imported, Ended: began})
	at := history[29].Ended
	running := study.Status{Budget: 100, Holder: &study.Holder{}}
	require.Equal(t, 70*4*time.Second, timeLeft(history, running, at))
	require.Equal(t, 70*5*time.Second, timeLeft(history, running, at.Add(19*time.Second)), "it takes longer when nothing comes")
	require.Zero(t, timeLeft(history, study.Status{Budget: 100}, at), "nobody is at work")
	require.Zero(t, timeLeft(history[:1], running, at))
	running.Budget = 30
	require.Zero(t, timeLeft(history, running, at))
	require.Equal(t, "1m23s", roughly(83*time.Second+300*time.Millisecond))
	require.Equal(t, "2h5m", roughly(2*time.Hour+5*time.Minute+10*time.Second))
}

func TestViewOnATerminal(t *testing.T) {
	s, err := study.Open(t.Context(), "../../examples/rosenbrock", study.Options{})
	require.NoError(t, err)
	w := watcher{app: &app{out: bufio.NewWriter(io.Discard), screen: io.Discard}, study: s}
	st := study.Status{
		Study: "rosenbrock", Phase: "infill", Round: 3, Budget: 40,
		Evaluations: study.Counts{Done: 9, Failed: 1, Running: 2, Waiting: 1, Imported: 4},
		Failures:    map[string]int{"no mesh": 1},
		Best:        &study.Evaluation{ID: 7, Y: []float64{0.25}}, Feasible: true,
	}
	require.Equal(t, `  study        rosenbrock
  stands       in round 3
  budget       [=======                       ] 10 of 40
  evaluations  9 done, 1 failed, 2 running, 1 waiting
  workers      2 busy, 1 planned
  besides      4 samples from elsewhere
  failed       1 times: no mesh
  best         f = 0.25 at evaluation 7, feasible
  time left    at most 15s at this pace, if all of the budget is needed
`, w.view(st, 15*time.Second))
	require.Equal(t, "round 3  10 of 40  1 failed  2 running  1 waiting  4 from elsewhere  f 0.25 at 7, feasible", w.lineOf(st))
	require.Equal(t, "  st…\nab\n", clipped("  study\nab\n", 5))
	require.Zero(t, w.width())
}
