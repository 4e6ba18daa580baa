package problems

import (
	"fmt"
	"slices"

	"github.com/sbo-go/sbo"
)

// Shekel is a plain in four variables with 5, 7 or 10 narrow holes,
//
//	f = - sum_i 1 / (c_i + sum_j (x_j - a_ij)^2),
//
// in the box [0, 10]^4: far from the holes there is next to no slope. The deepest is
// near (4, 4, 4, 4); the minimizers were computed by solving grad f = 0 with 40 digits.
// It panics at any other number of holes.
//
// Source: J. Shekel, Test functions for multimodal search techniques, Fifth Annual
// Princeton Conference on Information Science and Systems, 1971; L. C. W. Dixon, G. P.
// Szegö, The global optimization problem: an introduction, Towards Global Optimization
// 2, North-Holland, 1978, 1-15.
func Shekel(holes int) Problem {
	known := map[int]struct {
		x       []float64
		minimum float64
	}{
		5:  {[]float64{4.00003715281967623, 4.00013327659156009, 4.00003715281967623, 4.00013327659156009}, -10.1531996790582275},
		7:  {[]float64{4.00057291618582335, 4.00068936618530425, 3.99948970885915061, 3.99960615885863151}, -10.4029405668186613},
		10: {[]float64{4.00074653159204672, 4.000592934138532, 3.9996633980403223, 3.99950980058680758}, -10.5364098166920446},
	}[holes]
	if known.x == nil {
		panic(fmt.Sprintf("problems: a Shekel function of %d holes; there are those of 5, 7 and 10", holes))
	}
	return Problem{
		Problem:    sbo.Problem{Name: fmt.Sprintf("shekel%d", holes), Variables: cube(4, 0, 10), Responses: objective()},
		Source:     "Shekel 1971; Dixon, Szegö, Towards Global Optimization 2, 1978, 1-15",
		Minimizers: [][]float64{slices.Clone(known.x)},
		Minimum:    known.minimum,
		answer:     func(y, dydx, x []float64) { shekel(holes, y, dydx, x) },
	}
}

// shekelHoles are the matrix a, and the numbers c.
var shekelHoles = [10]struct {
	at    [4]float64
	shape float64
}{
	{[4]float64{4, 4, 4, 4}, 0.1},
	{[4]float64{1, 1, 1, 1}, 0.2},
	{[4]float64{8, 8, 8, 8}, 0.2},
	{[4]float64{6, 6, 6, 6}, 0.4},
	{[4]float64{3, 7, 3, 7}, 0.4},
	{[4]float64{2, 9, 2, 9}, 0.6},
	{[4]float64{5, 5, 3, 3}, 0.3},
	{[4]float64{8, 1, 8, 1}, 0.7},
	{[4]float64{6, 2, 6, 2}, 0.5},
	{[4]float64{7, 3.6, 7, 3.6}, 0.5},
}

func shekel(holes int, y, dydx, x []float64) {
	y[0] = 0
	clear(dydx)
	for _, hole := range shekelHoles[:holes] {
		d := hole.shape
		for j, a := range hole.at {
			d += square(x[j] - a)
		}
		y[0] -= 1 / d
		for j := range dydx {
			dydx[j] += 2 * (x[j] - hole.at[j]) / (d * d)
		}
	}
}
