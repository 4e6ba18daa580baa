package bench

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// large is a fit of so many samples that what it needs besides them matters.
func large() step {
	const samples, inputs = 1_000_000, 16
	return step{"large", func(ctx context.Context, progress func(float64)) ([]Row, error) {
		return fitLarge(ctx, samples, inputs, progress)
	}}
}

// largeMargin is the share of the samples' memory that a fit may need besides.
const largeMargin = 0.25

// fitLarge fits samples of a smooth function with all partials once by minibatches, for
// an epoch, and once by a few steps with all samples. It tells the memory of the
// samples, how much more than that is in use at most, the time of an epoch and of a
// step, and what all cores together are worth to the latter.
func fitLarge(ctx context.Context, samples, inputs int, progress func(float64)) ([]Row, error) {
	d := waves(samples, inputs)
	const batch, steps = 1000, 3
	lambda := kernelsLambda
	fits := []struct {
		name   string
		o      surrogate.Options
		passes float64 // over the samples
	}{
		{"epoch", surrogate.Options{Trainer: surrogate.ADAM, Batch: batch, Iterations: samples / batch}, 1},
		{"step", surrogate.Options{Trainer: surrogate.LBFGS, Lambda: &lambda, Iterations: steps, Ensemble: 1, Restarts: 1}, steps},
	}
	r := &rows{name: "large"}
	r.add("samples_mb", "MB", lower, bytesOf(d)/1e6)
	for i := range fits {
		f := &fits[i]
		f.o.Hidden, f.o.Activation = []int{32, 32}, surrogate.Tanh
		var err error
		worked, known := processorTime()
		began := time.Now()
		extra := extraMemory(func() {
			_, _, err = surrogate.Fit(ctx, surrogate.Task{Data: d}, sbo.Rand(1, "large"), f.o)
		})
		if err != nil {
			return nil, err
		}
		took := time.Since(began)
		if known {
			until, _ := processorTime()
			took = until - worked
		}
		r.add(f.name+"_s", "s", lower, took.Seconds()/f.passes)
		r.add(f.name+"_extra_mb", "MB", lower, extra/1e6, largeMargin*bytesOf(d)/1e6)
		progress(float64(i+1) / float64(len(fits)+1))
	}
	ratio, err := byAllCores(ctx, d, fits[1].o)
	r.add("step_by_all_cores", "ratio", higher, ratio)
	progress(1)
	return r.list, err
}

// byAllCores returns how much longer, on the wall clock, a fit takes on one core than
// on all, the best of some of either in turns.
func byAllCores(ctx context.Context, d sbo.Data, o surrogate.Options) (ratio float64, err error) {
	best := [2]float64{math.Inf(1), math.Inf(1)}
	for range fewestRounds {
		for i, workers := range []int{1, runtime.GOMAXPROCS(0)} {
			o.Workers = workers
			began := time.Now()
			if _, _, err := surrogate.Fit(ctx, surrogate.Task{Data: d}, sbo.Rand(1, "large"), o); err != nil {
				return 0, err
			}
			best[i] = min(best[i], time.Since(began).Seconds())
		}
	}
	return best[0] / best[1], nil
}

// bytesOf returns the memory that samples take.
func bytesOf(d sbo.Data) float64 { return 8 * float64(len(d.X)+len(d.Y)+len(d.Partials)) }

// waves returns samples of a sum of sines with their partials.
func waves(samples, inputs int) sbo.Data {
	rng := sbo.Rand(1, "waves")
	d := sbo.NewData(inputs, 1, samples)
	for i := range samples {
		y := 0.0
		for j := range inputs {
			a, x := float64(1+j%4), 2*rng.Float64()-1
			sin, cos := math.Sincos(a * x)
			d.Point(i)[j], d.PartialsOf(i)[j] = x, cos
			y += sin / a
		}
		d.Responses(i)[0] = y
	}
	return d
}

// extraMemory returns by how many bytes the memory in use grew at most while f ran, with
// the garbage bounded as sbo fit does for large tables.
func extraMemory(f func()) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	runtime.GC()
	debug.FreeOSMemory()
	before := inUse()
	most := before
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				most = max(most, inUse())
			}
		}
	})
	f()
	close(done)
	watch.Wait()
	return max(most, inUse()) - before
}

// inUse returns the bytes that the process has from the system, less what it has given
// back.
func inUse() float64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return float64(s[0].Value.Uint64() - s[1].Value.Uint64())
}
