package airfoil_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// karmanTrefftz is a section whose inviscid flow is known exactly: the image of a
// circle through 1 with the given center, with a sharp trailing edge of the angle
// tau, in degrees.
type karmanTrefftz struct {
	center complex128
	tau    float64
}

func (k karmanTrefftz) power() complex128 { return complex(2-k.tau/180, 0) }

func (k karmanTrefftz) radius() float64 { return cmplx.Abs(1 - k.center) }

// outline returns the section of chord 1, and the points of the circle.
func (k karmanTrefftz) outline(panels int) (s *airfoil.Section, circle []complex128, chord float64) {
	n, start := k.power(), cmplx.Phase(1-k.center)
	var z []complex128
	least, most := math.Inf(1), math.Inf(-1)
	for i := range panels + 1 {
		zeta := k.center + cmplx.Rect(k.radius(), start+2*math.Pi*float64(i)/float64(panels))
		if i == 0 || i == panels {
			zeta = 1
		}
		a, b := cmplx.Pow(zeta+1, n), cmplx.Pow(zeta-1, n)
		circle, z = append(circle, zeta), append(z, n*(a+b)/(a-b))
		least, most = min(least, real(z[i])), max(most, real(z[i]))
	}
	chord = most - least
	s = &airfoil.Section{Name: "Karman-Trefftz"}
	for _, p := range z {
		s.X, s.Y = append(s.X, (real(p)-least)/chord), append(s.Y, imag(p)/chord)
	}
	return s, circle, chord
}

// exact returns the lift coefficient and the pressure at a point of the circle.
func (k karmanTrefftz) exact(zeta complex128, chord, alpha float64) (cl, cp float64) {
	n, r := k.power(), k.radius()
	lift := r * math.Sin(alpha+math.Asin(imag(k.center)/r))
	from := zeta - k.center
	w := cmplx.Rect(1, -alpha) - complex(r*r, 0)*cmplx.Rect(1, alpha)/(from*from) + complex(0, 2*lift)/from
	image := cmplx.Pow(zeta+1, n) - cmplx.Pow(zeta-1, n)
	slope := 4 * n * n * cmplx.Pow(zeta+1, n-1) * cmplx.Pow(zeta-1, n-1) / (image * image)
	q := cmplx.Abs(w / slope)
	return 8 * math.Pi * lift / chord, 1 - q*q
}

// Lift and pressures are those of the exact flow, and four times better with twice
// the panels.
func TestKarmanTrefftz(t *testing.T) {
	tests := []struct {
		section karmanTrefftz
		cl      float64 // at 4 degrees
	}{
		{karmanTrefftz{-0.08, 10}, 0.483794},
		{karmanTrefftz{-0.08 + 0.05i, 10}, 0.804094},
		{karmanTrefftz{-0.1 + 0.1i, 15}, 1.145355},
	}
	const alpha = 4
	for _, test := range tests {
		var liftErrors, pressureErrors []float64
		for _, panels := range []int{80, 160, 320} {
			s, circle, chord := test.section.outline(panels)
			var solver airfoil.Solver
			require.NoError(t, solver.Load(s))
			cp := make([]float64, len(s.X))
			cl, _ := solver.Inviscid(0, alpha, cp, nil)
			exact, _ := test.section.exact(1i, chord, alpha*math.Pi/180)
			if panels == 320 {
				require.InDelta(t, test.cl, exact, 1e-4) // the chord of the outline still grows with its nodes
			}
			sum := 0.0
			for i := panels / 20; i <= panels-panels/20; i++ { // the pressure has a corner at the trailing edge
				_, there := test.section.exact(circle[i], chord, alpha*math.Pi/180)
				sum += (cp[i] - there) * (cp[i] - there)
			}
			liftErrors = append(liftErrors, math.Abs(cl-exact))
			pressureErrors = append(pressureErrors, math.Sqrt(sum/float64(panels)))
		}
		require.Less(t, liftErrors[2], 1e-4)
		for _, e := range [][]float64{liftErrors, pressureErrors} {
			require.InDelta(t, 4, e[0]/e[1], 0.6, "%v", e)
			require.InDelta(t, 4, e[1]/e[2], 0.5, "%v", e)
		}
	}
}

// These values agree with XFOIL's, whose pressures differ from ours by 1e-5.
func TestInviscidNACA(t *testing.T) {
	tests := map[string]struct {
		digits string
		mach   float64
		cl, cm [3]float64 // at 0, 4 and 8 degrees; 0: not known
	}{
		"0012":           {"0012", 0, [3]float64{0, 0.48315, 0}, [3]float64{}},
		"0012, Mach 0.3": {"0012", 0.3, [3]float64{0, 0.51515, 0}, [3]float64{}},
		"2412":           {"2412", 0, [3]float64{0.26093, 0.74348, 1.22243}, [3]float64{-0.05582, -0.06181, -0.06796}},
		"4412":           {"4412", 0, [3]float64{0.52085, 1.00286, 1.48001}, [3]float64{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			n, err := airfoil.ParseNACA4(test.digits)
			require.NoError(t, err)
			s := n.Section(airfoil.Panels)
			var solver airfoil.Solver
			require.NoError(t, solver.Load(s))
			for k, want := range test.cl {
				cl, cm := solver.Inviscid(test.mach, float64(4*k), make([]float64, len(s.X)), nil)
				if want != 0 {
					require.InDelta(t, want, cl, 6e-6)
				}
				if test.cm[k] != 0 {
					require.InDelta(t, test.cm[k], cm, 6e-6)
				}
			}
		})
	}
}
