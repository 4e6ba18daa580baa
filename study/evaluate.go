package study

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/sbo-go/sbo"
)

// An answerer brings one evaluation to its end, in whatever time that takes. A
// failure is an answer; an error means that something else is wrong, and stops
// the study. It may be called from several goroutines at once.
type answerer interface {
	answer(ctx context.Context, id int, x []float64) (answer, error)
}

// errUnanswered says that a point is not in the memory of a study that may only
// remember.
var errUnanswered = errors.New("study: a point has no answer yet")

// memo evaluates batches of points from the memory of the study, and asks the
// answerer for what is not in it. An answer is used only after it is stored, so
// that the course of a study is a function of its plan and its answers: running
// it again passes the same points, and none is evaluated twice.
type memo struct {
	store      *store
	answerer   answerer // nil: only remember
	writes     bool     // points that were never asked are noted
	open       int      // points of the batch at which there was nobody to answer
	mask       []bool   // of the partials that are declared, and so used
	nx, ny     int
	dir        string // of the study
	row        row    // of failures that are alike
	workers    int
	epoch      int
	ended      func(a answer, x []float64) // called for every new answer after it is stored; nil: not wanted
	remembered func(n int)                 // called with the number of answers a batch found in memory; nil: not wanted
}

// batch returns the answers at the rows of x, in their order, whatever the number
// of workers.
func (m *memo) batch(ctx context.Context, x []float64, phase string, round int) (sbo.Data, error) {
	ids, err := m.idsOf(ctx, x, phase, round)
	if err != nil {
		return sbo.Data{}, err
	}
	answers, err := m.store.answers(ctx, ids)
	if err != nil {
		return sbo.Data{}, err
	}
	if m.remembered != nil {
		m.remembered(len(answers))
	}
	var todo []question
	asked := map[int]bool{} // a batch may hold a point twice
	for i, id := range ids {
		m.row.works = m.row.works || answers[id].y != nil
		if _, known := answers[id]; !known && !asked[id] {
			todo, asked[id] = append(todo, question{id, x[i*m.nx : (i+1)*m.nx]}), true
		}
	}
	if len(todo) > 0 && m.writes {
		if err := errors.Join(m.store.want(ctx, todo), m.store.log.empty()); err != nil {
			return sbo.Data{}, err
		}
	}
	if m.open = len(todo); len(todo) > 0 && m.answerer == nil {
		return sbo.Data{}, errUnanswered
	}
	if err := errors.Join(m.work(ctx, todo, answers), m.store.log.empty()); err != nil {
		return sbo.Data{}, err
	}
	return m.table(x, ids, answers), nil
}

// known returns those of the points that have an answer.
func (m *memo) known(ctx context.Context, x []float64) (sbo.Data, error) {
	ids, err := m.store.find(ctx, x, m.nx)
	if err != nil {
		return sbo.Data{}, err
	}
	answers, err := m.store.answers(ctx, ids)
	if err != nil {
		return sbo.Data{}, err
	}
	var rows []int
	for i, id := range ids {
		if _, ok := answers[id]; ok {
			rows = append(rows, i)
		}
	}
	return m.table(x, ids, answers).Subset(rows), nil
}

// table puts answers at the rows of x, in their order.
func (m *memo) table(x []float64, ids []int, answers map[int]answer) sbo.Data {
	d := sbo.NewData(m.nx, m.ny, len(ids))
	copy(d.X, x)
	for i, id := range ids {
		if a := answers[id]; a.y != nil {
			copy(d.Responses(i), a.y)
			copy(d.PartialsOf(i), masked(a.partials, m.mask))
		}
	}
	return d
}

func (m *memo) idsOf(ctx context.Context, x []float64, phase string, round int) ([]int, error) {
	if m.writes {
		return m.store.ask(ctx, x, m.nx, phase, round, m.epoch)
	}
	ids, err := m.store.find(ctx, x, m.nx)
	if slices.Contains(ids, 0) {
		return nil, errUnanswered
	}
	return ids, err
}

// masked returns the partials without those that are not declared. All are
// stored: a declaration may change.
func masked(partials []float64, mask []bool) []float64 {
	declared := make([]float64, len(mask))
	for i := range declared {
		declared[i] = math.NaN()
		if mask[i] && i < len(partials) {
			declared[i] = partials[i]
		}
	}
	return declared
}

type question struct {
	id int
	x  []float64
}

// came is an answer that has come to a run.
type came struct {
	answer
	told bool // by somebody outside, so that it is stored
}

// work has the questions answered by a pool of workers, started in their order,
// and puts the stored answers into answers. The first error ends the attempts
// that are going on; answers that have come are stored all the same.
func (m *memo) work(ctx context.Context, todo []question, answers map[int]answer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	points := make(map[int][]float64, len(todo))
	for _, q := range todo {
		points[q.id] = q.x
	}
	line, results := &queue{store: m.store, rest: todo}, make(chan came, len(todo))
	var pool sync.WaitGroup
	for range min(max(m.workers, 1), len(todo)) {
		pool.Go(func() {
			if err := m.serve(ctx, line, results); err != nil {
				cancel(err)
			}
		})
	}
	go func() {
		defer close(results)
		pool.Wait()
	}()
	for a := range results {
		group := []came{a}
		for n := len(results); n > 0; n-- { // what has come meanwhile shares a commit
			group = append(group, <-results)
		}
		if err := m.remember(context.WithoutCancel(ctx), group); err != nil {
			cancel(err)
			continue
		}
		for _, a := range group {
			answers[a.id] = a.answer
			if m.ended != nil {
				m.ended(a.answer, points[a.id])
			}
			if !a.told && m.row.add(a.answer) {
				cancel(m.giveUp(context.WithoutCancel(ctx), a.answer, points[a.id]))
			}
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// serve is the work of one worker: question after question, until none is left or
// ctx ends.
func (m *memo) serve(ctx context.Context, line *queue, results chan<- came) error {
	for {
		q, told, err := line.next(ctx)
		switch {
		case err != nil || q.id == 0:
			return err
		case told != nil:
			results <- came{*told, true}
			continue
		}
		a, err := m.answerer.answer(ctx, q.id, q.x)
		if err != nil {
			return err
		}
		results <- came{a, false}
	}
}

// remember stores the answers of a group. Where somebody outside was faster, that
// answer counts, and takes the place of ours.
func (m *memo) remember(ctx context.Context, group []came) error {
	var ours []answer
	for _, a := range group {
		if !a.told {
			ours = append(ours, a.answer)
		}
	}
	late, err := m.store.record(ctx, ours)
	if err != nil || len(late) == 0 {
		return err
	}
	stored, err := m.store.answers(ctx, late)
	for i, a := range group {
		if first, was := stored[a.id]; was {
			group[i] = came{first, true}
		}
	}
	return err
}

// queue is the questions of a batch that no worker has taken yet.
type queue struct {
	mu    sync.Mutex
	store *store
	rest  []question

	looked  time.Time // when what others do was last looked at
	version int       // of the database then
	outside []int     // points that were given to somebody
	told    []int     // points of the batch that were answered
}

// lookInterval is how long a look at what others do is good for: a point that both
// evaluate is no harm.
const lookInterval = 20 * time.Millisecond

// next takes the next question from the queue, the zero question at its end or that
// of ctx. Those that were given to somebody outside come last; one that was answered
// from there comes with its answer.
func (l *queue) next(ctx context.Context) (question, *answer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) == 0 || ctx.Err() != nil {
		return question{}, nil, nil
	}
	ctx = context.WithoutCancel(ctx)
	if time.Since(l.looked) > lookInterval {
		if err := l.look(ctx); err != nil {
			return question{}, nil, err
		}
		l.looked = time.Now()
	}
	i := max(0, slices.IndexFunc(l.rest, func(q question) bool {
		_, given := slices.BinarySearch(l.outside, q.id)
		return !given
	}))
	q := l.rest[i]
	copy(l.rest[1:i+1], l.rest[:i]) // the others keep their order; none moves if it is the first
	l.rest = l.rest[1:]
	if _, told := slices.BinarySearch(l.told, q.id); !told {
		return q, nil, nil
	}
	answers, err := l.store.answers(ctx, []int{q.id})
	if a, known := answers[q.id]; known {
		return q, &a, nil
	}
	return q, nil, err
}

// look finds out what others have taken and answered, if anything has been written
// but by this process (sqlite.org/pragma.html#pragma_data_version).
func (l *queue) look(ctx context.Context) (err error) {
	var version int
	if err := l.store.db.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil || version == l.version {
		return l.store.fault("read", err)
	}
	if l.outside, err = l.store.ids(ctx, "SELECT evaluation FROM asked ORDER BY evaluation"); err != nil {
		return err
	}
	l.told, err = l.store.ids(ctx, "SELECT w.evaluation FROM wanted w JOIN answers a ON a.evaluation = w.evaluation ORDER BY w.evaluation")
	l.version = version
	return err
}
