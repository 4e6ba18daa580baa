package slurm_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study"
)

// TestMain starts a Slurm of three nodes for the tests, and lets the test binary play
// the programs that they need as processes of their own: the one that runs an attempt
// on a node, and the one that runs a study.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 {
		switch os.Args[1] {
		case "attempt":
			os.Exit(study.RunAttempt(os.Args[2]))
		case "run":
			if _, err := run(context.Background(), os.Args[2], study.Options{}); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	os.Exit(onCluster(m.Run))
}

// clusterDir is the folder of the cluster.
var clusterDir string

// onCluster runs the tests with a cluster. Where Slurm is not installed, there is
// nothing to be tested, and that is said; but not in CI, which has to install it.
func onCluster(tests func() int) int {
	dir, err := os.MkdirTemp("", "sbo-slurm-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	clusterDir = dir
	out, err := cluster("up", "3", "12")
	if exit, is := errors.AsType[*exec.ExitError](err); is && exit.ExitCode() == 3 && os.Getenv("CI") == "" {
		fmt.Fprintf(os.Stderr, "Slurm is not installed, so nothing was tested on it: %s\n", exit.Stderr)
		return 0
	}
	defer func() { _, _ = cluster("down") }()
	if err != nil {
		fmt.Fprintf(os.Stderr, "no cluster to test on: %v\n%s", err, explain(err))
		return 1
	}
	_, conf, _ := strings.Cut(strings.TrimSpace(out), "=")
	for name, value := range map[string]string{
		"SLURM_CONF": conf,
		"GORACE":     "atexit_sleep_ms=0", // spares every process the second for which the race detector waits at its end
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil { // they wait for jobs, not for processors
		panic(err)
	}
	return tests()
}

// cluster calls the script that starts and ends clusters.
func cluster(action string, arguments ...string) (string, error) {
	script := filepath.Join("..", "..", "..", "scripts", "slurm_cluster.sh")
	out, err := exec.Command("bash", append([]string{script, action, clusterDir}, arguments...)...).Output()
	return string(out), err
}

func explain(err error) string {
	if exit, is := errors.AsType[*exec.ExitError](err); is {
		return string(exit.Stderr)
	}
	return ""
}

// run runs the study in dir on the cluster.
func run(ctx context.Context, dir string, o study.Options) (*study.Result, error) {
	if o.Shim == nil {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		o.Shim = []string{self, "attempt"}
	}
	s, err := study.Open(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	return s.Run(ctx)
}

// makeStudy makes a study of two variables whose evaluator is the shell script given, and
// which is content with its design. settings are further lines of the evaluator.
func makeStudy(t *testing.T, samples int, script string, settings ...string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "drive.sh"), []byte("#!/bin/sh\n"+script), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, study.FileName), fmt.Appendf(nil, `
study: a study
variables:
  - {name: a, lower: -1, upper: 1}
  - {name: b, lower: 0, upper: 2}
responses: [{name: f, minimize: true}]
design: {samples: %d}
budget: {evaluations: %d}
evaluator:
  command: [./drive.sh]
  executor: slurm
  slurm: {poll: 500ms, grace: 2s}
  %s
`, samples, samples, strings.Join(settings, "\n  ")), 0o600))
	return dir
}

// square answers a*a + b, and writes down that it did.
const square = `
a=$(sed 's/.*"a": \([^,}]*\).*/\1/' "$SBO_REQUEST")
b=$(sed 's/.*"b": \([^,}]*\).*/\1/' "$SBO_REQUEST")
awk "BEGIN { a = $a; b = $b; printf \"{\\\"values\\\": {\\\"f\\\": %.17g}}\n\", a*a + b }"
id=$(sed 's/.*"id": \([0-9]*\).*/\1/' "$SBO_REQUEST")
echo "$id" >> "$SBO_STUDY_DIR/finished"
`

// evaluations returns what is stored of the study in dir.
func evaluations(t *testing.T, dir string) []study.Evaluation {
	t.Helper()
	s, err := study.Open(t.Context(), dir, study.Options{})
	require.NoError(t, err)
	history, err := s.History(t.Context())
	require.NoError(t, err)
	return history
}

// requireAnswers wants the right answer of every evaluation, each finished once.
func requireAnswers(t *testing.T, dir string, n int) {
	t.Helper()
	history := evaluations(t, dir)
	require.Len(t, history, n)
	for _, e := range history {
		require.Equal(t, study.Done, e.State, "evaluation %d: %s", e.ID, e.Cause)
		require.InDelta(t, e.X[0]*e.X[0]+e.X[1], e.Y[0], 1e-9)
	}
	require.ElementsMatch(t, finishedOnce(n), lines(t, filepath.Join(dir, "finished")))
}

func finishedOnce(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprint(i+1))
	}
	return ids
}

// lines returns the words of a file, none if there is no file.
func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	return strings.Fields(string(text))
}

// jobs returns the tasks in the queue that belong to the study in dir, one a line.
func jobs(t *testing.T, dir string) []string {
	t.Helper()
	out, err := exec.Command("squeue", "--noheader", "--array", "--states=PENDING,RUNNING,COMPLETING,SUSPENDED", "--format=%F_%K %T %o").Output()
	require.NoError(t, err)
	var list []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, dir) {
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

// noError is for goroutines, from which a test cannot be ended.
func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func requireNoJobs(t *testing.T, dir string) {
	t.Helper()
	require.Eventually(t, func() bool { return len(jobs(t, dir)) == 0 }, 20*time.Second, 100*time.Millisecond, "jobs are left")
}
