// Package problems holds test problems whose answers are known: to try an
// optimizer on, to show that a surrogate learns what it should, to compare with
// what others publish.
//
// A [Problem] is an [sbo.Problem] with an evaluator that has exact partials, the
// global minimum with its minimizers, and a source. It comes from a constructor
// or by name:
//
//	p := problems.Rosenbrock(5)
//	p, err := problems.Lookup("rosenbrock5")
//	err = p.Evaluate(ctx, y, dydx, x)
//
// [Names] lists them. There are four kinds:
//
//   - Formulas, some in any number of variables: valleys (rosenbrock, zakharov,
//     trid, sphere), ripples (rastrigin, ackley, griewank, levy, styblinski), the
//     classics of two to six (branin, camel6, goldstein, beale, hartmann3, hartmann6,
//     shekel5, shekel7, shekel10), and the curve sinusoid. Their variables are x1, x2, ..., their objective f.
//   - Engineering formulas without constraints, with names and units: wingweight,
//     borehole, otl.
//   - Problems with constraints: structures and machines with names and units
//     (weldedbeam, pressurevessel, speedreducer, spring, and cantilever with any
//     number of segments), and formulas with constraints g1, g2, ... (gomez3,
//     mystery, g04, g07, g08, g09, g24).
//   - Simulations, with constraints: the airfoil sections airfoil-af1, airfoil-af2
//     and airfoil-af3 of package airfoil, at some 10 to 100 ms an answer.
//
// # Conventions
//
// All problems minimize response 0. A constraint is the quantity that an engineer
// would name with its limit, such as shear_stress <= 13600 psi, where the
// literature writes tau - 13600 <= 0 or tau/13600 - 1 <= 0; so its violation is
// relative to a limit above 1, and there is one response for limits on both sides.
//
// Where the customary box has the minimizer in its middle, a box that does not is
// used instead, as many methods look at the middle first: rastrigin, sphere,
// griewank, ackley. Only sinusoid keeps the box of its demonstration.
// [Problem.WithBox] sets another one.
//
// # What is known
//
// Minima are exact where the formula tells them; each constructor says why. The
// others were computed by solving the first-order conditions with 40 digits, and
// agree with the published values. The tests check at every minimizer that it is
// feasible, satisfies the Karush-Kuhn-Tucker conditions and has the stated
// minimum, and that no point of large samples is lower.
package problems
