package polish_test

import (
	"context"
	"fmt"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/problems"
)

// The minimum of Branin's function, 0.397887, from a design of six samples.
func Example() {
	ctx := context.Background()
	branin := problems.Branin()
	evaluate := sbo.Workers(branin.Problem, branin, 2)

	x := doe.LatinHypercube{Criterion: doe.Maximin}.Sample(6, 2, sbo.Rand(1, "design"))
	for i := range 6 {
		branin.Box().Place(x[2*i:2*i+2], x[2*i:2*i+2])
	}
	design, err := evaluate(ctx, x)
	if err != nil {
		fmt.Println(err)
		return
	}

	loop := polish.Loop{Problem: branin.Problem, Evaluate: evaluate, Budget: 40, Seed: 1}
	for round, err := range loop.Rounds(ctx, design) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if round.Stop != "" {
			fmt.Printf("%s: %.4f\n", round.Stop, round.Data.Responses(round.Best))
			fmt.Println("another basin is unlikely:", round.Unseen <= 0.1)
		}
	}
	// Output:
	// converged: [0.3979]
	// another basin is unlikely: true
}

// Samples close to the best point count up to 1000 times as much in the next fit.
func ExampleWeighting_Weights() {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "x", Lower: 0, Upper: 10}},
		Responses: []sbo.Response{sbo.Minimize("f")},
	}
	d := sbo.Data{NX: 1, NY: 1, X: []float64{2, 3, 9}, Y: []float64{1, 2, 50}}
	w := polish.Weighting{Eta: 1000, Radius: 0.1}.Weights(p, d, []float64{2})
	fmt.Printf("%.1f\n", w.Beta)
	// Output:
	// [1001.0 368.9 1.0]
}
