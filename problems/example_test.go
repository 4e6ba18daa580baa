package problems_test

import (
	"context"
	"fmt"
	"log"

	"github.com/sbo-go/sbo/problems"
)

func Example() {
	p := problems.Rosenbrock(2)
	x := []float64{0, 1}
	y, dydx := make([]float64, p.NY()), make([]float64, p.NY()*p.NX())
	if err := p.Evaluate(context.Background(), y, dydx, x); err != nil {
		log.Fatal(err)
	}
	fmt.Println("f =", y[0], "partials:", dydx)
	fmt.Println("lowest:", p.Minimum, "at", p.Minimizers[0])
	// Output:
	// f = 101 partials: [-2 200]
	// lowest: 0 at [1 1]
}

func ExampleLookup() {
	p, err := problems.Lookup("weldedbeam")
	fmt.Println(err, p.NX(), "variables", len(p.Constraints()), "constraints")
	fmt.Println(p.Responses[1].Name, "<=", p.Responses[1].Upper, p.Responses[1].Unit)

	_, err = problems.Lookup("branin2")
	fmt.Println(err.Error()[:67])
	// Output:
	// <nil> 4 variables 7 constraints
	// shear_stress <= 13600 psi
	// problems: there is no test problem "branin2"; did you mean branin?;
}

func ExampleProblem_WithBox() {
	p := problems.Rastrigin(2).WithBox([]float64{-1, -1}, []float64{1.5, 1.5})
	fmt.Println(p.Box(), p.Minimizers)
	// Output: {[-1 -1] [1.5 1.5]} [[0 0]]
}

// The best beam of three segments has sections that taper toward the tip.
func ExampleCantilever() {
	p := problems.Cantilever(3)
	fmt.Printf("%.4f x 1e4 cm^3: widths %.2f, heights %.2f\n", p.Minimum, p.Minimizers[0][:3], p.Minimizers[0][3:])
	// Output: 6.7546 x 1e4 cm^3: widths [3.02 2.61 2.07], heights [60.42 52.28 41.49]
}
