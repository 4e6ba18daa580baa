package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// remembering is a memo on an empty store that asks f.
func remembering(t *testing.T, f sbo.EvaluatorFunc) *memo {
	t.Helper()
	dir := external(t, constant)
	lock, err := hold(dir)
	require.NoError(t, err)
	s, err := createStore(t.Context(), dir)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, s.close())
		require.NoError(t, lock.Close())
	})
	plan, err := LoadPlan(dir)
	require.NoError(t, err)
	epoch, _, changes, err := s.begin(t.Context(), plan)
	require.NoError(t, err)
	require.Empty(t, changes)
	return &memo{
		store: s, answerer: builtin{evaluator: sbo.Guard(f), nx: 2, ny: 2}, mask: plan.PartialMask(), nx: 2, ny: 2, workers: 4, epoch: epoch, writes: true,
	}
}

func TestMemoAsksEveryPointOnce(t *testing.T) {
	var calls atomic.Int64
	m := remembering(t, func(_ context.Context, y, dydx, x []float64) error {
		calls.Add(1)
		time.Sleep(time.Duration(x[0]*10) * time.Millisecond) // the first takes longest
		copy(y, x)
		copy(dydx, []float64{1, 2, 3, 4})
		return nil
	})
	x := []float64{1, 0, 0.5, 0, 1, 0, 0, math.Copysign(0, -1), 0, 0}
	d, err := m.batch(t.Context(), x, phaseDesign, 0)
	require.NoError(t, err)
	require.EqualValues(t, 4, calls.Load()) // one point is there twice; -0 and 0 are two
	require.Equal(t, x, d.X)
	require.Equal(t, keyOf(x), keyOf(d.Y))
	require.Equal(t, []float64{1, 2, 3}, d.PartialsOf(0)[:3])
	require.True(t, math.IsNaN(d.PartialsOf(0)[3]), "the partial of g by b is not declared")

	m.answerer = nil // only remember
	again, err := m.batch(t.Context(), x[2:], phaseInfill, 1)
	require.NoError(t, err)
	require.Equal(t, keyOf(d.Y[2:]), keyOf(again.Y))
	_, err = m.batch(t.Context(), []float64{7, 7}, phaseInfill, 2)
	require.ErrorIs(t, err, errUnanswered)
}

func TestMemoRemembersFailuresButNotErrors(t *testing.T) {
	disk := errors.New("disk on fire")
	broken := true
	m := remembering(t, func(_ context.Context, y, _, x []float64) error {
		switch {
		case x[0] == 1:
			return fmt.Errorf("%w: mesh did not close", sbo.ErrFailed)
		case x[0] == 2 && broken:
			return disk
		case x[0] == 3 && broken:
			panic("oops")
		}
		y[0], y[1] = x[0]/x[1], 1
		return nil
	})
	for _, x := range [][]float64{{2, 1}, {3, 1}} {
		_, err := m.batch(t.Context(), append([]float64{1, 1, 4, 0}, x...), phaseDesign, 0)
		if x[0] == 2 {
			require.ErrorIs(t, err, disk)
		} else {
			require.ErrorContains(t, err, "oops")
		}
	}
	broken = false
	d, err := m.batch(t.Context(), []float64{1, 1, 2, 1, 3, 1, 4, 0}, phaseDesign, 0)
	require.NoError(t, err)
	require.True(t, d.Failed(0))
	require.Equal(t, []float64{2, 1}, d.Responses(1))
	require.Equal(t, []float64{3, 1}, d.Responses(2))
	require.True(t, d.Failed(3))
	answers, err := m.store.answers(t.Context(), []int{1, 2})
	require.NoError(t, err)
	require.Equal(t, "mesh did not close", answers[1].failed)
	require.Equal(t, "response 1 is +Inf", answers[2].failed)
}
