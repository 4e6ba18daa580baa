package study

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sbo-go/sbo"
)

// MismatchError says that the answers stored are not answers to what the study
// file asks now.
type MismatchError struct {
	Path     string   // of the database
	Was, Now []string // the parts that differ, before and after, each with its name
}

// Error says what changed and what to do.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("study: the answers in %s belong to another study: they are for %s, the study file has %s; "+
		"change the study file back, or give the new study a folder of its own (bounds, limits, budget and settings may change at any time)",
		e.Path, strings.Join(e.Was, " and "), strings.Join(e.Now, " and "))
}

// identity is what answers are answers to: everything that gives the numbers in
// the store their meaning. Bounds, limits, budgets and settings are no part of it.
func identity(p sbo.Problem, evaluator string) map[string]string {
	var variables, responses []string
	for _, v := range p.Variables {
		variables = append(variables, v.Name)
	}
	for _, r := range p.Responses {
		responses = append(responses, r.Name)
	}
	return map[string]string{
		"variables": strings.Join(variables, ", "),
		"responses": strings.Join(responses, ", "),
		"evaluator": evaluator,
	}
}

// agree checks that the store's answers are for this identity, which a store
// without one takes on.
func (s *store) agree(ctx context.Context, now map[string]string) error {
	was, err := s.pairs(ctx, "SELECT name, value FROM identity")
	if err != nil {
		return err
	}
	if len(was) == 0 {
		return s.transact(ctx, "write", func(tx *sql.Tx) error {
			for _, name := range slices.Sorted(maps.Keys(now)) {
				if _, err := tx.ExecContext(ctx, "INSERT INTO identity (name, value) VALUES (?, ?)", name, now[name]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return s.compare(was, now)
}

// matches is agree for a store that is only read.
func (s *store) matches(ctx context.Context, now map[string]string) error {
	was, err := s.pairs(ctx, "SELECT name, value FROM identity")
	if err != nil || len(was) == 0 {
		return err
	}
	return s.compare(was, now)
}

func (s *store) compare(was, now map[string]string) error {
	mismatch := &MismatchError{Path: s.path}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if was[name] != now[name] {
			mismatch.Was = append(mismatch.Was, name+" "+was[name])
			mismatch.Now = append(mismatch.Now, name+" "+now[name])
		}
	}
	if mismatch.Was != nil {
		return mismatch
	}
	return nil
}

func (s *store) pairs(ctx context.Context, query string) (map[string]string, error) {
	rows, err := s.db.QueryContext(ctx, query)
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	pairs := map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, s.fault("read", err)
		}
		pairs[name] = value
	}
	return pairs, s.fault("read", rows.Err())
}

// latestPlan returns the plan under which the study ran last, nil if it never ran.
func (s *store) latestPlan(ctx context.Context) (plan *Plan, epoch int, text string, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT id, plan FROM epochs ORDER BY id DESC LIMIT 1").Scan(&epoch, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, "", nil
	}
	if err == nil {
		plan = new(Plan)
		err = json.Unmarshal([]byte(text), plan)
	}
	return plan, epoch, text, s.fault("read", err)
}

// begin journals the plan of a run, and what it begins with. It returns the epoch,
// the evaluations whose answers are given from the start, and what changed since the
// epoch before: nothing if it is the same or the first.
//
// The answers that are given are fixed for the epoch, so that its course is a
// function of the plan and the answers. They are all there are whenever the course
// changes anyway: by the plan, by samples from elsewhere, or by answers taken back.
func (s *store) begin(ctx context.Context, plan *Plan) (epoch int, given []int, changes []string, err error) {
	text, err := json.Marshal(plan)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("study: the plan cannot be written down: %w", err)
	}
	before, epoch, old, err := s.latestPlan(ctx)
	if err != nil {
		return 0, nil, nil, err
	}
	if given, err = s.given(ctx, epoch); err != nil {
		return 0, nil, nil, err
	}
	fresh, err := s.imported(ctx, given)
	if err != nil {
		return 0, nil, nil, err
	}
	taken, err := s.taken(ctx, epoch)
	if err != nil || old == string(text) && fresh == 0 && taken == 0 {
		return epoch, given, nil, err
	}
	if before != nil {
		if changes, err = differences([]byte(old), text); err != nil {
			return 0, nil, nil, s.fault("read", err)
		}
	}
	if fresh > 0 {
		changes = append(changes, fmt.Sprintf("samples from elsewhere: %d more", fresh))
	}
	if taken > 0 {
		changes = append(changes, withdrawnText(taken))
	}
	if slices.ContainsFunc(changes, altersCourse) {
		if given, err = s.answered(ctx); err != nil {
			return 0, nil, nil, err
		}
	}
	epoch++
	err = s.transact(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO epochs (id, at, version, plan, changes) VALUES (?, ?, ?, ?, ?)",
			epoch, clock(time.Now()), Version, string(text), strings.Join(changes, "\n"))
		if err == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM wanted") // by another course, which may not come there any more
		}
		if err == nil && len(given) > 0 {
			_, err = tx.ExecContext(ctx, "INSERT INTO given (epoch, ids) VALUES (?, ?)", epoch, rangesText(given))
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, samplesView(plan.Problem(), plan.PartialMask()))
		}
		return err
	})
	return epoch, given, changes, err
}

// note journals what a run does, for status; best is the evaluation a run that
// stopped ended with, 0 for none.
func (s *store) note(ctx context.Context, kind EventKind, phase string, round int, text string, best int) error {
	return s.transact(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO events (at, kind, phase, round, text, best) VALUES (?, ?, ?, ?, ?, nullif(?, 0))",
			clock(time.Now()), string(kind), phase, round, text, best)
		return err
	})
}
