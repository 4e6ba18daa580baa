// Package optimize finds the best point of an evaluator inside bounds and
// constraints: of a fitted surrogate, a test problem or a simulation, whatever
// answers sbo.Evaluator.
//
//	r, err := optimize.Minimize(ctx, problem, model, start, optimize.Options{})
//	if err != nil {
//		return err // a fault, not a failure to converge
//	}
//	fmt.Println(r.Status) // "The point is optimal: it is feasible and ..."
//	fmt.Println(r.X, r.Objective, r.KKT.Multipliers)
//
// [Minimize] descends from one start to a local optimum. [Multistart] does so
// from many and sorts the answers; spread the starts with package doe. The
// evaluator must be smooth and know its partials, or [Options.Differences] must be set.
//
// # How it works
//
// Everything happens in the unit box, with responses scaled by their change
// across it, so that units do not matter. Five layers, one file each:
//
//   - gonum.go: on a face of the box, gonum's BFGS or L-BFGS proposes directions
//     and gonum's bisection finds steps, along a path that bends at the bounds.
//   - descent.go: projected gradient steps find the face (the active set
//     algorithm of Hager and Zhang, 2006), so that a bound that holds the answer
//     holds it exactly.
//   - lagrangian.go: constraints with lower, upper or equal limits become the
//     augmented Lagrangian of Powell, Hestenes and Rockafellar. Its first descent,
//     with light penalties, goes through the infeasible to a good basin.
//   - sequential.go: from there sequential quadratic programming takes a few steps
//     (quadratic.go solves each). Where it fails, and with more than 100 variables,
//     the augmented Lagrangian goes on.
//   - refine.go: a few Newton steps on the KKT conditions end it at the accuracy
//     of the partials, where a comparison of values would stop at its square root.
//
// The best point on the way is remembered. If the descent ends at a worse one,
// it goes on from the better; so no answer is worse than a feasible start. A
// start at which the gradient vanishes is searched for negative curvature, for
// it may be a maximum. Where no feasible point is found, restore.go seeks the
// least of the largest violations.
//
// gonum's methods are driven step by step by their own interfaces instead of by
// gonum's Minimize: that knows no bounds and no context, and runs user code on
// goroutines where a panic ends the process.
//
// # What can go wrong
//
// An evaluation that fails (sbo.ErrFailed, or a response that is not finite) is
// a point to avoid. Any other error, a panic, a missing partial and the end of
// the context end the run with an error and the best point until then. That the
// run did not converge is no error; [Status] says why in a sentence.
//
// # Certificates
//
// [KKT] tells how nearly a point is optimal, in a number that means the same on
// any problem, and what each active bound and limit costs: a multiplier is the
// change of the optimal cost per unit of the limit. [ComputeKKT] needs no
// optimizer, only responses and partials, so it judges measured points too.
//
// # When something else is better
//
// These are local methods for functions that cost microseconds: they spend
// evaluations (tens to thousands) for robustness and digits. For an expensive
// simulation optimize its surrogate, with package polish. For functions with
// kinks, noise or integers use a derivative-free or mixed-integer code.
package optimize
