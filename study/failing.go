package study

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
)

// FailingError says that evaluations failed one after the other, all of them alike:
// a fault of the program or the machine rather than of the points. They are not
// remembered, so that running again tries them again.
type FailingError struct {
	Count   int        // how many in a row
	Example Evaluation // the last of them, with its cause
}

// Error says how many failed, of what, and what to do.
func (e *FailingError) Error() string {
	text := fmt.Sprintf("study: %d evaluations in a row failed alike: %s", e.Count, e.Example.Cause)
	if e.Example.Dir != "" {
		text += "; see " + e.Example.Dir
	}
	text += "; mend the cause and run again, which tries them again, or raise evaluator.failures_in_a_row if such failures are to be expected"
	if e.Example.Stderr != "" {
		text += "; the end of its stderr:\n" + strings.TrimRight(e.Example.Stderr, "\n")
	}
	return text
}

// row counts the failures in a row that have the same cause, in the order in which
// they come.
type row struct {
	limit int  // 0: none
	works bool // something has been answered: the points may be to blame, so the limit is doubled
	cause string
	count int
	ids   []int // those that are remembered
}

var digits = regexp.MustCompile(`[0-9]+`)

// add takes an answer into account, and reports whether the limit is reached, or was
// before: of evaluations that end together, some come when it is.
func (r *row) add(a answer) bool {
	cause := digits.ReplaceAllString(a.failed, "0") // of step 12, or of step 13: it is the same
	switch {
	case a.failed == "":
		r.cause, r.count, r.ids, r.works = "", 0, nil, true
		return false
	case cause != r.cause:
		r.cause, r.count, r.ids = cause, 0, nil
	}
	r.count, r.ids = r.count+1, append(r.ids, a.id)
	limit := r.limit
	if r.works {
		limit *= 2
	}
	return limit > 0 && r.count >= limit
}

// giveUp forgets the failures in the row, and returns the error that ends the run.
// a is the last of them.
func (m *memo) giveUp(ctx context.Context, a answer, x []float64) error {
	e := &FailingError{Count: m.row.count, Example: Evaluation{ID: a.id, X: x, State: Failed, Cause: a.failed, Seconds: a.seconds, Ended: a.ended}}
	if end := a.attempt; end != nil {
		e.Example.Attempts, e.Example.Stderr = end.number, end.stderr
		e.Example.Dir = attemptDir(m.dir, end.evaluation, end.number)
	}
	if err := m.store.forget(ctx, m.row.ids); err != nil {
		return err
	}
	m.row.ids = nil
	return e
}

// forget removes failures from memory. Their attempts stay, as ones that do not
// count.
func (s *store) forget(ctx context.Context, ids []int) error {
	return s.transact(ctx, "write", func(tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, "DELETE FROM answers WHERE evaluation = ? AND failed IS NOT NULL", id); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE attempts SET outcome = ? WHERE evaluation = ? AND outcome = ?", string(outcomeAborted), id, string(outcomeFailed)); err != nil {
				return err
			}
		}
		return nil
	})
}
