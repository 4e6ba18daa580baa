package airfoil_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// A section of four digits, and how its drag grows with the angle.
func Example() {
	section, err := airfoil.ParseNACA4("2412")
	if err != nil {
		panic(err)
	}
	var solver airfoil.Solver
	if err := solver.Load(section.Section(airfoil.Panels)); err != nil {
		panic(err)
	}
	for _, alpha := range []float64{0, 4, 8} {
		r, err := solver.Analyze(airfoil.Flow{Mach: 0.15, Reynolds: 3e6}, alpha, nil)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%.0f degrees: CL %.3f, CD %.5f, CM %.3f\n", r.Alpha, r.CL, r.CD, r.CM)
	}
	// Output:
	// 0 degrees: CL 0.253, CD 0.00560, CM -0.054
	// 4 degrees: CL 0.701, CD 0.00607, CM -0.053
	// 8 degrees: CL 1.115, CD 0.00965, CM -0.046
}

// Partials say how a section gets better: here, with the lift kept.
func ExampleSolver_Trim() {
	section := airfoil.CST{
		Thickness:    []float64{0.17, 0.15, 0.17, 0.13, 0.15},
		Camber:       []float64{0.02, 0.04, 0.05, 0.04, 0.06},
		TrailingEdge: 0.0025,
	}
	var solver airfoil.Solver
	if err := solver.Load(section.Section(airfoil.Panels)); err != nil {
		panic(err)
	}
	variables := 2 + len(section.Variables()) // lift, Mach number, coefficients
	partials := make([]float64, 3*variables)
	r, err := solver.Trim(airfoil.Flow{Mach: 0.15, Reynolds: 3e6}, 0.5, partials)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f degrees, CD %.5f\n", r.Alpha, r.CD)
	drag := partials[variables+2 : 2*variables]
	for i, name := range section.Variables() {
		fmt.Printf("%s %+.4f\n", name, drag[i])
	}
	// Output:
	// 2.57 degrees, CD 0.00555
	// T0 +0.0145
	// T1 +0.0032
	// T2 -0.0026
	// T3 -0.0035
	// T4 -0.0009
	// K0 +0.0052
	// K1 -0.0085
	// K2 -0.0138
	// K3 +0.0007
	// K4 +0.0035
}

// Coordinates come from a file as collections of airfoils have them.
func ExampleRead() {
	_, err := airfoil.Read(strings.NewReader("NACA 0012\n1 0.00126\n0.9 0.0l448\n"), "naca0012.dat")
	fmt.Println(err)
	// Output:
	// naca0012.dat:3: "0.9 0.0l448" is no point: a line has two numbers, x and y
}

// The problems are evaluators like all others.
func ExampleAF1() {
	p := airfoil.AF1()
	y := make([]float64, p.NY())
	if err := p.Evaluate(context.Background(), y, nil, p.Best[0]); err != nil {
		panic(err)
	}
	for k, r := range p.Responses {
		fmt.Printf("%-4s %7.4f  %s\n", r.Name, y[k], r.Wanted())
	}
	// Output:
	// cd    0.0036  minimize
	// cm   -0.0400  >= -0.04
	// t15   0.0950  >= 0.095
	// t35   0.1268  >= 0.12
	// t65   0.1131  >= 0.08
	// t90   0.0438  >= 0.022
	// area  0.0933  >= 0.08
	// nose  0.1228  >= 0.1
}
