// Package doe draws designs of experiments: points of the unit cube at which a
// function is to be looked at first.
//
// A design is a []float64 of n rows with dim numbers each, row after row. A
// [Sampler] draws one, and a Box of package sbo places it between real bounds:
//
//	points := doe.LatinHypercube{Criterion: doe.ESE}.Sample(40, 3, sbo.Rand(1, "design"))
//	points[3*i:3*i+3] // row i
//
// # How to choose
//
// To fit a surrogate with a known number of evaluations, take
// LatinHypercube{Criterion: ESE}, the sampler called "lhs": every variable gets
// as many different values as there are points, so nothing is wasted on a
// variable that turns out not to matter, and no two points come near each other.
// If it isn't known how many points there will be, take Sobol{Scramble: true}:
// every beginning of the sequence is a good design, best at powers of two, and
// it is the choice for averages over the cube as well. [Halton] does the same
// for any number of points with no preference for powers of two, a little worse,
// and is best kept below ten dimensions unless scrambled. [FullFactorial] is for
// two or three variables whose corners and edges matter. [Random] is the
// yardstick for the others: points of it crowd and leave holes. A design with
// partials in it tells more per point, not less, so the same advice holds.
//
// # More points later
//
// [Extend] adds rows to a design that has been evaluated already. It returns
// only the new ones; those that exist stay as they are:
//
//	more := doe.Extend(sampler, points, 10, 3, sbo.Rand(1, "design"))
//
// Latin hypercubes fill the strata that are empty, sequences go on where they
// stopped, factorials fill or refine their grid. Give it a stream of the seed that
// the design was drawn with: it is how a scrambled sequence finds out how it was
// scrambled. Then a design that has grown is the design that would have been
// drawn at once, for all samplers that are sequences: random, Sobol, Halton.
//
// # How good is it
//
// [MinDistance] is the distance of the closest pair (more is better), [PhiP] a
// smooth form of it that counts near-closest pairs too (less is better), and
// [CenteredL2] says how far the fraction of points in boxes is from their volume
// (less is better). Compare designs of equal n and dim only.
//
// # Randomness
//
// All randomness comes from the rng that is passed in, so that a seed repeats a
// design exactly (one optimized by [ESE], on the same kind of processor). Only Sobol and Halton without scrambling, and factorials that
// are complete, accept a nil rng.
package doe
