package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/sbo-go/sbo/study"
)

// openStudy opens the study in a folder. Attempts at evaluations run in processes
// of their own, so that they survive this one.
func (a *app) openStudy(ctx context.Context, dir string, o study.Options) (*study.Study, error) {
	shim, err := attemptShim()
	if err != nil {
		return nil, err
	}
	o.Shim = shim
	s, err := study.Open(ctx, dir, o)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !exists(dir):
		return nil, usage("there is no folder %s", dir).hint("sbo init %s writes a study to begin with", dir)
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("there is no %s in %s", study.FileName, dir).hint("sbo init %s writes one to begin with", dir)
	case err != nil && exitCode(err) == exitFailed:
		return nil, usage("%s", plain(err.Error()))
	}
	return s, err
}

// attemptShim is the command that runs an attempt in a process of its own.
func attemptShim() ([]string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find the program sbo: %w", err)
	}
	return []string{program, "attempt"}, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// with opens the study that the arguments name, uses it and closes it.
func (a *app) with(ctx context.Context, args []string, use func(*study.Study) error) error {
	s, err := a.openStudy(ctx, folderOf(args), study.Options{})
	if err != nil {
		return err
	}
	return errors.Join(use(s), s.Close())
}

// errNoAnswers is what a study says that was never run.
func errNoAnswers(s *study.Study) error {
	return fmt.Errorf("the study in %s has no answers yet; sbo run begins it", s.Dir())
}
