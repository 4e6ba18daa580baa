package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// raceOptions spare every process the second for which the race detector waits at
// its end.
const raceOptions = "atexit_sleep_ms=0"

func TestMain(m *testing.M) {
	if err := os.Setenv("GORACE", raceOptions); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"sbo": main})
}

// The sessions in testdata/script are what a user types and sees.
func TestSessions(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("TMPDIR", e.WorkDir) // where sbo check works
			e.Setenv("GORACE", raceOptions)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "signaled": signaled,
			"waitfor": func(ts *testscript.TestScript, _ bool, args []string) { waitFor(ts, ts.MkAbs(args[0])) },
		},
		RequireUniqueNames: true,
	})
}

// exits CODE COMMAND... runs a command that has to end with this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	if got := codeOf(err); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

func codeOf(err error) string {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "0"
	case errors.As(err, &exit):
		return strconv.Itoa(exit.ExitCode())
	}
	return err.Error()
}

// signaled SIGNAL CODE FILE COMMAND... starts a command, sends it INT or TERM as
// soon as the file is there, and wants it to end with this exit code. What it
// prints on standard error goes to the file stderr.
func signaled(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: signaled SIGNAL CODE FILE COMMAND...")
	}
	stderr, err := os.Create(ts.MkAbs("stderr"))
	ts.Check(err)
	path, err := exec.LookPath(args[3])
	ts.Check(err)
	command := exec.Command(path, args[4:]...)
	command.Dir, command.Env = ts.MkAbs("."), append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"))
	command.Stderr = stderr
	ts.Check(command.Start())
	waitFor(ts, ts.MkAbs(args[2]))
	ts.Check(command.Process.Signal(map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM}[args[0]]))
	err = command.Wait()
	ts.Check(stderr.Close())
	if got := codeOf(err); got != args[1] {
		text, _ := os.ReadFile(stderr.Name())
		ts.Fatalf("exit code %s, want %s: %s", got, args[1], text)
	}
}

// waitFor waits until there is a file, patiently: the machine may be busy.
func waitFor(ts *testscript.TestScript, path string) {
	for range 3000 {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("no file %s", filepath.Base(path))
}
