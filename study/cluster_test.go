package study

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study/internal/slurm"
)

// What needs a Slurm is tested in internal/slurm.

func TestSlurmPlan(t *testing.T) {
	plan, err := LoadPlan("testdata/good/slurm.yaml")
	require.NoError(t, err)
	e := plan.Evaluator
	require.Equal(t, ExecutorSlurm, e.Executor)
	require.Equal(t, []string{
		"--partition=short,long", "--time=92", "--cpus-per-task=16", "--mem=32G", "--account=aero", "--qos=high",
		"--constraint=icelake&ib", "--gres=gpu:1", "--exclusive",
	}, e.Slurm.arguments(time.Duration(e.Timeout)))

	plan = loadText(t, `
variables: [{name: x, lower: 0, upper: 1}]
responses: [{name: f, maximize: true}]
evaluator: {command: [sh], executor: slurm}
`)
	require.Equal(t, 1000, plan.Evaluator.Workers)
	require.Equal(t, &SlurmPlan{Poll: Duration(10 * time.Second), Grace: Duration(90 * time.Second)}, plan.Evaluator.Slurm)
	require.Empty(t, plan.Evaluator.Slurm.arguments(0))
	require.Equal(t, 3*time.Hour, (&SlurmPlan{Time: Duration(3*time.Hour - time.Second)}).limit(time.Hour))
}

// prepared is an attempt with a job.
func prepared(t *testing.T) attempt {
	t.Helper()
	a := attempt{evaluation: 1, number: 1, dir: t.TempDir()}
	require.NoError(t, os.WriteFile(a.path(jobFile), []byte(`{"name": "sbo", "index": 3, "dir": "`+a.dir+`", "beat": 1000000, "notice": "`+a.path("ended")+`"}`), 0o600))
	require.NoError(t, os.WriteFile(a.path(requestFile), nil, 0o600))
	require.NoError(t, a.prepare(spec{Command: []string{"/bin/sh", "-c", "echo run >> runs; sleep 0.02"}}))
	require.NoError(t, os.Mkdir(a.path(runFolder), 0o755))
	return a
}

// A job that is submitted twice runs once; one that is given up does not run.
func TestAttemptRunsOnce(t *testing.T) {
	t.Parallel()
	a := prepared(t)
	stand := func(want State) {
		state, err := a.standing()
		require.NoError(t, err)
		require.Equal(t, want, state)
	}
	stand(Queued)
	require.Zero(t, RunAttempt(a.dir))
	before, err := os.Stat(a.path(startedFile))
	require.NoError(t, err)
	require.FileExists(t, a.path("ended"))
	require.Zero(t, RunAttempt(a.dir))
	runs, err := os.ReadFile(filepath.Join(a.path(runFolder), "runs"))
	require.NoError(t, err)
	require.Equal(t, "run\n", string(runs))
	taken, is := a.claimed()
	require.True(t, is)
	require.True(t, before.ModTime().After(taken.Since.Add(time.Millisecond)), "it shows that it runs")
	ours, err := a.claim(true)
	require.NoError(t, err)
	require.False(t, ours)

	a = prepared(t)
	ours, err = a.claim(true)
	require.NoError(t, err)
	require.True(t, ours)
	stand(Waiting)
	require.Zero(t, RunAttempt(a.dir))
	require.NoFileExists(t, a.path(exitFile))

	require.NoError(t, os.RemoveAll(a.dir))
	ours, err = a.claim(true)
	require.NoError(t, err)
	require.True(t, ours)
	require.NotZero(t, RunAttempt(a.dir))
}

// An attempt that still runs though Slurm has forgotten it is waited for.
func TestForgottenJobIsWaitedFor(t *testing.T) {
	t.Parallel()
	c := &cluster{plan: SlurmPlan{Grace: Duration(300 * time.Millisecond)}, open: map[*task]bool{}}
	a := prepared(t)
	ours, err := a.claim(false)
	require.NoError(t, err)
	require.True(t, ours)
	task := &task{attempt: a, job: job{Dir: a.dir, Index: 3}, ended: make(chan struct{})}
	c.open[task] = true
	look := func() bool {
		c.judge(t.Context(), task, slurm.Entry{}, false)
		return len(c.open) == 0
	}
	for range 8 {
		now := time.Now()
		require.NoError(t, os.Chtimes(a.path(startedFile), now, now))
		require.False(t, look())
		time.Sleep(100 * time.Millisecond)
	}
	require.Eventually(t, look, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, ending{cause: "no longer known to Slurm", fault: ofCluster, output: filepath.Join(a.dir, "3.out")}, task.ending)
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	c := &cluster{limit: time.Hour}
	for state, want := range map[slurm.State]ending{
		slurm.Timeout:     {cause: "lost before the time limit of its job", fault: ofCluster},
		slurm.Deadline:    {cause: "ended by Slurm at the time limit of the job (1h0m0s)", fault: ofProgram},
		slurm.OutOfMemory: {cause: "ended by Slurm: out of memory", fault: ofProgram},
		slurm.Canceled:    {cause: "canceled in Slurm", fault: ofCluster},
		slurm.NodeFail:    {cause: "lost with its node", fault: ofCluster},
		slurm.Preempted:   {cause: "displaced by Slurm", fault: ofCluster},
		slurm.Failed:      {cause: "ended without a word", fault: unknown},
	} {
		dir := t.TempDir()
		want.output = filepath.Join(dir, "0.out")
		got := c.verdict(&task{attempt: attempt{dir: dir}, job: job{Dir: dir}}, slurm.Entry{State: state}, true)
		require.Equal(t, want, got)
	}
	lost := c.verdict(&task{attempt: attempt{dir: t.TempDir()}}, slurm.Entry{State: slurm.Failed, Reason: slurm.LaunchFailure}, true)
	require.Equal(t, ofCluster, lost.fault)
	a := attempt{dir: t.TempDir()}
	require.NoError(t, a.writeExit(exit{Interrupted: true, Seconds: 3595}))
	require.Equal(t, ofProgram, c.verdict(&task{attempt: a, interrupted: true}, slurm.Entry{}, false).fault, "as long as the job may take")
	a = attempt{dir: t.TempDir()}
	_, err := a.claim(false)
	require.NoError(t, err)
	later := time.Now().Add(59*time.Minute + 40*time.Second)
	require.NoError(t, os.Chtimes(a.path(startedFile), later, later)) // its last sign of life
	require.Equal(t, ofProgram, c.verdict(&task{attempt: a}, slurm.Entry{State: slurm.Timeout}, true).fault)
}

func TestScript(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "it's a study")
	c := &cluster{open: map[*task]bool{}, dir: dir, study: "a/b c", shim: []string{"/opt/my sbo", "attempt"}, plan: SlurmPlan{Grace: Duration(time.Minute)}}
	var tasks []*task
	for i := range 2 {
		a := attempt{evaluation: 7 + i, number: 2, dir: attemptDir(dir, 7+i, 2)}
		require.NoError(t, os.MkdirAll(a.dir, 0o755))
		tasks = append(tasks, &task{attempt: a})
	}
	s, err := c.newSubmission(tasks)
	require.NoError(t, err)
	require.Regexp(t, `^sbo-a-b-c-[0-9a-f]{8}$`, s.Name)
	text, err := os.ReadFile(s.Script)
	require.NoError(t, err)
	require.Contains(t, string(text), "\n1) attempt=8/2 ;;\n")
	require.Contains(t, string(text), `exec '/opt/my sbo' 'attempt' '`+filepath.Dir(dir)+`/it'\''s a study/.sbo/evals'/"$attempt"`)
	j, submitted := tasks[1].attempt.job()
	require.True(t, submitted)
	require.Equal(t, job{Name: s.Name, Index: 1, Dir: s.Dir, Notice: filepath.Join(dir, ".sbo", "slurm", "ended", "8.2"), Beat: 15 * time.Second}, j)
	require.Empty(t, j.id())
	c.submitted(s, "12")
	require.Equal(t, "12_1", j.id())
}

func TestNoSlurm(t *testing.T) {
	dir := external(t, constant, "executor: slurm")
	t.Setenv("PATH", t.TempDir())
	started := time.Now()
	_, err := evaluate(t, dir, Options{Shim: shim()}, 0, 0)
	require.ErrorContains(t, err, "the commands of Slurm are not here")
	require.Less(t, time.Since(started), 30*time.Second)
	require.Equal(t, Waiting, only(t, dir).State)
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	require.Equal(t, []Check{{"commands", Wrong, "sbatch, squeue, scancel, scontrol not found; run the study where they are, on a login node"}}, s.Cluster(t.Context()))
}
