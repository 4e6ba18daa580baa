// Package slurm speaks with the workload manager Slurm by its commands: sbatch,
// squeue, scancel and scontrol. It needs no accounting database, and no library: the
// options it uses, and the formats it reads, are the same in the versions from 19 to 25.
//
// A [Client] is asked for one thing at a time and answers what Slurm says, or a
// [*CommandError]. What to make of an error is for whoever asks: a controller that is
// being started again, and one that refuses a job, exit with the same code.
//
//	id, err := client.Submit(ctx, slurm.Job{Name: "wing", Script: "job.sh", Tasks: 40})
//	tasks, err := client.Queue(ctx, []string{"wing"})
//	err = client.Cancel(ctx, "wing", tasks[slurm.Task{Name: "wing", Index: 7}].ID)
//
// Numbers of jobs are no identity: a controller that is killed within seconds of a
// submission forgets it, and gives its number to the next job. The name is, if it is
// chosen so that it is used only once.
//
// The manual pages, https://slurm.schedmd.com/sbatch.html and those beside it, describe
// the commands; https://slurm.schedmd.com/squeue.html#SECTION_JOB-STATE-CODES has the
// states.
package slurm
