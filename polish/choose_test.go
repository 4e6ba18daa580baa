package polish

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// standing is a state with three samples of a bowl around (5, 0): row 1 is the
// best, at the bottom.
func standing(t *testing.T) (*state, findings) {
	t.Helper()
	p := square(sbo.Minimize("f"))
	d := sbo.Data{
		NX: 2, NY: 1, X: []float64{0, 0, 5, 0, 9, 1}, Y: []float64{3, 0, 1},
		Partials: []float64{-1, 0, 0, 0, 1, 1},
	}
	model, _, err := surrogate.Fit(t.Context(), surrogate.Task{Data: d}, sbo.Rand(1, "fit"), surrogate.Options{Hidden: []int{1}, Restarts: 1, Iterations: 1})
	require.NoError(t, err)
	s := newState(Loop{Problem: p, Seed: 1}, d)
	s.model, s.number = stacked(model, nil, onNetwork), 1
	return s, findings{
		anchor: 1,
		broad:  []Candidate{at(-0.5, 8, -0.5), at(-0.2, 1, 0.5), at(0.1, 5.1, 0)},
		local:  Candidate{X: []float64{5.2, 0}, Predicted: []float64{-0.01}, Reason: Descent},
	}
}

// at is a promise of cost f at x.
func at(f float64, x ...float64) Candidate {
	return Candidate{X: x, Predicted: []float64{f}, Reason: Promised}
}

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		arrange func(s *state, f *findings)
		stop    Stop
		says    string
	}{
		"optimal, but a promise": {func(*state, *findings) {}, "", ""},
		"optimal": {
			func(_ *state, f *findings) { f.broad = nil },
			Converged, "promises nothing better elsewhere",
		},
		"optimal, and promised in its own basin": {
			func(_ *state, f *findings) { f.broad = []Candidate{at(-9, 5.1, 0)} },
			Converged, "promises nothing better elsewhere",
		},
		"optimal, and promised hardly anything": {
			func(s *state, f *findings) { f.broad = []Candidate{at(-1e-4*s.merit.spread, 9, 0)} },
			Converged, "promises nothing better elsewhere",
		},
		"optimal, and promised where a sample failed": {
			func(s *state, f *findings) {
				failed := sbo.NewData(2, 1, 1)
				copy(failed.X, []float64{8.1, -0.5})
				s.data, f.broad = s.data.Append(failed), f.broad[:1]
			},
			Converged, "promises nothing better elsewhere",
		},
		"optimal, and promises are not kept": {
			func(s *state, _ *findings) { s.trust.promises = 8 },
			Converged, "something better elsewhere 8 times",
		},
		"nearly optimal": {
			func(s *state, f *findings) { s.data.Partials[2], f.broad = 1e-5*s.merit.spread/10, nil },
			"", "",
		},
		"nearly optimal, and arithmetic sees no more": {
			func(s *state, f *findings) {
				s.data.Partials[2], f.broad, f.gain = 1e-5*s.merit.spread/10, nil, 1e-12
			},
			Converged, "promises nothing better elsewhere",
		},
		"nothing improves": {
			func(s *state, f *findings) { s.region.idle, s.data.Partials[2], f.broad = 8, 1, nil },
			Stalled, "it cannot be shown that the best point is optimal",
		},
		"nothing improves, and promises are not kept": {
			func(s *state, _ *findings) { s.region.idle, s.data.Partials[2], s.trust.promises = 8, 1, 8 },
			Stalled, "8 times the truth did not keep",
		},
		"optimal, but another basin may be unseen": {
			func(_ *state, f *findings) { f.broad, f.unseen = nil, 0.11 },
			"", "",
		},
		"budget comes first": {
			func(s *state, f *findings) { s.Budget, f.broad = 3, nil },
			Budget, "All 3 evaluations",
		},
		"no partials, not confirmed": {
			func(s *state, f *findings) { s.data.Partials, f.broad, f.local.X[0], f.gain = nil, nil, 5.05, 1e-5 },
			"", "",
		},
		"no partials": {
			func(s *state, f *findings) {
				s.data.Partials, f.broad, f.local.X[0], f.gain, s.region.steps = nil, nil, 5.05, 1e-5, 2
			},
			Converged, "sees no gain above 1.0e-05",
		},
		"no partials, and a gain": {
			func(s *state, f *findings) {
				s.data.Partials, f.broad, f.local.X[0], f.gain, s.region.steps = nil, nil, 5.05, 1e-3, 2
			},
			"", "",
		},
		"no partials, and the optimum is elsewhere": {
			func(s *state, f *findings) {
				s.data.Partials, f.broad, f.local.X[0], f.gain, s.region.steps = nil, nil, 6, 1e-5, 2
			},
			"", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, f := standing(t)
			f.gain = 0.01
			c.arrange(s, &f)
			f.ended = s.ended(f) != goesOn
			stop, why := s.judge(f)
			require.Equal(t, c.stop, stop, why)
			require.Contains(t, why, c.says)
		})
	}
}

// A sample that breaks a limit by a hair is not optimal, whatever its slopes.
func TestInfeasibleIsNotOptimal(t *testing.T) {
	p := square(sbo.Minimize("f"), sbo.AtMost("g", 1))
	for excess, want := range map[float64]bool{0: true, 1e-7: true, 1e-5: false} {
		d := sbo.Data{NX: 2, NY: 2, X: []float64{5, 0}, Y: []float64{0, 1 + excess}, Partials: make([]float64, 4)}
		optimal, _ := newState(Loop{Problem: p}, d).optimal(findings{anchor: 0})
		require.Equal(t, want, optimal, "excess %g", excess)
	}
}

// Where nothing is feasible and nothing gets nearer, that is said.
func TestJudgeOfInfeasible(t *testing.T) {
	p := square(sbo.Minimize("f"), sbo.AtMost("g", 1))
	for g, says := range map[float64]string{3: "No sample keeps all limits", 1: "cannot be shown"} {
		d := sbo.Data{NX: 2, NY: 2, X: []float64{5, 0}, Y: []float64{0, g}, Partials: []float64{1, 1, 0, 0}}
		stop, why := newState(Loop{Problem: p}, d).judge(findings{anchor: 0, gain: 0.01, ended: true, local: at(0, 5, 0)})
		require.Equal(t, Stalled, stop)
		require.Contains(t, why, says)
	}
}

func TestChoose(t *testing.T) {
	for name, c := range map[string]struct {
		batch   int
		arrange func(s *state, f *findings)
		want    []Reason
	}{
		"a promise":                     {1, func(s *state, _ *findings) { s.data.Partials[2] = 1 }, []Reason{Promised}},
		"a promise that is not trusted": {1, func(s *state, _ *findings) { s.data.Partials[2], s.trust.wait = 1, 1 }, []Reason{Descent}},
		"best sample is optimal":        {1, func(*state, *findings) {}, []Reason{Promised}},
		"a new start in a gap":          {1, func(s *state, _ *findings) { s.trust.wait = 1 }, []Reason{Space}},
		"a new start in a basin": {
			1, func(s *state, _ *findings) { s.trust.wait, s.basins.starts = 1, 2 }, []Reason{NewStart},
		},
		"a promise instead of a descent": {
			1, func(s *state, f *findings) { s.data.Partials[2], s.trust.wait, f.useful = 1, 1, false }, []Reason{Promised},
		},
		"space": {1, func(_ *state, f *findings) { f.broad, f.useful = nil, false }, []Reason{Space}},
		"another optimum": {
			1, func(s *state, f *findings) {
				f.broad, f.useful, s.data.Partials[2] = []Candidate{at(2, 5.1, 0), at(2, 9, -0.5)}, false, 1
			}, []Reason{Basin},
		},
		"a batch":  {5, func(s *state, _ *findings) { s.data.Partials[2] = 1 }, []Reason{Promised, Descent, Basin, Space, Space}},
		"a budget": {5, func(s *state, _ *findings) { s.Budget, s.data.Partials[2] = 5, 1 }, []Reason{Promised, Descent}},
		"a descent to the promise": {
			2, func(s *state, f *findings) { f.local.X, s.data.Partials[2] = []float64{8.2, -0.5}, 1 }, []Reason{Promised, Basin},
		},
		"points known": {
			1, func(s *state, f *findings) {
				copy(s.data.X[4:], []float64{8, -0.5})
				f.broad, s.data.Partials[2] = f.broad[:1], 1
			}, []Reason{Descent},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, f := standing(t)
			f.useful, s.Batch = true, c.batch
			c.arrange(s, &f)
			f.ended = s.ended(f) != goesOn
			var got []Reason
			cs := s.choose(f)
			for i, candidate := range cs {
				got = append(got, candidate.Reason)
				require.Len(t, candidate.Predicted, 1)
				for _, other := range cs[:i] {
					require.GreaterOrEqual(t, distance(s.Problem.Box(), candidate.X, other.X), 0.02)
				}
			}
			require.Equal(t, c.want, got)
		})
	}
}

// Of a line with samples at both ends the farthest point is the middle; the next
// are the quarters.
func TestFarthest(t *testing.T) {
	p := sbo.Problem{Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 8}}, Responses: []sbo.Response{sbo.Minimize("f")}}
	d := sbo.Data{NX: 1, NY: 1, X: []float64{0, 8}, Y: []float64{1, 2}}
	model, _, err := surrogate.Fit(t.Context(), surrogate.Task{Data: d}, sbo.Rand(1, "fit"), surrogate.Options{Hidden: []int{1}, Restarts: 1, Iterations: 1})
	require.NoError(t, err)
	s := newState(Loop{Problem: p, Seed: 1}, d)
	s.model = stacked(model, nil, onNetwork)
	middle := s.farthest(nil)
	require.InDelta(t, 4, middle.X[0], 0.05)
	require.Equal(t, model.Predict(nil, middle.X), middle.Predicted)
	next := s.farthest([]Candidate{middle})
	require.InDelta(t, 2, min(next.X[0], 8-next.X[0]), 0.1)
}

// Near a failed evaluation is within 0.02 of it, but within a quarter of its
// distance to the best sample where that is less.
func TestClearOfFailures(t *testing.T) {
	s, _ := standing(t)
	failed := sbo.NewData(2, 1, 1)
	copy(failed.X, []float64{7, 0}) // 0.2 from the best
	s.data = s.data.Append(failed)
	best := []float64{5, 0}
	require.True(t, s.clearOfFailures(best, best))
	require.True(t, s.clearOfFailures([]float64{6.79, 0}, best))
	require.False(t, s.clearOfFailures([]float64{6.81, 0}, best))
	require.True(t, s.clearOfFailures([]float64{7, 0.05}, best))
	require.False(t, s.clearOfFailures([]float64{7, 0.03}, best))
	copy(s.data.X[6:], []float64{5.04, 0}) // 0.004 from the best
	require.True(t, s.clearOfFailures([]float64{5.029, 0}, best))
	require.False(t, s.clearOfFailures([]float64{5.031, 0}, best))
}

// A step that leads to where an evaluation failed gives way to the one of which most
// is to be expected.
func TestDescentTurnsAside(t *testing.T) {
	s, _ := standing(t)
	s.data.Partials[2] = -1 // the way down from (5, 0) is along a, to the rim of the region
	free, err := s.descend(t.Context(), s.model, 1)
	require.NoError(t, err)
	require.InDelta(t, 7.5, free.X[0], 1e-9)
	failed := sbo.NewData(2, 1, 1)
	copy(failed.X, free.X)
	s.data = s.data.Append(failed)
	s.success = newSuccess(s.Problem.Box(), s.data)
	step, err := s.descend(t.Context(), s.model, 1)
	require.NoError(t, err)
	require.Equal(t, Descent, step.Reason)
	require.True(t, s.isNew(step.X, 1))
	require.Greater(t, step.X[0], 5.1, "downhill")
	require.Less(t, step.X[0], 7.5)
	y := make([]float64, 1)
	require.NoError(t, anchor(s.model, s.data, 1, nil).Evaluate(t.Context(), y, nil, step.X))
	require.Equal(t, y, step.Predicted)
	again, err := s.descend(t.Context(), s.model, 1)
	require.NoError(t, err)
	require.Equal(t, step, again)
	s.Tolerance = 1e9 // more than there is to be had
	none, err := s.descend(t.Context(), s.model, 1)
	require.NoError(t, err)
	require.Equal(t, []float64{5, 0}, none.X)
	require.Equal(t, []float64{0}, none.Predicted)
}
