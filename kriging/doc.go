// Package kriging imitates an evaluator by gradient-enhanced kriging: Gaussian
// processes that learn partials as well as values, and say how sure they are. It is the
// model for few samples, and for responses of local bumps; on more samples the networks
// of package surrogate are often more accurate.
//
// # Fit, predict, save
//
//	model, summary, err := kriging.Fit(ctx, kriging.Task{Data: data}, rng, kriging.Options{})
//	y := model.Predict(nil, x)              // the responses at x
//	dydx := model.PredictPartials(nil, x)   // entry k*nx+j: response k by variable j
//	h := model.Hessian(nil, x, 0)           // second derivatives of response 0
//	std := model.PredictStd(nil, x)         // how far off the responses may be
//	predicted, std := model.LeaveOneOut()   // each sample, from the others
//	err = model.Save(file)                  // and kriging.Load(file)
//
// NaN in the data marks what is not known: a partial, a response of a sample, or all
// responses of a failed evaluation. Whatever is known is used: with values alone it is
// ordinary kriging. With Task.Start a fit goes on from an earlier model, which takes a
// fraction of the time, and [Model.Condition] only takes other samples in.
//
// # What is assumed
//
// Each response is a draw from a Gaussian process of its own, with a constant mean and
// the covariance
//
//	cov(y(x), y(x')) = variance k(r),   r^2 = sum_j ((x_j - x'_j) / length_j)^2
//
// that falls with the distance, each variable measured by a length scale, or with that of
// few variables at a time: a response that is a sum of functions of few variables each is
// then learned as such, from a fraction of the samples. [Kernel] lists k. A partial of a
// Gaussian process is one too, and its covariances are the derivatives of k, so that
// values and partials are numbers of the same kind (Morris, Mitchell and Ylvisaker,
// Technometrics 35, 1993; Forrester, Sobester and Keane 2008, section 7.2; Rasmussen and
// Williams, Gaussian Processes for Machine Learning, 2006, section 9.4). With K the
// covariances of all known numbers y over the variance, and k(x) those with the
// response at x, its mean and variance there are
//
//	k(x)' K^-1 y   and   variance (k(x,x) - k(x)' K^-1 k(x))
//
// (2.25 and 2.26 there). Partials are taken over length scales, so that the diagonal of
// K is 1 throughout (Marchildon and Zingg, arXiv 2307.05855); inputs are measured by
// their bounds, responses by their standard deviation. The constant has a Gaussian prior,
// as wide as the response, and is integrated out.
//
// The numbers of each sample are used whole, rather than combined into fewer as GEKPLS
// does (Bouhlel and Martins, arXiv 1708.02663): more accurate, for up to some 1,500
// numbers.
//
// # What is estimated
//
// Length scales, noise of values and noise of partials are those that make the samples
// most probable (equation 5.8), with a prior that keeps them reasonable where few
// samples say little; the more probable kernel is kept. No length scale is below a
// fiftieth of the bounds, so that ripples too fine for the samples become noise rather
// than bumps of which the mean is flat, and none is above 10,000 times them. Where
// partials seem noisy, each column has a noise of its own. A search begins from several
// places and follows the gradient of the log likelihood; a large one looks for its basin
// with some of the samples. A model to start from keeps what foretells its new numbers.
//
// # Logarithms
//
// Stresses, deflections and weights are often products of powers of the inputs, which
// logarithms make linear. Of positive inputs with wide bounds, and of responses that
// stay on one side of 0 or, as limits written load/limit - 1 do, of 1 or -1, they are
// learned instead if that makes the samples decidedly more probable, the change of
// variables taken into account. Predictions, partials and standard deviations (to first
// order) are of the response itself all the same. [Model.Logarithms] says what was
// learned; for an input that is not positive a model that learned its logarithm
// predicts NaN.
//
// LogEvidence says how probable the samples are under the model. It is in the same units
// as that of package surrogate, so the higher of the two names the model to prefer.
//
// # How sure it is
//
// [Model.PredictStd], [Model.PredictPartialsStd] and [Model.PredictInterval] are those of
// the Gaussian process, widened where its samples, each predicted from the others, lie
// outside their 90 percent intervals too often. [Model.LeaveOneOut] returns these
// predictions, which take no refitting (Dubrule, Mathematical Geology 15, 1983).
//
// # Limits
//
// Time grows with the cube of the number of values and partials of a response. Beyond
// Options.Numbers a well-spread subset of the samples is used. Samples that almost
// coincide are no problem, nor are scales: only their noise tells whether two numbers
// contradict each other.
package kriging
