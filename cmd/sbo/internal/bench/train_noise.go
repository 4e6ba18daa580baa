package bench

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/sbo-go/sbo"
)

// noises are the relative L2 errors of the partials, in percent.
var noises = []int{0, 5, 10, 20, 50, 100}

// spoiled returns the samples with independent normal errors on the partials:
// those of each response by each variable have a relative L2 error, |error| /
// |partials|, of exactly the given size.
func spoiled(d sbo.Data, relative float64, rng *rand.Rand) sbo.Data {
	noisy := d
	noisy.Partials = make([]float64, len(d.Partials))
	for c := range d.NY * d.NX {
		errors := make([]float64, d.Len())
		size, length := 0.0, 0.0
		for i := range errors {
			if v := d.PartialsOf(i)[c]; !math.IsNaN(v) {
				errors[i] = rng.NormFloat64()
				size += errors[i] * errors[i]
				length += v * v
			}
		}
		for i, e := range errors {
			noisy.PartialsOf(i)[c] = d.PartialsOf(i)[c]
			if size > 0 {
				noisy.PartialsOf(i)[c] += e * relative * math.Sqrt(length/size)
			}
		}
	}
	return noisy
}

// trial is how a subject is learned from partials that are wrong.
type trial struct {
	subject *subject
	samples int
	noises  []int // percent
	designs int
}

// ratios returns, for each noise, the NRMSE of the values over that of a plain
// network with the same trainer and the same designs: the median over the designs.
func (t trial) ratios(ctx context.Context, progress func(float64)) ([]float64, error) {
	plain := make([]float64, t.designs)
	noisy := make([][]float64, len(t.noises))
	var jobs []func() error
	for seed := range t.designs {
		train, test, err := t.subject.draw(ctx, t.samples, uint64(seed))
		if err != nil {
			return nil, err
		}
		learn := func(d sbo.Data, nrmse *float64) {
			jobs = append(jobs, func() error {
				l, err := t.subject.learn(ctx, d, test, uint64(seed), automatic)
				*nrmse = l.values
				return err
			})
		}
		values := train
		values.Partials = nil
		learn(values, &plain[seed])
		for i, percent := range t.noises {
			noisy[i] = append(noisy[i], make([]float64, t.designs-len(noisy[i]))...)
			learn(spoiled(train, float64(percent)/100, sbo.Rand(uint64(seed), "noise")), &noisy[i][seed])
		}
	}
	if err := inParallel(ctx, jobs, progress); err != nil {
		return nil, err
	}
	medians := make([]float64, len(t.noises))
	for i := range medians {
		for seed, v := range plain {
			noisy[i][seed] /= v
		}
		medians[i] = median(noisy[i])
	}
	return medians, nil
}
