package slurm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Client speaks with Slurm. The zero value is ready.
type Client struct {
	Patience time.Duration // how long a command may take; 0: a minute
}

// Commands returns the commands that must be there.
func Commands() []string { return []string{"sbatch", "squeue", "scancel", "scontrol"} }

// CommandError says that a command of Slurm failed.
type CommandError struct {
	Command string // its name
	Said    string // what it printed on its standard error, in one line
	Err     error
}

// Error says which command failed, and what it said.
func (e *CommandError) Error() string {
	if e.Said == "" {
		return fmt.Sprintf("%s: %v", e.Command, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Command, e.Said)
}

// Unwrap returns the error of running the command.
func (e *CommandError) Unwrap() error { return e.Err }

// Job is an array of tasks that is submitted.
type Job struct {
	Name    string
	Script  string   // the file of its script
	Dir     string   // the folder in which it runs
	Output  string   // the file for what the script prints, with %a for the index of the task
	Tasks   int      // with the indices from 0
	Options []string // further ones of sbatch
}

// arguments are those of sbatch. Slurm's own ways of starting a job again are switched
// off: a task is started once.
func (j Job) arguments() []string {
	list := []string{"--parsable", "--no-requeue", "--job-name=" + j.Name, "--chdir=" + j.Dir, "--output=" + j.Output, "--open-mode=append"}
	list = append(append(list, j.Options...), fmt.Sprintf("--array=0-%d", j.Tasks-1))
	if j.Script != "" {
		list = append(list, j.Script)
	}
	return list
}

// CommandLine is what submits the job, for people to read.
func (j Job) CommandLine() string { return "sbatch " + strings.Join(j.arguments(), " ") }

// Submit submits the job and returns its number.
func (c Client) Submit(ctx context.Context, j Job) (string, error) {
	out, err := c.run(ctx, "", "sbatch", j.arguments()...)
	if err != nil {
		return "", err
	}
	lines := strings.Fields(out) // in front may be what a site has to say
	if len(lines) == 0 {
		return "", &CommandError{Command: "sbatch", Said: "it printed no number of a job", Err: errors.ErrUnsupported}
	}
	id, _, _ := strings.Cut(lines[len(lines)-1], ";") // behind is the name of the cluster
	return id, nil
}

// Try has Slurm say when such a job would start, without submitting it. The error is
// why it would be refused.
func (c Client) Try(ctx context.Context, j Job) (string, error) {
	j.Script = "" // what comes on standard input
	said, err := c.run(ctx, "#!/bin/sh\ntrue\n", "sbatch", append([]string{"--test-only"}, j.arguments()...)...)
	return said, err
}

// Task names a task of an array.
type Task struct {
	Name  string // of the job
	Index int
}

// Entry is what the queue says of a task.
type Entry struct {
	ID     string // of the task: number of the job, _, index
	State  State
	Reason string // for the state, in a word
}

// Queue returns what is known of the tasks of jobs with these names: those that wait
// or run, and for a while, five minutes on most clusters, those that have ended.
func (c Client) Queue(ctx context.Context, names []string) (map[Task]Entry, error) {
	tasks := map[Task]Entry{}
	const most = 500 // names in one command
	for some := range slices.Chunk(names, most) {
		out, err := c.run(ctx, "", "squeue", "--noheader", "--array", "--states=all", "--user="+strconv.Itoa(os.Getuid()), "--name="+strings.Join(some, ","), "--format=%j|%F|%K|%T|%r")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			field := strings.SplitN(strings.TrimSpace(line), "|", 5)
			if len(field) != 5 {
				continue // a site may add remarks
			}
			index, err := strconv.Atoi(field[2])
			if err != nil {
				continue
			}
			t, e := Task{field[0], index}, Entry{field[1] + "_" + field[2], State(field[3]), field[4]}
			if other, twice := tasks[t]; !twice || !other.State.Alive() {
				tasks[t] = e
			}
		}
	}
	return tasks, nil
}

// Cancel cancels tasks, or whole jobs, by their numbers, as far as they have the name:
// a number may have been given to another job since.
func (c Client) Cancel(ctx context.Context, name string, ids ...string) error {
	const most = 1000 // in one command
	var errs []error
	for some := range slices.Chunk(ids, most) {
		_, err := c.run(ctx, "", "scancel", append([]string{"--quiet", "--name=" + name}, some...)...)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

var maxArraySize = regexp.MustCompile(`(?m)^MaxArraySize\s*=\s*([0-9]+)`)

// MaxArraySize returns how many tasks an array may have.
func (c Client) MaxArraySize(ctx context.Context) (int, error) {
	out, err := c.run(ctx, "", "scontrol", "show", "config")
	if err != nil {
		return 0, err
	}
	const usual = 1001
	m := maxArraySize.FindStringSubmatch(out)
	if m == nil {
		return usual, nil
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return usual, nil
	}
	return max(n, 1), nil
}

// Version asks the controller for its version, which it tells when it works.
func (c Client) Version(ctx context.Context) (string, error) {
	out, err := c.run(ctx, "", "scontrol", "show", "config")
	if m := regexp.MustCompile(`(?m)^SLURM_VERSION\s*=\s*(\S+)`).FindStringSubmatch(out); m != nil {
		return m[1], nil
	}
	return "", err
}

var partitionLine = regexp.MustCompile(`(?m)^\s*PartitionName=(\S+)`)

// Partition returns what Slurm says of a partition, or of all of them for the empty
// name.
func (c Client) Partition(ctx context.Context, name string) ([]string, error) {
	arguments := []string{"show", "partition"}
	if name != "" {
		arguments = append(arguments, name)
	}
	out, err := c.run(ctx, "", "scontrol", arguments...)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range partitionLine.FindAllStringSubmatch(out, -1) {
		names = append(names, m[1])
	}
	return names, nil
}

// run runs a command and returns what it printed, on both streams if it is sbatch with
// nothing on the first.
func (c Client) run(ctx context.Context, stdin, name string, arguments ...string) (string, error) {
	patience := c.Patience
	if patience == 0 {
		patience = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	command := exec.CommandContext(ctx, name, arguments...)
	command.Env = environment(os.Environ())
	// An interrupt from the keyboard is for who started this, and must not cut a
	// submission in two.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.WaitDelay = time.Second
	if stdin != "" {
		command.Stdin = strings.NewReader(stdin)
	}
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	said := sentences(name, stderr.String())
	if said == "" && err != nil {
		said = sentences(name, stdout.String()) // of scontrol
	}
	if err != nil {
		if cause := ctx.Err(); cause != nil {
			err = cause
		}
		return stdout.String(), &CommandError{Command: name, Said: said, Err: err}
	}
	if stdout.Len() == 0 {
		return said, nil
	}
	return stdout.String(), nil
}

// sentences joins the lines that a command has printed, without its name in front.
func sentences(name, text string) string {
	var list []string
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), name+": ")
		if line = strings.TrimPrefix(line, "error: "); line != "" {
			list = append(list, line)
		}
	}
	return strings.Join(list, "; ")
}

// environment is that of this process without what is about the job in which it may run
// itself, which would be taken for that of the job submitted, and without settings of
// formats that are read here.
func environment(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		job := strings.HasPrefix(name, "SLURM_") && name != "SLURM_CONF" && name != "SLURM_CLUSTERS"
		return job || strings.HasPrefix(name, "SQUEUE_") || strings.HasPrefix(name, "SCANCEL_") || name == "SBATCH_WAIT" || name == "SBATCH_REQUEUE"
	})
}
