package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/study"
)

// repeats is how often each time of the suite study is taken; the median is told.
const repeats = 5

// studies is the suite study: what a study costs besides the evaluations.
func studies(o Options) suite {
	count, largest := 200, 100_000
	if o.Quick {
		count, largest = 64, 10_000
	}
	programs := []program{
		{"one-shot", "overhead", oneShot, false, o.Shim},
		{"persistent", "persistent", persistent, true, o.Shim},
	}
	growing := step{"open", func(ctx context.Context, progress func(float64)) ([]Row, error) {
		return opening(ctx, largest, progress)
	}}
	s := suite{notes: []string{
		fmt.Sprintf("An overhead is the time of %d evaluations over their number, by a shell script that answers at once; medians of %d. driver_ms is that script alone, started as often by as many at a time.", count, repeats),
		"open_1e5_s opens a study with so many answers and finds the best, as sbo status does; open_growth is the exponent with which that grows from a tenth of them, 1 if linearly; resume_1e5_s asks for all of them once more, as a run does that goes on.",
		"repeated counts the evaluations of a run that was interrupted and run again that were made twice; rerun_s runs it again when it has ended, read_s goes through its course without evaluating, as sbo best does.",
		"All times are by the clock, waits for the disk included: they need a machine with nothing else to do.",
	}}
	for _, p := range programs {
		s.steps = append(s.steps, step{p.name, func(ctx context.Context, progress func(float64)) ([]Row, error) {
			return p.measure(ctx, count, progress)
		}})
	}
	s.steps = append(s.steps, growing, step{"resume", resuming})
	return s
}

// The scripts, which need no further process.
const (
	oneShot    = "IFS= read -r line\n" + reply
	persistent = "while IFS= read -r line; do\n" + reply + "done\n"
	reply      = `id=${line#*'"id": '}
echo "{\"id\": ${id%%,*}, \"values\": {\"f\": 1}}"
`
)

// program is a way to evaluate by a program that does nothing.
type program struct {
	name, metric string
	script       string
	persistent   bool
	shim         []string
}

// measure times evaluations by 1, 8 and 64 workers.
func (p program) measure(ctx context.Context, count int, progress func(float64)) ([]Row, error) {
	r := &rows{name: p.name}
	for i, workers := range []int{1, 8, 64} {
		var times, floor []float64
		for k := range repeats {
			seconds, alone, err := p.once(ctx, count, workers)
			if err != nil {
				return nil, err
			}
			times, floor = append(times, 1000*seconds/float64(count)), append(floor, 1000*alone/float64(count))
			progress((float64(i) + float64(k+1)/repeats) / 3)
		}
		r.add(fmt.Sprintf("%s_ms_w%d", p.metric, workers), "ms", lower, median(times), 20)
		if !p.persistent {
			r.add(fmt.Sprintf("driver_ms_w%d", workers), "ms", lower, median(floor))
		}
	}
	return r.list, nil
}

// once returns the seconds of so many evaluations in a new study, and those of as many
// starts of its program.
func (p program) once(ctx context.Context, count, workers int) (seconds, alone float64, err error) {
	dir, err := os.MkdirTemp("", "sbo-bench-")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	script := filepath.Join(dir, "drive.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"+p.script), 0o700); err != nil {
		return 0, 0, err
	}
	problem := sbo.Problem{Name: p.name, Variables: []sbo.Variable{{Name: "x", Upper: 1}}, Responses: []sbo.Response{sbo.Minimize("f")}}
	plan := study.PlanFor(problem, false, study.Plan{Evaluator: study.EvaluatorPlan{Command: []string{script}, Persistent: p.persistent}})
	s, err := study.New(plan, dir, study.Options{Workers: workers, Shim: p.shim})
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	answers, err := s.Try(ctx, filepath.Join(dir, "trial"), doe.Halton{}.Sample(count, 1, nil))
	seconds = time.Since(began).Seconds()
	for _, e := range answers {
		if e.State != study.Done {
			err = errors.Join(err, fmt.Errorf("evaluation %d: %s", e.ID, e.Cause))
		}
	}
	if err == nil && !p.persistent {
		alone, err = startAll(ctx, script, count, workers)
	}
	return seconds, alone, err
}

// startAll starts a program so many times, some at a time, and returns the seconds.
func startAll(ctx context.Context, path string, count, workers int) (float64, error) {
	began := time.Now()
	var left atomic.Int64
	left.Store(int64(count))
	faults := make([]error, workers)
	var all sync.WaitGroup
	for i := range faults {
		all.Go(func() {
			for left.Add(-1) >= 0 && faults[i] == nil {
				_, err := exec.CommandContext(ctx, path).Output() // without input, it ends as well
				faults[i] = err
			}
		})
	}
	all.Wait()
	return time.Since(began).Seconds(), errors.Join(faults...)
}

// opening times how long it takes to open studies of a hundredth, a tenth and all of
// so many answers of five variables, with all partials.
func opening(ctx context.Context, largest int, progress func(float64)) (_ []Row, err error) {
	dir, err := os.MkdirTemp("", "sbo-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r := &rows{name: "open"}
	before := 0.0
	for i, n := range []int{largest / 100, largest / 10, largest} {
		sub := filepath.Join(dir, fmt.Sprint(n))
		open, resume, err := openOnce(ctx, sub, n)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("%.0e", float64(n))
		name = name[:2] + name[len(name)-1:] // 1e5, without +0
		goal := []float64{}
		if n == 100_000 {
			goal = append(goal, 1)
		}
		r.add("open_"+name+"_s", "s", lower, open, goal...)
		if n == largest {
			r.add("open_growth", "1", lower, math.Log10(open/before), 1.1)
			r.add("resume_"+name+"_s", "s", lower, resume)
		}
		before = open
		progress(math.Pow(10, float64(i-2)))
	}
	return r.list, nil
}

// openOnce makes a study with n answers in dir, and returns the seconds of opening it
// and of asking for all its points again.
func openOnce(ctx context.Context, dir string, n int) (open, resume float64, err error) {
	p := problems.Rosenbrock(5)
	s, err := study.New(study.PlanFor(p.Problem, true, study.Plan{Evaluator: study.EvaluatorPlan{Problem: p.Name}}), dir, study.Options{Workers: 64})
	if err != nil {
		return 0, 0, err
	}
	x := make([]float64, 0, n*p.NX())
	for u := range slices.Chunk(doe.Halton{}.Sample(n, p.NX(), nil), p.NX()) {
		x = append(x, p.Box().Place(nil, u)...)
	}
	if _, err := s.Try(ctx, dir, x); err != nil {
		return 0, 0, err
	}
	var opens, resumes []float64
	for range repeats {
		began := time.Now()
		status, err := s.Status(ctx)
		opens = append(opens, time.Since(began).Seconds())
		if err == nil && status.Evaluations.Done != n {
			err = fmt.Errorf("%d answers of %d are there", status.Evaluations.Done, n)
		}
		if err != nil {
			return 0, 0, err
		}
		began = time.Now()
		if _, err := s.Try(ctx, dir, x); err != nil {
			return 0, 0, err
		}
		resumes = append(resumes, time.Since(began).Seconds())
	}
	return median(opens), median(resumes), nil
}

// resuming interrupts a study in the middle, goes on, and runs it again when it has
// ended.
func resuming(ctx context.Context, progress func(float64)) (_ []Row, err error) {
	dir, err := os.MkdirTemp("", "sbo-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	p := problems.Rosenbrock(2)
	plan := study.PlanFor(p.Problem, true, study.Plan{Evaluator: study.EvaluatorPlan{Problem: p.Name}})
	made := map[int]int{} // evaluations by id
	// run runs the study until it has made so many evaluations, and returns how many it made.
	run := func(most int) (count int, seconds float64, err error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		s, err := study.New(plan, dir, study.Options{Progress: func(e study.Event) {
			if e.Kind != study.EventEvaluated {
				return
			}
			made[e.Evaluation.ID]++
			if count++; count == most {
				cancel()
			}
		}})
		if err != nil {
			return 0, 0, err
		}
		began := time.Now()
		_, err = s.Run(ctx)
		if most > 0 && count >= most && errors.Is(err, context.Canceled) {
			err = nil
		}
		return count, time.Since(began).Seconds(), err
	}
	var first float64
	for _, most := range []int{2, 3, -1} {
		_, seconds, err := run(most)
		if err != nil {
			return nil, err
		}
		first += seconds
	}
	progress(0.5)
	again, rereads, reads := 0, []float64{}, []float64{}
	for range repeats {
		count, seconds, err := run(-1)
		if err != nil {
			return nil, err
		}
		again, rereads = again+count, append(rereads, seconds)
		began := time.Now()
		s, err := study.New(plan, dir, study.Options{})
		if err == nil {
			_, err = s.Replay(ctx)
		}
		if err != nil {
			return nil, err
		}
		reads = append(reads, time.Since(began).Seconds())
	}
	repeated := again
	for _, n := range made {
		repeated += n - 1
	}
	r := &rows{name: "resume"}
	r.add("evaluations", "evaluations", lower, float64(len(made)))
	r.add("repeated", "evaluations", lower, float64(repeated), 0)
	r.add("run_s", "s", lower, first)
	r.add("rerun_s", "s", lower, median(rereads), 0.5)
	r.add("read_s", "s", lower, median(reads))
	return r.list, nil
}
