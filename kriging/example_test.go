package kriging_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/kriging"
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
	model, _, err := kriging.Fit(context.Background(), kriging.Task{Data: wave(6)}, sbo.Rand(1, "fit"), kriging.Options{})
	if err != nil {
		log.Fatal(err)
	}
	x := []float64{2}
	fmt.Printf("value %.2f (truth %.2f)\n", model.Predict(nil, x)[0], 2*math.Sin(2))
	fmt.Printf("slope %.2f (truth %.2f)\n", model.PredictPartials(nil, x)[0], math.Sin(2)+2*math.Cos(2))
	lower, upper := model.PredictInterval(nil, nil, x, 0.9)
	fmt.Println("between the bounds:", lower[0] < 2*math.Sin(2) && 2*math.Sin(2) < upper[0])
	// Output:
	// value 1.82 (truth 1.82)
	// slope 0.08 (truth 0.08)
	// between the bounds: true
}

// What each sample is predicted to be by the others says how good the model is.
func ExampleModel_LeaveOneOut() {
	data := wave(9)
	model, _, err := kriging.Fit(context.Background(), kriging.Task{Data: data}, sbo.Rand(1, "fit"), kriging.Options{})
	if err != nil {
		log.Fatal(err)
	}
	predicted, _ := model.LeaveOneOut()
	largest := 0.0
	for i := range data.Len() {
		largest = max(largest, math.Abs(predicted.Responses(i)[0]-data.Responses(i)[0]))
	}
	fmt.Println("largest error below 0.2:", largest < 0.2)
	// Output: largest error below 0.2: true
}

// A model that was saved predicts the same.
func ExampleLoad() {
	model, _, err := kriging.Fit(context.Background(), kriging.Task{Data: wave(6)}, sbo.Rand(1, "fit"), kriging.Options{})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := model.Save(&file); err != nil {
		log.Fatal(err)
	}
	again, err := kriging.Load(&file)
	if err != nil {
		log.Fatal(err)
	}
	x := []float64{0.5}
	fmt.Println(again.Predict(nil, x)[0] == model.Predict(nil, x)[0])
	// Output: true
}
