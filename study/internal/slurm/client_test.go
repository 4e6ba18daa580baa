package slurm_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study/internal/slurm"
)

func TestClient(t *testing.T) {
	t.Parallel()
	c, ctx, dir := slurm.Client{}, t.Context(), t.TempDir()
	version, err := c.Version(ctx)
	require.NoError(t, err)
	require.Regexp(t, `^\d+\.\d+`, version)
	n, err := c.MaxArraySize(ctx)
	require.NoError(t, err)
	require.Equal(t, 40, n) // of scripts/slurm_cluster.sh
	partitions, err := c.Partition(ctx, "")
	require.NoError(t, err)
	require.Equal(t, []string{"main", "short"}, partitions)
	_, err = c.Partition(ctx, "long")
	require.ErrorContains(t, err, "long")

	script := filepath.Join(dir, "script")
	require.NoError(t, os.WriteFile(script, []byte("#!/bin/sh\necho $SLURM_ARRAY_TASK_ID\n[ $SLURM_ARRAY_TASK_ID != 1 ] || exit 7\n[ $SLURM_ARRAY_TASK_ID != 2 ] || sleep 100\n"), 0o600))
	job := slurm.Job{Name: "sbo-client", Script: script, Dir: dir, Output: "%a.out", Tasks: 3}
	said, err := c.Try(ctx, job)
	require.NoError(t, err)
	require.Contains(t, said, "to start at")
	id, err := c.Submit(ctx, job)
	require.NoError(t, err)
	require.Regexp(t, `^\d+$`, id)
	state := func(i int) slurm.State {
		tasks, err := c.Queue(ctx, []string{"sbo-client", "another"})
		require.NoError(t, err)
		require.Len(t, tasks, 3)
		e := tasks[slurm.Task{Name: "sbo-client", Index: i}]
		require.Equal(t, id+"_"+string(rune('0'+i)), e.ID)
		return e.State
	}
	eventually := func(i int, wanted slurm.State) {
		require.Eventually(t, func() bool { return state(i) == wanted }, 30*time.Second, 50*time.Millisecond)
	}
	eventually(0, slurm.Completed)
	eventually(1, slurm.Failed)
	eventually(2, slurm.Running)
	require.NoError(t, c.Cancel(ctx, "of-others", id+"_2"))
	require.Equal(t, slurm.Running, state(2), "a job of another name is left alone")
	require.NoError(t, c.Cancel(ctx, "sbo-client", id+"_2"))
	eventually(2, slurm.Canceled)
	printed, err := os.ReadFile(filepath.Join(dir, "0.out"))
	require.NoError(t, err)
	require.Equal(t, "0\n", string(printed))

	job.Options = []string{"--partition=long"}
	_, err = c.Submit(ctx, job)
	var failed *slurm.CommandError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "sbatch", failed.Command)
	require.Contains(t, failed.Said, "long")
	_, err = c.Try(ctx, job)
	require.ErrorAs(t, err, &failed)
}

func TestStates(t *testing.T) {
	t.Parallel()
	for _, s := range []slurm.State{"PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STAGE_OUT", "REQUEUED", "unheard of"} {
		require.True(t, s.Alive(), s)
	}
	for _, s := range []slurm.State{"CANCELLED", "TIMEOUT", "FAILED", "COMPLETED", "NODE_FAIL", "PREEMPTED", "OUT_OF_MEMORY"} { //nolint:misspell // Slurm's words
		require.False(t, s.Alive(), s)
		require.False(t, s.Waits(), s)
	}
	require.True(t, slurm.Pending.Waits())
	require.False(t, slurm.Running.Waits())
}
