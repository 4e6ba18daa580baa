package problems

import "github.com/sbo-go/sbo/problems/airfoil"

// AirfoilAF1 is the airfoil section of the least drag at one condition, in
// fourteen variables: [airfoil.AF1].
func AirfoilAF1() Problem { return fromAirfoil(airfoil.AF1()) }

// AirfoilAF2 is the airfoil section of the least weighted drag at three
// conditions, in fourteen variables: [airfoil.AF2].
func AirfoilAF2() Problem { return fromAirfoil(airfoil.AF2()) }

// AirfoilAF3 is the airfoil section, and its angle, that have given pressures, in
// fifteen variables: [airfoil.AF3].
func AirfoilAF3() Problem { return fromAirfoil(airfoil.AF3()) }

func fromAirfoil(b airfoil.Benchmark) Problem {
	return Problem{
		Problem:    b.Problem,
		Source:     "package problems/airfoil of sbo, 2026",
		Minimizers: b.Best,
		Minimum:    b.Least,
		evaluator:  b,
		charts:     airfoilCharts(b),
	}
}
