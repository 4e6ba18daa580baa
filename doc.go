// Package sbo is the vocabulary of surrogate-based optimization: what is to be
// decided, what a simulation answers, and what has been learned so far.
//
// A [Problem] is data: design variables with bounds, and responses with roles
// (objective, constraint, monitor). An [Evaluator] is code: it answers one
// point with the responses and, if asked, their partials. A simulation, a test
// problem and a fitted surrogate all are evaluators, so whatever works on one
// works on the others. [Data] is a table of answered samples.
//
// The other packages are verbs over these nouns:
//
//   - doe chooses where to look first,
//   - surrogate imitates an evaluator with a Jacobian-enhanced neural network,
//   - kriging does so with Gaussian processes, from the fewest samples,
//   - optimize finds the best point of an evaluator inside bounds and constraints,
//   - polish imitates, optimizes, checks against the truth, reweights and repeats,
//   - study does all that from a file, with durable answers and parallel workers,
//   - report says what happened.
//
// # Layout of numbers
//
// Everything is a flat, row-major []float64 with samples as rows. For nx design
// variables and ny responses, a point x has nx entries, its responses y have ny,
// and its partials dydx have ny*nx: entry k*nx+j is the partial of response k
// with respect to design variable j. NaN marks what is not known.
package sbo
