package problems_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

// The optima of these problems are derived in their comments from the signs of
// the partials: they hold at every random point, and lead to the corner. All
// corners are compared as well.
func TestMonotoneProblemsHaveTheirMinimumAtACorner(t *testing.T) {
	tests := map[string]struct {
		problem problems.Problem
		signs   []float64 // of the partials; 0: not monotone
	}{
		"wingweight": {problems.WingWeight(), []float64{1, 1, 1, 0, 1, 1, -1, 1, 1, 1}},
		"borehole":   {problems.Borehole(), []float64{1, -1, 1, 1, 1, -1, -1, 1}},
		"otl":        {problems.OTL(), []float64{-1, 1, 1, -1, -1, -1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, box, rng := test.problem, test.problem.Box(), sbo.Rand(1, name)
			u := make([]float64, p.NX())
			check := func() {
				_, dydx := evaluate(t, p, box.Place(nil, u))
				for j, sign := range test.signs {
					if sign != 0 {
						require.Positive(t, sign*dydx[j], "partial %d at u = %v", j+1, u)
					}
				}
			}
			for range 10_000 {
				for j := range u {
					u[j] = rng.Float64()
				}
				check()
			}
			for corner := range 1 << p.NX() {
				for j := range u {
					u[j] = float64(corner >> j & 1)
				}
				check()
				y, _ := evaluate(t, p, box.Place(nil, u))
				require.GreaterOrEqual(t, y[0], p.Minimum)
			}
			for j, sign := range test.signs {
				corner := []float64{box.Upper[j], 0, box.Lower[j]}[int(sign)+1]
				require.Equal(t, corner, p.Minimizers[0][j])
			}
		})
	}
}

// In the sweep the wing's weight is even, with its lowest point at 0.
func TestWingWeightRisesWithSweep(t *testing.T) {
	p := problems.WingWeight()
	x := slices.Clone(p.Minimizers[0])
	last := p.Minimum
	for sweep := 0.5; sweep <= 10; sweep += 0.5 {
		x[3] = sweep
		swept, dydx := evaluate(t, p, x)
		require.Greater(t, swept[0], last)
		require.Positive(t, dydx[3])
		x[3] = -sweep
		mirrored, _ := evaluate(t, p, x)
		require.InEpsilon(t, swept[0], mirrored[0], 1e-14)
		last = swept[0]
	}
}

// Optima as they are published, to the digits that are.
func TestPublishedOptima(t *testing.T) {
	tests := []struct {
		name    string
		minimum float64
		digits  float64
		source  string
	}{
		{"branin", 0.397887, 1e-6, "Dixon, Szegö 1978"},
		{"camel6", -1.0316285, 1e-7, "Dixon, Szegö 1978"},
		{"goldstein", 3, 0, "Dixon, Szegö 1978"},
		{"hartmann3", -3.86278, 1e-5, "Dixon, Szegö 1978"},
		{"hartmann6", -3.32237, 1e-5, "Dixon, Szegö 1978"},
		{"shekel5", -10.1532, 1e-4, "Dixon, Szegö 1978"},
		{"shekel7", -10.4029, 1e-4, "Dixon, Szegö 1978"},
		{"shekel10", -10.5364, 1e-4, "Dixon, Szegö 1978"},
		{"styblinski1", -39.16617, 1e-5, "Styblinski, Tang 1990"},
		{"trid6", -50, 0, "Hedar 2005"},
		{"trid10", -210, 0, "Hedar 2005"},
		{"g04", -30665.53867178332, 1e-10, "CEC 2006"},
		{"g07", 24.30620906818, 1e-11, "CEC 2006"},
		{"g08", -0.0958250414180359, 1e-15, "CEC 2006"},
		{"g09", 680.630057374402, 1e-12, "CEC 2006"},
		{"g24", -5.50801327159536, 1e-11, "CEC 2006"},
		{"gomez3", -0.9711, 1e-4, "Sasena 2002"},
		{"mystery", -1.1743, 1e-4, "Sasena 2002"},
		{"weldedbeam", 1.724852, 1e-6, "Mezura-Montes, Coello 2005"},
		{"spring", 0.012665, 1e-6, "Mezura-Montes, Coello 2005"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := problems.Lookup(test.name)
			require.NoError(t, err)
			require.InDelta(t, test.minimum, p.Minimum, max(test.digits, 1e-12*math.Abs(test.minimum)), test.source)
		})
	}
}

// At the origin, Ackley's function has no partials; 0 says that it is the minimum.
func TestAckleyAtItsKink(t *testing.T) {
	y, dydx := evaluate(t, problems.Ackley(3), make([]float64, 3))
	require.Zero(t, y[0])
	require.Equal(t, make([]float64, 3), dydx)
	_, beside := evaluate(t, problems.Ackley(1), []float64{1e-12})
	require.InDelta(t, 4, beside[0], 1e-9) // 20 * 0.2
}

// More segments make a lighter beam, which a beam of fewer can be cut into.
func TestCantileverGetsLighterWithSegments(t *testing.T) {
	for n := 1; n <= 16; n *= 2 {
		coarse, fine := problems.Cantilever(n), problems.Cantilever(2*n)
		require.Less(t, fine.Minimum, coarse.Minimum)
		cut := make([]float64, 0, fine.NX())
		for _, v := range coarse.Minimizers[0] {
			cut = append(cut, v, v)
		}
		a, _ := evaluate(t, coarse, coarse.Minimizers[0])
		b, _ := evaluate(t, fine, cut)
		require.InEpsilon(t, a[0], b[0], 1e-12)
		require.InEpsilon(t, a[len(a)-1], b[len(b)-1], 1e-12, "the same deflection")
		require.LessOrEqual(t, fine.Violation(b), 1e-10)
	}
}

// Many segments bring the least width into play at the tip, very many the least
// height too.
func TestCantileverOfManySegments(t *testing.T) {
	p := problems.Cantilever(60)
	x := p.Minimizers[0]
	require.Equal(t, 1.0, x[59])
	require.Less(t, x[119], 20.0)
	residual, multipliers := kkt(t, p, x)
	require.Less(t, residual, 1e-9)
	require.GreaterOrEqual(t, slices.Min(multipliers), -1e-9)

	p = problems.Cantilever(600)
	x = p.Minimizers[0]
	require.Equal(t, 1.0, x[599])
	require.Equal(t, 5.0, x[1199])
	require.True(t, p.Box().Contains(x))
	y, _ := evaluate(t, p, x)
	require.LessOrEqual(t, p.Violation(y), 1e-10)
	require.InEpsilon(t, problems.Cantilever(60).Minimum, p.Minimum, 0.02)
}
