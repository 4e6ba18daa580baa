// Quickstart is the Go API in twenty lines: the lightest beam that bends no more
// than it may, found with as few simulations as possible.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/polish"
)

func main() {
	beam := sbo.Problem{
		Variables: []sbo.Variable{{Name: "width", Lower: 1, Upper: 5}, {Name: "height", Lower: 5, Upper: 10}},
		Responses: []sbo.Response{sbo.Minimize("mass"), sbo.AtMost("deflection", 2)},
	}
	simulate := func(_ context.Context, y, dydx, x []float64) error { // yours takes hours
		y[0], y[1] = x[0]*x[1], 1000/(x[0]*x[1]*x[1]*x[1])
		copy(dydx, []float64{x[1], x[0], -y[1] / x[0], -3 * y[1] / x[1]}) // NaN where a partial is not known
		return nil
	}
	evaluate := sbo.Workers(beam, sbo.EvaluatorFunc(simulate), 2)
	points := doe.LatinHypercube{Criterion: doe.ESE}.Sample(6, beam.NX(), sbo.Rand(1, "design"))
	for u := range slices.Chunk(points, beam.NX()) {
		beam.Box().Place(u, u)
	}
	design, err := evaluate(context.Background(), points)
	for round, failure := range (polish.Loop{Problem: beam, Evaluate: evaluate, Budget: 60, Seed: 1}).Rounds(context.Background(), design) {
		if err = errors.Join(err, failure); err != nil {
			log.Fatal(err)
		}
		fmt.Println("round", round.Number, "best", round.Data.Point(round.Best), round.Data.Responses(round.Best), round.Why)
	}
}
