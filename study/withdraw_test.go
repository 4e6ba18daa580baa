package study

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A wrong answer is withdrawn and another told: the study ends as one that has always
// had that.
func TestWithdraw(t *testing.T) {
	s := elsewhere(t)
	require.ErrorContains(t, s.Withdraw(t.Context(), []int{1}, ""), "has no answers to be withdrawn")
	wrong := func(q Question) Answer {
		a := bowlAt(q)
		if q.ID == 3 {
			a.Y[0], a.Partials = -100, nil // far below what there is
		}
		return a
	}
	first := finish(t, s, 20, wrong)
	require.Equal(t, 3, first.Best.ID)
	total := first.Evaluations.Total

	err := s.Withdraw(t.Context(), []int{3, 99, 100}, "")
	require.EqualError(t, err, "study: there is no answer to be withdrawn of evaluation 99-100; nothing was")
	require.NoError(t, s.Withdraw(t.Context(), []int{3, 3}, "wrong mesh"))
	history, err := s.History(t.Context())
	require.NoError(t, err)
	require.Equal(t, Waiting, history[2].State)
	require.Nil(t, history[2].Y)
	status, err := s.Status(t.Context())
	require.NoError(t, err)
	require.Empty(t, status.Stopped, "it goes on")
	require.NotEqual(t, 3, status.Best.ID)
	require.Equal(t, total-1, status.Evaluations.Done)
	replayed, err := s.Replay(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, 3, replayed.Best.ID)

	told, err := s.Tell(t.Context(), []Answer{bowlAt(Question{ID: 3, X: history[2].X})})
	require.NoError(t, err)
	require.Equal(t, 1, told.Answered)
	second, err := s.Run(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, Unanswered, second.Stopped, "the budget was spent")
	require.NotEqual(t, 3, second.Best.ID)
	require.Less(t, second.Best.Y[0], 0.1)
	require.Equal(t, total, second.Evaluations.Done)

	store, err := readStore(t.Context(), s.Dir())
	require.NoError(t, err)
	var id int
	var y, why string
	require.NoError(t, store.db.QueryRowContext(t.Context(), "SELECT evaluation, y, why FROM withdrawn").Scan(&id, &y, &why))
	require.Equal(t, 3, id)
	require.Contains(t, y, "-100")
	require.Equal(t, "wrong mesh", why)
	var changes string
	require.NoError(t, store.db.QueryRowContext(t.Context(), "SELECT changes FROM epochs ORDER BY id DESC LIMIT 1").Scan(&changes))
	require.Equal(t, "answers withdrawn: 1", changes)
	require.NoError(t, store.close())
}

// What a run found is found anew, a failure included, unless other samples stand in for
// it; and samples from elsewhere can be withdrawn as well.
func TestWithdrawnIsEvaluatedAgain(t *testing.T) {
	script := `echo x >> "$SBO_STUDY_DIR/count"; test $(wc -l < "$SBO_STUDY_DIR/count") -ne 2 || exit 1` + "\n" + constant
	dir := external(t, script)
	onlyDesign(t, dir)
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	_, err = s.Import(t.Context(), []Answer{{X: []float64{0.5, 1}, Y: []float64{2, 0.5}}}, false)
	require.NoError(t, err)
	r, err := s.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, r.Evaluations.Failed)
	failed := 0
	for _, e := range evaluations(t, dir) {
		if e.State == Failed {
			failed = e.ID
		}
	}
	before := len(lines(t, dir+"/count"))
	require.NoError(t, s.Withdraw(t.Context(), []int{1, failed}, ""))
	require.Zero(t, count(evaluations(t, dir)).Imported)
	again, err := s.Run(t.Context())
	require.NoError(t, err)
	require.Zero(t, again.Evaluations.Failed)
	require.NotContains(t, again.IDs, 1)
	require.Greater(t, len(lines(t, dir+"/count")), before)
	after := len(lines(t, dir+"/count"))
	_, err = s.Run(t.Context()) // nothing more to be done
	require.NoError(t, err)
	require.Len(t, lines(t, dir+"/count"), after)

	lock, err := hold(dir)
	require.NoError(t, err)
	var held *HeldError
	require.ErrorAs(t, s.Withdraw(t.Context(), []int{2}, ""), &held)
	require.NoError(t, lock.Close())
}
