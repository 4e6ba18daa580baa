package study

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// answer is what came of an evaluation, for good: responses, or a failure.
type answer struct {
	id          int
	y, partials []float64 // all the evaluator gave; the plan's declaration is applied when they are used
	failed      string    // the cause; empty for an answer with values
	note        string
	seconds     float64
	ended       time.Time
	attempt     *attemptEnd // of the attempt that was answered; nil for a built-in problem
}

// attemptEnd is what became of an attempt.
type attemptEnd struct {
	evaluation, number int
	outcome            outcome
	cause, stderr      string
	seconds            float64
	maxRSS             int64 // bytes
}

// outcome is how an attempt ended.
type outcome string

const (
	outcomeAnswered    outcome = "answered"
	outcomeFailed      outcome = "failed"
	outcomeInterrupted outcome = "interrupted" // by us; does not count as a retry
	outcomeLost        outcome = "lost"        // ended without a word; does not count either
	outcomeAborted     outcome = "aborted"     // by a fault that is not the point's; stops the study
)

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func parseClock(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// ask returns the ids of the points, rows of nx numbers. Points never asked
// before are given the next ids in their order, all in one transaction, so that
// ids follow the course of the study whatever the number of workers.
func (s *store) ask(ctx context.Context, x []float64, nx int, phase string, round, epoch int) ([]int, error) {
	ids, err := s.find(ctx, x, nx)
	if err != nil || !slices.Contains(ids, 0) {
		return ids, err
	}
	err = s.transact(ctx, "write", func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, "INSERT INTO evaluations (id, key, x, phase, round, reason, epoch) VALUES (?, ?, ?, ?, ?, '', ?)")
		if err != nil {
			return err
		}
		defer func() { _ = insert.Close() }() // the transaction's end matters
		var last int
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM evaluations").Scan(&last); err != nil {
			return err
		}
		given := map[string]int{} // a batch may hold a point twice
		for i, id := range ids {
			point := x[i*nx : (i+1)*nx]
			key := keyOf(point)
			if id == 0 {
				id = given[string(key)]
			}
			if id == 0 {
				last++
				id = last
				given[string(key)] = id
				if _, err := insert.ExecContext(ctx, id, key, numbersText(point), phase, round, epoch); err != nil {
					return err
				}
			}
			ids[i] = id
		}
		return nil
	})
	return ids, err
}

// record stores answers, and the ends of their attempts, in one transaction. It
// returns the evaluations that had an answer already, which stays.
func (s *store) record(ctx context.Context, answers []answer) (late []int, err error) {
	if len(answers) == 0 {
		return nil, nil
	}
	err = s.transact(ctx, "write", func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, "INSERT INTO answers (evaluation, y, partials, failed, note, seconds, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (evaluation) DO NOTHING")
		if err != nil {
			return err
		}
		defer func() { _ = insert.Close() }() // the transaction's end matters
		for _, a := range answers {
			var y, partials, failed any
			if a.failed != "" {
				failed = a.failed
			} else {
				y, partials = numbersText(a.y), numbersText(a.partials)
			}
			stored, err := insert.ExecContext(ctx, a.id, y, partials, failed, a.note, a.seconds, clock(a.ended))
			if err != nil {
				return err
			}
			if n, err := stored.RowsAffected(); err != nil {
				return err
			} else if n == 0 {
				late = append(late, a.id)
			}
			if a.attempt == nil {
				continue
			}
			if err := endAttempt(ctx, tx, *a.attempt); err != nil {
				return err
			}
		}
		return nil
	})
	return late, err
}

// attemptRow is what the store knows of an attempt.
type attemptRow struct {
	number  int
	outcome outcome // empty: running or lost
	cause   string
	stderr  string
	seconds float64
}

// attempts returns the attempts at an evaluation in their order.
func (s *store) attempts(ctx context.Context, id int) ([]attemptRow, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT number, coalesce(outcome, ''), cause, stderr, seconds FROM attempts WHERE evaluation = ? ORDER BY number", id)
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	var list []attemptRow
	for rows.Next() {
		var a attemptRow
		if err := rows.Scan(&a.number, &a.outcome, &a.cause, &a.stderr, &a.seconds); err != nil {
			return nil, s.fault("read", err)
		}
		list = append(list, a)
	}
	return list, s.fault("read", rows.Err())
}

// unsettled returns the attempts of which no end is stored: their evaluations and numbers.
func (s *store) unsettled(ctx context.Context) ([]attempt, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT evaluation, number FROM attempts WHERE outcome IS NULL")
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	var list []attempt
	for rows.Next() {
		var a attempt
		if err := rows.Scan(&a.evaluation, &a.number); err != nil {
			return nil, s.fault("read", err)
		}
		list = append(list, a)
	}
	return list, s.fault("read", rows.Err())
}

// intend stores that an attempt is about to be started. If the machine fails, so does
// the attempt, and nothing is missing that has to be found.
func (s *store) intend(ctx context.Context, id, number int) error {
	return s.loosely(ctx, "INSERT INTO attempts (evaluation, number, started) VALUES (?, ?, ?)", id, number, clock(time.Now()))
}

// settle stores the end of an attempt that does not answer its evaluation.
func (s *store) settle(ctx context.Context, end attemptEnd) error {
	return s.transact(ctx, "write", func(tx *sql.Tx) error { return endAttempt(ctx, tx, end) })
}

func endAttempt(ctx context.Context, tx *sql.Tx, end attemptEnd) error {
	r, err := tx.ExecContext(ctx, "UPDATE attempts SET outcome = ?, cause = ?, stderr = ?, seconds = ?, max_rss = ? WHERE evaluation = ? AND number = ? AND outcome IS NULL",
		string(end.outcome), end.cause, end.stderr, end.seconds, end.maxRSS, end.evaluation, end.number)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("attempt %d of evaluation %d was not open", end.number, end.evaluation))
	}
	return nil
}

// motive is why a point was chosen.
type motive struct {
	x         []float64
	phase     string
	round     int
	reason    string
	predicted []float64
}

// explain stores why points were chosen, unless that is known already: a rerun
// that passes a point again leaves the first explanation.
func (s *store) explain(ctx context.Context, motives []motive) error {
	return s.transact(ctx, "write", func(tx *sql.Tx) error {
		for _, m := range motives {
			var predicted any
			if m.predicted != nil {
				predicted = numbersText(m.predicted)
			}
			if _, err := tx.ExecContext(ctx, "UPDATE evaluations SET phase = ?, round = ?, reason = ?, predicted = ? WHERE key = ? AND reason = ''",
				m.phase, m.round, m.reason, predicted, keyOf(m.x)); err != nil {
				return err
			}
		}
		return nil
	})
}
