package bench

import (
	"context"
	"slices"
	"time"
)

// run is what is timed.
type run struct {
	do     func()
	repeat int       // calls in a row that are timed together
	times  []float64 // seconds of a call: the best of each round
}

// best returns the seconds of the fastest call.
func (r *run) best() float64 { return slices.Min(r.times) }

// median returns the seconds of a call in the middle one of the rounds.
func (r *run) median() float64 { return median(r.times) }

const (
	sampleTime   = 20 * time.Microsecond // what is timed at once, at least: the clock's own time is 0.05
	roundTime    = 10 * time.Millisecond // what a run gets before it is the next one's turn, at least
	longSample   = time.Millisecond      // what is rarely undisturbed on a busy machine; and the processor's time has microseconds
	fewestRounds = 3
)

// calibrate finds how many calls take sampleTime.
func (r *run) calibrate() {
	r.do() // makes what is made once
	for r.repeat = 1; ; r.repeat *= 2 {
		if r.sample() >= sampleTime {
			return
		}
	}
}

// sample times some calls. Whatever is longer than a moment in which nothing else
// runs is timed by what the processor worked for it, if that is known.
func (r *run) sample() time.Duration {
	worked, known := processorTime()
	began := time.Now()
	for range r.repeat {
		r.do()
	}
	took := time.Since(began)
	if took < longSample || !known {
		return took
	}
	until, _ := processorTime()
	return until - worked
}

// round adds the best sample of a round.
func (r *run) round() {
	began := time.Now()
	best := r.sample()
	for time.Since(began) < roundTime {
		best = min(best, r.sample())
	}
	r.times = append(r.times, best.Seconds()/float64(r.repeat))
}

// alternate times some runs in turns, until the budget is spent. What disturbs them
// disturbs all alike then; short samples find the moments when nothing does.
func alternate(ctx context.Context, budget time.Duration, progress func(float64), runs ...*run) error {
	for _, r := range runs {
		r.calibrate()
	}
	began := time.Now()
	for rounds := 0; rounds < fewestRounds || time.Since(began) < budget; rounds++ {
		for _, r := range runs {
			if err := ctx.Err(); err != nil {
				return err
			}
			r.round()
		}
		progress(min(float64(time.Since(began))/float64(budget), 1))
	}
	return nil
}
