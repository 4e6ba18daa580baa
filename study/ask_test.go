package study

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bowlAt is what the driver bowl answers.
func bowlAt(q Question) Answer {
	a, b := q.X[0], q.X[1]
	return Answer{
		ID: q.ID, Y: []float64{(a-0.5)*(a-0.5) + (b-0.5)*(b-0.5), 2*a + 0.5},
		Partials: []float64{2 * (a - 0.5), 2 * (b - 0.5), 2, math.NaN()},
	}
}

// elsewhere makes a study that nobody evaluates but those who ask.
func elsewhere(t *testing.T) *Study {
	t.Helper()
	dir := small(t, external(t, "exit 1"))
	replaceIn(t, dir, "command: [./drive.sh]", "ask: true")
	s, err := Open(t.Context(), dir, Options{Budget: 14})
	require.NoError(t, err)
	return s
}

// replaceIn changes the study file in dir.
func replaceIn(t *testing.T, dir, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, FileName))
	require.NoError(t, err)
	require.Contains(t, string(text), from)
	write(t, dir, FileName, strings.ReplaceAll(string(text), from, to))
}

// ask asks, again if another process seems to be at work: to the programs that other
// tests start, the lock belongs for a moment, too.
func ask(t *testing.T, s *Study, n int, o AskOptions) Asked {
	t.Helper()
	for {
		asked, err := s.Ask(t.Context(), n, o)
		require.NoError(t, err)
		if !asked.Busy || len(asked.Questions) > 0 || asked.Awaited > 0 {
			return asked
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// finish answers whatever the study asks, n points at a time, until its end.
func finish(t *testing.T, s *Study, n int, answer func(Question) Answer) *Result {
	t.Helper()
	for range 100 {
		asked := ask(t, s, n, AskOptions{})
		if asked.Result != nil {
			return asked.Result
		}
		require.NotEmpty(t, asked.Questions)
		require.LessOrEqual(t, len(asked.Questions), n)
		answers := make([]Answer, 0, n)
		for _, q := range asked.Questions {
			answers = append(answers, answer(q))
		}
		told, err := s.Tell(t.Context(), answers)
		require.NoError(t, err)
		require.Equal(t, len(answers), told.Answered)
	}
	t.Fatal("the study does not end")
	return nil
}

// A study that is asked and told, by any number at a time, in one process or by a run
// afterwards, comes to what a run comes to, to the bit.
func TestAskAndTellIsRunning(t *testing.T) {
	t.Parallel()
	one := finish(t, elsewhere(t), 1, bowlAt)
	require.NotEmpty(t, one.Rounds)
	s := elsewhere(t)
	many := finish(t, s, 5, bowlAt)
	require.Equal(t, bits(one), bits(many))
	again, err := s.Run(t.Context()) // nothing is left to do
	require.NoError(t, err)
	require.Equal(t, bits(one), bits(again))
	replayed, err := s.Replay(t.Context())
	require.NoError(t, err)
	require.Equal(t, bits(one), bits(replayed))
}

// A run that waits goes on as the answers come.
func TestRunThatWaitsForAnswers(t *testing.T) {
	t.Parallel()
	whole := finish(t, elsewhere(t), 3, bowlAt)
	s := elsewhere(t)
	s.options.Wait = true
	ctx, cancel := context.WithCancel(t.Context())
	var helper sync.WaitGroup
	helper.Go(func() {
		for ctx.Err() == nil {
			asked, err := s.Ask(ctx, 1, AskOptions{})
			if err == nil {
				for _, q := range asked.Questions {
					_, _ = s.Tell(ctx, []Answer{bowlAt(q)}) // if it fails, it is asked again
				}
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	var r *Result
	for held, err := true, error(nil); held; { // the helper may be the first
		r, err = s.Run(t.Context())
		if _, held = errors.AsType[*HeldError](err); !held {
			require.NoError(t, err)
		}
	}
	cancel()
	helper.Wait()
	require.Equal(t, bits(whole), bits(r))

	s = elsewhere(t)
	s.options.Wait, s.options.Deadline = true, 200*time.Millisecond
	r, err := s.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, Deadline, r.Stopped)
}

func TestAskRemembersWhoWasGivenWhat(t *testing.T) {
	t.Parallel()
	s := elsewhere(t)
	ids := func(n int, o AskOptions) (ids []int) {
		for _, q := range ask(t, s, n, o).Questions {
			ids = append(ids, q.ID)
		}
		return ids
	}
	require.Equal(t, []int{1}, ids(1, AskOptions{}))
	require.Equal(t, []int{1}, ids(1, AskOptions{}), "the same again")
	require.Equal(t, []int{1, 2}, ids(2, AskOptions{}), "and more")
	require.Equal(t, []int{3}, ids(1, AskOptions{As: "node7"}), "not those of others")
	require.Equal(t, []int{3, 4}, ids(9, AskOptions{As: "node7"}), "no more than the design has")
	asked := ask(t, s, 1, AskOptions{As: "late"})
	require.Empty(t, asked.Questions)
	require.Equal(t, 4, asked.Awaited)
	require.Empty(t, ids(9, AskOptions{As: "late", TakeOver: time.Hour}))
	require.Equal(t, []int{1, 2, 3, 4}, ids(9, AskOptions{As: "late", TakeOver: time.Nanosecond}))
	require.Empty(t, ids(2, AskOptions{}), "they were taken over")

	r, err := s.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, Unanswered, r.Stopped)
	require.Equal(t, "The course goes on when sbo tell brings 4 answers.", r.Why)
}

// Points of a plan that is no more are not given out.
func TestAskAfterTheEndOfAnotherPlan(t *testing.T) {
	t.Parallel()
	s := elsewhere(t)
	finish(t, s, 4, bowlAt)
	replaceIn(t, s.Dir(), "upper: 1, partials", "upper: 0.8, partials")
	longer, err := Open(t.Context(), s.Dir(), Options{Budget: 30})
	require.NoError(t, err)
	asked := ask(t, longer, 1, AskOptions{})
	require.Len(t, asked.Questions, 1, "%v", asked.Result)
	shorter, err := Open(t.Context(), s.Dir(), Options{Budget: 4})
	require.NoError(t, err)
	for range 2 {
		asked = ask(t, shorter, 1, AskOptions{})
		require.Empty(t, asked.Questions)
		require.Equal(t, Budget, asked.Result.Stopped)
	}
}

func TestTellIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := elsewhere(t)
	asked := ask(t, s, 2, AskOptions{})
	first, second := asked.Questions[0], asked.Questions[1]
	require.Equal(t, []bool{true, true, true, false}, first.Want)
	good, nan := bowlAt(first), math.NaN()
	for _, c := range []struct {
		answer Answer
		expect string
	}{
		{Answer{}, "neither the id of an evaluation nor a point"},
		{Answer{ID: 99, Y: good.Y}, "there is no evaluation 99"},
		{Answer{ID: 1, X: second.X, Y: good.Y}, "evaluation 1 was asked at a = "},
		{Answer{ID: 1}, "neither values nor a failure"},
		{Answer{ID: 1, Y: good.Y, Failed: "no mesh"}, "values and a failure"},
		{Answer{ID: 1, Y: []float64{1}}, "it has 1 values, and the study 2 responses"},
		{Answer{ID: 1, Y: good.Y, Partials: []float64{1}}, "it has 1 partials"},
		{Answer{ID: 1, Y: []float64{1, nan}}, "no value for g"},
		{Answer{ID: 1, Y: []float64{1, math.Inf(1)}}, "the value of g is +Inf"},
		{Answer{X: []float64{1}, Y: good.Y}, "the point has 1 numbers"},
		{Answer{X: []float64{1, nan}, Y: good.Y}, "no finite number"},
		{Answer{X: []float64{1, 2}, Y: []float64{nan, nan}}, "no value at all"},
	} {
		c.answer.Where = "mine.csv:3"
		_, err := s.Tell(t.Context(), []Answer{c.answer, good})
		require.ErrorContains(t, err, "study: mine.csv:3: ")
		require.ErrorContains(t, err, c.expect)
	}
	history, err := s.History(t.Context())
	require.NoError(t, err)
	require.Equal(t, Waiting, history[0].State)

	rounded := []float64{math.Round(1e6*second.X[0]) / 1e6, math.Round(1e6*second.X[1]) / 1e6}
	told, err := s.Tell(t.Context(), []Answer{good, {X: rounded, Failed: "no mesh"}})
	require.NoError(t, err)
	require.Equal(t, Told{IDs: []int{1, 2}, Answered: 2, Failed: 1}, told)
	told, err = s.Tell(t.Context(), []Answer{{ID: 1, Y: []float64{7, 7}}})
	require.NoError(t, err)
	require.Equal(t, Told{IDs: []int{1}, Known: 1}, told)
	history, err = s.History(t.Context())
	require.NoError(t, err)
	require.Equal(t, good.Y, history[0].Y)
	require.Equal(t, "no mesh", history[1].Cause)
}

// While a run is at work, others take points from its batch; it uses their answers and
// evaluates none of those again.
func TestAskAndTellBesideARun(t *testing.T) {
	t.Parallel()
	dir := small(t, external(t, "sleep 0.05\n"+bowl))
	var outside atomic.Int64
	s, err := Open(t.Context(), dir, Options{Budget: 14})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var helper sync.WaitGroup
	helper.Go(func() {
		for ctx.Err() == nil {
			asked, err := s.Ask(ctx, 1, AskOptions{As: "helper"})
			if err != nil {
				continue // the run has ended meanwhile
			}
			for _, q := range asked.Questions {
				told, err := s.Tell(ctx, []Answer{bowlAt(q)})
				if err == nil {
					outside.Add(int64(told.Answered))
				}
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	r, err := s.Run(t.Context())
	cancel()
	helper.Wait()
	require.NoError(t, err)
	require.Positive(t, outside.Load())
	for _, e := range r.History {
		require.LessOrEqual(t, e.Attempts, 1)
	}
	whole, err := runStudy(t, small(t, external(t, bowl)), Options{Budget: 14})
	require.NoError(t, err)
	require.Equal(t, whole.Stopped, r.Stopped)
	require.InDeltaSlice(t, whole.Best.X, r.Best.X, 1e-6)
}
