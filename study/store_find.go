package study

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// bulk is from how many rows on it is quicker to read a table as a whole.
const bulk = 1000

// find returns the ids of the points, 0 for one never asked.
func (s *store) find(ctx context.Context, x []float64, nx int) ([]int, error) {
	if len(x)/nx >= bulk {
		return s.findAll(ctx, x, nx)
	}
	query, err := s.db.PrepareContext(ctx, "SELECT id FROM evaluations WHERE key = ?")
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = query.Close() }() // it was only read
	ids := make([]int, len(x)/nx)
	for i := range ids {
		err := query.QueryRowContext(ctx, keyOf(x[i*nx:(i+1)*nx])).Scan(&ids[i])
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, s.fault("read", err)
		}
	}
	return ids, nil
}

// findAll is find for many points.
func (s *store) findAll(ctx context.Context, x []float64, nx int) ([]int, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, key FROM evaluations")
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	known := map[string]int{}
	for rows.Next() {
		var id int
		var key sql.RawBytes
		if err := rows.Scan(&id, &key); err != nil {
			return nil, s.fault("read", err)
		}
		known[string(key)] = id
	}
	ids := make([]int, len(x)/nx)
	for i := range ids {
		ids[i] = known[string(keyOf(x[i*nx:(i+1)*nx]))]
	}
	return ids, s.fault("read", rows.Err())
}

// answers returns what is known of the evaluations, by id.
func (s *store) answers(ctx context.Context, ids []int) (map[int]answer, error) {
	const columns = "SELECT evaluation, y, partials, coalesce(failed, ''), note, seconds, at FROM answers"
	known := make(map[int]answer, len(ids))
	if len(ids) >= bulk {
		rows, err := s.db.QueryContext(ctx, columns+" WHERE evaluation BETWEEN ? AND ?", slices.Min(ids), slices.Max(ids))
		if err != nil {
			return nil, s.fault("read", err)
		}
		defer func() { _ = rows.Close() }() // rows.Err tells what matters
		wanted := make(map[int]bool, len(ids))
		for _, id := range ids {
			wanted[id] = true
		}
		for rows.Next() {
			a, err := scanAnswer(rows)
			if err != nil {
				return nil, s.fault("read", err)
			}
			if wanted[a.id] {
				known[a.id] = a
			}
		}
		return known, s.fault("read", rows.Err())
	}
	query, err := s.db.PrepareContext(ctx, columns+" WHERE evaluation = ?")
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = query.Close() }() // it was only read
	for _, id := range ids {
		a, err := scanAnswer(query.QueryRowContext(ctx, id))
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, s.fault("read", err)
		}
		known[id] = a
	}
	return known, nil
}

// scanAnswer reads an answer from a row.
func scanAnswer(row interface{ Scan(to ...any) error }) (a answer, err error) {
	var y, partials sql.NullString
	var at string
	if err := row.Scan(&a.id, &y, &partials, &a.failed, &a.note, &a.seconds, &at); err != nil {
		return a, err
	}
	a.ended = parseClock(at)
	return a, placed(a.id, readNumbers(&a.y, y), readNumbers(&a.partials, partials))
}

// placed says which evaluation has numbers that cannot be read.
func placed(id int, errs ...error) error {
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("the answer of evaluation %d: %w", id, err)
	}
	return nil
}

func readNumbers(dst *[]float64, text sql.NullString) (err error) {
	if text.Valid {
		*dst, err = parseNumbers(text.String)
	}
	return err
}
