// Package surrogate imitates an evaluator with a Jacobian-enhanced neural
// network (JENN): a network that learns partials as well as values, and whose
// own partials are exact.
//
// # Fit, predict, save
//
//	model, summary, err := surrogate.Fit(ctx, surrogate.Task{Data: data}, rng, surrogate.Options{})
//	y := model.Predict(nil, x)              // the responses at x
//	dydx := model.PredictPartials(nil, x)   // entry k*nx+j: response k by variable j
//	model.PredictBatch(ys, partials, xs)    // many points, each in a fraction of the time
//	h := model.Hessian(nil, x, 0)           // second derivatives of response 0
//	std := model.PredictStd(nil, x)         // how far off the responses may be
//	err = model.Save(file)                  // and surrogate.Load(file)
//
// NaN in the data marks what is not known: a partial, a response of a sample, or
// all responses of a failed evaluation. Whatever is known is used. With
// Task.Start a fit goes on from an earlier model, keeping its scaling.
// [Assess] measures a model on samples it has not seen, [CrossValidate] on its
// own, and [JENN.Extrapolates] says where a prediction is a guess. [Diagnose] says
// which numbers look wrong and what would make the model better. A model is an
// sbo.Evaluator, so whatever works on a simulation works on its imitation.
//
// # What is learned
//
// Inputs and responses are scaled to mean 0 and standard deviation 1, and
// partials with them. A network of layers
//
//	a_0 = x,   a_l = g(W_l a_{l-1} + b_l),   y = W_L a_{L-1} + b_L
//
// is trained to make the loss of Berguin (arXiv 2406.09132) small,
//
//	J = 1/(2m) sum_t { sum_k beta_kt (y_kt - known)^2 + sum_kj gamma_kjt (dy_k/dx_j - known)^2 }
//	  + lambda/(2m) sum W^2
//
// over the m samples t, responses k and variables j. The [Weights] beta and gamma
// are 1 unless given, and 0 for what is not known.
//
// Each response has a network of its own unless Options.Shared asks for one for
// all, as in the paper. Responses of different shape, size and noise then don't
// compete for neurons and regularization, and several small networks train in a
// fraction of the time of a large one.
//
// Without a lambda, and with another trainer than adam, partials need not be right.
// Where they and the values disagree, each column of partials gets a noise of its own,
// estimated like the rest, so that noisy ones count less and wrong ones hardly at all.
// Where they are far worse than the values, the fit without partials competes.
// Summary.PartialNoise says how wrong they seem to be.
//
// Single numbers that are far off, be it a value or a partial, are another matter:
// each would bend the network towards itself. Options.Robust lets go of them, up to
// about one number in ten, and Summary.Outliers names them.
//
// What responses have of their own, regularization, widths, and factors of beta and
// gamma, stands in Options.Responses. Weights of either kind multiply what the
// evidence makes of the noise, and are not undone by it.
//
// # Which trainer
//
//   - lm: Levenberg-Marquardt with geodesic acceleration and dense matrices. It asks
//     the evidence of the data for the strength of the regularization, one for every
//     input and layer, instead of lambda, tries several architectures and keeps the
//     most probable. By far the most accurate on small and medium data.
//   - lbfgs: L-BFGS with a memory of 100, without matrices of parameters by parameters.
//     The evidence is estimated from products with the Jacobian of the residuals and
//     its transpose, solved by conjugate gradients and averaged over random vectors.
//     Given a lambda it minimizes J.
//   - gncg: the same with steps of Gauss-Newton by conjugate gradients. It did as well
//     as lbfgs on smooth functions, and worse on rough ones.
//   - adam: minibatches, for data of which even one evaluation of J takes long,
//     and for comparisons with the reference implementation.
//
// What is chosen, by the numbers to fit, each known value and partial counting, and the
// parameters of the network:
//
//	up to 1,000 numbers       lm
//	up to 12,000 numbers      lm, then lbfgs as well if lm can't predict what it trains
//	                          on without; the better of both by samples held out
//	beyond                    lbfgs
//	Hidden is given           lm up to 1,000 parameters and 2e9 numbers * parameters^2,
//	                          else lbfgs
//
// For any other optimizer, [NewLoss] has J and its gradient.
//
// All stop with their context, report progress, and can hold out samples to stop
// early (Options.Validation). The same task, seed and options give the same
// model for any number of workers.
//
// # Which network
//
// Unless Options.Hidden and Options.Activation say so, the trainer lm chooses among
// one and two layers of several widths, each with tanh, softplus and sine, by the log
// evidence of the data: how probable they are under a network, over all its
// parameters. It is higher by far for the network whose neurons have the shape of the
// response, and it does not reward a network for being large. Many are trained a
// little and the best to the end; networks that are absurd between the samples yield
// to those that are not.
//
// The trainers lbfgs and gncg survey up to 15 networks of one to three layers within a
// work that is known beforehand, seconds for thousands of numbers. They rank them by
// errors on a fifth of the samples that is held out until the last part, and set the
// noise by these errors where the evidence sees less of it: on rough data, networks fit
// their samples better than they know the function.
//
// Unless a time is given, networks of one layer begin with neurons along the directions in which the partials
// change, and all with the output layer that fits the samples best: values and partials
// are linear in it, so that it is solved for at once. With next to no time
// (Options.FitTime) such drafts are all there is: a tenth of a millisecond is enough for
// what takes ADAM thousands of steps.
//
// The best few answer together (Options.Ensemble). Where they fit the samples almost
// exactly, further networks are trained on what they left, magnified (residual
// stages), as long as the evidence says that it is more than noise.
//
// The partials of a relu network are piecewise constant: it has no curvature to learn
// partials with, or for an optimizer to use. A linear network is a plane.
//
// # How sure it is
//
// [JENN.PredictStd] and [JENN.PredictPartialsStd] give standard deviations:
// what the samples leave open of the parameters, their noise, and how far the members
// of the ensemble differ, scaled until nine in ten samples that were held out lie
// within their 90 percent intervals. [JENN.PredictInterval] makes intervals of them and
// [JENN.Trust] a figure between 0 and 1, with the distance to the nearest sample.
//
// # How it differs from the reference
//
// The Python package jenn is the reference of the paper. From the same parameters
// its numbers are ours: values, partials, loss, gradient and the steps of ADAM
// agree to 1e-12 in the tests, and its parameters.json is read ([Load]) and
// written ([JENN.SaveJENN]). The differences:
//
//   - The loss follows the paper. Up to version 2.0.0 the reference used gamma^3
//     in the loss it printed, though not in its gradient, and it always counts
//     the fixed identity of its input layer in the regularization.
//   - What is missing is NaN and is masked; there it poisons the loss.
//   - Minibatches see every sample and are dealt anew each epoch.
//   - A warm start keeps its scaling; there it is recomputed from the new data.
//   - A constant input or response is scaled by 1, there by 2e-16.
//   - Gradients run in reverse over reverse where there are fewer responses than
//     variables: the same numbers for a fraction of the work.
//   - Its trainer is our adam, without its line search. Levenberg-Marquardt, the
//     evidence, L-BFGS, early stopping and the Hessian are ours.
package surrogate
