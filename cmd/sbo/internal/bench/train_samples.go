package bench

import (
	"context"
	"math"
	"slices"
)

// Curve is how the error on held-out points falls with the number of samples.
type Curve struct {
	Subject  string
	Partials bool      // were learned
	Samples  []int     // ascending
	NRMSE    []float64 // of the values: the median over the designs
	Wanted   float64   // the NRMSE at which the samples are enough
}

// enough is the R2 of the values at which samples are enough. By R2 = 1 - NRMSE^2
// it is an NRMSE of 0.1.
const enough = 0.99

// ladder is the numbers of samples that are tried: from 2 on, four in every octave
// or as many as there are.
func ladder(most int) []int {
	var rungs []int
	for k := 0; ; k++ {
		n := int(math.Round(2 * math.Pow(2, float64(k)/4)))
		if n > most {
			return rungs
		}
		if len(rungs) == 0 || n > rungs[len(rungs)-1] {
			rungs = append(rungs, n)
		}
	}
}

// fewest returns the first of the rungs that is good, len(rungs) if none is. It
// takes them for good from there on, and asks few of them: first each fourth, and
// then those between the last bad one and the first good one by halves.
func fewest(rungs []int, good func(n int) (bool, error)) (int, error) {
	bad, first := -1, len(rungs)
	for k := 0; k < len(rungs); k += 4 {
		ok, err := good(rungs[k])
		if err != nil {
			return 0, err
		}
		if ok {
			first = k
			break
		}
		bad = k
	}
	for first-bad > 1 {
		middle := (bad + first) / 2
		ok, err := good(rungs[middle])
		switch {
		case err != nil:
			return 0, err
		case ok:
			first = middle
		default:
			bad = middle
		}
	}
	return first, nil
}

// efficiency is how many samples a subject needs with partials and without.
type efficiency struct {
	subject *subject
	most    int // samples that are tried
	designs int
}

// search finds the number of samples that are enough, and says whether there is one
// among those that are tried; if not, the number is the largest of them.
func (e efficiency) search(ctx context.Context, partials bool, progress func(float64)) (n int, found bool, c Curve, err error) {
	rungs := ladder(e.most)
	wanted := math.Sqrt(1 - enough)
	tried := map[int]float64{}
	at, err := fewest(rungs, func(n int) (bool, error) {
		nrmse, err := e.median(ctx, n, partials)
		tried[n] = nrmse
		progress(float64(len(tried)) / (4 + math.Log2(float64(e.most)/2))) // of the most that there can be
		return nrmse <= wanted, err
	})
	if err != nil {
		return 0, false, c, err
	}
	c = Curve{Subject: e.subject.name, Partials: partials, Wanted: wanted}
	for n := range tried {
		c.Samples = append(c.Samples, n)
	}
	slices.Sort(c.Samples)
	for _, n := range c.Samples {
		c.NRMSE = append(c.NRMSE, tried[n])
	}
	if at == len(rungs) {
		return rungs[at-1], false, c, nil
	}
	return rungs[at], true, c, nil
}

// count makes the rows of the samples needed. The ratio of them is 0 if even with
// partials there are not enough; those who want the curves hear of them. Goals are of
// the ratio.
func (e efficiency) count(ctx context.Context, curves func(Curve), progress func(float64), goals ...float64) (list []Row, ratio float64, err error) {
	needed, enough := [2]int{}, [2]bool{}
	r := &rows{name: e.subject.name}
	for i, metric := range []string{"samples_with_partials", "samples_without_partials"} {
		var curve Curve
		needed[i], enough[i], curve, err = e.search(ctx, i == 0, func(share float64) { progress((float64(i) + share) / 2) })
		if err != nil {
			return nil, 0, err
		}
		if curves != nil {
			curves(curve)
		}
		unit := "samples"
		if !enough[i] {
			unit = "samples, and not enough"
		}
		r.add(metric, unit, lower, float64(needed[i]))
	}
	if !enough[0] {
		return r.list, 0, nil
	}
	ratio = float64(needed[1]) / float64(needed[0])
	r.add("samples_ratio", "ratio", higher, ratio, goals...)
	return r.list, ratio, nil
}

// median returns the median NRMSE of the values over the designs.
func (e efficiency) median(ctx context.Context, n int, partials bool) (float64, error) {
	nrmse := make([]float64, e.designs)
	var jobs []func() error
	for seed := range nrmse {
		train, test, err := e.subject.draw(ctx, n, uint64(seed))
		if err != nil {
			return 0, err
		}
		if !partials {
			train.Partials = nil
		}
		jobs = append(jobs, func() error {
			l, err := e.subject.learn(ctx, train, test, uint64(seed), automatic)
			nrmse[seed] = l.values
			return err
		})
	}
	err := inParallel(ctx, jobs, func(float64) {})
	return median(nrmse), err
}
