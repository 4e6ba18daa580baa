// Package polish runs the loop of surrogate-based optimization: imitate the
// samples with a Jacobian-enhanced network, optimize the network, check the
// optimum against the truth, raise the weights of the samples around it, and
// again until the truth confirms it.
//
//	loop := polish.Loop{Problem: p, Evaluate: sbo.Workers(p, simulation, 4), Budget: 60}
//	for round, err := range loop.Rounds(ctx, design) {
//		...                    // round.Best is the row of round.Data that counts
//	}
//
// Each response is imitated by a network, which learns its partials, or by kriging,
// whichever has foretold the last samples better. Descents may follow a third one,
// kriging of the samples nearest to the best one.
//
// A round searches the surrogate twice. Over the whole box, from many starts, it
// looks for a better basin: a promise. Around the best sample, within a trust
// region, it minimizes the surrogate corrected to have the measured values and
// partials there: a descent, which leads to a true optimum however poor the
// surrogate is. As long as promises are kept they are followed; after broken
// ones the loop makes ever more descents before it follows another.
//
// A descent ends when the optimality conditions hold, by measured partials; where
// these are missing, steps that bring nothing take their place. Then the loop looks for
// other basins: it makes new starts, far from all samples or at optima of the surrogate
// that no descent has reached, and descends from there as long as that can lead to
// something better. It has converged when the best sample is optimal, the surrogate
// promises nothing better, and it is unlikely that there is a basin that nobody has
// seen: where descents end tells how likely, those that were made and those of the
// surrogate from blindly chosen points. Where the surrogate makes no sense of the samples,
// new starts follow their outline.
//
// Where no partials are known at all, kriging answers alone. Descents go on as long as they
// promise more than the last digits. Then the loop probes the directions of which no sample
// beside the best one tells, evaluates where the greatest improvement is to be expected,
// anywhere in the box, and looks for other basins in the way above once none is worth an
// evaluation.
//
// Where evaluations fail is learned, too. No point is evaluated among failures only, and
// a descent whose step would probably fail makes the one of which most is to be
// expected: shorter, or turned aside, along the edge of where evaluations succeed.
//
// Samples are compared by a merit, the cost plus penalties of broken limits. Where
// the penalties are so small that a sample beyond the limits looks better than the
// way back to them, they grow.
//
// The course of the loop is a function of its settings, the design and the
// answers alone: the number of workers does not change it.
package polish
