package study

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bowl is a driver with an optimum at a = 0.25, b = 0.5 on the limit of g.
const bowl = `
echo x >> "$SBO_STUDY_DIR/count"
x=$(sed 's/.*"a": \([^,}]*\), "b": \([^,}]*\)}.*/a = \1; b = \2/' "$SBO_REQUEST")
awk "BEGIN { $x; printf \"{\\\"values\\\": {\\\"f\\\": %.17g, \\\"g\\\": %.17g}, \\\"partials\\\": {\\\"f\\\": {\\\"a\\\": %.17g, \\\"b\\\": %.17g}, \\\"g\\\": {\\\"a\\\": 2}}}\n\",
	(a - 0.5)^2 + (b - 0.5)^2, 2*a + 0.5, 2*(a - 0.5), 2*(b - 0.5) }"
`

// bits is everything in a result that must not depend on how it came about.
func bits(r *Result) string {
	best := *r.Best
	return fmt.Sprint(r.Data, r.IDs, best, r.Stopped, r.Why, r.Certificate, r.Evaluations, r.Seed, len(r.Rounds))
}

func runStudy(t *testing.T, dir string, o Options) (*Result, error) {
	t.Helper()
	s, err := Open(t.Context(), dir, o)
	require.NoError(t, err)
	return s.Run(t.Context())
}

func starts(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "count"))
	require.NoError(t, err)
	return bytes.Count(text, []byte("\n"))
}

// small makes the training quick: it is not what is tested here.
func small(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, FileName))
	require.NoError(t, err)
	write(t, dir, FileName, string(text)+"surrogate: {hidden: [4], restarts: 1, iterations: 40}\n")
	return dir
}

func TestRunFindsTheOptimum(t *testing.T) {
	t.Parallel()
	dir := external(t, bowl)
	first, err := runStudy(t, dir, Options{Workers: 2})
	require.NoError(t, err)
	require.True(t, first.Best.Feasible)
	require.InDeltaSlice(t, []float64{0.25, 0.5}, first.Best.X, 1e-3)
	require.InDelta(t, 0.0625, first.Best.Y[0], 1e-5)
	require.Equal(t, first.Data.Len(), first.Evaluations.Total)
	require.Equal(t, starts(t, dir), first.Evaluations.Done)
	require.Equal(t, first.Evaluations.Done, first.Evaluations.WithPartials)
	require.NotEmpty(t, first.Rounds)
	require.NotEmpty(t, first.Why)

	t.Run("history tells why", func(t *testing.T) {
		for _, e := range first.History[8:] {
			require.Equal(t, phaseInfill, e.Phase)
			require.NotEmpty(t, e.Reason)
			require.Len(t, e.Predicted, 2)
		}
	})
	t.Run("status", func(t *testing.T) {
		s, err := Open(t.Context(), dir, Options{})
		require.NoError(t, err)
		status, err := s.Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, "ended", status.Phase)
		require.Equal(t, first.Stopped, status.Stopped)
		require.Equal(t, first.Best.ID, status.Best.ID)
		require.Equal(t, first.Evaluations, status.Evaluations)
	})
	t.Run("again", func(t *testing.T) { // nothing is evaluated or trained again
		before := starts(t, dir)
		again, err := runStudy(t, dir, Options{})
		require.NoError(t, err)
		require.Equal(t, bits(first), bits(again))
		require.Equal(t, before, starts(t, dir))
	})
	t.Run("replay", func(t *testing.T) {
		s, err := Open(t.Context(), dir, Options{})
		require.NoError(t, err)
		replayed, err := s.Replay(t.Context())
		require.NoError(t, err)
		require.Equal(t, bits(first), bits(replayed))
	})
	t.Run("without the rest of the folder", func(t *testing.T) {
		for _, name := range []string{"evals", modelsFolder, lockFile} {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, folder, name)))
		}
		again, err := runStudy(t, dir, Options{})
		require.NoError(t, err)
		require.Equal(t, bits(first), bits(again))
	})
}

// TestRunInPieces interrupts a study after every few evaluations.
func TestRunInPieces(t *testing.T) {
	t.Parallel()
	whole, err := runStudy(t, small(t, external(t, bowl)), Options{Budget: 14})
	require.NoError(t, err)
	dir := small(t, external(t, bowl))
	var last *Result
	pieces := 0
	for ; pieces < 20; pieces++ {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		s, err := Open(ctx, dir, Options{Budget: 14, Workers: 1 + pieces%3, Progress: func(e Event) {
			if e.Kind == EventEvaluated {
				if n++; n == 2 {
					cancel()
				}
			}
		}})
		require.NoError(t, err)
		last, err = s.Run(ctx)
		cancel()
		if err == nil {
			break
		}
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, Interrupted, last.Stopped)
	}
	require.Greater(t, pieces, 2)
	require.Equal(t, bits(whole), bits(last))
}

func TestRunStopsAtTheDeadline(t *testing.T) {
	t.Parallel()
	dir := external(t, `test $(sed 's/.*"id": \([0-9]*\).*/\1/' "$SBO_REQUEST") -le 2 || sleep 100`+bowl)
	started := time.Now()
	r, err := runStudy(t, dir, Options{Deadline: 2 * time.Second})
	require.NoError(t, err)
	require.Equal(t, Deadline, r.Stopped)
	require.Less(t, time.Since(started), 60*time.Second)
	require.Equal(t, Counts{Total: 2, Done: 2, WithPartials: 2}, r.Evaluations) // what is known by then
	require.NotNil(t, r.Best)
}

func TestRunWhereAllFails(t *testing.T) {
	t.Parallel()
	dir := external(t, "echo no license >&2; exit 3")
	r, err := runStudy(t, dir, Options{})
	var all *AllFailedError
	require.ErrorAs(t, err, &all)
	require.Equal(t, map[string]int{"exit code 3": r.Data.Len()}, all.Failures)
	require.ErrorContains(t, err, "no license")
	require.Equal(t, AllFailed, r.Stopped)
	require.Equal(t, r.Data.Len(), r.Evaluations.Failed)
}

func TestRunOfABuiltInProblem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, FileName, strings.TrimSpace(`
variables: [{name: x1, lower: -2, upper: 2}, {name: x2, lower: -2, upper: 2}]
responses: [{name: f, minimize: true}]
evaluator: {problem: sphere}
budget: {evaluations: 12}
`)+"\n")
	small(t, dir)
	var kinds []EventKind
	first, err := runStudy(t, dir, Options{Workers: 1, Progress: func(e Event) { kinds = append(kinds, e.Kind) }})
	require.NoError(t, err)
	require.Less(t, first.Best.Y[0], 1e-2)
	require.Contains(t, kinds, EventPhase)
	require.Contains(t, kinds, EventFit)
	require.Contains(t, kinds, EventRound)
	require.Equal(t, EventStopped, kinds[len(kinds)-1])
	require.NoDirExists(t, filepath.Join(dir, folder, "evals"))
	for _, workers := range []int{2, 8} {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, folder)))
		again, err := runStudy(t, dir, Options{Workers: workers})
		require.NoError(t, err)
		require.Equal(t, bits(first), bits(again))
	}
}

func TestReplayOfAnUnfinishedStudy(t *testing.T) {
	t.Parallel()
	dir := small(t, external(t, bowl))
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	_, err = s.Replay(t.Context())
	require.ErrorContains(t, err, "run it first")
	ctx, cancel := context.WithCancel(t.Context())
	s.options.Progress = func(e Event) {
		if e.Kind == EventRound {
			cancel()
		}
	}
	_, err = s.Run(ctx)
	require.ErrorIs(t, err, context.Canceled)
	s.options.Progress = nil
	r, err := s.Replay(t.Context())
	require.NoError(t, err)
	require.Equal(t, Unanswered, r.Stopped)
	require.Len(t, r.Rounds, 1)
}

func TestEndedTellsInTheTermsOfTheContext(t *testing.T) {
	sigterm, other := errors.New("terminated"), errors.New("disk on fire")
	canceled, cancel := context.WithCancelCause(t.Context())
	cancel(sigterm)
	late, stop := context.WithTimeoutCause(t.Context(), 0, errDeadline)
	defer stop()
	for _, c := range []struct {
		ctx        context.Context
		err, ended error
	}{
		{t.Context(), nil, nil},
		{t.Context(), other, other},
		{canceled, fmt.Errorf("somewhere: %w", sigterm), context.Canceled},
		{canceled, context.Canceled, context.Canceled},
		{canceled, other, other},
		{late, context.DeadlineExceeded, errDeadline},
		{late, errDeadline, errDeadline},
	} {
		require.Equal(t, c.ended, ended(c.ctx, c.err))
	}
}
