package surrogate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/sbo-go/sbo"
)

// LearningCurve is how the error of the values of a response falls with the number of
// samples. It is empty if there are too few samples, or none has a value.
type LearningCurve struct {
	// Samples is how many were trained on.
	Samples []int
	// Errors holds, for each of these and each split, the root mean square error of the
	// values held out, over the standard deviation of all values.
	Errors [][]float64
	// Rate is a in the fit error ~ samples^-a, the median over the splits; Spread is
	// half the range of theirs. With pure noise it is near 0; with noise-free samples
	// of a smooth function 2 and more are common.
	Rate, Spread float64
	// Now is the error to expect of a network like this trained on all samples, Doubled
	// of one trained on twice as many: both extrapolated.
	Now, Doubled float64
}

// Falls reports whether more samples would help: all splits agree that the error falls,
// by a tenth or more if there were twice as many.
func (c LearningCurve) Falls() bool { return c.Rate-c.Spread > 0 && c.Rate > 0.15 }

// Trial compares a change with things as they are, on the same samples held out.
type Trial struct {
	// Now and Changed are the errors of the values held out, as in [LearningCurve], for
	// each split. Nil if the change was not tried.
	Now, Changed []float64
}

// Gain returns by what factor the change makes the error smaller, the median over the
// splits; NaN if it was not tried.
func (t Trial) Gain() float64 {
	var ratios []float64
	for i, e := range t.Now {
		ratios = append(ratios, e/t.Changed[i])
	}
	return median(ratios)
}

// Sure reports whether all splits agree on whether the change is for the better, and by
// at least a tenth.
func (t Trial) Sure() bool {
	better, worse := 0, 0
	for i, e := range t.Now {
		if e > 1.1*t.Changed[i] {
			better++
		}
		if t.Changed[i] > 1.1*e {
			worse++
		}
	}
	return len(t.Now) > 0 && max(better, worse) == len(t.Now)
}

const (
	leastForCurve = 8  // samples
	trialRestarts = 10 // with the trainer lm
)

// curveShares are the shares of the samples that are trained on; the last quarter is
// held out.
var curveShares = []float64{0.25, 0.5, 0.75}

// trial is a training on some samples, measured on others.
type trial struct {
	response    int
	train, held sbo.Data
	weights     Weights
	o           Options
	seed        uint64
	std         float64  // that errors are relative to
	err         *float64 // where the result goes
}

// tryOut runs the trials of all responses.
func (g *diagnosis) tryOut(ctx context.Context) error {
	var all []trial
	for _, a := range g.model.answers {
		for k := range a.ny() {
			all = append(all, g.trials(a, a.first+k)...)
		}
	}
	o := g.o.Fit
	faults := make([]error, len(all))
	var mu sync.Mutex
	done := 0
	each(len(all), max(o.Workers, 1), func(i int) {
		faults[i] = all[i].run(ctx)
		mu.Lock()
		defer mu.Unlock()
		if done++; g.o.Progress != nil {
			g.o.Progress(done, len(all))
		}
	})
	if err := errors.Join(ctx.Err(), errors.Join(faults...)); err != nil {
		return err
	}
	for k := range g.Responses {
		g.Responses[k].Curve.fit(g.task.Data.Len())
	}
	return nil
}

// trials returns those of one response, whose results go where they belong. Suspects
// are neither learned nor predicted.
func (g *diagnosis) trials(a *answer, k int) []trial {
	d, w := g.withoutSuspects(k)
	known := answered(d)
	if len(known) < leastForCurve {
		return nil
	}
	d, w = d.Subset(known), w.subset(d, known)
	o := g.o.Fit.of(k)
	n := a.members[0].network
	o.Hidden, o.Activation, o.Ensemble, o.Workers = n.Sizes[1:len(n.Sizes)-1], n.Hidden, 1, 1
	if o.Restarts == 0 && (o.Trainer == LM || a.members[0].evidence != nil) {
		o.Restarts = trialRestarts
	}
	larger := o
	larger.Hidden = nil
	for _, h := range o.Hidden {
		larger.Hidden = append(larger.Hidden, h+(h+1)/2)
	}
	r := &g.Responses[k]
	r.Curve.Errors = make([][]float64, len(curveShares))
	for s, share := range curveShares {
		r.Curve.Samples = append(r.Curve.Samples, int(share*float64(d.Len())))
		r.Curve.Errors[s] = make([]float64, g.o.Splits)
	}
	last := len(curveShares) - 1
	r.Larger = Trial{Now: r.Curve.Errors[last], Changed: make([]float64, g.o.Splits)}
	if partialsCount(d, w) {
		r.WithoutPartials = Trial{Now: r.Curve.Errors[last], Changed: make([]float64, g.o.Splits)}
	}
	_, std := source{data: d}.column(d.Y, 1, 0)
	var all []trial
	for split := range g.o.Splits {
		order := g.rng.Perm(d.Len())
		seed := g.rng.Uint64()
		sample := func(from, to int) []int { return slices.Sorted(slices.Values(order[from:to])) }
		most := r.Curve.Samples[last]
		held := d.Subset(sample(most, d.Len()))
		add := func(o Options, samples int, partials bool, to *float64) {
			in := sample(0, samples)
			t := trial{response: k, train: d.Subset(in), weights: w.subset(d, in), held: held, o: o, seed: seed, std: std, err: to}
			if !partials {
				t.train.Partials, t.weights.Gamma = nil, nil
			}
			all = append(all, t)
		}
		for s, samples := range r.Curve.Samples {
			add(o, samples, true, &r.Curve.Errors[s][split])
		}
		add(larger, most, true, &r.Larger.Changed[split])
		if r.WithoutPartials.Changed != nil {
			add(o, most, false, &r.WithoutPartials.Changed[split])
		}
	}
	return all
}

// withoutSuspects returns the samples of one response, with what is suspect missing.
func (g *diagnosis) withoutSuspects(k int) (sbo.Data, Weights) {
	d := g.task.Data
	one := response(d, k)
	for _, s := range g.Suspects {
		switch {
		case s.Response != k:
		case s.Variable < 0:
			one.Y[s.Sample] = math.NaN()
		default:
			one.Partials[one.Partial(s.Sample, 0, s.Variable)] = math.NaN()
		}
	}
	return one, g.task.Weights.scaled(d, g.o.Fit.Responses).response(d, k)
}

// run trains and measures. Where the samples to train on hold nothing, the error is NaN.
func (t trial) run(ctx context.Context) error {
	*t.err = math.NaN()
	m, _, err := Fit(ctx, Task{Data: t.train, Weights: t.weights}, rand.New(rand.NewPCG(t.seed, 0)), t.o)
	switch {
	case errors.Is(err, ErrNoData):
		return nil
	case err != nil:
		return fmt.Errorf("a trial on %d samples of response %d: %w", t.train.Len(), t.response+1, err)
	}
	*t.err = Assess(m, t.held).Values[0].RMSE / max(t.std, 1e-300)
	return nil
}

// fit finds the rate at which the error falls, and extrapolates to m samples and twice
// as many.
func (c *LearningCurve) fit(m int) {
	if len(c.Samples) == 0 {
		return
	}
	var rates, now []float64
	for split := range c.Errors[0] {
		rate, at := c.line(split, float64(m))
		if math.IsNaN(rate) {
			continue
		}
		rates, now = append(rates, rate), append(now, at)
	}
	if len(rates) == 0 {
		*c = LearningCurve{}
		return
	}
	c.Spread = (slices.Max(rates) - slices.Min(rates)) / 2
	c.Rate, c.Now = median(rates), median(now)
	c.Doubled = c.Now * math.Pow(2, -c.Rate)
}

// line fits a straight line to the logarithms of one split by least squares, and
// returns the rate and the error on the line at m samples. An error above 1 is worse than
// that of the mean, says nothing of how learning goes on, and counts as 1.
func (c *LearningCurve) line(split int, m float64) (rate, at float64) {
	n := float64(len(c.Samples))
	logarithm := func(s int) float64 { // 0 has none
		if e := c.Errors[s][split]; !math.IsNaN(e) {
			return math.Log(min(max(e, 1e-15), 1))
		}
		return math.NaN()
	}
	meanX, meanY := 0.0, 0.0
	for s, samples := range c.Samples {
		meanX += math.Log(float64(samples)) / n
		meanY += logarithm(s) / n
	}
	xx, xy := 0.0, 0.0
	for s, samples := range c.Samples {
		x := math.Log(float64(samples)) - meanX
		xx += x * x
		xy += x * (logarithm(s) - meanY)
	}
	rate = -xy / xx
	return rate, math.Exp(meanY - rate*(math.Log(m)-meanX))
}
