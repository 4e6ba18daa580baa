package study

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strings"
)

// History returns every evaluation the study has asked for, in the order of
// their ids; none if it never ran. It reads what is stored, so it may be called
// while another process runs the study.
func (s *Study) History(ctx context.Context) ([]Evaluation, error) {
	store, plan, err := s.look(ctx)
	if store == nil || err != nil {
		return nil, err
	}
	history, err := store.history(ctx, s.dir, plan.PartialMask())
	return history, errors.Join(err, store.close())
}

// Status returns where the study stands. It reads what is stored, so it may be
// called while another process runs the study.
func (s *Study) Status(ctx context.Context) (Status, error) {
	status := Status{Study: s.plan.Study, Dir: s.dir, Phase: "new", Budget: s.plan.Budget.Evaluations, Failures: map[string]int{}}
	busy, holder, err := locked(filepath.Join(s.dir, folder, lockFile))
	if err != nil {
		return status, err
	}
	if busy {
		status.Holder = &holder
	}
	store, plan, err := s.look(ctx)
	if store == nil || err != nil {
		return status, err
	}
	err = errors.Join(s.read(ctx, &status, store, plan), store.close())
	return status, err
}

func (s *Study) read(ctx context.Context, status *Status, store *store, plan *Plan) error {
	history, err := store.history(ctx, s.dir, plan.PartialMask())
	if err != nil {
		return err
	}
	p := plan.Problem()
	box := p.Box()
	status.Budget = plan.Budget.Evaluations
	status.Evaluations, status.Jobs = count(history), jobsOf(history)
	for i := range history {
		e := &history[i]
		switch {
		case e.State == Failed:
			status.Failures[e.Cause]++
		case e.State == Done && box.Contains(e.X) && (status.Best == nil || p.Better(e.Y, status.Best.Y)):
			status.Best = e
		}
		if e.Ended.After(status.Updated) {
			status.Updated = e.Ended
		}
	}
	confirmed, err := store.latestEvent(ctx, status)
	if confirmed > 0 && confirmed <= len(history) {
		status.Best = &history[confirmed-1]
	}
	if status.Best != nil {
		status.Violation, status.Feasible = p.Violation(status.Best.Y), p.Feasible(status.Best.Y)
	}
	return err
}

// look opens the store for reading, nil if there is none yet, and returns the
// plan under which the study ran last.
func (s *Study) look(ctx context.Context) (*store, *Plan, error) {
	store, err := readStore(ctx, s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	plan, _, _, err := store.latestPlan(ctx)
	var evaluator string
	if err == nil {
		evaluator, err = evaluatorName(s.plan)
	}
	if err == nil {
		err = store.matches(ctx, identity(s.plan.Problem(), evaluator))
	}
	if err != nil || plan == nil {
		return nil, nil, errors.Join(err, store.close())
	}
	plan.dir, plan.file = s.plan.dir, s.plan.file
	return store, plan, nil
}

// history reads every evaluation.
func (s *store) history(ctx context.Context, dir string, mask []bool) ([]Evaluation, error) {
	var count int
	if err := s.db.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM evaluations").Scan(&count); err != nil {
		return nil, s.fault("read", err)
	}
	rows, err := s.db.QueryContext(ctx, `SELECT e.id, e.key, e.phase, e.round, e.reason, e.predicted,
			a.y, a.partials, coalesce(a.failed, ''), coalesce(a.note, ''), coalesce(a.seconds, 0), coalesce(a.at, ''),
			coalesce(t.number, 0), coalesce(t.outcome, ''), coalesce(t.stderr, '')
		FROM evaluations e
		LEFT JOIN answers a ON a.evaluation = e.id
		LEFT JOIN attempts t ON t.evaluation = e.id AND t.number = (SELECT max(number) FROM attempts WHERE evaluation = e.id)
		ORDER BY e.id`)
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	history := make([]Evaluation, 0, count)
	for rows.Next() {
		var e Evaluation
		var key []byte
		var predicted, y, partials sql.NullString
		var at string
		var last outcome
		err := rows.Scan(&e.ID, &key, &e.Phase, &e.Round, &e.Reason, &predicted,
			&y, &partials, &e.Cause, &e.Note, &e.Seconds, &at, &e.Attempts, &last, &e.Stderr)
		if err == nil {
			err = placed(e.ID, readNumbers(&e.Predicted, predicted), readNumbers(&e.Y, y), readNumbers(&e.Partials, partials))
		}
		if err != nil {
			return nil, s.fault("read", err)
		}
		e.X, e.Ended = pointOf(key), parseClock(at)
		if e.Attempts > 0 {
			e.Dir = attemptDir(dir, e.ID, e.Attempts)
		}
		if err := e.stand(mask, last); err != nil {
			return nil, err
		}
		history = append(history, e)
	}
	return history, s.fault("read", rows.Err())
}

// stand sets the state of an evaluation from what was read.
func (e *Evaluation) stand(mask []bool, last outcome) (err error) {
	switch {
	case e.Y != nil:
		e.State, e.Partials = Done, masked(e.Partials, mask)
	case e.Cause != "":
		e.State = Failed
	default:
		e.State, e.Stderr = Waiting, ""
		if e.Attempts == 0 || last != "" {
			return nil
		}
		a := attempt{dir: e.Dir}
		if e.State, err = a.standing(); err != nil {
			return err
		}
		if j, submitted := a.job(); submitted && e.State != Waiting {
			e.Job = j.id()
		}
	}
	return nil
}

// latestEvent fills in what the journal of the runs says. best is the evaluation
// that the last run ended with, 0 if it has not ended or has none.
func (s *store) latestEvent(ctx context.Context, status *Status) (best int, err error) {
	var kind EventKind
	var at, text string
	err = s.db.QueryRowContext(ctx, "SELECT at, kind, phase, round, text, ifnull(best, 0) FROM events ORDER BY id DESC LIMIT 1").
		Scan(&at, &kind, &status.Phase, &status.Round, &text, &best)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, s.fault("read", err)
	}
	if when := parseClock(at); when.After(status.Updated) {
		status.Updated = when
	}
	if kind == EventStopped {
		status.Stopped, status.Why = Stopped(status.Phase), text
		status.Phase = "ended"
	}
	return best, nil
}

// jobsOf counts the evaluations that jobs of a cluster have, in the order of the first.
func jobsOf(history []Evaluation) []JobCounts {
	var jobs []JobCounts
	for _, e := range history {
		if e.State != Running && e.State != Queued || e.Job == "" {
			continue
		}
		id, _, _ := strings.Cut(e.Job, "_")
		i := slices.IndexFunc(jobs, func(j JobCounts) bool { return j.ID == id })
		if i < 0 {
			i, jobs = len(jobs), append(jobs, JobCounts{ID: id})
		}
		if e.State == Running {
			jobs[i].Running++
		} else {
			jobs[i].Queued++
		}
	}
	return jobs
}

// count adds up the states of evaluations.
func count(history []Evaluation) Counts {
	var c Counts
	for _, e := range history {
		if e.Reason == Imported {
			if e.State != Waiting { // its answer was withdrawn
				c.Imported++
			}
			continue
		}
		c.Total++
		switch e.State {
		case Done:
			c.Done++
			for _, v := range e.Partials {
				if !math.IsNaN(v) {
					c.WithPartials++
					break
				}
			}
		case Failed:
			c.Failed++
		case Running:
			c.Running++
		case Queued:
			c.Queued++
		case Waiting:
			c.Waiting++
		}
	}
	return c
}
