package surrogate_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// wave returns m samples of x sin x with their slopes.
func wave(m int) sbo.Data {
	d := sbo.NewData(1, 1, m)
	for i := range m {
		x := -3 + 6*float64(i)/float64(m-1)
		d.X[i] = x
		d.Y[i] = x * math.Sin(x)
		d.Partials[i] = math.Sin(x) + x*math.Cos(x)
	}
	return d
}

// Six samples with slopes are enough for this function.
func Example() {
	ctx := context.Background()
	model, _, err := surrogate.Fit(ctx, surrogate.Task{Data: wave(6)}, sbo.Rand(1, "fit"), surrogate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	x := []float64{2}
	fmt.Printf("value     %.1f (truth %.1f)\n", model.Predict(nil, x)[0], 2*math.Sin(2))
	fmt.Printf("slope     %.1f (truth %.1f)\n", model.PredictPartials(nil, x)[0], math.Sin(2)+2*math.Cos(2))
	fmt.Printf("curvature %.0f (truth %.0f)\n", model.Hessian(nil, x, 0)[0], 2*math.Cos(2)-2*math.Sin(2))
	// Output:
	// value     1.8 (truth 1.8)
	// slope     0.1 (truth 0.1)
	// curvature -3 (truth -3)
}

// Accuracy on samples that the model has not seen.
func ExampleAssess() {
	model, _, err := surrogate.Fit(context.Background(), surrogate.Task{Data: wave(8)}, sbo.Rand(1, "fit"), surrogate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	a := surrogate.Assess(model, wave(101))
	fmt.Println("values:  ", a.Values[0].R2 > 0.999, a.Values[0].N)
	fmt.Println("partials:", a.Partials[0][0].R2 > 0.999)
	// Output:
	// values:   true 101
	// partials: true
}

// Without samples to spare, each is predicted by a model of the others.
func ExampleCrossValidate() {
	task := surrogate.Task{Data: wave(12)}
	a, predicted, err := surrogate.CrossValidate(context.Background(), task, 4, sbo.Rand(1, "folds"), surrogate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Values[0].R2 > 0.99, predicted.Len())
	// Output: true 12
}

func ExampleJENN_Save() {
	model, _, err := surrogate.Fit(context.Background(), surrogate.Task{Data: wave(6)}, sbo.Rand(1, "fit"), surrogate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := model.Save(&file); err != nil {
		log.Fatal(err)
	}
	again, err := surrogate.Load(&file)
	if err != nil {
		log.Fatal(err)
	}
	x := []float64{0.5}
	fmt.Println(again.Predict(nil, x)[0] == model.Predict(nil, x)[0])
	// Output: true
}

// Beyond its samples a model guesses, and says so.
func ExampleJENN_Extrapolates() {
	model, _, err := surrogate.Fit(context.Background(), surrogate.Task{Data: wave(6)}, sbo.Rand(1, "fit"), surrogate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range model.Extrapolates([]float64{4.5}) {
		fmt.Printf("input %d is %g, %.0f %% beyond [%g, %g]\n", e.Input, e.Value, 100*e.Overshoot, e.Lower, e.Upper)
	}
	// Output: input 0 is 4.5, 25 % beyond [-3, 3]
}

// New samples are learned from where the network is, with the scaling it has.
func ExampleTask_warmStart() {
	ctx := context.Background()
	first, _, err := surrogate.Fit(ctx, surrogate.Task{Data: wave(5)}, sbo.Rand(1, "fit"), surrogate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	task := surrogate.Task{Data: wave(9), Start: first}
	second, summary, err := surrogate.Fit(ctx, task, sbo.Rand(1, "refit"), surrogate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	test := wave(101)
	fmt.Println(summary.Networks == len(first.Networks()), surrogate.Assess(second, test).Values[0].RMSE < surrogate.Assess(first, test).Values[0].RMSE)
	// Output: true true
}
