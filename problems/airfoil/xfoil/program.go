package xfoil

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// The ways in which there is no XFOIL to ask.
var (
	// ErrNotFound says that XFOIL is not installed.
	ErrNotFound = errors.New("there is no XFOIL; install it, as with apt install xfoil, or name a program in the environment variable XFOIL")
	// ErrTraps says that XFOIL stops at floating-point exceptions, and that this could
	// not be mended.
	ErrTraps = errors.New("this XFOIL stops at floating-point exceptions, since it was built with -ffpe-trap; " +
		"build it without that option, or start it through a script that preloads a library (LD_PRELOAD) whose function _gfortran_set_fpe does nothing")
)

// Program is an XFOIL that works. Several goroutines may use it at once.
type Program struct {
	path   string
	folder string // of the copy without traps; "" if there is none
}

// Find looks for XFOIL, by default the one that the environment variable XFOIL names,
// else the one in PATH, and tries it out. The error wraps [ErrNotFound] or [ErrTraps],
// or is that of the trial.
func Find(ctx context.Context, path string) (*Program, error) {
	for _, name := range []string{os.Getenv("XFOIL"), "xfoil"} {
		if path == "" {
			path = name
		}
	}
	path, err := exec.LookPath(path)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, fmt.Errorf("xfoil: %w: %w", ErrNotFound, err)
	}
	p := &Program{path: path}
	if err = p.try(ctx); errors.Is(err, ErrTraps) {
		if p, err = withoutTraps(path); err == nil {
			err = p.try(ctx)
		}
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// try analyzes a section that no XFOIL has trouble with.
func (p *Program) try(ctx context.Context) error {
	naca := airfoil.NACA4{Thickness: 0.12}
	_, err := p.Analyze(ctx, naca.Section(airfoil.Panels), airfoil.Flow{Reynolds: 3e6}, 2)
	return err
}

// The name of the function of the library of GNU Fortran that sets the traps, and of
// one that has no effect and needs no arguments: it counts those of the program. Both
// stand in the table of names of the executable.
var (
	setsTraps = []byte("\x00_gfortran_set_fpe\x00")
	harmless  = []byte("\x00_gfortran_iargc\x00\x00\x00")
)

// withoutTraps returns a copy of the program that sets no traps.
func withoutTraps(path string) (*Program, error) {
	code, err := os.ReadFile(path) //nolint:gosec // the user names it
	if err != nil {
		return nil, fmt.Errorf("xfoil: %w", err)
	}
	if bytes.Count(code, setsTraps) != 1 {
		return nil, fmt.Errorf("xfoil: %s: %w", path, ErrTraps)
	}
	folder, err := os.MkdirTemp("", "xfoil-")
	if err != nil {
		return nil, fmt.Errorf("xfoil: %w", err)
	}
	p := &Program{path: filepath.Join(folder, "xfoil"), folder: folder}
	if err := os.WriteFile(p.path, bytes.Replace(code, setsTraps, harmless, 1), 0o700); err != nil { //nolint:gosec // a program
		return nil, errors.Join(fmt.Errorf("xfoil: %w", err), p.Close())
	}
	return p, nil
}

// Mended reports whether the program is a copy of the installed one, which stops at
// floating-point exceptions.
func (p *Program) Mended() bool { return p.folder != "" }

// Close removes what Find has made, if anything.
func (p *Program) Close() error {
	if p == nil || p.folder == "" {
		return nil
	}
	return os.RemoveAll(p.folder)
}
