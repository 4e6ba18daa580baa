package problems_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"github.com/sbo-go/sbo/problems"
)

// kkt returns the relative residual of the KKT conditions at x, in variables
// scaled by the width of the box, with least-squares multipliers of the active
// constraints and bounds. Each active normal has length one.
func kkt(t *testing.T, p problems.Problem, x []float64) (residual float64, multipliers []float64) {
	t.Helper()
	nx := p.NX()
	y, dydx := evaluate(t, p, x)
	box := p.Box()
	gradient := make([]float64, nx)
	for j := range gradient {
		gradient[j] = dydx[j] * (box.Upper[j] - box.Lower[j])
	}
	normals := activeNormals(p, x, y, dydx)
	// The size of the gradient is judged against that in the whole box.
	scale := math.Max(mat.Norm(mat.NewVecDense(nx, gradient), 2), typicalSlope(t, p))
	rest := mat.NewVecDense(nx, gradient)
	if len(normals) > 0 {
		a := mat.NewDense(nx, len(normals), nil)
		for i, n := range normals {
			a.SetCol(i, n)
		}
		minus := mat.NewVecDense(nx, nil)
		minus.ScaleVec(-1, rest)
		var m mat.VecDense
		require.NoError(t, m.SolveVec(a, minus))
		var combined mat.VecDense
		combined.MulVec(a, &m)
		rest.AddVec(rest, &combined)
		for i := range normals {
			multipliers = append(multipliers, m.AtVec(i)/scale)
		}
	}
	return mat.Norm(rest, 2) / scale, multipliers
}

// activeNormals returns the outward unit normals of the constraints and bounds
// that x lies on, in variables scaled by the width of the box.
func activeNormals(p problems.Problem, x, y, dydx []float64) [][]float64 {
	const touching = 1e-8
	nx, box := p.NX(), p.Box()
	var normals [][]float64
	for _, k := range p.Constraints() {
		for _, limit := range []struct{ value, sign float64 }{{p.Responses[k].Lower, -1}, {p.Responses[k].Upper, 1}} {
			if math.Abs(y[k]-limit.value) > touching*p.Responses[k].Scale() {
				continue
			}
			n := mat.NewVecDense(nx, nil)
			for j := range nx {
				n.SetVec(j, limit.sign*dydx[k*nx+j]*(box.Upper[j]-box.Lower[j]))
			}
			n.ScaleVec(1/mat.Norm(n, 2), n)
			normals = append(normals, n.RawVector().Data)
		}
	}
	for j := range nx {
		for _, bound := range []struct{ value, sign float64 }{{box.Lower[j], -1}, {box.Upper[j], 1}} {
			if math.Abs(x[j]-bound.value) <= touching*(box.Upper[j]-box.Lower[j]) {
				n := make([]float64, nx)
				n[j] = bound.sign
				normals = append(normals, n)
			}
		}
	}
	return normals
}

// typicalSlope is the change of the objective from one corner of the box to the
// middle, as a yardstick for gradients per width of the box.
func typicalSlope(t *testing.T, p problems.Problem) float64 {
	t.Helper()
	box := p.Box()
	middle := make([]float64, p.NX())
	for j := range middle {
		middle[j] = 0.47
	}
	a, _ := evaluate(t, p, box.Lower)
	b, _ := evaluate(t, p, box.Place(nil, middle))
	return math.Abs(a[0] - b[0])
}
