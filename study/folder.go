package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// FolderError says that nothing can be stored in the folder of a study any more: it is
// gone, as when a network share is lost, or read-only, or its disk is full. What was
// stored before is used by the next run.
type FolderError struct {
	Dir     string // of the study
	Trouble string // what is wrong with it, and what to do
	Err     error  // by which that was noticed; nil: by looking
}

// Error says what is wrong, and what to do.
func (e *FolderError) Error() string {
	text := fmt.Sprintf("study: the folder %s %s; running again goes on from what is stored there", filepath.Join(e.Dir, folder), e.Trouble)
	if e.Err != nil {
		text += fmt.Sprintf(" (%s)", strings.TrimPrefix(e.Err.Error(), "study: "))
	}
	return text
}

// Unwrap returns the error by which it was noticed.
func (e *FolderError) Unwrap() error { return e.Err }

// What may be wrong with a folder.
const (
	folderGone     = "is gone: it was moved or deleted, or its disk or share is not there any more; bring it back"
	folderReadOnly = "cannot be written to any more: it, or what it is on, has become read-only; mend that"
	diskIsFull     = "is on a disk that is full, or at its quota: make room"
)

// blame joins errors. If it is the folder of the study that is to blame, that is all
// there is to say: whatever else went wrong follows from it. It looks whether the
// folder is there also if there is no error yet, since a database whose file was
// deleted can be written to without one.
func (c *session) blame(errs ...error) error {
	err := errors.Join(errs...)
	var known *FolderError
	switch {
	case c.lock == nil: // in a replay, which writes nothing
		return err
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled), errors.Is(err, errDeadline):
		return err
	}
	trouble := troubleOf(filepath.Join(c.dir, folder), c.home, err)
	if trouble == "" {
		return err
	}
	return &FolderError{Dir: c.dir, Trouble: trouble, Err: err}
}

// troubleOf says what is wrong with the folder at path, which was home when the run
// began; empty if nothing is by which err could be explained.
func troubleOf(path string, home fs.FileInfo, err error) string {
	now, gone := os.Stat(path)
	switch {
	case gone != nil:
		return folderGone
	case err != nil && !os.SameFile(now, home): // not without an error: some file systems number their files anew
		return folderGone
	case err == nil:
		return ""
	case errors.Is(err, syscall.EROFS), unix.Access(path, unix.W_OK) != nil:
		return folderReadOnly
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), diskFull(path):
		return diskIsFull
	}
	return ""
}

// makeFolder makes a folder, unless it is there. The one that it is in must be there:
// where a share was mounted, nothing is put into the empty mount point.
func makeFolder(path string) error {
	if err := os.Mkdir(path, 0o755); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
