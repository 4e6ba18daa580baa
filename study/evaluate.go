package study

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"

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
	if len(todo) > 0 && m.answerer == nil {
		return sbo.Data{}, errUnanswered
	}
	if err := m.work(ctx, todo, answers); err != nil {
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
	if m.answerer != nil {
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
	questions, results := make(chan question), make(chan answer, len(todo))
	var pool sync.WaitGroup
	for range min(max(m.workers, 1), len(todo)) {
		pool.Go(func() {
			for q := range questions {
				if a, err := m.answerer.answer(ctx, q.id, q.x); err != nil {
					cancel(err)
				} else {
					results <- a
				}
			}
		})
	}
	go func() {
		defer close(results)
		defer pool.Wait()
		defer close(questions)
		for _, q := range todo {
			select {
			case questions <- q:
			case <-ctx.Done():
				return
			}
		}
	}()
	for a := range results {
		group := []answer{a}
		for n := len(results); n > 0; n-- { // what has come meanwhile shares a commit
			group = append(group, <-results)
		}
		if err := m.store.record(context.WithoutCancel(ctx), group); err != nil {
			cancel(err)
			continue
		}
		for _, a := range group {
			answers[a.id] = a
			if m.ended != nil {
				m.ended(a, points[a.id])
			}
			if m.row.add(a) {
				cancel(m.giveUp(context.WithoutCancel(ctx), a, points[a.id]))
			}
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
