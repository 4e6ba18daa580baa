package doe_test

import (
	"fmt"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
)

// A design for a surrogate: every variable gets ten different values.
func Example() {
	const n, dim = 10, 2
	points := doe.LatinHypercube{Criterion: doe.ESE}.Sample(n, dim, sbo.Rand(1, "design"))

	var first []float64
	for i := range n {
		first = append(first, points[i*dim])
	}
	slices.Sort(first)
	fmt.Printf("%.2f\n", first)
	fmt.Printf("closest pair: %.3f, by chance %.3f\n", doe.MinDistance(points, dim),
		doe.MinDistance(doe.Random{}.Sample(n, dim, sbo.Rand(1, "design")), dim))
	// Output:
	// [0.05 0.15 0.25 0.35 0.45 0.55 0.65 0.75 0.85 0.95]
	// closest pair: 0.316, by chance 0.025
}

// A sequence can be continued without an end.
func ExampleExtend() {
	s := doe.Sobol{}
	design := s.Sample(4, 2, nil)
	more := doe.Extend(s, design, 4, 2, nil)
	fmt.Println(design)
	fmt.Println(more)
	// Output:
	// [0 0 0.5 0.5 0.75 0.25 0.25 0.75]
	// [0.375 0.375 0.875 0.875 0.625 0.125 0.125 0.625]
}

// Infill points from elsewhere don't count as points of the sequence.
func ExampleExtend_infill() {
	s := doe.Sobol{Scramble: true}
	design := s.Sample(8, 2, sbo.Rand(1, "design"))
	existing := slices.Concat(design, []float64{0.123, 0.456}) // found by an optimizer
	more := doe.Extend(s, existing, 8, 2, sbo.Rand(1, "design"))

	atOnce := s.Sample(16, 2, sbo.Rand(1, "design"))
	fmt.Println(slices.Equal(more, atOnce[16:]))
	// Output: true
}

func ExampleFullFactorial() {
	points := doe.FullFactorial{Levels: []int{2, 3}}.Sample(6, 2, nil)
	for row := range slices.Chunk(points, 2) {
		fmt.Println(row)
	}
	// Output:
	// [0 0]
	// [0 0.5]
	// [0 1]
	// [1 0]
	// [1 0.5]
	// [1 1]
}

func ExampleLookup() {
	_, err := doe.Lookup("grid")
	fmt.Println(err)
	// Output:
	// doe: there is no sampler "grid"; choose one of random, lhs, lhs-plain, lhs-centered, lhs-maximin, lhs-ese, factorial, sobol, sobol-scrambled, halton, halton-scrambled
}

func ExampleCenteredL2() {
	for _, name := range []string{"random", "lhs-plain", "sobol-scrambled"} {
		s, err := doe.Lookup(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-16s%.3f\n", name, doe.CenteredL2(s.Sample(64, 3, sbo.Rand(1, "design")), 3))
	}
	// Output:
	// random          0.096
	// lhs-plain       0.037
	// sobol-scrambled 0.021
}
