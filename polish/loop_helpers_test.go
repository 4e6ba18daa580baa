package polish_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/problems"
)

// placed returns n rows of a Latin hypercube in the problem's box.
func placed(p sbo.Problem, n int, seed uint64) []float64 {
	nx := p.NX()
	x := doe.LatinHypercube{Criterion: doe.Maximin}.Sample(n, nx, sbo.Rand(seed, "design"))
	for i := range n {
		p.Box().Place(x[i*nx:(i+1)*nx], x[i*nx:(i+1)*nx])
	}
	return x
}

// course is what a loop went through.
type course struct {
	rounds []polish.Round
	last   polish.Round
	y      []float64 // responses of the best sample at the end
}

// run drives the loop from a design of n samples to its end, and checks what must
// hold of every loop.
func run(t *testing.T, l polish.Loop, e sbo.Evaluator, n int) course {
	t.Helper()
	if l.Evaluate == nil {
		l.Evaluate = sbo.Workers(l.Problem, e, 1)
	}
	design, err := l.Evaluate(t.Context(), placed(l.Problem, n, l.Seed))
	require.NoError(t, err)
	return drive(t, l, design)
}

// drive runs the loop from the design to its end.
func drive(t *testing.T, l polish.Loop, design sbo.Data) course {
	t.Helper()
	if l.Surrogate.Restarts == 0 {
		// A tenth of the default's time, which tries several architectures for several networks.
		l.Surrogate.Restarts, l.Surrogate.Hidden, l.Surrogate.Ensemble = 1, []int{8}, 1
	}
	var c course
	for r, err := range l.Rounds(t.Context(), design) {
		require.NoError(t, err)
		c.rounds = append(c.rounds, r)
		require.Less(t, len(c.rounds), 200, "the loop does not end")
	}
	require.NotEmpty(t, c.rounds)
	c.last = c.rounds[len(c.rounds)-1]
	c.y = c.last.Data.Responses(c.last.Best)
	requireSound(t, l, design, c)
	return c
}

// requireSound checks what holds of every loop: rounds that follow from one
// another, samples in the box and apart from each other, a stop for a reason.
func requireSound(t *testing.T, l polish.Loop, design sbo.Data, c course) {
	t.Helper()
	known := design.Len()
	for i, r := range c.rounds {
		require.Equal(t, i+1, r.Number)
		require.LessOrEqual(t, len(r.Candidates), max(l.Batch, 1))
		for _, candidate := range r.Candidates {
			require.Equal(t, known, candidate.Index)
			require.Equal(t, candidate.X, r.Data.Point(known))
			require.True(t, l.Problem.Box().Contains(candidate.X), "%v", candidate.X)
			known++
		}
		require.Equal(t, known, r.Data.Len())
		if i < len(c.rounds)-1 {
			require.Empty(t, r.Stop)
			require.NotEmpty(t, r.Candidates)
		}
	}
	require.NotEmpty(t, c.last.Stop)
	require.NotEmpty(t, c.last.Why)
	if l.Budget > 0 {
		require.LessOrEqual(t, known, max(l.Budget, design.Len()))
	}
	box := l.Problem.Box()
	for i := design.Len(); i < known; i++ {
		for j := range i {
			require.Greater(t, apart(box, c.last.Data.Point(i), c.last.Data.Point(j)), 1e-9, "samples %d and %d", i, j)
		}
	}
}

// apart is the largest difference of two points in the unit box.
func apart(box sbo.Box, a, b []float64) float64 {
	u, v := box.Unit(nil, a), box.Unit(nil, b)
	far := 0.0
	for j := range u {
		far = max(far, math.Abs(u[j]-v[j]))
	}
	return far
}

// without returns the evaluator with the partials hidden that the rule names.
func without(e sbo.Evaluator, nx int, hidden func(k, j int) bool) sbo.Evaluator {
	return sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		if err := e.Evaluate(ctx, y, dydx, x); err != nil {
			return err
		}
		for i := range dydx {
			if hidden(i/nx, i%nx) {
				dydx[i] = math.NaN()
			}
		}
		return nil
	})
}

// answering is an evaluator that writes the responses and partials of x.
func answering(write func(y, dydx, x []float64)) sbo.Evaluator {
	return sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		if dydx == nil {
			dydx = make([]float64, len(y)*len(x))
		}
		write(y, dydx, x)
		return ctx.Err()
	})
}

// hash is a number in [0, 1) that x determines.
func hash(x []float64) float64 {
	s := 0.0
	for j, v := range x {
		s += math.Sin(1e4*v + float64(j))
	}
	return math.Abs(s*1e3 - math.Trunc(s*1e3))
}

var _ sbo.Evaluator = problems.Problem{}
