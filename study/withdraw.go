package study

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Withdraw takes back the answers to evaluations, values or failures, all of them or,
// with an error, none: as if they had never come. What they were, when they were taken
// back and why is kept in the table withdrawn of study.db. The next run begins a course
// with all the answers that remain. An evaluation whose answer was withdrawn may be told
// another one, under its id or at its point, before that or later.
//
// The errors are [*HeldError] if a process runs the study, which uses the answers, and
// [*NoAnswerError] if not every id has one.
func (s *Study) Withdraw(ctx context.Context, ids []int, why string) (err error) {
	reader, _, err := s.look(ctx)
	switch {
	case err != nil:
		return err
	case reader == nil:
		return fmt.Errorf("study: %s has no answers to be withdrawn", s.dir)
	}
	if err := reader.close(); err != nil {
		return err
	}
	lock, err := hold(s.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	store, err := createStore(ctx, s.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	answers, err := store.answers(ctx, ids)
	if err != nil {
		return err
	}
	var none []int
	for _, id := range ids {
		if _, there := answers[id]; !there {
			none = append(none, id)
		}
	}
	if none != nil {
		return &NoAnswerError{IDs: none}
	}
	return store.withdraw(ctx, ids, why)
}

// NoAnswerError says that evaluations have no answer, or that there are none.
type NoAnswerError struct{ IDs []int }

// Error lists them.
func (e *NoAnswerError) Error() string {
	return "study: there is no answer to be withdrawn of evaluation " + strings.ReplaceAll(rangesText(e.IDs), ",", ", ") + "; nothing was"
}

// withdraw moves answers to the table of those that were taken back. Failed attempts
// do not count any more, so that an evaluation that is asked for again is tried again.
func (s *store) withdraw(ctx context.Context, ids []int, why string) error {
	now := clock(time.Now())
	return s.transact(ctx, "write", func(tx *sql.Tx) error {
		for _, id := range ids {
			for _, statement := range []struct {
				text      string
				arguments []any
			}{
				{`INSERT INTO withdrawn (evaluation, y, partials, failed, note, seconds, at, epoch, why, taken)
					SELECT evaluation, y, partials, failed, note, seconds, at, (SELECT max(id) FROM epochs), ?, ? FROM answers WHERE evaluation = ?`, []any{why, now, id}},
				{"DELETE FROM answers WHERE evaluation = ?", []any{id}},
				{"UPDATE attempts SET outcome = ? WHERE evaluation = ? AND outcome = ?", []any{string(outcomeAborted), id, string(outcomeFailed)}},
			} {
				if _, err := tx.ExecContext(ctx, statement.text, statement.arguments...); err != nil {
					return err
				}
			}
		}
		// The last run has not ended with what is known now.
		_, err := tx.ExecContext(ctx, "INSERT INTO events (at, kind, phase, round, text) VALUES (?, ?, ?, 0, ?)",
			now, string(EventChanged), phaseDesign, withdrawnText(len(ids)))
		return err
	})
}

func withdrawnText(n int) string { return fmt.Sprintf("answers withdrawn: %d", n) }

// taken counts the answers that were taken back since an epoch began.
func (s *store) taken(ctx context.Context, epoch int) (n int, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT count(*) FROM withdrawn WHERE epoch = ?", epoch).Scan(&n)
	return n, s.fault("read", err)
}
