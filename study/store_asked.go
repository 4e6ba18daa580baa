package study

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// want notes the points that the course has come to and that have no answer, in place
// of those before.
func (s *store) want(ctx context.Context, points []question) error {
	return s.transact(ctx, "write", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM wanted"); err != nil {
			return err
		}
		insert, err := tx.PrepareContext(ctx, "INSERT INTO wanted (evaluation) VALUES (?)")
		if err != nil {
			return err
		}
		defer func() { _ = insert.Close() }() // the transaction's end matters
		for _, q := range points {
			if _, err := insert.ExecContext(ctx, q.id); err != nil {
				return err
			}
		}
		return nil
	})
}

// current reports whether the points noted as wanted are those of this plan and of
// the samples at hand.
func (s *store) current(ctx context.Context, plan *Plan) (bool, error) {
	text, err := json.Marshal(plan)
	if err != nil {
		return false, fmt.Errorf("study: the plan cannot be written down: %w", err)
	}
	_, epoch, latest, err := s.latestPlan(ctx)
	if err != nil || latest != string(text) {
		return false, err
	}
	given, err := s.given(ctx, epoch)
	if err != nil {
		return false, err
	}
	fresh, err := s.imported(ctx, given)
	if err != nil {
		return false, err
	}
	taken, err := s.taken(ctx, epoch)
	return fresh == 0 && taken == 0, err
}

// waitingPoint is a point that the course waits for.
type waitingPoint struct {
	id      int
	x       []float64
	phase   string
	round   int
	given   bool // to asker, since
	asker   string
	since   time.Time
	attempt int // the last one that has not ended, 0 for none
}

// waiting returns the points that the course waits for, in the order of ids.
func (s *store) waiting(ctx context.Context) ([]waitingPoint, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT e.id, e.key, e.phase, e.round, g.asker, coalesce(g.at, ''),
			coalesce((SELECT max(number) FROM attempts t WHERE t.evaluation = e.id AND t.outcome IS NULL), 0)
		FROM wanted w
		JOIN evaluations e ON e.id = w.evaluation
		LEFT JOIN answers a ON a.evaluation = e.id
		LEFT JOIN asked g ON g.evaluation = e.id
		WHERE a.evaluation IS NULL ORDER BY e.id`)
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	var list []waitingPoint
	for rows.Next() {
		var w waitingPoint
		var key []byte
		var asker sql.NullString
		var at string
		if err := rows.Scan(&w.id, &key, &w.phase, &w.round, &asker, &at, &w.attempt); err != nil {
			return nil, s.fault("read", err)
		}
		w.x, w.given, w.asker, w.since = pointOf(key), asker.Valid, asker.String, parseClock(at)
		list = append(list, w)
	}
	return list, s.fault("read", rows.Err())
}

// running reports whether a run in dir has the point evaluated, or has its answer
// already, which is about to be read.
func (w waitingPoint) running(dir string) (bool, error) {
	if w.attempt == 0 {
		return false, nil
	}
	a := attempt{dir: attemptDir(dir, w.id, w.attempt)}
	if _, ended, err := a.exited(); ended || err != nil {
		return ended, err
	}
	state, err := a.standing()
	return state == Running || state == Queued, err
}

// hand notes that the asker was given the points, and returns them in the order of
// ids, without those that somebody else has been given since they were looked up.
func (s *store) hand(ctx context.Context, points []waitingPoint, asker string) ([]waitingPoint, error) {
	var handed []waitingPoint
	err := s.transact(ctx, "write", func(tx *sql.Tx) error {
		for _, w := range points {
			if w.given && w.asker == asker {
				handed = append(handed, w)
				continue
			}
			r, err := tx.ExecContext(ctx, `INSERT INTO asked (evaluation, asker, at) VALUES (?, ?, ?)
				ON CONFLICT (evaluation) DO UPDATE SET asker = excluded.asker, at = excluded.at WHERE asked.at = ?`,
				w.id, asker, clock(time.Now()), clock(w.since))
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil {
				return err
			} else if n > 0 {
				handed = append(handed, w)
			}
		}
		return nil
	})
	slices.SortFunc(handed, func(a, b waitingPoint) int { return cmp.Compare(a.id, b.id) })
	return handed, err
}
