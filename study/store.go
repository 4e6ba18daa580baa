package study

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite" // also registers the driver
)

// store is the memory of a study: a SQLite file with every point asked, every
// attempt at it and every answer. One process goes through the course, holding the
// study's lock; others add answers, and any number read. Nothing is used before it
// is committed.
//
// Numbers are kept as JSON arrays, null for what is missing: Go reads them back
// to the bit, and SQL functions and people can read them too. A point is found
// by its key, the exact bits of x.
type store struct {
	db   *sql.DB
	path string
	log  *log // of a store that is written to; nil: without one
}

const (
	folder       = ".sbo"     // of a study, for everything sbo writes
	databaseFile = "study.db" // in that folder

	applicationID = 0x73626f31 // "sbo1": what PRAGMA application_id says of our files
	schemaVersion = 3          // what PRAGMA user_version says of files this code writes

	// Below this size a database is checked as a whole when a run opens it;
	// larger ones tell of damage when the page concerned is read.
	checkedSize = 32 << 20
)

// createStore opens the database of the study in dir for writing, and creates it
// if there is none. Whoever goes through the course holds the lock of the study;
// what others write, answers and notes of what they were given, is no part of it.
func createStore(ctx context.Context, dir string) (*store, error) {
	s := &store{path: filepath.Join(dir, folder, databaseFile)}
	size, err := inspect(s.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if size > 0 {
		// Opening to write marks the file; one that is not ours is never marked.
		if err := s.glance(ctx); err != nil {
			return nil, err
		}
	}
	journal := "&_pragma=journal_mode(WAL)&_pragma=wal_autocheckpoint(0)"
	if networkFileSystem(filepath.Dir(s.path)) {
		// The shared memory of WAL works on one host only; see sqlite.org/wal.html.
		journal = "&_pragma=journal_mode(DELETE)"
	} else {
		s.log = &log{store: s}
	}
	if err := s.open("_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" + journal); err != nil {
		return nil, err
	}
	err = s.recognize(ctx)
	if errors.Is(err, errNew) {
		err = s.create(ctx)
	}
	if err == nil {
		err = s.upgrade(ctx)
	}
	if err == nil && size <= checkedSize {
		err = s.check(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// readStore opens the database of the study in dir for reading, which does not
// disturb a run. The error is fs.ErrNotExist if there is none yet.
func readStore(ctx context.Context, dir string) (*store, error) {
	return readDatabase(ctx, filepath.Join(dir, folder, databaseFile))
}

// readDatabase is readStore of a file.
func readDatabase(ctx context.Context, path string) (*store, error) {
	s := &store{path: path}
	if _, err := inspect(s.path); err != nil {
		return nil, err
	}
	if err := s.open(readOnly); err != nil {
		return nil, err
	}
	err := s.recognize(ctx)
	var failure *sqlite.Error
	if _, pending := os.Stat(s.path + "-wal"); errors.As(err, &failure) && pending != nil {
		// SQLite wants to write beside the database even to read it; in a folder
		// that forbids it, a database without pending changes is read as it is.
		_ = s.close()
		if err := s.open(readOnly + "&immutable=1"); err != nil {
			return nil, err
		}
		err = s.recognize(ctx)
	}
	if errors.Is(err, errNew) {
		err = fmt.Errorf("study: %s is empty: %w", s.path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

const readOnly = "mode=ro&_pragma=busy_timeout(10000)"

// glance recognizes the database without writing to it.
func (s *store) glance(ctx context.Context) error {
	if err := s.open(readOnly); err != nil {
		return err
	}
	err := s.recognize(ctx)
	var failure *sqlite.Error
	if errors.Is(err, errNew) || errors.As(err, &failure) && failure.Code()&0xff == codeReadOnly {
		err = nil // nothing to lose, or to be rolled back first, after a crash, by whoever writes
	}
	return errors.Join(err, s.close())
}

// inspect returns the size of a database file, and an error for what is no SQLite
// file, so that SQLite never touches a file that is somebody else's.
func inspect(path string) (int64, error) {
	const magic = "SQLite format 3\x00"
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("study: %w", err)
	}
	defer func() { _ = f.Close() }() // read only: nothing to lose
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("study: %w", err)
	}
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(f, head); info.Size() > 0 && (err != nil || string(head) != magic) {
		return 0, fmt.Errorf("study: %s is not a SQLite database; sbo leaves it alone: move it away, or put a backup in its place", path)
	}
	return info.Size(), nil
}

func (s *store) open(parameters string) error {
	name := (&url.URL{Path: s.path}).EscapedPath()
	db, err := sql.Open("sqlite", "file:"+name+"?"+parameters)
	if err != nil {
		return s.fault("open", err)
	}
	db.SetMaxOpenConns(1) // one writer; and the pragmas are those of the connection
	s.db = db
	return nil
}

func (s *store) close() error {
	return errors.Join(s.log.empty(), s.fault("close", s.db.Close()))
}

var errNew = errors.New("study: the database is new")

// recognize checks that the database is one of ours, of a version we know.
func (s *store) recognize(ctx context.Context) error {
	var application, version, tables int
	err := s.db.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version),
		(SELECT count(*) FROM sqlite_master)`).Scan(&application, &version, &tables)
	switch {
	case err != nil:
		return s.fault("read", err)
	case application == 0 && tables == 0:
		return errNew
	case application != applicationID:
		return fmt.Errorf("study: %s is the database of another program; sbo leaves it alone: move it away, or put a backup in its place", s.path)
	case version > schemaVersion:
		return fmt.Errorf("study: %s was written by a newer sbo (schema %d; this one knows %d): use that one", s.path, version, schemaVersion)
	}
	return nil
}

func (s *store) check(ctx context.Context) error {
	var verdict string
	if err := s.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return s.fault("check", err)
	}
	if verdict != "ok" {
		return s.damaged(verdict)
	}
	return nil
}

func (s *store) damaged(how string) error {
	return fmt.Errorf("study: %s is damaged (%s); nothing was changed: put a backup in its place, or save what can be saved with: sqlite3 %s .recover", s.path, how, s.path)
}

// The primary result codes of SQLite that deserve a sentence (sqlite.org/rescode.html).
const (
	codeBusy     = 5
	codeReadOnly = 8
	codeIOError  = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotADB   = 26
)

// fault says what went wrong with the database in words that name its path.
func (s *store) fault(doing string, err error) error {
	var failure *sqlite.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &failure):
		return fmt.Errorf("study: cannot %s %s: %w", doing, s.path, err)
	}
	switch failure.Code() & 0xff {
	case codeFull:
		return fmt.Errorf("study: the disk of %s is full; answers stored so far are safe: make room and run again: %w", s.path, err)
	case codeReadOnly, codeCantOpen:
		return fmt.Errorf("study: cannot %s %s: the file or its folder is not accessible or not writable: %w", doing, s.path, err)
	case codeIOError:
		return fmt.Errorf("study: cannot %s %s: the disk does not answer as it should: %w", doing, s.path, err)
	case codeBusy:
		return fmt.Errorf("study: cannot %s %s: another program keeps it locked: %w", doing, s.path, err)
	case codeCorrupt, codeNotADB:
		return errors.Join(s.damaged(failure.Error()), err)
	}
	return fmt.Errorf("study: cannot %s %s: %w", doing, s.path, err)
}

// transact runs f in one transaction, which is on disk when transact returns nil.
func (s *store) transact(ctx context.Context, doing string, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.fault(doing, err)
	}
	if err := f(tx); err != nil {
		return s.fault(doing, errors.Join(err, ignoreDone(tx.Rollback())))
	}
	if err := tx.Commit(); err != nil {
		return s.fault(doing, err)
	}
	s.log.grown()
	return nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// quoted returns a name as SQL wants it.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
