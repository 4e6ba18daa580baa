package bench

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/cmd/sbo/internal/peak"
	"github.com/sbo-go/sbo/surrogate"
)

// shape is a network with a number of samples to train it on.
type shape struct {
	name    string
	sizes   []int
	samples int
	goals   kernelGoals
}

// kernelGoals are ratios for processors with AVX-512; a prototype came within a few
// percent of them.
type kernelGoals struct{ stepOverGonum, rooflineShare, pointOverGo float64 }

// shapes are from small to large; B is the Rosenbrock demonstration of arXiv
// 2406.09132.
func shapes() []shape {
	return []shape{
		{"A", []int{2, 12, 12, 1}, 100, kernelGoals{10, 45, 3.5}},
		{"B", []int{2, 20, 20, 20, 1}, 389, kernelGoals{13, 65, 5}},
		{"C", []int{16, 12, 12, 1}, 1000, kernelGoals{13, 62, 4}},
		{"D", []int{16, 64, 64, 1}, 1000, kernelGoals{13, 82, 6.5}},
		{"E", []int{50, 128, 128, 3}, 2000, kernelGoals{13, 88, 5}},
	}
}

// title says what a shape is.
func (s shape) title() string { return fmt.Sprintf("%s, %v, %d samples", s.name, s.sizes, s.samples) }

// gemmFlops returns how many floating point operations the products of matrices
// take that the gradient of the loss cannot do without, two for each multiplication.
// Per layer and sample these are one with the weights forward and one downward, one
// per response in reverse and one upward, and 1 + ny for the gradient; without those
// that lead beyond the inputs, and those with the units that the responses begin
// with. It is for networks with at least as many inputs as responses.
func (s shape) gemmFlops() float64 {
	last := len(s.sizes) - 1
	ny := s.sizes[last]
	products := 0
	for l := 1; l <= last; l++ {
		products += 3 * (1 + ny) * s.sizes[l-1] * s.sizes[l]
	}
	products -= s.sizes[0]*s.sizes[1] + (3*ny-1)*s.sizes[last-1]*ny
	return 2 * float64(products) * float64(s.samples)
}

// kernels is the suite of how fast the inner loops are: a step of training and
// predictions, beside the same written with what a user of Go has otherwise, and
// beside the peak of a core. All alternate in one process, on one core.
func kernels(o Options) suite {
	seconds := 30.0
	if o.Quick {
		seconds = 4
	}
	var steps []step
	for _, s := range shapes() {
		steps = append(steps, step{s.title(), func(ctx context.Context, progress func(float64)) ([]Row, error) {
			return s.measure(ctx, time.Duration(seconds*float64(time.Second)), progress)
		}})
	}
	if !o.Quick {
		steps = append(append(steps, growths()...), large())
	}
	return suite{steps: steps, notes: []string{
		"A step is one evaluation of the loss of values and all partials with its gradient, in float64 on one core.",
		"Each number is from the best of many short runs, which alternate with those it is compared with.",
		"What takes a millisecond or more counts the time of the processor, where it is known, not that of waiting for it.",
		"roofline_share is that of the peak of a core with the instructions in use, by products of matrices alone.",
		"disturbance is by how much the median of the peak loop's runs was slower than the best: how busy the machine was.",
	}}
}

// undisturbed calls f on one core with a collected heap, so that nothing of this
// process runs beside it.
func undisturbed(f func() error) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	return f()
}

// batchPoints is how many points a batch has.
const batchPoints = 512

// measure times one shape.
func (s shape) measure(ctx context.Context, budget time.Duration, progress func(float64)) ([]Row, error) {
	k, err := newContestants(s)
	if err != nil {
		return nil, err
	}
	const rounds = 5000 // about 10 microseconds
	set := surrogate.InstructionSet()
	flops := peak.Run(set, rounds)
	top := &run{do: func() { peak.Run(set, rounds) }}
	step, gonum := &run{do: k.step}, &run{do: k.gonum.step}
	point, plain, batch := &run{do: k.point}, &run{do: k.plain}, &run{do: k.batch}
	err = undisturbed(func() error {
		return alternate(ctx, budget, progress, top, step, gonum, point, plain, batch)
	})
	if err != nil {
		return nil, err
	}
	rate := flops / top.best()
	r := &rows{name: s.name}
	goal := func(v float64) []float64 {
		if set == "avx512" {
			return []float64{v}
		}
		return nil
	}
	r.add("step_us", "us", lower, step.best()*1e6)
	r.add("step_over_gonum", "ratio", higher, gonum.best()/step.best(), goal(s.goals.stepOverGonum)...)
	r.add("roofline_share", "%", higher, 100*s.gemmFlops()/rate/step.best(), goal(s.goals.rooflineShare)...)
	r.add("point_us", "us", lower, point.best()*1e6)
	r.add("point_over_go", "ratio", higher, plain.best()/point.best(), goal(s.goals.pointOverGo)...)
	r.add("batch_ns", "ns", lower, batch.best()/batchPoints*1e9)
	r.add("batch_over_go", "ratio", higher, plain.best()/batch.best()*batchPoints)
	r.add("peak_gflops", "GF/s", higher, rate/1e9)
	r.add("disturbance", "%", lower, 100*(top.median()/top.best()-1))
	return r.list, nil
}

// contestants are what is compared on one shape: the step, values and Jacobian at a
// point and at many, and the same otherwise.
type contestants struct {
	step, point, batch func()
	gonum              *gonumStep
	plain              func()

	gradient, y, dydx []float64 // what ours write, or plain
}

func newContestants(s shape) (*contestants, error) {
	loss, net, d, err := s.loss()
	if err != nil {
		return nil, err
	}
	model, err := loss.Model(net.Parameters)
	if err != nil {
		return nil, err
	}
	nx, ny := d.NX, d.NY
	k := &contestants{gradient: make([]float64, len(net.Parameters)), y: make([]float64, ny), dydx: make([]float64, ny*nx)}
	k.step = func() { loss.Evaluate(k.gradient, net.Parameters) }
	k.gonum = newGonumStep(net, d, loss.Scaling(), kernelsLambda)

	ctx, x := context.Background(), d.Point(0)
	k.point = func() { _ = model.Evaluate(ctx, k.y, k.dydx, x) } // only an ended ctx is an error
	plain := newPlainPoint(net, loss.Scaling())
	k.plain = func() { plain.evaluate(k.y, k.dydx, x) }

	many, ys, partials := make([]float64, batchPoints*nx), make([]float64, batchPoints*ny), make([]float64, batchPoints*ny*nx)
	for i := range batchPoints {
		copy(many[i*nx:], d.Point(i%d.Len()))
	}
	k.batch = func() { model.PredictBatch(ys, partials, many) }
	return k, nil
}

// kernelsLambda is how strongly weights are penalized; it costs the same whatever it is.
const kernelsLambda = 1e-4

// loss returns a network of the shape with random weights, and its loss on random
// data: speed does not depend on them.
func (s shape) loss() (*surrogate.Loss, surrogate.Network, sbo.Data, error) {
	rng := sbo.Rand(1, "kernels "+s.name)
	net := surrogate.NewNetwork(s.sizes, surrogate.Tanh)
	net.Initialize(rng)
	d := sbo.NewData(s.sizes[0], s.sizes[len(s.sizes)-1], s.samples)
	for _, numbers := range [][]float64{d.X, d.Y, d.Partials} {
		for i := range numbers {
			numbers[i] = rng.NormFloat64()
		}
	}
	loss, err := surrogate.NewLoss(net.Sizes, net.Hidden, surrogate.Task{Data: d}, kernelsLambda)
	return loss, net, d, err
}
