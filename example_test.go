package sbo_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/sbo-go/sbo"
)

// A beam is to be as light as possible and bend no further than it may.
var beam = sbo.Problem{
	Name: "beam",
	Variables: []sbo.Variable{
		{Name: "width", Unit: "cm", Lower: 1, Upper: 5},
		{Name: "height", Unit: "cm", Lower: 1, Upper: 10},
	},
	Responses: []sbo.Response{
		sbo.Minimize("mass"),
		sbo.AtMost("deflection", 2),
	},
}

// simulate is what a simulation looks like to sbo.
func simulate(_ context.Context, y, dydx, x []float64) error {
	w, h := x[0], x[1]
	y[0] = w * h
	y[1] = 1000 / (w * h * h * h)
	if dydx != nil { // partials are wanted
		copy(dydx, []float64{
			h, w, // of the mass by width, height
			-y[1] / w, -3 * y[1] / h, // of the deflection
		})
	}
	return nil
}

func Example() {
	evaluate := sbo.Workers(beam, sbo.EvaluatorFunc(simulate), 2)
	data, err := evaluate(context.Background(), []float64{
		1, 6, // width, height of the first point
		2, 8,
		3, 9,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range data.Len() {
		y := data.Responses(i)
		fmt.Printf("mass %g, deflection %.2f, violation %.2f\n", y[0], y[1], beam.Violation(y))
	}
	fmt.Println("best:", data.Point(data.Best(beam)))
	// Output:
	// mass 6, deflection 4.63, violation 1.31
	// mass 16, deflection 0.98, violation 0.00
	// mass 27, deflection 0.46, violation 0.00
	// best: [2 8]
}

func ExampleProblem_Validate() {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "width", Lower: 5, Upper: 1}},
		Responses: []sbo.Response{sbo.AtMost("width", 2)},
	}
	fmt.Println(p.Validate())
	// Output:
	// variable "width" has lower bound 5, which is not below its upper bound 1
	// the name "width" is used twice
	// the problem has 0 objectives; sbo needs exactly one response to minimize or maximize
}

func ExampleBox_Place() {
	fmt.Println(beam.Box().Place(nil, []float64{0.5, 1}))
	// Output: [3 10]
}

func ExampleGuard() {
	e := sbo.Guard(sbo.EvaluatorFunc(func(_ context.Context, y, _, x []float64) error {
		y[0] = math.Sqrt(x[0])
		return nil
	}))
	err := e.Evaluate(context.Background(), make([]float64, 1), nil, []float64{-1})
	fmt.Println(err, errors.Is(err, sbo.ErrFailed))
	// Output: evaluation failed: response 1 is NaN true
}

func ExampleReadCSV() {
	file := `mach,thrust_N,dthrust_dmach
0.1,19.5,-2.5
0.2,,
0.3,18.5,
`
	data, columns, err := sbo.ReadCSV(strings.NewReader(file), "engine.csv", nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("inputs", columns.Inputs, "outputs", columns.Outputs)
	for i := range data.Len() {
		fmt.Println(data.Point(i), data.Responses(i), data.PartialsOf(i), "failed:", data.Failed(i))
	}
	// Output:
	// inputs [mach] outputs [thrust_N]
	// [0.1] [19.5] [-2.5] failed: false
	// [0.2] [NaN] [NaN] failed: true
	// [0.3] [18.5] [NaN] failed: false
}

func ExampleReadCSV_faults() {
	file := `mach,thrust
0.1,19.5
0.2,Inf
zero,18.5
`
	_, _, err := sbo.ReadCSV(strings.NewReader(file), "engine.csv", []string{"mach"}, nil)
	fmt.Println(err)
	// Output:
	// engine.csv:3:5: column "thrust" is Inf, which is not finite: leave the cell empty if the value is not known
	// engine.csv:4:1: column "mach" holds "zero", which is not a number: mend or delete this line
}

func ExampleWriteCSV() {
	d := sbo.NewData(2, 2, 2)
	copy(d.X, []float64{1, 6, 2, 8})
	if err := simulate(context.Background(), d.Responses(1), d.PartialsOf(1), d.Point(1)); err != nil {
		fmt.Println(err)
		return
	}
	names := sbo.Columns{Inputs: []string{"width", "height"}, Outputs: []string{"mass", "deflection"}}
	if err := sbo.WriteCSV(os.Stdout, names, d); err != nil {
		fmt.Println(err)
	}
	// Output:
	// width,height,mass,deflection,dmass_dwidth,dmass_dheight,ddeflection_dwidth,ddeflection_dheight
	// 1,6,,,,,,
	// 2,8,16,0.9765625,8,2,-0.48828125,-0.3662109375
}
