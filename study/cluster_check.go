package study

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/sbo-go/sbo/study/internal/slurm"
)

// Cluster checks that the cluster that is to evaluate the study is there, and would
// take its jobs: that the commands are found, that the cluster answers, knows the
// partition and accepts such a job, and that the folder of the study is one that
// machines share. Nothing is submitted. There are no checks for a study that is
// evaluated on this machine.
func (s *Study) Cluster(ctx context.Context) []Check {
	e := s.plan.Evaluator
	if e.Executor != ExecutorSlurm || e.Slurm == nil {
		return nil
	}
	var checks []Check
	report := func(name string, v Verdict, format string, args ...any) {
		checks = append(checks, Check{name, v, fmt.Sprintf(format, args...)})
	}
	var missing []string
	for _, command := range slurm.Commands() {
		if _, err := exec.LookPath(command); err != nil {
			missing = append(missing, command)
		}
	}
	if len(missing) > 0 {
		report("commands", Wrong, "%s not found; run the study where they are, on a login node", strings.Join(missing, ", "))
		return checks
	}
	report("commands", Passed, "%s are here", strings.Join(slurm.Commands(), ", "))
	client := slurm.Client{Patience: 30 * time.Second}
	version, err := client.Version(ctx)
	if err != nil {
		report("controller", Wrong, "it does not answer: %v", err)
		return checks
	}
	report("controller", Passed, "Slurm %s answers", version)
	all, err := client.Partition(ctx, "")
	switch wanted := e.Slurm.Partition; {
	case err != nil:
		report("partition", Wrong, "%v", err)
	case wanted == "":
		report("partition", Passed, "that which the cluster has for jobs that name none; there are %s", strings.Join(all, ", "))
	default:
		var unknown []string
		for name := range strings.SplitSeq(wanted, ",") {
			if !slices.Contains(all, name) {
				unknown = append(unknown, name)
			}
		}
		if len(unknown) > 0 {
			report("partition", Wrong, "there is no %s; there are %s", strings.Join(unknown, ", "), strings.Join(all, ", "))
			break
		}
		report("partition", Passed, "%s is there", wanted)
	}
	job := slurm.Job{Name: "sbo-check", Dir: s.dir, Output: "%a.out", Tasks: 1, Options: e.Slurm.arguments(time.Duration(e.Timeout))}
	if said, err := client.Try(ctx, job); err != nil {
		report("job", Wrong, "it would be refused: %v", err)
	} else {
		report("job", Passed, "it would be taken: %s", said)
	}
	if networkFileSystem(s.dir) {
		report("folder", Passed, "it is on a network file system")
	} else {
		report("folder", Noted, "it is on no network file system that is known here: do the nodes have it, by the same path?")
	}
	return checks
}
