package slurm_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study"
)

// TestBatch evaluates more points than an array may have tasks.
func TestBatch(t *testing.T) {
	t.Parallel()
	dir := makeStudy(t, 50, square)
	r, err := run(t.Context(), dir, study.Options{})
	require.NoError(t, err)
	require.Equal(t, study.Budget, r.Stopped)
	requireAnswers(t, dir, 50)
	folders, err := filepath.Glob(filepath.Join(dir, ".sbo", "slurm", "[0-9]*"))
	require.NoError(t, err)
	require.Greater(t, len(folders), 1, "the cluster allows arrays of 40")
	for _, e := range evaluations(t, dir) {
		require.Equal(t, 1, e.Attempts)
	}
}

// TestSameAsHere runs examples in every protocol, here and on the cluster.
func TestSameAsHere(t *testing.T) {
	t.Parallel()
	for _, example := range []string{"external", "template", "dakota/shell"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			var results [2][]study.Evaluation
			for i, executor := range []string{"local", "slurm, slurm: {poll: 500ms, grace: 2s}"} {
				dir := filepath.Join(t.TempDir(), "study")
				require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "..", "examples", example))))
				require.NoError(t, os.RemoveAll(filepath.Join(dir, ".sbo")))
				file := filepath.Join(dir, study.FileName)
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				lines := "evaluator:\n  executor: " + strings.Replace(executor, ", ", "\n  ", 1) + "\n"
				require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), "evaluator:\n", lines, 1)), 0o600))
				r, err := run(t.Context(), dir, study.Options{Budget: 5})
				require.NoError(t, err)
				for _, e := range r.History {
					e.Seconds, e.Ended, e.Dir = 0, time.Time{}, ""
					results[i] = append(results[i], e)
				}
			}
			require.Len(t, results[0], 5)
			require.Equal(t, fmt.Sprint(results[0]), fmt.Sprint(results[1]))
		})
	}
}

// TestExample runs the example to its end, which is known.
func TestExample(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "beam")
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "..", "examples", "slurm"))))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, ".sbo")))
	r, err := run(t.Context(), dir, study.Options{})
	require.NoError(t, err)
	require.Equal(t, study.Converged, r.Stopped)
	require.InDeltaSlice(t, []float64{1, math.Cbrt(500)}, r.Best.X, 1e-4)
}

// TestControllerIsDown has evaluations end, and others wait to be submitted, while
// slurmctld is dead. Others would notice, so it does not run beside them.
func TestControllerIsDown(t *testing.T) {
	dir := makeStudy(t, 6, `echo x >> "$SBO_STUDY_DIR/starts"; while ! test -f "$SBO_STUDY_DIR/go"; do sleep 0.1; done`+square, "workers: 4")
	said := make(chan string, 100)
	type outcome struct {
		r   *study.Result
		err error
	}
	ended := make(chan outcome)
	go func() {
		r, err := run(t.Context(), dir, study.Options{Progress: func(e study.Event) {
			if e.Kind == study.EventCluster {
				said <- e.Text
			}
		}})
		ended <- outcome{r, err}
	}()
	require.Eventually(t, func() bool { return len(lines(t, filepath.Join(dir, "starts"))) == 4 }, 60*time.Second, 50*time.Millisecond)
	require.NoError(t, exec.Command("kill", append([]string{"-9"}, lines(t, filepath.Join(clusterDir, "run", "slurmctld.pid"))...)...).Run())
	require.Regexp(t, "^Slurm does not answer .* the study waits$", <-said)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go"), nil, 0o600))
	require.Eventually(t, func() bool {
		done := 0
		for _, e := range evaluations(t, dir) {
			if e.State == study.Done {
				done++
			}
		}
		return done == 4
	}, 60*time.Second, 50*time.Millisecond, "answers come without Slurm")
	_, err := cluster("controller")
	require.NoError(t, err)
	require.Regexp(t, "^Slurm answers again, after ", <-said)
	o := <-ended
	require.NoError(t, o.err)
	require.Empty(t, said, "it is said once")
	requireAnswers(t, dir, 6)
}

// TestFates has every evaluation come to another end.
func TestFates(t *testing.T) {
	t.Parallel()
	dir := makeStudy(t, 6, `
id=$(sed 's/.*"id": \([0-9]*\).*/\1/' "$SBO_REQUEST")
echo "$id" >> "$SBO_STUDY_DIR/starts"
case $id in
2) exit 7 ;;
3) kill -SEGV $$ ;;
4) sleep 1000 ;;
5) echo "it says nothing"; exit ;;
6) test -f "$SBO_STUDY_DIR/second" || { touch "$SBO_STUDY_DIR/second"; kill -9 $PPID; sleep 1000; } ;;
esac
`+square, "timeout: 2s", "retries: 1", "slurm: {poll: 500ms, grace: 1s, cpus: 1, memory: 10M, partition: 'short,main', options: [--comment=fates]}")
	text, err := os.ReadFile(filepath.Join(dir, study.FileName))
	require.NoError(t, err)
	one := strings.Replace(string(text), "  slurm: {poll: 500ms, grace: 2s}\n", "", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, study.FileName), []byte(one), 0o600))
	_, err = run(t.Context(), dir, study.Options{})
	require.NoError(t, err)
	causes := []string{"", "exit code 7", "ended by signal SIGSEGV", "timeout after 2s", "answer", ""}
	for i, e := range evaluations(t, dir) {
		if causes[i] == "" {
			require.Equal(t, study.Done, e.State, e.Cause)
		} else {
			require.Equal(t, study.Failed, e.State)
			require.Contains(t, e.Cause, causes[i])
			require.Equal(t, 2, e.Attempts)
		}
	}
	require.ElementsMatch(t, strings.Fields("1 2 2 3 3 4 4 5 5 6 6"), lines(t, filepath.Join(dir, "starts")))
	requireNoJobs(t, dir)
}

// TestCanceledAndRequeued ends jobs by the commands of Slurm, those that run and those
// that wait: they are lost, and tried again without that counting as a retry.
func TestCanceledAndRequeued(t *testing.T) {
	t.Parallel()
	dir := makeStudy(t, 6, `echo x >> "$SBO_STUDY_DIR/starts"; test -f "$SBO_STUDY_DIR/go" || sleep 1000`+square,
		"workers: 6", "failures_in_a_row: 2")
	var wait sync.WaitGroup
	wait.Go(func() {
		assert.Eventually(t, func() bool { return len(lines(t, filepath.Join(dir, "starts"))) == 6 }, 60*time.Second, 50*time.Millisecond)
		tasks := jobs(t, dir)
		assert.Len(t, tasks, 6)
		noError(t, os.WriteFile(filepath.Join(dir, "go"), nil, 0o600))
		for i, task := range tasks {
			id, _, _ := strings.Cut(task, " ")
			command := exec.Command("scancel", id)
			switch i {
			case 0:
				command = exec.Command("scancel", "--signal=KILL", id)
			case 1: // as an administrator would
				noError(t, exec.Command("scontrol", "update", "jobid="+id, "requeue=1").Run())
				command = exec.Command("scontrol", "requeue", id)
			}
			noError(t, command.Run())
		}
	})
	_, err := run(t.Context(), dir, study.Options{})
	wait.Wait()
	require.NoError(t, err)
	requireAnswers(t, dir, 6)
	requireNoJobs(t, dir)
	for _, e := range evaluations(t, dir) {
		require.Equal(t, 2, e.Attempts)
	}
}

// TestKilledAtAnyMoment kills the process that runs a study, again and again.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	const n = 24
	dir := makeStudy(t, n, "sleep 0.5"+square, "workers: 10")
	self, err := os.Executable()
	require.NoError(t, err)
	kills := 0
	for i := range 12 {
		command := exec.CommandContext(t.Context(), self, "run", dir)
		require.NoError(t, command.Start())
		timer := time.AfterFunc(time.Duration(100+150*i%700)*time.Millisecond, func() { _ = command.Process.Kill() })
		err := command.Wait()
		if timer.Stop(); err == nil {
			break
		}
		require.EqualError(t, err, "signal: killed")
		kills++
	}
	require.Positive(t, kills)
	_, err = run(t.Context(), dir, study.Options{})
	require.NoError(t, err)
	requireAnswers(t, dir, n)
	requireNoJobs(t, dir)
}

// TestInterruptLeavesTheJobs interrupts a run: what waits and runs goes on, and the next
// run has its answers.
func TestInterruptLeavesTheJobs(t *testing.T) {
	t.Parallel()
	dir := makeStudy(t, 14, `while ! test -f "$SBO_STUDY_DIR/go"; do sleep 0.1; done`+square)
	ctx, cancel := context.WithCancel(t.Context())
	var said []string
	var wait sync.WaitGroup
	wait.Go(func() {
		defer cancel()
		assert.Eventually(t, func() bool {
			s, err := study.Open(ctx, dir, study.Options{})
			if !assert.NoError(t, err) {
				return true
			}
			st, err := s.Status(ctx)
			return assert.NoError(t, err) && st.Evaluations.Running > 0 && st.Evaluations.Running+st.Evaluations.Queued == 14 && len(st.Jobs) > 0
		}, 60*time.Second, 50*time.Millisecond)
	})
	_, err := run(ctx, dir, study.Options{Progress: func(e study.Event) {
		if e.Kind == study.EventCluster {
			said = append(said, e.Text)
		}
	}})
	wait.Wait()
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, said, 1)
	require.Regexp(t, `14 evaluations stay in the queue .* scancel [\d ]+$`, said[0])
	require.Len(t, jobs(t, dir), 14)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go"), nil, 0o600))
	requireNoJobs(t, dir) // nobody is there, and they finish
	_, err = run(t.Context(), dir, study.Options{})
	require.NoError(t, err)
	requireAnswers(t, dir, 14)
	for _, e := range evaluations(t, dir) {
		require.Equal(t, 1, e.Attempts)
	}
}

// TestNeedlessJobsAreCanceled has somebody outside answer, and evaluations fail alike.
func TestNeedlessJobsAreCanceled(t *testing.T) {
	t.Parallel()
	t.Run("told", func(t *testing.T) {
		t.Parallel()
		dir := makeStudy(t, 2, "sleep 1000")
		var wait sync.WaitGroup
		wait.Go(func() {
			assert.Eventually(t, func() bool { return len(jobs(t, dir)) == 2 }, 60*time.Second, 50*time.Millisecond)
			s, err := study.Open(t.Context(), dir, study.Options{})
			noError(t, err)
			_, err = s.Tell(t.Context(), []study.Answer{{ID: 1, Y: []float64{1}}, {ID: 2, Y: []float64{2}}})
			noError(t, err)
		})
		r, err := run(t.Context(), dir, study.Options{})
		wait.Wait()
		require.NoError(t, err)
		require.Equal(t, []float64{1}, r.Best.Y)
		requireNoJobs(t, dir)
	})
	t.Run("failing", func(t *testing.T) {
		t.Parallel()
		dir := makeStudy(t, 30, `id=$(sed 's/.*"id": \([0-9]*\).*/\1/' "$SBO_REQUEST"); test $id -le 3 || sleep 1000; exit 9`, "failures_in_a_row: 3")
		_, err := run(t.Context(), dir, study.Options{})
		var failing *study.FailingError
		require.ErrorAs(t, err, &failing)
		requireNoJobs(t, dir)
	})
}

// TestFaultsOfTheCluster stops studies that can come to nothing, and says why.
func TestFaultsOfTheCluster(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings, want string
		shim           []string
	}{
		"partition": {"partition: long", "refuses the jobs of this study: .*long", nil},
		"memory":    {"memory: 900G", "(?i)refuses the jobs of this study: .*memory", nil},
		"no sbo":    {"partition: main", "3 attempts in a row ended without a word, before it began.*not found", []string{"/nowhere/sbo", "attempt"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := makeStudy(t, 3, square)
			file := filepath.Join(dir, study.FileName)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), "slurm: {", "slurm: {"+c.settings+", ", 1)), 0o600))
			_, err = run(t.Context(), dir, study.Options{Shim: c.shim})
			require.Error(t, err)
			require.Regexp(t, c.want, strings.ReplaceAll(err.Error(), "\n", " "))
			require.Empty(t, lines(t, filepath.Join(dir, "finished")))
			requireNoJobs(t, dir)
			s, err := study.Open(t.Context(), dir, study.Options{})
			require.NoError(t, err)
			wrong := 0
			for _, check := range s.Cluster(t.Context()) {
				if check.Verdict == study.Wrong {
					wrong++
				}
			}
			require.Equal(t, c.shim == nil, wrong > 0)
		})
	}
}
