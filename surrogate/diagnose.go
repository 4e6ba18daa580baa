package surrogate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/sbo-go/sbo"
)

// DiagnoseOptions says what to look into. The zero value looks into everything.
type DiagnoseOptions struct {
	// Fit is how the model was trained, and what the trials are trained with; but for
	// the architecture, which is that of the model.
	Fit Options
	// Summary is that of the fit, if it is at hand: whether iterations ran out.
	Summary Summary
	// Splits is how many times the samples are dealt into some to train on and some to
	// predict, for the learning curve and the trials. 0: 3.
	Splits int
	// Untried leaves out learning curve and trials, which train some dozen networks:
	// what remains takes a fraction of the time of the fit.
	Untried bool
	// Rows are the numbers that the advice calls the samples by. Nil: 1, 2, ...
	Rows []int
	// Progress, if not nil, hears of every training that is done, of how many.
	Progress func(done, total int)
}

// Diagnosis says what is wrong with a model or its samples, and what would help.
type Diagnosis struct {
	// LeaveOneOut is the accuracy with which each sample is predicted, values and
	// partials, from the others, by the ensemble without its residual stages. It takes
	// the hyperparameters, and how a network is bent, from all samples: a network that
	// is bent around noise looks better than it is, which the learning curve tells. N is
	// 0 where the network is too large for it.
	LeaveOneOut Assessment
	// Predicted holds the predictions of which that is the accuracy, NaN where there
	// is none.
	Predicted sbo.Data
	// Suspects are the numbers that the others contradict, the most deviant first.
	Suspects []Suspect
	// Clean is LeaveOneOut of a network that learned all but the suspects, compared
	// with the others; nil if there are none.
	Clean *Assessment
	// Responses is about each response.
	Responses []ResponseDiagnosis
	// Advice is what follows, the most important first.
	Advice []Advice
}

// Suspect is a number of the data that the others contradict.
type Suspect struct {
	Sample     int     // index in Task.Data
	Response   int     // index
	Variable   int     // index of the variable of a partial; -1: the value of the response
	Found      float64 // what the data say, in the unit of the response or partial
	Expected   float64 // what a network says that has learned all but the suspects
	Std        float64 // the standard deviation that their difference should have
	Deviations float64 // Found - Expected in standard deviations
}

// ResponseDiagnosis is about one response.
type ResponseDiagnosis struct {
	// Noise is the estimated standard deviation of what the values have of noise, in
	// the unit of the response; it includes what the network is too small to follow.
	// NaN where the training does not estimate it.
	Noise float64
	// PartialNoise is, for each variable, how wrong the partials seem to be, as in
	// Summary; 0 where they are as good as the values.
	PartialNoise []float64
	// PartialFactor is, for each variable, what the known partials are of those
	// predicted: 1 if they are right, -1 if they have the wrong sign, something else if
	// their unit is wrong. NaN unless the two are proportional.
	PartialFactor []float64
	// Curve is how the error falls with the number of samples.
	Curve LearningCurve
	// WithoutPartials compares with training on the values only, Larger with a network
	// of layers half as wide again.
	WithoutPartials, Larger Trial
}

// Diagnose looks for what is wrong with a model that was trained on a task, or with the
// samples of the task, and for what would make it better: leave-one-out errors without
// refitting (see leaveOneOut), numbers that the others contradict, a learning curve,
// and trials with the values only and with larger networks. The same task, seed and
// options give the same diagnosis for any number of workers. Errors are those of [Fit],
// and data of other dimensions than the model.
func Diagnose(ctx context.Context, task Task, m *JENN, rng *rand.Rand, o DiagnoseOptions) (Diagnosis, error) {
	d := task.Data
	if err := errors.Join(o.Fit.Validate(), task.validate()); err != nil {
		return Diagnosis{}, fmt.Errorf("surrogate: %w", err)
	}
	if m.nx != d.NX || m.ny != d.NY {
		return Diagnosis{}, fmt.Errorf("surrogate: a model of %d inputs and %d outputs diagnosed on data of %d and %d", m.nx, m.ny, d.NX, d.NY)
	}
	if o.Rows != nil && len(o.Rows) != d.Len() {
		return Diagnosis{}, fmt.Errorf("surrogate: %d row numbers for %d samples", len(o.Rows), d.Len())
	}
	if o.Splits == 0 {
		o.Splits = 3
	}
	g := &diagnosis{task: task, model: m, o: o, rng: rng, clean: missingLike(d)}
	g.Predicted = missingLike(d)
	for _, a := range m.answers {
		if err := g.examine(ctx, a); err != nil {
			return Diagnosis{}, err
		}
	}
	g.LeaveOneOut = compareKnown(d, g.Predicted)
	if len(g.Suspects) > 0 {
		clean := compareKnown(d, g.clean)
		g.Clean = &clean
	}
	for k := range g.Responses {
		g.factors(k)
	}
	if !o.Untried {
		if err := g.tryOut(ctx); err != nil {
			return Diagnosis{}, err
		}
	}
	g.Advice = g.advise()
	return g.Diagnosis, nil
}

// diagnosis is a [Diagnosis] in the making.
type diagnosis struct {
	Diagnosis
	task  Task
	model *JENN
	o     DiagnoseOptions
	rng   *rand.Rand
	clean sbo.Data // leave-one-out predictions without the suspects
}

// missingLike returns data with the points of d of which nothing else is known.
func missingLike(d sbo.Data) sbo.Data {
	p := sbo.NewData(d.NX, d.NY, d.Len())
	copy(p.X, d.X)
	for i := range p.Len() {
		p.Forget(i)
	}
	if d.Partials == nil {
		p.Partials = nil
	}
	return p
}

// compareKnown is [Compare] where there is a prediction.
func compareKnown(d, predicted sbo.Data) Assessment {
	d = d.Subset(indices(d.Len()))
	for i, v := range predicted.Y {
		if math.IsNaN(v) {
			d.Y[i] = math.NaN()
		}
	}
	for i, v := range predicted.Partials {
		if math.IsNaN(v) {
			d.Partials[i] = math.NaN()
		}
	}
	return Compare(d, predicted)
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// examine does what needs no trials, for the responses of one answer.
func (g *diagnosis) examine(ctx context.Context, a *answer) error {
	d, w := g.share(a)
	keep := answered(d)
	best := a.members[0]
	set := newTrainingSet(d.Subset(keep), w.subset(d, keep), best.scaling)
	g.estimate(best, set)
	if !leaveOneOutFits(set.residuals(), len(best.network.Parameters)) || set.residuals() == 0 {
		return ctx.Err()
	}
	for _, f := range a.members {
		e := f.withEvidence(set, g.model.Facts.Lambda)
		left, err := leaveOneOut(ctx, e.network, e.evidence, g.credited(e, set))
		if err != nil {
			return err
		}
		g.predict(g.Predicted, left, set, f.scaling, f.weight, a.first, keep)
	}
	h := &hunt{ctx: ctx, set: set, rng: rand.New(rand.NewPCG(g.rng.Uint64(), g.rng.Uint64())), workers: g.o.Fit.Workers}
	found, f, err := h.run(best.withEvidence(set, g.model.Facts.Lambda))
	if err != nil {
		return err
	}
	var named []place
	for _, s := range found {
		named = append(named, s.place)
		unit, offset := best.scaling.unit(s.place)
		g.Suspects = append(g.Suspects, Suspect{
			Sample: keep[s.sample], Response: a.first + s.response, Variable: s.variable,
			Found: offset + unit*s.found, Expected: offset + unit*s.expected, Std: unit * s.std, Deviations: s.deviations(),
		})
	}
	if len(named) > 0 {
		g.Responses = g.Responses[:a.first]
		g.estimate(f, set.without(named))
	}
	left, err := leaveOneOut(ctx, f.network, f.evidence, set.without(named))
	g.predict(g.clean, left, set, f.scaling, 1, a.first, keep)
	return err
}

// estimate notes what the evidence found of the noise of the responses of a network.
func (g *diagnosis) estimate(f *fitted, set trainingSet) {
	for k := range set.ny {
		r := ResponseDiagnosis{Noise: math.NaN(), PartialNoise: make([]float64, set.nx), PartialFactor: make([]float64, set.nx)}
		if e := f.evidence; e != nil {
			r.Noise = f.scaling.StdY[k] / math.Sqrt(e.Noise)
			if noise := e.partialNoise(set); noise != nil {
				copy(r.PartialNoise, noise[k*set.nx:(k+1)*set.nx])
			}
		}
		g.Responses = append(g.Responses, r)
	}
}

// share returns the data and weights that an answer was trained on.
func (g *diagnosis) share(a *answer) (sbo.Data, Weights) {
	d := g.task.Data
	w := g.task.Weights.scaled(d, g.o.Fit.Responses)
	if a.ny() == d.NY {
		return d, w
	}
	return response(d, a.first), w.response(d, a.first)
}

// withEvidence returns the network itself or, if it was trained without, one whose
// hyperparameters are those of the paper's loss with the lambda.
func (f *fitted) withEvidence(set trainingSet, lambda float64) *fitted {
	if f.evidence != nil {
		return f
	}
	e := newEvidence(f.network, nil)
	e.fix(f.network, lambda)
	r := make([]float64, set.residuals())
	newResidualModel(f.network, set).at(f.network.Parameters, r, nil)
	noise := min(float64(len(r))/max(dot(r, r), 1e-300), maxNoise)
	for c := range e.Precisions { // relative to the noise they stay what they are
		e.Precisions[c] *= noise
	}
	e.Noise = noise
	return newFitted(f.network, f.scaling, e)
}

// credited returns the set with the weights that a robust training gave it.
func (g *diagnosis) credited(f *fitted, set trainingSet) trainingSet {
	if !g.o.Fit.Robust {
		return set
	}
	r := make([]float64, set.residuals())
	newResidualModel(f.network, set).at(f.network.Parameters, r, nil)
	t := newTails(set)
	t.update(r, f.evidence.Noise)
	set = set.without(nil)
	for i, p := range t.places {
		if c := p.column(set.nx); c < 0 {
			set.beta[p.response*set.m+p.sample] *= t.credit[i]
		} else {
			set.gamma[c*set.m+p.sample] *= t.credit[i]
		}
	}
	return set
}

// predict adds weighted leave-one-out predictions to data, whose responses begin with
// the first and whose samples are those that are kept.
func (g *diagnosis) predict(to sbo.Data, left deleted, set trainingSet, s Scaling, weight float64, first int, keep []int) {
	for i, p := range left.places {
		unit, offset := s.unit(p)
		v := weight * (offset + unit*(set.number(p)-left.residual[i]))
		at := &to.Y[keep[p.sample]*to.NY+first+p.response]
		if p.variable >= 0 {
			at = &to.Partials[to.Partial(keep[p.sample], first+p.response, p.variable)]
		}
		if math.IsNaN(*at) { // the first network
			*at = 0
		}
		*at += v
	}
}

// factors finds what the known partials of a response are of those predicted, where the
// two are proportional: a correlation, about 0, of at least 0.9.
func (g *diagnosis) factors(k int) {
	const proportional = 0.9
	d := g.task.Data
	for j := range d.NX {
		factor := math.NaN()
		if d.Partials != nil && g.LeaveOneOut.Partials[k][j].N >= fewForScale {
			var known, predicted []float64
			for i := range d.Len() {
				n := d.Partial(i, k, j)
				if a, b := d.Partials[n], g.clean.Partials[n]; !math.IsNaN(a) && !math.IsNaN(b) {
					known, predicted = append(known, a), append(predicted, b)
				}
			}
			cross, kk, pp := dot(known, predicted), dot(known, known), dot(predicted, predicted)
			if math.Abs(cross) > proportional*math.Sqrt(kk*pp) {
				factor = cross / pp
			}
		}
		g.Responses[k].PartialFactor[j] = factor
	}
}
