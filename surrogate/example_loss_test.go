package surrogate_test

import (
	"fmt"
	"log"

	"gonum.org/v1/gonum/optimize"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// Whoever wants another optimizer than those of Fit gets the loss of the paper with
// its gradient.
func ExampleLoss() {
	network := surrogate.NewNetwork([]int{1, 8, 1}, surrogate.Tanh)
	network.Initialize(sbo.Rand(1, "start"))
	loss, err := surrogate.NewLoss(network.Sizes, network.Hidden, surrogate.Task{Data: wave(8)}, 1e-6)
	if err != nil {
		log.Fatal(err)
	}
	found, err := optimize.Minimize(optimize.Problem{
		Func: func(parameters []float64) float64 { return loss.Evaluate(nil, parameters).Total() },
		Grad: func(grad, parameters []float64) { loss.Evaluate(grad, parameters) },
	}, network.Parameters, &optimize.Settings{MajorIterations: 200}, &optimize.BFGS{})
	if err != nil {
		log.Fatal(err)
	}
	model, err := loss.Model(found.X)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(surrogate.Assess(model, wave(101)).Values[0].R2 > 0.999)
	// Output: true
}
