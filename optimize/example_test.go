package optimize_test

import (
	"context"
	"fmt"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
)

// The largest box of unit diagonal: a cube, by symmetry.
func Example() {
	p := sbo.Problem{
		Variables: []sbo.Variable{
			{Name: "a", Unit: "m", Lower: 0.1, Upper: 1},
			{Name: "b", Unit: "m", Lower: 0.1, Upper: 1},
			{Name: "c", Unit: "m", Lower: 0.1, Upper: 1},
		},
		Responses: []sbo.Response{sbo.Maximize("volume"), sbo.AtMost("diagonal²", 1)},
	}
	boxes := sbo.EvaluatorFunc(func(_ context.Context, y, dydx, x []float64) error {
		a, b, c := x[0], x[1], x[2]
		y[0], y[1] = a*b*c, a*a+b*b+c*c
		if dydx != nil {
			copy(dydx, []float64{b * c, a * c, a * b, 2 * a, 2 * b, 2 * c})
		}
		return nil
	})
	r, err := optimize.Minimize(context.Background(), p, boxes, []float64{0.9, 0.2, 0.5}, optimize.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Status)
	fmt.Printf("edges %.4f, volume %.4f\n", r.X, r.Y[0])
	// The cost is the negative volume, which is (limit/3)^1.5.
	fmt.Printf("one more of diagonal² would change the cost by %.4f\n", r.KKT.Multipliers[1])
	// Output:
	// The point is optimal: it is feasible and the KKT conditions hold within the tolerance.
	// edges [0.5774 0.5774 0.5774], volume 0.1925
	// one more of diagonal² would change the cost by -0.2887
}

// Several starts find several valleys; the deepest comes first.
func ExampleMultistart() {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "x", Lower: -2, Upper: 2}},
		Responses: []sbo.Response{sbo.Minimize("f")},
	}
	wells := sbo.EvaluatorFunc(func(_ context.Context, y, dydx, x []float64) error {
		v := x[0]
		y[0] = v*v*v*v - 2*v*v + 0.3*v
		if dydx != nil {
			dydx[0] = 4*v*v*v - 4*v + 0.3
		}
		return nil
	})
	results, err := optimize.Multistart(context.Background(), p, wells, []float64{1.2, -0.7, 0.8}, optimize.Options{Workers: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Printf("start %d: f(%.4f) = %.4f\n", r.Start+1, r.X[0], r.Objective)
	}
	// Output:
	// start 2: f(-1.0356) = -1.3054
	// start 1: f(0.9601) = -0.7059
	// start 3: f(0.9601) = -0.7059
}

// A certificate for a point that was measured, not optimized.
func ExampleComputeKKT() {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "thickness", Unit: "mm", Lower: 2, Upper: 10}},
		Responses: []sbo.Response{sbo.Minimize("mass"), sbo.AtMost("stress", 200)},
	}
	x := []float64{5}
	y := []float64{12, 200}     // mass in kg, stress in MPa
	dydx := []float64{2.4, -40} // per mm
	k := optimize.ComputeKKT(p, x, y, dydx)
	fmt.Printf("residual %.0e, %.2f kg per MPa of allowed stress\n", k.Residual, k.Multipliers[1])
	// Output:
	// residual 0e+00, -0.06 kg per MPa of allowed stress
}
