package problems

import (
	"math"

	"github.com/sbo-go/sbo"
)

// Hartmann3 is a sum of four Gaussian wells in three variables,
//
//	f = - sum_i c_i exp(- sum_j a_ij (x_j - p_ij)^2),
//
// in the box [0, 1]^3, with four minima. Dixon and Szegö give the entry p_41 as
// 0.03815, which is used here; some collections print 0.0381, whose minimum is
// -3.8627798. The minimizer was computed by solving grad f = 0 with 40 digits.
//
// Source: J. K. Hartman, Some experiments in global optimization, Naval Research
// Logistics Quarterly 20 (1973) 569-576; L. C. W. Dixon, G. P. Szegö, The global
// optimization problem: an introduction, Towards Global Optimization 2,
// North-Holland, 1978, 1-15.
func Hartmann3() Problem {
	return Problem{
		Problem:    sbo.Problem{Name: "hartmann3", Variables: cube(3, 0, 1), Responses: objective()},
		Source:     "Hartman 1973; Dixon, Szegö, Towards Global Optimization 2, 1978, 1-15",
		Minimizers: [][]float64{{0.114614338589671976, 0.555648849971856935, 0.852546953520865785}},
		Minimum:    -3.86278214782075526,
		answer: wells(
			[]float64{3, 10, 30, 0.1, 10, 35, 3, 10, 30, 0.1, 10, 35},
			[]float64{
				0.3689, 0.1170, 0.2673,
				0.4699, 0.4387, 0.7470,
				0.1091, 0.8732, 0.5547,
				0.03815, 0.5743, 0.8828,
			}),
	}
}

// Hartmann6 is the sum of four Gaussian wells of [Hartmann3] in six variables,
// in the box [0, 1]^6, with two minima. Sources and minimizer as there.
func Hartmann6() Problem {
	return Problem{
		Problem: sbo.Problem{Name: "hartmann6", Variables: cube(6, 0, 1), Responses: objective()},
		Source:  "Hartman 1973; Dixon, Szegö, Towards Global Optimization 2, 1978, 1-15",
		Minimizers: [][]float64{{
			0.201689511006705424, 0.150010691823457969, 0.476873974221896990,
			0.275332430494056068, 0.311651616600113242, 0.657300534065620306,
		}},
		Minimum: -3.3223680114155148,
		answer: wells(
			[]float64{
				10, 3, 17, 3.5, 1.7, 8,
				0.05, 10, 17, 0.1, 8, 14,
				3, 3.5, 1.7, 10, 17, 8,
				17, 8, 0.05, 10, 0.1, 14,
			},
			[]float64{
				0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886,
				0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991,
				0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650,
				0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381,
			}),
	}
}

// wells is Hartmann's sum for the matrices a and p, one well a row.
func wells(a, p []float64) formula {
	depths := [...]float64{1, 1.2, 3, 3.2}
	return func(y, dydx, x []float64) {
		nx := len(x)
		y[0] = 0
		clear(dydx)
		for i, depth := range depths {
			steepness, center := a[i*nx:(i+1)*nx], p[i*nx:(i+1)*nx]
			distance := 0.0
			for j := range x {
				distance += steepness[j] * (x[j] - center[j]) * (x[j] - center[j])
			}
			well := depth * math.Exp(-distance)
			y[0] -= well
			for j := range dydx {
				dydx[j] += 2 * well * steepness[j] * (x[j] - center[j])
			}
		}
	}
}
