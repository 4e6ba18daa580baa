package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// growths are steps that tell how the cost of training grows with the number of
// samples, the width and depth of the network, and the inputs: one of these at a
// time, from the same network.
func growths() []step {
	network := func(inputs, width, depth int) []int {
		return slices.Concat([]int{inputs}, slices.Repeat([]int{width}, depth), []int{1})
	}
	const inputs, width, depth, samples = 8, 32, 2, 1000
	series := []struct {
		name   string
		values []int
		shape  func(n int) shape
	}{
		{"samples", []int{100, 1000, 10_000, 100_000}, func(n int) shape { return shape{sizes: network(inputs, width, depth), samples: n} }},
		{"width", []int{8, 16, 32, 64, 128, 256}, func(n int) shape { return shape{sizes: network(inputs, n, depth), samples: samples} }},
		{"depth", []int{1, 2, 4, 8}, func(n int) shape { return shape{sizes: network(inputs, width, n), samples: samples} }},
		{"inputs", []int{2, 8, 32, 128}, func(n int) shape { return shape{sizes: network(n, width, depth), samples: samples} }},
	}
	var steps []step
	for _, s := range series {
		steps = append(steps, step{s.name, func(ctx context.Context, progress func(float64)) ([]Row, error) {
			var all []Row
			for i, n := range s.values {
				shape := s.shape(n)
				shape.name = fmt.Sprintf("%s %d", s.name, n)
				rows, err := shape.grow(ctx)
				if err != nil {
					return nil, err
				}
				all = append(all, rows...)
				progress(float64(i+1) / float64(len(s.values)))
			}
			return all, nil
		}})
	}
	return steps
}

// grow times a step of a shape, and counts what its loss holds: the samples, laid
// out for the kernels, and room to work.
func (s shape) grow(ctx context.Context) ([]Row, error) {
	before := heap()
	loss, net, _, err := s.loss()
	if err != nil {
		return nil, err
	}
	bytes := heap() - before
	gradient := make([]float64, len(net.Parameters))
	one := &run{do: func() { loss.Evaluate(gradient, net.Parameters) }}
	if err := undisturbed(func() error { return alternate(ctx, 2*time.Second, func(float64) {}, one) }); err != nil {
		return nil, err
	}
	r := &rows{name: s.name}
	r.add("step_us", "us", lower, one.best()*1e6)
	r.add("memory_mb", "MB", lower, bytes/1e6)
	return r.list, nil
}

// heap returns how many bytes are in use.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools have kept is freed by the second
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
