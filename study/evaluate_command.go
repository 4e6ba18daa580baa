package study

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/sbo-go/sbo"
)

// command evaluates by an external program that speaks one of the protocols. It
// survives the death of its process at any moment: the attempts it had going are
// found again, by their folders, and none is started twice.
type command struct {
	store    *store
	study    string // its name
	dir      string // absolute
	problem  sbo.Problem
	mask     []bool // which partials to ask for
	language language
	files    companions
	spec     spec
	retries  int
	executor executor
	local    *processes
	former   *cluster // adopts what was left in a queue by a study that does not use it any more
}

// pollInterval is how often an attempt that another process started is looked at.
const pollInterval = 50 * time.Millisecond

// mostLost is how many attempts in a row may end without a word before that
// counts as a fault of the machine rather than an accident; and how many may be lost
// by a cluster, which loses them for reasons.
const (
	mostLost      = 3
	mostLostThere = 30
)

// newCommand prepares the evaluation of a plan, whose command must exist.
// tell is called with what there is to say about where it runs.
func newCommand(s *store, dir string, plan *Plan, shim []string, tell func(string)) (*command, error) {
	argv, err := resolveCommand(dir, plan.Evaluator.Command)
	if err != nil {
		return nil, err
	}
	home, err := plan.home(dir)
	if err != nil {
		return nil, err
	}
	files, err := findCompanions(home, plan.Evaluator)
	if err != nil {
		return nil, err
	}
	language, err := newLanguage(plan, home)
	if err != nil {
		return nil, err
	}
	c := &command{
		store: s, study: plan.Study, dir: dir, problem: plan.Problem(), mask: plan.PartialMask(), retries: plan.Evaluator.Retries,
		language: language, files: files,
		spec: spec{Command: argv, Timeout: time.Duration(plan.Evaluator.Timeout), Stall: time.Duration(plan.Evaluator.Stall), Persistent: plan.Evaluator.Persistent},
	}
	for name, value := range plan.Evaluator.Env {
		c.spec.Env = append(c.spec.Env, name+"="+value)
	}
	c.local = &processes{shim}
	c.executor = c.newExecutor(plan.Evaluator, shim, tell)
	return c, nil
}

// home returns the folder that relative paths of the plan are meant in: that of its
// file or, for a plan made in memory, that of the study.
func (p *Plan) home(dir string) (string, error) {
	if p.dir == "" {
		return dir, nil
	}
	home, err := filepath.Abs(p.dir)
	if err != nil {
		return "", fmt.Errorf("study: %w", err)
	}
	return home, nil
}

// resolveCommand returns the command so that it can be run in any folder: a
// program with a slash is meant relative to the study's folder, one without is
// looked up in PATH, and an argument that names a file of the study's folder
// becomes the path of that file, as in [python3, drive.py].
func resolveCommand(dir string, argv []string) ([]string, error) {
	if len(argv) == 0 {
		return nil, errors.New("study: the evaluator has no command")
	}
	program, err := exec.LookPath(resolveProgram(dir, argv[0]))
	if err != nil {
		return nil, fmt.Errorf("study: a program of the evaluator cannot be run: %w", err)
	}
	if program, err = filepath.Abs(program); err != nil { // a relative entry of PATH
		return nil, fmt.Errorf("study: %w", err)
	}
	resolved := []string{program}
	for _, argument := range argv[1:] {
		if path := filepath.Join(dir, argument); isFile(path) && !filepath.IsAbs(argument) {
			argument = path
		}
		resolved = append(resolved, argument)
	}
	return resolved, nil
}

// answer brings an evaluation to its end: it takes up the attempt that an earlier
// run left, and starts attempts until one is answered or no retry is left.
func (c *command) answer(ctx context.Context, id int, x []float64) (answer, error) {
	rows, err := c.store.attempts(ctx, id)
	if err != nil {
		return answer{}, err
	}
	a := attempt{evaluation: id}
	failures, adopting := 0, false
	final := answer{id: id, ended: time.Now()} // the failure, should no retry be left
	for _, row := range rows {
		a.number, adopting = row.number, row.outcome == ""
		if row.outcome == outcomeFailed {
			failures++
			final.failed, final.seconds = row.cause, row.seconds
		}
	}
	for lost := 0; ; adopting = false {
		var known ending
		switch {
		case adopting:
			a.dir = attemptDir(c.dir, id, a.number)
			known, err = c.executorOf(a).adopt(ctx, a)
		case failures > c.retries:
			return final, nil
		default:
			a, known, err = c.launch(ctx, a, x)
		}
		if err != nil {
			return answer{}, err
		}
		result, err := c.harvest(a, known)
		if err != nil {
			return answer{}, err
		}
		end := result.attempt
		if end.outcome == outcomeFailed {
			failures++
		}
		if end.outcome == outcomeAnswered || end.outcome == outcomeFailed && failures > c.retries {
			return result, nil // its attempt is settled together with the answer
		}
		if err := c.store.settle(context.WithoutCancel(ctx), *end); err != nil {
			return answer{}, err
		}
		switch {
		case known.fault == needless:
			answers, err := c.store.answers(ctx, []int{id})
			if a, there := answers[id]; there || err != nil {
				return a, err
			}
		case end.outcome == outcomeAborted && !adopting:
			return answer{}, fmt.Errorf("study: %s (see %s)", end.cause, a.dir)
		case end.outcome == outcomeLost && !adopting:
			limit := mostLost
			if known.fault == ofCluster {
				limit = mostLostThere
			}
			if lost++; lost >= limit {
				return answer{}, fmt.Errorf("study: %d attempts in a row %s, the last in %s; the end of its stderr: %s", lost, end.cause, a.dir, end.stderr)
			}
		}
	}
}
