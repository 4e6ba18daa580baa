package sbotest_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/sbotest"
)

// A test problem keeps every rule.
func ExampleCheckEvaluator() {
	p := problems.WeldedBeam()
	err := sbotest.CheckEvaluator(context.Background(), p, p.Problem, sbo.Rand(1, "check"), sbotest.Options{AllPartials: true})
	fmt.Println(err)
	// Output: <nil>
}

// This simulation forgot a factor in a partial, and does not look at its context.
func ExampleCheckEvaluator_faults() {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "radius", Lower: 1, Upper: 2}},
		Responses: []sbo.Response{sbo.Minimize("area")},
	}
	disk := sbo.EvaluatorFunc(func(_ context.Context, y, dydx, x []float64) error {
		y[0] = 3 * x[0] * x[0]
		if dydx != nil {
			dydx[0] = 3 * x[0]
		}
		return nil
	})
	err := sbotest.CheckEvaluator(context.Background(), disk, p, rand.New(rand.NewPCG(1, 2)), sbotest.Options{Points: 2})
	fmt.Println(err)
	// Output:
	// sbotest: with a context that has ended, the evaluation should return its error, but returns no error
	// sbotest: 2 of 2 partials are wrong; the worst: at x = [1.6761], the partial of response 1 (area) by variable 1 (radius) is 5.02831, but differences give 10.0566
}

// The sampler of studies keeps every rule.
func ExampleCheckSampler() {
	s, _ := doe.Lookup("lhs")
	fmt.Println(sbotest.CheckSampler(s, 10, 3, 1))
	// Output: <nil>
}
