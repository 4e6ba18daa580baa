package kriging

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// candidate is a vector of hyperparameters and how good it is.
type candidate struct {
	v []float64
	quality
}

// exact is how far numbers may be from what the others say of them, in standard deviations
// of the response, for a search to end: of a polynomial of low degree, more probable
// hyperparameters can be found for ever, and foretell nothing better.
const exact = 1e-7

// climb goes uphill from a vector by gonum's L-BFGS, in at most so many iterations.
// Where nothing can be computed at the start, the candidate's posterior is -Inf.
func climb(ctx context.Context, l *likelihood, start []float64, iterations int) (candidate, error) {
	best := candidate{v: slices.Clone(start), quality: quality{posterior: math.Inf(-1)}}
	at, grad := make([]float64, len(start)), make([]float64, len(start))
	known, value := false, 0.0
	marked, idle := math.Inf(-1), 0 // the last posterior decidedly above the one before, and the evaluations since
	evaluate := func(x []float64) {
		if known && slices.Equal(x, at) {
			return
		}
		copy(at, x)
		known = true
		q, ok := l.evaluate(grad, x)
		if value = -q.posterior; !ok {
			value = math.Inf(1)
			clear(grad)
			return
		}
		for i := range grad {
			grad[i] = -grad[i]
		}
		if q.posterior > best.posterior {
			best = candidate{v: slices.Clone(x), quality: q}
		}
		if idle++; best.posterior > marked+posteriorTolerance {
			marked, idle = best.posterior, 0
		}
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 { evaluate(x); return value },
		Grad: func(g, x []float64) { evaluate(x); copy(g, grad) },
		Status: func() (optimize.Status, error) {
			if err := ctx.Err(); err != nil {
				return optimize.Failure, err
			}
			if best.off <= exact || idle >= patience || idle >= manyPatience && l.r.len() > screenNumbers(l.r.nx) {
				return optimize.Success, nil
			}
			return optimize.NotTerminated, nil
		},
	}
	if evaluate(start); math.IsInf(value, 1) || best.off <= exact {
		return best, ctx.Err()
	}
	// A line search that finds no descent ends the search as well as convergence does:
	// what counts is the best that was seen.
	_, _ = optimize.Minimize(problem, start, &optimize.Settings{
		MajorIterations: iterations, FuncEvaluations: 2*iterations + 5, GradientThreshold: gradientTolerance,
		Converger: optimize.NeverTerminate{},
	}, &optimize.LBFGS{})
	return best, ctx.Err()
}

// A search ends where the log posterior has a small gradient, or has grown by no more
// than the tolerance in so many evaluations: close to its maximum, what the hyperparameters
// change is rounding.
const (
	gradientTolerance  = 1e-2
	posteriorTolerance = 0.1
	patience           = 14
	manyPatience       = 6 // where an evaluation takes long
)

// firstNoise is where the searches begin: with some, length scales go where they belong,
// and the noise falls as far as the numbers allow. The other way round it doesn't rise.
const firstNoise = 1e-9

// center returns where a search begins that knows nothing better.
func (p parameters) center() []float64 {
	v := p.middle()
	for i := p.nx; i <= p.group(p.nx-1); i++ {
		v[i] = math.Log(firstNoise)
	}
	return v
}

// starts returns where the search begins: in the middle of the prior, at shorter and
// at longer length scales (of the kernel [Additive] with few interactions), with much noise, and then at random points of the prior.
func (p parameters) starts(n int, rng *rand.Rand) [][]float64 {
	var all [][]float64
	for i := range n {
		v := p.center()
		for j := range v {
			switch isLength := j < p.nx; {
			case j == p.theta():
				if i == 2 {
					v[j] -= math.Log(10)
				} else if i > 3 {
					v[j] += thetaSpread * rng.NormFloat64()
				}
			case i == 1 && isLength:
				v[j] -= math.Log(3)
			case i == 2 && isLength:
				v[j] += math.Log(2)
			case i == 3 && !isLength:
				v[j] = math.Log(1e-2)
			case i > 3 && isLength:
				v[j] += lengthSpread * rng.NormFloat64()
			case i > 3:
				v[j] += noiseSpread * rng.NormFloat64()
			}
		}
		all = append(all, v)
	}
	return all
}
