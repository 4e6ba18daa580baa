package bench

import (
	"context"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat"
)

// quickIterations bounds those of the reference's trainer in a quick run.
const quickIterations = 10000

// compare makes the rows of a case in which trainers are compared.
func (t *training) compare(ctx context.Context, c comparison, progress func(float64)) ([]Row, error) {
	own := c.reference.iterations
	if t.quick {
		c.reference.iterations = min(own, quickIterations)
	}
	races, err := c.races(ctx, t.seeds, progress)
	if err != nil {
		return nil, err
	}
	of := func(value func(race) float64) float64 {
		values := make([]float64, len(races))
		for i, r := range races {
			values[i] = value(r)
		}
		return median(values)
	}
	r := &rows{name: c.name()}
	r.add("nrmse_values", "", lower, of(func(r race) float64 { return r.automatic.values }), positive(c.goal)...)
	r.add("nrmse_partials", "", lower, of(func(r race) float64 { return r.automatic.partials }))
	r.add("seconds", "s", lower, of(func(r race) float64 { return r.automatic.seconds }))
	if names := c.subject.about.Outputs; len(names) > 1 {
		for k, name := range names {
			r.add("nrmse_"+name, "", lower, of(func(r race) float64 { return r.automatic.responses[k] }))
		}
	}
	for _, other := range []struct {
		name string
		lap  func(race) lap
	}{
		{"plain", func(r race) lap { return r.plain }}, {"lbfgs", func(r race) lap { return r.lbfgs }}, {"adam", func(r race) lap { return r.adam }},
	} {
		r.add("nrmse_values_"+other.name, "", lower, of(func(r race) float64 { return other.lap(r).values }))
		r.add("nrmse_partials_"+other.name, "", lower, of(func(r race) float64 { return other.lap(r).partials }))
		if other.name != "plain" { // which is not timed
			r.add("seconds_"+other.name, "s", lower, of(func(r race) float64 { return other.lap(r).seconds }))
		}
	}
	if covered := of(func(r race) float64 { return r.coverage }); !math.IsNaN(covered) {
		t.coverages = append(t.coverages, covered)
		r.add("coverage90", "%", higher, covered)
	}
	times, nrmse := of(race.timeRatio), of(race.nrmseRatio)
	t.timeRatios, t.nrmseRatios = append(t.timeRatios, times), append(t.nrmseRatios, nrmse)
	var timeGoal, nrmseGoal []float64
	if own == c.reference.iterations {
		timeGoal, nrmseGoal = []float64{goalTimeRatio}, []float64{goalNRMSERatio}
	}
	r.add("time_ratio_to_adam", "ratio", higher, times, timeGoal...)
	r.add("whole_time_ratio_to_adam", "ratio", higher, of(func(r race) float64 { return r.adam.seconds / r.automatic.seconds }))
	r.add("nrmse_ratio_to_adam", "ratio", higher, nrmse, nrmseGoal...)
	return r.list, nil
}

// positive returns a goal if there is one.
func positive(goal float64) []float64 {
	if goal > 0 {
		return []float64{goal}
	}
	return nil
}

// timeRatio is how many times sooner the reference's final accuracy is reached; 0
// if it never is.
func (r race) timeRatio() float64 { return r.adam.seconds / r.overtaken }

// nrmseRatio is how many times less wrong the values are than after as many
// seconds of the reference's trainer.
func (r race) nrmseRatio() float64 { return r.sameTime.values / max(r.automatic.values, 1e-16) }

// count makes the rows of the samples that a subject needs. There is no ratio where
// even with partials none of the numbers of samples is enough.
func (t *training) count(ctx context.Context, e efficiency, progress func(float64)) ([]Row, error) {
	list, ratio, err := e.count(ctx, t.curves, progress)
	if ratio > 0 {
		t.samplesRatios = append(t.samplesRatios, ratio)
	}
	return list, err
}

// disturb makes the rows of the learning from wrong partials.
func (t *training) disturb(ctx context.Context, n trial, progress func(float64)) ([]Row, error) {
	ratios, err := n.ratios(ctx, progress)
	if err != nil {
		return nil, err
	}
	r := &rows{name: n.subject.at(n.samples)}
	for i, percent := range n.noises {
		r.add("nrmse_over_plain_noise"+strconv.Itoa(percent), "ratio", lower, ratios[i], goalNoise)
	}
	if i := slices.Index(n.noises, 50); i >= 0 {
		gain := []float64{}
		if n.subject.name == "otl" {
			gain = append(gain, goalNoiseGain)
		}
		r.add("noise50_gain", "ratio", higher, 1/ratios[i], gain...)
	}
	t.noiseRatios = append(t.noiseRatios, ratios...)
	r.add("noise_worst", "ratio", lower, slices.Max(ratios), goalNoise)
	return r.list, nil
}

// refine makes the rows of a smooth function.
func (t *training) refine(ctx context.Context, c comparison, progress func(float64)) ([]Row, error) {
	relative := make([]float64, t.seeds)
	var jobs []func() error
	for seed := range relative {
		train, test, err := c.subject.draw(ctx, c.samples, uint64(seed))
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, func() error {
			l, err := c.subject.learn(ctx, train, test, uint64(seed), automatic)
			relative[seed] = l.relative
			return err
		})
	}
	if err := inParallel(ctx, jobs, progress); err != nil {
		return nil, err
	}
	r := &rows{name: c.name()}
	r.add("relative_rms", "", lower, median(relative), goalSmooth)
	return r.list, nil
}

// together makes the rows over all cases that ran: of most the worst.
func (t *training) together(context.Context, func(float64)) ([]Row, error) {
	r := &rows{name: together}
	least := func(metric string, goal float64, values []float64) {
		if len(values) > 0 {
			r.add(metric, "ratio", higher, slices.Min(values), goal)
		}
	}
	least("time_ratio_to_adam", goalTimeRatio, t.timeRatios)
	least("nrmse_ratio_to_adam", goalNRMSERatio, t.nrmseRatios)
	if len(t.coverages) > 0 {
		mean := stat.Mean(t.coverages, nil)
		r.add("coverage90", "%", higher, mean)
		r.add("coverage90_off", "%", lower, math.Abs(mean-90), goalCoverageOff)
		r.add("coverage90_least", "%", higher, slices.Min(t.coverages))
	}
	if len(t.samplesRatios) > 0 {
		r.add("samples_ratio", "ratio", higher, median(t.samplesRatios), goalSamplesRatio)
	}
	if len(t.noiseRatios) > 0 {
		r.add("noise_worst", "ratio", lower, slices.Max(t.noiseRatios), goalNoise)
	}
	return r.list, nil
}
