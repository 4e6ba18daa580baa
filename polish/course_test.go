package polish_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/surrogate"
)

// The course is the same for any number of workers anywhere, to the bit.
func TestWorkersDontMatter(t *testing.T) {
	p := problems.Gomez3()
	var first course
	for _, workers := range []int{1, 2, 8} {
		l := polish.Loop{
			Problem: p.Problem, Evaluate: sbo.Workers(p.Problem, p, workers), Budget: 14, Batch: 2, Seed: 3,
			Surrogate: surrogate.Options{Workers: workers}, Optimize: optimize.Options{Workers: workers},
		}
		got := run(t, l, nil, 5)
		if workers == 1 {
			first = got
			continue
		}
		require.Equal(t, first.last.Data, got.last.Data, "%d workers", workers)
		require.Equal(t, first.last.Why, got.last.Why)
		require.Len(t, got.rounds, len(first.rounds))
		for i, r := range got.rounds {
			require.Equal(t, first.rounds[i].Candidates, r.Candidates)
			require.Equal(t, first.rounds[i].KKT, r.KKT)
		}
	}
}

// A loop fed with remembered answers asks for the same points, and no others.
func TestReplay(t *testing.T) {
	p := problems.Branin()
	direct := run(t, polish.Loop{Problem: p.Problem, Budget: 14, Seed: 5}, p, 5)
	memory := direct.last.Data
	remembered := func(_ context.Context, x []float64) (sbo.Data, error) {
		for i := range memory.Len() {
			if apart(p.Box(), memory.Point(i), x) == 0 {
				return memory.Subset([]int{i}), nil
			}
		}
		return sbo.Data{}, errors.New("never asked before")
	}
	again := drive(t, polish.Loop{Problem: p.Problem, Budget: 14, Seed: 5, Evaluate: remembered}, memory.Subset([]int{0, 1, 2, 3, 4}))
	require.Equal(t, memory, again.last.Data)
	require.Equal(t, direct.last.Stop, again.last.Stop)
}

// A power of two changes no digit, so the unit of the objective must not change
// the course at all; other factors only by rounding.
func TestUnitsDontMatter(t *testing.T) {
	t.Parallel()
	p := problems.G24()
	in := func(unit float64) sbo.Evaluator {
		return answering(func(y, dydx, x []float64) {
			_ = p.Evaluate(context.Background(), y, dydx, x)
			y[0] *= unit
			for j := range x {
				dydx[j] *= unit
			}
		})
	}
	plain := run(t, polish.Loop{Problem: p.Problem, Budget: 20, Seed: 1}, p, 5)
	for _, unit := range []float64{1.0 / 1024, 1 << 20} {
		got := run(t, polish.Loop{Problem: p.Problem, Budget: 20, Seed: 1}, in(unit), 5)
		require.Equal(t, plain.last.Data.X, got.last.Data.X)
		require.Equal(t, plain.last.KKT.Residual, got.last.KKT.Residual)
	}
	for _, unit := range []float64{1e-3, 1e6} {
		got := run(t, polish.Loop{Problem: p.Problem, Budget: 20, Seed: 1}, in(unit), 5)
		require.InDeltaSlice(t, plain.last.Data.Point(plain.last.Best), got.last.Data.Point(got.last.Best), 1e-6)
	}
}

// The first budget ends in the middle of a batch.
func TestBudget(t *testing.T) {
	p := problems.Ackley(2)
	for _, c := range []struct{ design, batch, budget, samples int }{
		{5, 3, 9, 9},
		{5, 1, 6, 6},
		{5, 4, 5, 5},
		{6, 1, 5, 6}, // the design has used it up
	} {
		got := run(t, polish.Loop{Problem: p.Problem, Budget: c.budget, Batch: c.batch, Seed: 1}, p, c.design)
		require.Equal(t, c.samples, got.last.Data.Len())
		require.Equal(t, polish.Budget, got.last.Stop)
		require.Contains(t, got.last.Why, "evaluations of the budget")
	}
}

// The points of a batch lie in different basins, and there are always enough.
func TestBatch(t *testing.T) {
	p := problems.Camel6()
	got := run(t, polish.Loop{Problem: p.Problem, Budget: 26, Batch: 4, Seed: 1}, p, 6)
	reasons := map[polish.Reason]int{}
	for _, r := range got.rounds {
		if r.Stop == polish.Converged {
			continue
		}
		require.Len(t, r.Candidates, 4)
		for i, a := range r.Candidates {
			reasons[a.Reason]++
			for _, b := range r.Candidates[:i] {
				require.GreaterOrEqual(t, apart(p.Box(), a.X, b.X), 0.05)
			}
		}
	}
	require.Positive(t, reasons[polish.Descent])
	require.Positive(t, reasons[polish.Rival])
	require.Positive(t, reasons[polish.Basin]+reasons[polish.Promised])
	require.InDelta(t, p.Minimum, got.y[0], 1e-3)
}

func TestErrors(t *testing.T) {
	p := problems.Branin()
	evaluate := sbo.Workers(p.Problem, p, 1)
	design, err := evaluate(t.Context(), placed(p.Problem, 5, 1))
	require.NoError(t, err)
	broken := errors.New("license server is down")
	failed := sbo.NewData(2, 1, 3)
	unknown := sbo.Problem{Variables: p.Variables, Responses: []sbo.Response{sbo.Minimize("f"), sbo.AtMost("g", 0)}}
	half := sbo.Data{NX: 2, NY: 2, X: design.X, Y: make([]float64, 10)}
	for i := range 5 {
		half.Y[2*i], half.Y[2*i+1] = design.Y[i], math.NaN()
	}
	for name, c := range map[string]struct {
		loop   polish.Loop
		design sbo.Data
		is     error
		says   string
	}{
		"no samples":            {polish.Loop{Problem: p.Problem, Evaluate: evaluate}, sbo.Data{}, surrogate.ErrNoData, ""},
		"all failed":            {polish.Loop{Problem: p.Problem, Evaluate: evaluate}, failed, surrogate.ErrNoData, ""},
		"a constraint unknown":  {polish.Loop{Problem: unknown, Evaluate: evaluate}, half, surrogate.ErrNoData, ""},
		"evaluator":             {polish.Loop{Problem: p.Problem, Evaluate: func(context.Context, []float64) (sbo.Data, error) { return sbo.Data{}, broken }}, design, broken, ""},
		"too few answers":       {polish.Loop{Problem: p.Problem, Evaluate: func(context.Context, []float64) (sbo.Data, error) { return sbo.Data{}, nil }}, design, nil, "0 answers for 1 points"},
		"faulty settings":       {polish.Loop{Problem: p.Problem}, design, nil, "Evaluate is missing"},
		"infinite measurements": {polish.Loop{Problem: p.Problem, Evaluate: evaluate}, sbo.Data{NX: 2, NY: 1, X: []float64{0, 0}, Y: []float64{math.Inf(1)}}, nil, "infinite"},
	} {
		t.Run(name, func(t *testing.T) {
			count := 0
			for r, err := range c.loop.Rounds(t.Context(), c.design) {
				count++
				require.Error(t, err)
				require.Zero(t, r.Number)
				if c.is != nil {
					require.ErrorIs(t, err, c.is)
				}
				require.ErrorContains(t, err, c.says)
			}
			require.Equal(t, 1, count)
		})
	}
	t.Run("another problem's design", func(t *testing.T) {
		require.Panics(t, func() {
			for _, err := range (polish.Loop{Problem: unknown, Evaluate: evaluate}).Rounds(t.Context(), design) {
				t.Error("a round, with", err)
			}
		})
	})
}

// The context ends in the middle of a fit, of a search (which is what comes right
// after a fit), and of an evaluation.
func TestContext(t *testing.T) {
	p := problems.WingWeight()
	evaluate := sbo.Workers(p.Problem, p, 1)
	design, err := evaluate(t.Context(), placed(p.Problem, 30, 1))
	require.NoError(t, err)
	model, summary, err := surrogate.Fit(t.Context(), surrogate.Task{Data: design}, sbo.Rand(1, "fit"), surrogate.Options{Hidden: []int{4}, Restarts: 1, Iterations: 5})
	require.NoError(t, err)
	hook := func(context.Context, surrogate.Task, *rand.Rand, surrogate.Options) (*surrogate.JENN, surrogate.Summary, error) {
		return model, summary, nil
	}
	hang := func(ctx context.Context, _ []float64) (sbo.Data, error) {
		<-ctx.Done()
		return sbo.Data{}, ctx.Err()
	}
	for name, l := range map[string]polish.Loop{
		"fit":        {Problem: p.Problem, Evaluate: evaluate, Seed: 1},
		"search":     {Problem: p.Problem, Evaluate: evaluate, Fit: hook, Starts: 20000},
		"evaluation": {Problem: p.Problem, Evaluate: hang, Fit: hook, Starts: 2},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			began := time.Now()
			for _, err := range l.Rounds(ctx, design) {
				require.ErrorIs(t, err, context.DeadlineExceeded)
			}
			require.Less(t, time.Since(began), 30*time.Second) // of minutes
			require.Error(t, ctx.Err())
		})
	}
}

func TestBreak(t *testing.T) {
	p := problems.Branin()
	asked := 0
	count := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		asked++
		return p.Evaluate(ctx, y, dydx, x)
	})
	l := polish.Loop{Problem: p.Problem, Evaluate: sbo.Workers(p.Problem, count, 1), Seed: 1}
	design, err := l.Evaluate(t.Context(), placed(p.Problem, 5, 1))
	require.NoError(t, err)
	for r, err := range l.Rounds(t.Context(), design) {
		require.NoError(t, err)
		if r.Number == 2 {
			break
		}
	}
	require.Equal(t, 7, asked)
}

func TestValidate(t *testing.T) {
	err := polish.Loop{
		Budget: -1, Batch: -2, Starts: -3, Tolerance: math.NaN(),
		Weighting: polish.Weighting{Kind: "far", Eta: -1},
		Surrogate: surrogate.Options{Trainer: "guess"}, Optimize: optimize.Options{Method: "guess"},
	}.Validate()
	for _, fault := range []string{
		"Evaluate is missing", "Budget is -1", "Batch is -2", "Starts is -3", "Tolerance is NaN",
		`no weighting "far"`, "no design variables", "trainer", "method",
	} {
		require.ErrorContains(t, err, fault)
	}
	require.ErrorContains(t, polish.Loop{Weighting: polish.Weighting{Radius: math.Inf(1)}}.Validate(), "radius +Inf")
	p := problems.Branin()
	require.NoError(t, polish.Loop{Problem: p.Problem, Evaluate: sbo.Workers(p.Problem, p, 1)}.Validate())
}

// Progress hears of the fits with the number of their round.
func TestProgress(t *testing.T) {
	p := problems.Branin()
	heard := map[int]bool{}
	l := polish.Loop{Problem: p.Problem, Budget: 6, Seed: 1, Progress: func(round int, _ surrogate.Progress) { heard[round] = true }}
	got := run(t, l, p, 4)
	require.Len(t, heard, len(got.rounds))
}
