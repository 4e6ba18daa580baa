package bench

import (
	"context"
	"math"
	"runtime"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// comparison is one case in which all trainers learn the same samples.
type comparison struct {
	subject   *subject
	samples   int
	reference settings
	goal      float64 // for the NRMSE of the automatic training; 0: none
}

func (c comparison) name() string { return c.subject.at(c.samples) }

// race is the trainings on one design.
type race struct {
	automatic lap
	plain     lap // automatic, without the partials
	adam      lap // the reference's trainer, with its own number of iterations
	sameTime  lap // the reference's trainer, for as long as the automatic one took
	lbfgs     lap // on the loss of the reference
	// overtaken is after how many seconds the automatic training is at least as
	// accurate as adam in the end; infinite if it never is.
	overtaken float64
	coverage  float64 // percent, see coverage
}

// hurried are the times that the automatic training is given, one after the other and the
// same for every problem, to see when it has overtaken another trainer: it has no model to
// show before its end, but makes the best of the time that it is told to take. It is what
// anybody can ask for, --fit-time, and nothing else is set. They go from 30 us to a second in
// steps of a half, so that little of what is measured is their spacing.
var hurried = func() (row []time.Duration) {
	for t := 30 * time.Microsecond; t <= time.Second; t += t / 2 {
		row = append(row, t)
	}
	return row
}()

// races runs a race on each of the designs 0, 1, ... Whatever is timed runs
// first, alone on one core; the rest runs after it on all of them.
func (c comparison) races(ctx context.Context, seeds int, progress func(float64)) ([]race, error) {
	all, heats := make([]race, seeds), make([]heat, seeds)
	var late []func() error
	const alone = 0.6 // of the work, roughly
	for seed := range all {
		train, test, err := c.subject.draw(ctx, c.samples, uint64(seed))
		if err != nil {
			return nil, err
		}
		heats[seed] = heat{ctx: ctx, comparison: c, seed: uint64(seed), train: train, test: test}
		pace, err := heats[seed].timed(&all[seed])
		if err != nil {
			return nil, err
		}
		late = append(late, heats[seed].untimed(&all[seed], pace)...)
		progress(alone * float64(seed+1) / float64(seeds))
	}
	err := inParallel(ctx, late, func(share float64) { progress(alone + (1-alone)*share) })
	if err != nil {
		return nil, err
	}
	for seed := range all {
		if err := heats[seed].overtake(&all[seed]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// heat is a race on one design.
type heat struct {
	ctx         context.Context
	comparison  comparison
	seed        uint64
	train, test sbo.Data
}

func (h heat) fit(d sbo.Data, o surrogate.Options) (lap, error) {
	return h.comparison.subject.learn(h.ctx, d, h.test, h.seed, o)
}

// timed runs what is timed. It returns the seconds of one iteration of the
// reference's trainer. These all cost the same, so that a second of them will do.
func (h heat) timed(r *race) (pace float64, err error) {
	defer oneCore()()
	if r.automatic, err = h.fit(h.train, automatic); err != nil {
		return 0, err
	}
	r.coverage = coverage(r.automatic.model, h.test)
	if r.lbfgs, err = h.fit(h.train, h.comparison.reference.lbfgs()); err != nil {
		return 0, err
	}
	for iterations := 100; ; iterations *= 4 {
		iterations = min(iterations, h.comparison.reference.iterations)
		l, err := h.fit(h.train, h.comparison.reference.adam(iterations))
		if err != nil {
			return 0, err
		}
		if l.seconds > 0.5 || iterations == h.comparison.reference.iterations {
			return l.seconds / float64(iterations), nil
		}
	}
}

// untimed returns the trainings of which only the accuracy is wanted.
func (h heat) untimed(r *race, pace float64) []func() error {
	plain := h.train
	plain.Partials = nil
	reference := h.comparison.reference
	run := func(l *lap, d sbo.Data, o surrogate.Options) func() error {
		return func() (err error) {
			*l, err = h.fit(d, o)
			return err
		}
	}
	adam := func(l *lap, iterations int) func() error {
		return func() error {
			err := run(l, h.train, reference.adam(iterations))()
			l.seconds = pace * float64(iterations)
			return err
		}
	}
	return []func() error{
		adam(&r.adam, reference.iterations),
		adam(&r.sameTime, max(int(r.automatic.seconds/pace), 1)),
		run(&r.plain, plain, automatic),
	}
}

// overtake measures how soon the automatic training is as good as the reference.
func (h heat) overtake(r *race) error {
	defer oneCore()()
	for _, most := range hurried {
		o := automatic
		o.FitTime = most
		l, err := h.fit(h.train, o)
		if err != nil {
			return err
		}
		if l.values <= r.adam.values {
			r.overtaken = l.seconds
			return nil
		}
	}
	r.overtaken = math.Inf(1)
	if r.automatic.values <= r.adam.values {
		r.overtaken = r.automatic.seconds
	}
	return nil
}

// oneCore confines the program to one core and returns how to undo that.
func oneCore() func() {
	before := runtime.GOMAXPROCS(1)
	runtime.GC() // what was left by others is not this one's work
	return func() { runtime.GOMAXPROCS(before) }
}
