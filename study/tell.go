package study

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/sbo-go/sbo"
)

// Answer is what somebody outside found at a point: values, with or without
// partials, or a failure.
type Answer struct {
	ID int       // of the evaluation that was asked for; 0: the one at X
	X  []float64 // NX design variables; nil: those of the evaluation ID

	Y        []float64 // NY responses; nil for a failure
	Partials []float64 // NY*NX partials, NaN where missing; nil: none
	Failed   string    // why there are no values, in words; empty if there are
	Note     string    // anything worth keeping
	Seconds  float64   // how long it took; 0: not known

	Where string // where the answer was read, for errors, as in answers.csv:3
}

// AnswersError says that some of the answers told are none, so that nothing was stored.
type AnswersError struct {
	Faults []error // a sentence for each, with its Where
}

// Error lists the faults, one a line.
func (e *AnswersError) Error() string { return errors.Join(e.Faults...).Error() }

// Unwrap returns the faults.
func (e *AnswersError) Unwrap() []error { return e.Faults }

// Told is what became of answers.
type Told struct {
	IDs      []int // the evaluation of each answer, in their order
	Answered int   // points that the study had asked for
	Added    int   // points that it had not: data from now on
	Known    int   // points that had an answer already, which stays
	Outside  int   // of Added: points outside of the bounds, which serve the training only
	Failed   int   // of Answered and Added: failures
}

// Tell stores answers, all of them or, with an error, none. It may be called while
// another process runs the study, which uses them as if they were its own: at a point
// that both evaluate, the first answer counts.
//
// An answer is to the evaluation ID or, without, to the one at X; both together have
// to agree. At an X that nobody asked for it is data all the same, and used from the
// next run or [Study.Ask] on, see [Study.Import]. If one of them is none, the error is an
// [*AnswersError].
func (s *Study) Tell(ctx context.Context, answers []Answer) (Told, error) {
	return s.tell(ctx, answers, false)
}

// Import adds samples that were evaluated before or elsewhere, all of them or, with
// an error, none. They are what the course of the study begins with: each takes the
// place of a point of the design, and costs no budget. Samples outside of the bounds
// train the surrogates, but are no candidates for the optimum. Responses may be
// missing (NaN), as long as one is known. The ids of the answers do not count: a
// sample at a point that has an answer is recognized and left out, and one at a point
// that waits for an answer gives it.
//
// With trial nothing is stored, but the return value is as if it were.
func (s *Study) Import(ctx context.Context, answers []Answer, trial bool) (Told, error) {
	answers = slices.Clone(answers)
	for i := range answers {
		answers[i].ID = 0
	}
	return s.tell(ctx, answers, trial)
}

// errTrial ends a transaction that was only a trial.
var errTrial = errors.New("study: only a trial")

func (s *Study) tell(ctx context.Context, answers []Answer, trial bool) (told Told, err error) {
	if err := os.MkdirAll(filepath.Join(s.dir, folder), 0o755); err != nil {
		return told, fmt.Errorf("study: cannot make the folder for answers: %w", err)
	}
	store, err := createStore(ctx, s.dir)
	if err != nil {
		return told, err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	evaluator, err := evaluatorName(s.plan)
	if err != nil {
		return told, err
	}
	if err := store.agree(ctx, identity(s.plan.Problem(), evaluator)); err != nil {
		return told, err
	}
	_, epoch, _, err := store.latestPlan(ctx)
	if err == nil && epoch == 0 {
		epoch, _, _, err = store.begin(ctx, s.plan)
	}
	if err != nil {
		return told, err
	}
	t := teller{problem: s.plan.Problem(), epoch: epoch}
	err = store.transact(ctx, "write", func(tx *sql.Tx) error {
		if err := t.all(ctx, tx, answers); err != nil {
			return err
		}
		if trial {
			return errTrial
		}
		return nil
	})
	if t.faults != nil {
		return Told{}, &AnswersError{t.faults}
	}
	if errors.Is(err, errTrial) {
		err = nil
	}
	return t.told, err
}

// awaiting is an answerer that waits until somebody has told the answer.
type awaiting struct{ store *store }

func (w awaiting) answer(ctx context.Context, id int, _ []float64) (answer, error) {
	for {
		known, err := w.store.answers(context.WithoutCancel(ctx), []int{id})
		if a, told := known[id]; told || err != nil {
			return a, err
		}
		select {
		case <-ctx.Done():
			return answer{}, context.Cause(ctx)
		case <-time.After(pollInterval):
		}
	}
}

// teller stores answers in a transaction.
type teller struct {
	problem sbo.Problem
	epoch   int
	told    Told
	faults  []error

	last    int               // evaluation
	byKey   map[string]int    // evaluations by their points
	points  map[int][]float64 // the other way round
	known   map[int]bool      // evaluations that have an answer
	waiting []int             // those that have none
}

// maxTold is how many faults are reported: more are not read by anyone.
const maxTold = 20

// all stores the answers, unless one of them has a fault.
func (t *teller) all(ctx context.Context, tx *sql.Tx, answers []Answer) error {
	if err := t.load(ctx, tx); err != nil {
		return err
	}
	for i, a := range answers {
		if err := t.one(ctx, tx, a); err != nil {
			return err
		}
		if len(t.faults) == maxTold && i+1 < len(answers) {
			t.faults = append(t.faults, errors.New("study: there may be more faults from here on"))
			break
		}
	}
	if t.faults != nil {
		return errTrial
	}
	return nil
}

// load reads what is there.
func (t *teller) load(ctx context.Context, tx *sql.Tx) error {
	t.byKey, t.points, t.known = map[string]int{}, map[int][]float64{}, map[int]bool{}
	rows, err := tx.QueryContext(ctx, `SELECT e.id, e.key, a.evaluation IS NOT NULL
		FROM evaluations e LEFT JOIN answers a ON a.evaluation = e.id ORDER BY e.id`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	for rows.Next() {
		var key []byte
		var known bool
		if err := rows.Scan(&t.last, &key, &known); err != nil {
			return err
		}
		t.byKey[string(key)], t.points[t.last] = t.last, pointOf(key)
		if t.known[t.last] = known; !known {
			t.waiting = append(t.waiting, t.last)
		}
	}
	return rows.Err()
}

// one stores an answer, or notes its faults.
func (t *teller) one(ctx context.Context, tx *sql.Tx, a Answer) error {
	id, fault := t.find(a)
	if fault == "" {
		fault = t.judge(a, id)
	}
	if fault != "" {
		where := a.Where
		if where == "" {
			where = fmt.Sprintf("answer %d", len(t.told.IDs)+len(t.faults)+1)
		}
		t.faults = append(t.faults, fmt.Errorf("study: %s: %s", where, fault))
		return nil
	}
	if id > 0 && t.known[id] {
		t.told.IDs, t.told.Known = append(t.told.IDs, id), t.told.Known+1
		return nil
	}
	if id > 0 {
		t.told.Answered++
	} else {
		t.last++
		id = t.last
		key := keyOf(a.X)
		t.byKey[string(key)], t.points[id] = id, a.X
		if _, err := tx.ExecContext(ctx, "INSERT INTO evaluations (id, key, x, phase, round, reason, epoch) VALUES (?, ?, ?, ?, 0, ?, ?)",
			id, key, numbersText(a.X), phaseDesign, Imported, t.epoch); err != nil {
			return err
		}
		t.told.Added++
		if !t.problem.Box().Contains(a.X) {
			t.told.Outside++
		}
	}
	t.known[id], t.told.IDs = true, append(t.told.IDs, id)
	return t.store(ctx, tx, id, a)
}

// store puts the answer to an evaluation down.
func (t *teller) store(ctx context.Context, tx *sql.Tx, id int, a Answer) error {
	var y, partials, failed any
	if a.Failed != "" {
		failed = a.Failed
		t.told.Failed++
	} else {
		if a.Partials == nil {
			a.Partials = slices.Repeat([]float64{math.NaN()}, t.problem.NY()*t.problem.NX())
		}
		y, partials = numbersText(a.Y), numbersText(a.Partials)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO answers (evaluation, y, partials, failed, note, seconds, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, y, partials, failed, a.Note, a.Seconds, clock(time.Now())); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM asked WHERE evaluation = ?", id)
	return err
}
