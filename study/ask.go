package study

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"
)

// AskOptions are the settings of [Study.Ask].
type AskOptions struct {
	// As is who asks: a name of the caller's choice, as that of a machine or a job.
	// Points are given to one asker only; the same asker gets the same points again,
	// until they are answered. All who give no name are one.
	As string
	// TakeOver gives out, besides, points that another asker was given longer ago
	// than this and has not answered. 0: none.
	TakeOver time.Duration
}

// Question is a point to be evaluated by whoever asked for it.
type Question struct {
	ID    int       // of the evaluation; the answer is told under this number
	X     []float64 // NX design variables
	Want  []bool    // NY*NX: the partials that are wanted besides the values
	Phase string    // "design" or "infill"
	Round int       // 0 for the design, from 1 for infill
	Again bool      // the asker was given it before
}

// Asked is what came of asking.
type Asked struct {
	Questions []Question // in the order of their ids; empty if there is nothing to give
	Awaited   int        // points without an answer that others evaluate
	Busy      bool       // another process goes through the course just now, so that more may come
	// Result is that of the course if it is at its end, so that there is nothing left
	// to ask: nil before.
	Result *Result
}

// Ask returns up to n points that the study wants to know next, for somebody else to
// evaluate them, who comes back with [Study.Tell]. It is a run with nobody there to
// answer: the course of a study is a function of its plan and its answers, so that it
// does not matter who gives them, or in what order and how many processes; a study
// that is asked and told passes the same points as one that is run.
//
// Asking again gives the same points until they are answered, and with a larger n
// more of them, as far as the course has come: to the end of the design, or of the
// batch of a round, which needs all of its answers before it goes on. Points given to
// one asker are not given to another ([AskOptions.As]), and a run of the same study
// turns to them last. While another process runs the study, its batch is what there
// is to ask for.
//
// The errors are those of [Study.Run] but for [*HeldError].
func (s *Study) Ask(ctx context.Context, n int, o AskOptions) (Asked, error) {
	asked, err := s.open(ctx, n, o)
	if err != nil || len(asked.Questions) > 0 || asked.Awaited > 0 {
		return asked, err
	}
	r, err := s.advance(ctx)
	if _, held := errors.AsType[*HeldError](err); held {
		return Asked{Busy: true}, nil
	}
	if err != nil {
		return Asked{}, err
	}
	if r.Stopped != Unanswered {
		return Asked{Result: r}, nil
	}
	return s.open(ctx, n, o)
}

// advance goes through the course as far as the answers lead, and notes the points
// that come next.
func (s *Study) advance(ctx context.Context) (*Result, error) {
	c, err := s.enter(ctx, true)
	if err != nil {
		return nil, err
	}
	r, err := c.run(ctx)
	return r, c.blame(err, c.end())
}

// open gives out of the points that the course waits for: none if it has to be gone
// through first, because it never was, or its plan or samples are others now.
func (s *Study) open(ctx context.Context, n int, o AskOptions) (Asked, error) {
	busy, _, err := locked(filepath.Join(s.dir, folder, lockFile))
	if err != nil {
		return Asked{}, err
	}
	reader, _, err := s.look(ctx)
	if reader == nil || err != nil {
		return Asked{Busy: busy}, err // no store, no points
	}
	if err := reader.close(); err != nil {
		return Asked{}, err
	}
	store, err := createStore(ctx, s.dir)
	if err != nil {
		return Asked{}, err
	}
	asked := Asked{Busy: busy}
	current := busy // whoever goes through the course has the say
	if !busy {
		current, err = store.current(ctx, s.plan)
	}
	if err == nil && current {
		asked.Questions, asked.Awaited, err = s.give(ctx, store, n, o)
	}
	return asked, errors.Join(err, store.close())
}

// give hands out up to n of the points that the course waits for.
func (s *Study) give(ctx context.Context, store *store, n int, o AskOptions) ([]Question, int, error) {
	waiting, err := store.waiting(ctx)
	if err != nil {
		return nil, 0, err
	}
	var mine, free []waitingPoint
	for _, w := range waiting {
		running, err := w.running(s.dir)
		switch {
		case err != nil:
			return nil, 0, err
		case running:
		case w.given && w.asker == o.As:
			mine = append(mine, w)
		case !w.given || o.TakeOver > 0 && time.Since(w.since) > o.TakeOver:
			free = append(free, w)
		}
	}
	points := slices.Concat(mine, free)
	points = points[:min(len(points), max(n, 0))]
	if points, err = store.hand(ctx, points, o.As); err != nil {
		return nil, 0, err
	}
	mask := s.plan.PartialMask()
	questions := make([]Question, 0, len(points))
	for _, w := range points {
		questions = append(questions, Question{ID: w.id, X: w.x, Want: mask, Phase: w.phase, Round: w.round, Again: w.given && w.asker == o.As})
	}
	return questions, len(waiting) - len(points), nil
}
