package study

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// endless is a driver that never answers, and writes down its process id.
const endless = `echo $$ >> "$SBO_STUDY_DIR/pid"; while :; do sleep 1; done`

// TestInterruptEndsTheDrivers cancels a run while a driver works: in this process,
// in one of its own, and in one that a killed run has left behind.
func TestInterruptEndsTheDrivers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		o    Options
		left bool
	}{{"in process", Options{}, false}, {"shim", Options{Shim: shim()}, false}, {"adopted", Options{Shim: shim()}, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := external(t, endless)
			if c.left {
				cmd := walker(t, dir)
				require.NoError(t, cmd.Start())
				require.Eventually(t, func() bool { return len(lines(t, filepath.Join(dir, "pid"))) == 3 }, 30*time.Second, 5*time.Millisecond)
				require.NoError(t, cmd.Process.Kill())
				require.Error(t, cmd.Wait())
				for _, e := range evaluations(t, dir)[:3] {
					require.Equal(t, Running, e.State)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				defer cancel()
				assert.Eventually(t, func() bool { return len(lines(t, filepath.Join(dir, "pid"))) > 0 }, 30*time.Second, 5*time.Millisecond)
				if c.left {
					time.Sleep(200 * time.Millisecond) // the new run finds the attempt
				}
			}()
			started := time.Now()
			_, err := walk(ctx, dir, c.o)
			require.ErrorIs(t, err, context.Canceled)
			require.Less(t, time.Since(started), 30*time.Second) // of forever
			for _, pid := range lines(t, filepath.Join(dir, "pid")) {
				requireGone(t, pid)
			}
			for _, e := range evaluations(t, dir) { // an interrupt is no failure
				require.Equal(t, Waiting, e.State)
				require.LessOrEqual(t, e.Attempts, 1)
			}
			write(t, dir, "drive.sh", "#!/bin/sh\n"+constant)
			d, err := walk(t.Context(), dir, Options{})
			require.NoError(t, err)
			require.Equal(t, 16, d.Answered().Len())
		})
	}
}

// lines returns the lines of a file, none if there is no file.
func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err) // not require, as this runs in other goroutines too
	}
	return strings.Fields(string(text))
}

func evaluations(t *testing.T, dir string) []Evaluation {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	history, err := s.History(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, history)
	return history
}

// TestKilledShimIsALostAttempt kills the process that watches over a driver: the
// driver ends with it, and is started anew without that counting as a retry.
func TestKilledShimIsALostAttempt(t *testing.T) {
	t.Parallel()
	dir := external(t, `
echo $$ > "$SBO_STUDY_DIR/pid"
test -f "$SBO_STUDY_DIR/second" || { touch "$SBO_STUDY_DIR/second"; kill -9 $PPID; sleep 1000; }
`+constant)
	d, err := evaluate(t, dir, Options{Shim: shim()}, 0, 0)
	require.NoError(t, err)
	require.False(t, d.Failed(0))
	require.Equal(t, 2, only(t, dir).Attempts)

	dir = external(t, `kill -9 $PPID; sleep 1000`)
	_, err = evaluate(t, dir, Options{Shim: shim()}, 0, 0)
	require.ErrorContains(t, err, "3 attempts in a row ended without a word")
	require.Equal(t, Waiting, only(t, dir).State)
}
