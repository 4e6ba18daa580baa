package surrogate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// PredictStd returns the standard deviation of each of the ny responses at x: how far
// the answer of a run there is likely to be from the prediction. It combines what the
// samples leave open of each network, the noise of the samples and how far the
// members of the ensemble differ, scaled so that intervals cover what was held out
// when the model was fitted. NaN where the model does not know: it was trained with a
// given lambda or the trainer adam, has more than 4,000 parameters, or was read from a
// file of the Python package jenn.
func (m *JENN) PredictStd(std, x []float64) []float64 {
	std = m.destination(std, m.ny, x)
	for _, a := range m.answers {
		spread := a.spread(x)
		for k := range a.ny() {
			std[a.first+k] = spread[k*(1+m.nx)]
		}
	}
	return std
}

// PredictPartialsStd returns the standard deviations of the ny*nx partials at x, laid
// out as those are, as [JENN.PredictStd] does those of the responses.
func (m *JENN) PredictPartialsStd(std, x []float64) []float64 {
	std = m.destination(std, m.ny*m.nx, x)
	for _, a := range m.answers {
		spread := a.spread(x)
		for k := range a.ny() {
			copy(std[(a.first+k)*m.nx:], spread[k*(1+m.nx)+1:(k+1)*(1+m.nx)])
		}
	}
	return std
}

// PredictInterval returns, for each of the ny responses, the bounds between which the
// answer of a run at x lies with the given probability, above 0 and below 1: the
// prediction and as many standard deviations on either side as a normal distribution
// has. It panics if the level is not a probability.
func (m *JENN) PredictInterval(lower, upper, x []float64, level float64) ([]float64, []float64) {
	if !(level > 0 && level < 1) {
		panic(fmt.Sprintf("surrogate: an interval of probability %v", level))
	}
	lower, upper = m.Predict(lower, x), m.destination(upper, m.ny, x)
	reach := distuv.UnitNormal.Quantile((1 + level) / 2)
	for k, std := range m.PredictStd(nil, x) {
		lower[k], upper[k] = lower[k]-reach*std, lower[k]+reach*std
	}
	return lower, upper
}

// Trust says how far the prediction at a point can be relied on.
type Trust struct {
	// Score of each response is the share of its variance over the samples that the
	// model knows at the point: 1 - std^2/variance, at least 0. NaN without a
	// standard deviation.
	Score []float64
	// Nearest is the sample that is closest, by its number among those the model was
	// trained on, from 0; -1 if it does not know them, or not all, as there were too
	// many to keep.
	Nearest int
	// Distance to that sample, in units of the median distance of a sample to its own
	// nearest one, each input measured by its standard deviation. Well above 1: the
	// point lies in a gap between the samples, or outside them.
	Distance float64
}

// Trust returns how far the predictions at x can be relied on. For whether x is
// outside the range of the samples see [JENN.Extrapolates].
func (m *JENN) Trust(x []float64) Trust {
	t := Trust{Nearest: -1, Distance: math.NaN()}
	std := m.PredictStd(nil, x)
	for _, a := range m.answers {
		for k := range a.ny() {
			s := std[a.first+k] / a.members[0].scaling.StdY[k]
			t.Score = append(t.Score, max(1-s*s, 0))
			if math.IsNaN(s) {
				t.Score[a.first+k] = math.NaN()
			}
		}
	}
	if a := m.answers[0]; a.samples.m > 1 {
		t.Nearest, t.Distance = a.samples.nearest(a.members[0].scaling.input(nil, x), -1)
		if a.samples.of > 0 { // their numbers are not those of the samples trained on
			t.Nearest = -1
		}
		a.spacing.once.Do(func() { a.spacing.median = a.samples.spacing() })
		t.Distance /= a.spacing.median
	}
	return t
}

// nearest returns the sample closest to a scaled point, other than the given one,
// and its distance.
func (t trainingSet) nearest(point []float64, other int) (index int, distance float64) {
	index, distance = -1, math.Inf(1)
	for i := range t.m {
		d := 0.0
		for j, v := range point {
			e := v - t.x[j*t.m+i]
			d += e * e
		}
		if i != other && d < distance {
			index, distance = i, d
		}
	}
	return index, math.Sqrt(distance)
}

// spacing returns the median distance of samples to their nearest neighbors, of at
// most 500 of them.
func (t trainingSet) spacing() float64 {
	var all []float64
	point := make([]float64, t.nx)
	for i := 0; i < t.m; i += 1 + t.m/500 {
		for j := range point {
			point[j] = t.x[j*t.m+i]
		}
		_, d := t.nearest(point, i)
		all = append(all, d)
	}
	slices.Sort(all)
	return max(all[len(all)/2], 1e-300)
}

// spread returns the standard deviations at x: for each response that of the value,
// then those of its partials.
func (a *answer) spread(x []float64) []float64 {
	nx, ny := len(x), a.ny()
	variance := make([]float64, ny*(1+nx))
	if len(a.stages) > 0 { // what the last stage leaves open is what is left
		if p := a.posterior(a.stages[len(a.stages)-1]); p != nil {
			_, v := p.at(x)
			copy(variance, v)
		} else {
			fill(variance, math.NaN())
		}
	} else {
		a.mixture(variance, x)
	}
	factors := a.calibrated()
	for i, v := range variance {
		variance[i] = math.Sqrt(v) * factors.factor(i%(1+nx) > 0)
	}
	return variance
}

// mixture writes the variances of the ensemble into variance: those of the members
// and of their means about the common mean.
func (a *answer) mixture(variance, x []float64) {
	var means, within [][]float64
	for _, m := range a.members {
		p := a.posterior(m)
		if p == nil {
			fill(variance, math.NaN())
			return
		}
		mean, v := p.at(x)
		means, within = append(means, mean), append(within, v)
	}
	for i := range variance {
		common := 0.0
		for n, m := range a.members {
			common += m.weight * means[n][i]
		}
		for n, m := range a.members {
			e := means[n][i] - common
			variance[i] += m.weight * (within[n][i] + e*e)
		}
	}
}

// posterior returns that of one of the networks, computed when first asked for; nil
// if it can't be known.
func (a *answer) posterior(f *fitted) *posterior {
	f.posterior.once.Do(func() {
		if f.evidence != nil && a.samples.m > 0 {
			f.posterior.known = newPosterior(f, a.samples)
		}
	})
	return f.posterior.known
}

// calibration scales the standard deviations of an answer.
type calibration struct {
	Values, Partials float64 // 0: not calibrated
}

func (c calibration) factor(partial bool) float64 {
	if partial {
		return cmp.Or(c.Partials, 1)
	}
	return cmp.Or(c.Values, 1)
}

// calibrated returns the factors of the answer, computed when first asked for: most
// models are only ever asked for predictions. They follow from the model alone, so
// that one read from a file gives the same.
func (a *answer) calibrated() calibration {
	a.calibration.once.Do(func() {
		if best := a.members[0]; best.evidence != nil && a.samples.m > 0 {
			a.calibration.known = calibrate(best, a.samples)
		}
	})
	return a.calibration.known
}

// Calibration deals the samples into calibrationFolds and refits the best network
// without each, in at most calibrationSteps iterations from where it was; where these
// would take more than calibrationWork, with as much without matrices.
const (
	calibrationFolds = 5
	calibrationSteps = 40
	calibrationWork  = 4e10
	// calibrationSamples are enough where samples stand for many more.
	calibrationSamples = 200
)

// calibrate returns the factors by which standard deviations must be multiplied for
// 90 percent of the samples to lie within their 90 percent intervals, when they are
// held out and the network is trained on with the others.
func calibrate(best *fitted, set trainingSet) calibration {
	// Any shuffle will do, as long as it is always the same: samples in the order of a
	// grid must not be held out a plane at a time.
	order := rand.New(rand.NewPCG(calibrationFolds, calibrationSteps)).Perm(set.m)
	folds := min(calibrationFolds, set.m)
	if set.of > 0 { // any of them matters too little to the network for it to be trained without
		folds = 0
	}
	values, partials := make([][]float64, folds), make([][]float64, folds)
	each(folds, runtime.GOMAXPROCS(0), func(f int) {
		var in, out []int
		for n, i := range order {
			if n%folds == f {
				out = append(out, i)
			} else {
				in = append(in, i)
			}
		}
		slices.Sort(in)
		slices.Sort(out)
		rest := &runs{ctx: context.Background(), train: set.batch(in)}
		if rest.train.residuals() == 0 {
			return
		}
		values[f], partials[f] = deviations(best.refit(rest), rest.train, set.batch(out))
	})
	if set.of > 0 {
		v, p := deviations(best, set, set.batch(order[:min(calibrationSamples, set.m)]))
		values, partials = append(values, v), append(partials, p)
	}
	c := calibration{
		Values:   inflation(slices.Concat(values...), set.m, set.residuals()),
		Partials: inflation(slices.Concat(partials...), set.m, set.residuals()),
	}
	if math.IsNaN(c.Values) && math.IsNaN(c.Partials) { // a single sample
		return calibration{}
	}
	if math.IsNaN(c.Partials) { // none is known
		c.Partials = c.Values
	}
	if math.IsNaN(c.Values) {
		c.Values = c.Partials
	}
	return c
}

// refit trains the network on for a calibration.
func (f *fitted) refit(r *runs) *fitted {
	t := newTraining(r, 0, f.network)
	if stepWork(r.train.residuals(), len(f.network.Parameters))*calibrationSteps <= calibrationWork {
		lm := newLevenberg(t, f.evidence)
		lm.run(calibrationSteps)
		return newFitted(lm.state(), f.scaling, lm.evidence)
	}
	m := newMatrixFree(t, f.evidence)
	m.settled = true
	m.run(surveySteps, calibrationWork)
	return newFitted(t.network, f.scaling, m.evidence)
}

// deviations returns how far held-out values and partials are from the predictions
// of a network trained on the set, in standard deviations.
func deviations(f *fitted, set, held trainingSet) (values, partials []float64) {
	p := newPosterior(f, set)
	if p == nil {
		return nil, nil
	}
	s := f.scaling
	x := make([]float64, set.nx)
	for i := range held.m {
		for j := range x {
			x[j] = s.MeanX[j] + s.StdX[j]*held.x[j*held.m+i]
		}
		mean, variance := p.at(x)
		for k := range set.ny {
			at := k * (1 + set.nx)
			if held.beta[k*held.m+i] > 0 {
				truth := s.MeanY[k] + s.StdY[k]*held.y[k*held.m+i]
				values = append(values, math.Abs(truth-mean[at])/math.Sqrt(variance[at]))
			}
			for j := range set.nx {
				n := (k*set.nx+j)*held.m + i
				if held.gamma != nil && held.gamma[n] > 0 {
					truth := held.dydx[n] * s.StdY[k] / s.StdX[j]
					partials = append(partials, math.Abs(truth-mean[at+1+j])/math.Sqrt(variance[at+1+j]))
				}
			}
		}
	}
	return values, partials
}

// basinOptimism makes up for what refits from where a network was cannot tell: that
// without the held-out samples it might have ended somewhere else. It is the ratio
// that brings the mean coverage of 90 percent intervals to about 90 on 21 sets of 9
// to 100 samples of 12 test problems. Below fewNumbers, where many basins explain the
// samples, it is doubled; nine samples of Rosenbrock and ten of Branin still get less.
const basinOptimism = 1.25

// inflation returns the factor for standard deviations that held-out samples were off
// by so many of: the 90 percent quantile of these over that of a normal distribution,
// widened as Student's is for few samples. It is never below 1: intervals that seem
// too wide on the samples are left so. NaN without any deviation.
func inflation(deviations []float64, samples, numbers int) float64 {
	if len(deviations) == 0 {
		return math.NaN()
	}
	slices.Sort(deviations)
	at := min(int(math.Ceil(0.9*float64(len(deviations)+1)))-1, len(deviations)-1)
	normal := distuv.UnitNormal.Quantile(0.95)
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(max(samples-1, 2))}.Quantile(0.95)
	factor := basinOptimism * max(deviations[at]/normal, 1) * student / normal
	if numbers < fewNumbers {
		factor *= 2
	}
	return factor
}
