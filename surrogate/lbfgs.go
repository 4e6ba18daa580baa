package surrogate

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// lbfgsMemory is the number of gradient pairs that L-BFGS keeps. Losses of
// networks are ill-conditioned: a memory of 100 was seen to reach far lower
// losses than the customary 5 to 20 in the same number of iterations.
const lbfgsMemory = 100

// lbfgs minimizes the loss with gonum's L-BFGS.
func (t *training) lbfgs() trained {
	cache := &lossCache{loss: t.loss, grad: make([]float64, len(t.network.Parameters))}
	problem := optimize.Problem{
		Func: func(x []float64) float64 {
			cache.at(x)
			if v := cache.cost.Total(); !math.IsNaN(v) {
				return v
			}
			return math.Inf(1) // gonum's line search mishandles NaN
		},
		Grad:   func(grad, x []float64) { cache.at(x); copy(grad, cache.grad) },
		Status: func() (optimize.Status, error) { return optimize.NotTerminated, t.runs.ctx.Err() },
	}
	recorder := recorderFunc(func(l *optimize.Location, op optimize.Operation, s *optimize.Stats) error {
		if op != optimize.MajorIteration {
			return nil
		}
		cache.at(l.X)
		if t.observe(s.MajorIterations, l.X, cache.cost) {
			return errStop
		}
		return nil
	})
	// gonum reports a failed line search, ordinary at the end of a minimization,
	// as an error; the best state has been kept by observe.
	result, _ := optimize.Minimize(problem, t.network.Parameters, &optimize.Settings{
		MajorIterations:   t.runs.o.Iterations,
		FuncEvaluations:   20 * t.runs.o.Iterations,
		GradientThreshold: 1e-12,
		Converger:         &optimize.FunctionConverge{Relative: 1e-7, Absolute: 1e-16, Iterations: 50},
		Recorder:          recorder,
	}, &optimize.LBFGS{Store: lbfgsMemory})
	if result != nil && (result.Status == optimize.IterationLimit || result.Status == optimize.FunctionEvaluationLimit) {
		return t.finish(IterationLimit)
	}
	return t.finish(Converged)
}

// lossCache answers gonum's separate calls for value and gradient from one evaluation.
type lossCache struct {
	loss  *objective
	x     []float64
	cost  Cost
	grad  []float64
	valid bool
}

func (c *lossCache) at(x []float64) {
	if c.valid && slices.Equal(c.x, x) {
		return
	}
	c.x = append(c.x[:0], x...)
	c.cost = c.loss.evaluate(c.x, c.grad)
	c.valid = true
}

// errStop ends a gonum minimization early.
var errStop = stopError{}

type stopError struct{}

func (stopError) Error() string { return "stopped early" }

// recorderFunc is a gonum Recorder made of a function.
type recorderFunc func(*optimize.Location, optimize.Operation, *optimize.Stats) error

func (recorderFunc) Init() error { return nil }

func (f recorderFunc) Record(l *optimize.Location, op optimize.Operation, s *optimize.Stats) error {
	return f(l, op, s)
}
