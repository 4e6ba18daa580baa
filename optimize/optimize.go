package optimize

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
)

// Method names the quasi-Newton method that finds the descent directions.
type Method string

// The methods, both of gonum.
const (
	LBFGS Method = "lbfgs" // limited memory, 15 pairs: the default, good in any dimension
	BFGS  Method = "bfgs"  // a dense inverse Hessian: good up to a few hundred variables
)

// Options are the settings of [Minimize] and [Multistart]. The zero value is good.
type Options struct {
	// Method finds the descent directions. Default: [LBFGS].
	Method Method `json:"method,omitempty" yaml:"method,omitempty" jsonschema:"enum=lbfgs,enum=bfgs,description=quasi-Newton method"`

	// Tolerance is the largest KKT residual (see [KKT]) of a converged point.
	// Dimensionless. Default: 1e-8.
	Tolerance float64 `json:"tolerance,omitempty" yaml:"tolerance,omitempty" jsonschema:"description=largest KKT residual of a converged point (default 1e-8)"`

	// Feasibility is the largest violation (see sbo.Problem.Violation) of a
	// converged point. It is much tighter than [sbo.FeasibilityTolerance], so that
	// what converged here is still feasible after a change of units or a
	// round trip through a file. Default: 1e-9.
	Feasibility float64 `json:"feasibility,omitempty" yaml:"feasibility,omitempty" jsonschema:"description=largest relative constraint violation of a converged point (default 1e-9)"`

	// MaxEvaluations limits the evaluations of each start. Default: 20000,
	// which a surrogate answers in well under a second.
	MaxEvaluations int `json:"max_evaluations,omitempty" yaml:"max_evaluations,omitempty" jsonschema:"description=limit of evaluations for each start (default 20000)"`

	// Differences fills partials that the evaluator does not know with central
	// differences, at two evaluations a variable. They are good for a tolerance of
	// about 1e-6. Without them, a missing partial of the objective or of a
	// constraint is an error.
	Differences bool `json:"differences,omitempty" yaml:"differences,omitempty" jsonschema:"description=fill missing partials with central differences"`

	// Workers is the number of starts that [Multistart] runs at a time. It does
	// not change the results. Default: 1.
	Workers int `json:"-" yaml:"-"`
}

// Validate returns every fault of the options, joined.
func (o Options) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("optimize: "+format, args...)) }
	switch o.Method {
	case "", LBFGS, BFGS:
	default:
		fault("there is no method %q; use %q or %q", o.Method, LBFGS, BFGS)
	}
	if !(o.Tolerance >= 0) || math.IsInf(o.Tolerance, 1) {
		fault("the tolerance is %g; it must be a small positive number, or 0 for the default", o.Tolerance)
	}
	if !(o.Feasibility >= 0) || o.Feasibility > sbo.FeasibilityTolerance {
		fault("the feasibility is %g; it must lie between 0 (for the default) and %g", o.Feasibility, sbo.FeasibilityTolerance)
	}
	if o.MaxEvaluations < 0 {
		fault("the limit of evaluations is %d; it must be positive, or 0 for the default", o.MaxEvaluations)
	}
	return errors.Join(faults...)
}

func (o Options) withDefaults() Options {
	if o.Method == "" {
		o.Method = LBFGS
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-8
	}
	if o.Feasibility == 0 {
		o.Feasibility = 1e-9
	}
	if o.MaxEvaluations == 0 {
		o.MaxEvaluations = 20000
	}
	return o
}

// Result is the answer of a minimization.
type Result struct {
	X           []float64 // nx: the point, inside the bounds exactly
	Y           []float64 // ny: its responses, NaN if no evaluation succeeded
	Objective   float64   // its cost (sbo.Problem.Cost): smaller is better, also when maximizing
	Violation   float64   // sbo.Problem.Violation at Y: 0 when all constraints hold
	Feasible    bool      // sbo.Problem.Feasible at Y
	KKT         KKT       // how nearly the point is optimal, and what its limits cost
	Status      Status    // how the minimization ended
	Evaluations int       // calls of the evaluator, those for differences included
	Start       int       // row of the start in [Multistart]
}

// Minimize finds a local optimum of the problem from the start, nx numbers,
// which is clipped to the bounds. See the package documentation for how.
//
// An evaluation that fails (sbo.ErrFailed) is a point to avoid. A fault of the
// problem, of the options or of the start is an error; so is any other error of
// the evaluator, a panic of the evaluator, a missing partial, and the end of
// the context. In the latter cases the result is the best point until then.
// Not converging is no error but a [Status]. Minimize panics if the start does
// not have nx numbers.
func Minimize(ctx context.Context, p sbo.Problem, e sbo.Evaluator, start []float64, o Options) (Result, error) {
	if err := errors.Join(p.Validate(), o.Validate()); err != nil {
		return Result{}, err
	}
	return minimize(ctx, p, e, start, o.withDefaults())
}
