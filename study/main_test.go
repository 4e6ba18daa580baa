package study

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// TestMain lets the test binary play the programs that the tests need as
// processes of their own: the one that runs an attempt, and one that runs a study.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "attempt":
			os.Exit(RunAttempt(os.Args[2]))
		case "walk":
			if _, err := walk(context.Background(), ".", Options{Workers: 3, Shim: shim()}); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

func shim() []string {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return []string{self, "attempt"}
}

// walker is the command that walks through the study in dir.
func walker(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), shim()[0], "walk")
	cmd.Dir = dir
	return cmd
}

// walk runs the study in dir on a course of its own, which is quick and, like the
// real one, a function of the plan and the answers: eight points, then four
// rounds of two that depend on everything before.
func walk(ctx context.Context, dir string, o Options) (d sbo.Data, err error) {
	s, err := Open(ctx, dir, o)
	if err != nil {
		return d, err
	}
	c, err := s.start(ctx)
	if err != nil {
		return d, err
	}
	defer func() {
		if e := c.end(); err == nil {
			err = e
		}
	}()
	box, rng := c.problem.Box(), sbo.Rand(s.plan.Seed, "walk")
	points := func(n int, shift float64) []float64 {
		var x []float64
		for range n {
			u := make([]float64, c.problem.NX())
			for j := range u {
				_, u[j] = math.Modf(rng.Float64() + shift)
			}
			x = append(x, box.Place(nil, u)...)
		}
		return x
	}
	d, err = c.memo.batch(ctx, points(8, 0), phaseDesign, 0)
	for round := 1; round <= 4 && err == nil; round++ {
		shift := 0.0
		for i := range d.Len() {
			if !d.Failed(i) {
				shift += math.Abs(d.Responses(i)[0]) + math.Abs(d.PartialsOf(i)[0])
			}
		}
		var more sbo.Data
		more, err = c.memo.batch(ctx, points(2, shift), phaseInfill, round)
		if err == nil {
			d = d.Append(more)
		}
	}
	return d, err
}

// write puts a file into dir and returns its path; a file that begins with #! may
// be run.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	mode := os.FileMode(0o644)
	if strings.HasPrefix(text, "#!") {
		mode = 0o755
	}
	require.NoError(t, os.WriteFile(path, []byte(text), mode))
	return path
}

// external makes a study of two variables and two responses whose evaluator is
// the shell script given. settings are further lines of the evaluator.
func external(t *testing.T, script string, settings ...string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "drive.sh", "#!/bin/sh\n"+script)
	write(t, dir, FileName, `
study: test
variables:
  - {name: a, lower: -1, upper: 1}
  - {name: b, lower: 0, upper: 2}
responses:
  - {name: f, minimize: true, partials: true}
  - {name: g, upper: 1, partials: [a]}
evaluator:
  command: [./drive.sh]
  `+strings.Join(settings, "\n  ")+"\n")
	return dir
}

// evaluate evaluates one point of the study in dir, in process or by a shim.
func evaluate(t *testing.T, dir string, o Options, x ...float64) (sbo.Data, error) {
	t.Helper()
	s, err := Open(t.Context(), dir, o)
	require.NoError(t, err)
	c, err := s.start(t.Context())
	if err != nil {
		return sbo.Data{}, err
	}
	defer func() { require.NoError(t, c.end()) }()
	return c.memo.batch(t.Context(), x, phaseDesign, 0)
}

// only returns the one evaluation of the study in dir.
func only(t *testing.T, dir string) Evaluation {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	history, err := s.History(t.Context())
	require.NoError(t, err)
	require.Len(t, history, 1)
	return history[0]
}
