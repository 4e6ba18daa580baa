package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// lockFile, in the study's folder, is locked with flock(2) by the process that
// runs the study; its content says who that is. The kernel drops the lock when
// the process ends in whatever way, so a stale file never bars the way.
const lockFile = "lock"

// HeldError says that another process runs the study.
type HeldError struct {
	Dir    string // of the study
	Holder Holder
}

// Error says who holds the study and what to do.
func (e *HeldError) Error() string {
	return fmt.Sprintf("study: %s is being run by process %d on %s since %s: wait for it, or end it; status, history and report work meanwhile",
		e.Dir, e.Holder.PID, e.Holder.Host, e.Holder.Since.Local().Format("2006-01-02 15:04:05"))
}

// hold takes the lock of the study in dir, for this process to run it. Closing
// the file gives it back.
func hold(dir string) (*os.File, error) {
	path := filepath.Join(dir, folder, lockFile)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("study: cannot make the folder for answers: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	err = tryLock(f)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = &HeldError{Dir: dir, Holder: readHolder(f)}
	}
	if err == nil {
		err = writeHolder(f)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// tryLock takes an exclusive lock, or returns EWOULDBLOCK. It tries for a moment,
// because whoever looks whether a file is locked locks it for an instant.
func tryLock(f *os.File) error {
	for try := 0; ; try++ {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, unix.EINTR) && (try == 20 || !errors.Is(err, unix.EWOULDBLOCK)):
			return fmt.Errorf("study: cannot lock %s: %w", f.Name(), err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// locked reports whether some process holds the lock on the file, and what the
// file says. A missing file is not locked.
func locked(path string) (bool, Holder, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, Holder{}, nil
	}
	if err != nil {
		return false, Holder{}, fmt.Errorf("study: %w", err)
	}
	defer func() { _ = f.Close() }() // gives the lock back too
	switch err := unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK):
		return true, readHolder(f), nil
	case err != nil:
		return false, Holder{}, fmt.Errorf("study: cannot look at the lock %s: %w", path, err)
	}
	return false, Holder{}, nil
}

func writeHolder(f *os.File) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	text, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Since: time.Now().UTC()})
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	if _, err := f.WriteAt(text, 0); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	return nil
}

// readHolder returns what it can: the file may be in the middle of being written.
func readHolder(f *os.File) (h Holder) {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 4096))
	if err != nil || json.Unmarshal(text, &h) != nil {
		return Holder{Host: "unknown host"}
	}
	return h
}
