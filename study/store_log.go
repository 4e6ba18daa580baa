package study

import (
	"context"
	"errors"
	"sync"
	"time"
)

// log is the write-ahead log of a store, study.db-wal. What is committed is in it, and
// safe there. It is emptied into study.db all the time, so that this file is whole even
// if the others of the folder are deleted: a moment after a commit, and before and after
// every batch of evaluations. Each time costs some waits for the disk, which quick
// evaluations share.
type log struct {
	store *store
	mu    sync.Mutex
	timer *time.Timer // that empties it; nil: it is empty
}

// logDelay is how long what is committed may be in the log alone.
const logDelay = 50 * time.Millisecond

// grown is called after a commit.
func (l *log) grown() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer == nil {
		l.timer = time.AfterFunc(logDelay, func() { _ = l.empty() }) // if that fails, what is committed is still in the log
	}
}

// empty moves what is in the log, if anything, into study.db.
func (l *log) empty() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer == nil {
		return nil
	}
	l.timer.Stop()
	l.timer = nil
	_, err := l.store.db.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)")
	return l.store.fault("write", err)
}

// loosely runs a statement that is committed without a wait for the disk: it survives
// the end of this process at any moment, but not that of the machine.
func (s *store) loosely(ctx context.Context, statement string, arguments ...any) error {
	run := func() error {
		c, err := s.db.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = c.Close() }() // it goes back to the pool
		if s.log == nil {                // without a log, the file could be damaged
			_, err := c.ExecContext(ctx, statement, arguments...)
			return err
		}
		if _, err := c.ExecContext(ctx, "PRAGMA synchronous=OFF"); err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, statement, arguments...)
		_, restored := c.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous=FULL")
		return errors.Join(err, restored)
	}
	if err := run(); err != nil {
		return s.fault("write", err)
	}
	s.log.grown() // not while the connection is held: the log may be waiting for it
	return nil
}
