package optimize_test

import (
	"context"
	"fmt"
	"math"
	"math/cmplx"

	"github.com/sbo-go/sbo"
)

// A testCase is a problem whose answer is known. Its formulas are written once,
// over complex numbers: the complex step gives partials that are exact to rounding
// (Martins, Sturdza, Alonso, ACM Trans. Math. Softw. 29 (2003) 245-262).
type testCase struct {
	sbo.Problem
	formula func(x []complex128) []complex128
	x       []float64 // the known minimizer
	cost    float64   // there
}

func (c testCase) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	z := make([]complex128, len(x))
	for j, v := range x {
		z[j] = complex(v, 0)
	}
	for k, v := range c.formula(z) {
		y[k] = real(v)
	}
	if dydx == nil {
		return ctx.Err()
	}
	const h = 1e-40
	for j := range x {
		z[j] += complex(0, h)
		for k, v := range c.formula(z) {
			dydx[k*len(x)+j] = imag(v) / h
		}
		z[j] = complex(x[j], 0)
	}
	return ctx.Err()
}

// problem returns a problem to minimize f in a box under constraints g <= 0.
func problem(name string, lower, upper []float64, constraints int) sbo.Problem {
	p := sbo.Problem{Name: name, Responses: []sbo.Response{sbo.Minimize("f")}}
	for j := range lower {
		p.Variables = append(p.Variables, sbo.Variable{Name: fmt.Sprintf("x%d", j+1), Lower: lower[j], Upper: upper[j]})
	}
	for k := range constraints {
		p.Responses = append(p.Responses, sbo.AtMost(fmt.Sprintf("g%d", k+1), 0))
	}
	return p
}

func fill(n int, v float64) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// Rosenbrock, Comput. J. 3 (1960) 175, in De Jong's bounds.
func rosenbrock(n int) testCase {
	return testCase{problem(fmt.Sprintf("rosenbrock%d", n), fill(n, -2.048), fill(n, 2.048), 0), func(x []complex128) []complex128 {
		f := complex(0, 0)
		for i := range len(x) - 1 {
			a, b := x[i+1]-x[i]*x[i], 1-x[i]
			f += 100*a*a + b*b
		}
		return []complex128{f}
	}, fill(n, 1), 0}
}

// Wing weight (Forrester, Sobester, Keane, Wiley 2008, ISBN 978-0-470-06068-1,
// p. 10): nine of ten variables end at a bound.
func wingWeight() testCase {
	return testCase{problem("wing weight",
		[]float64{150, 220, 6, -10, 16, 0.5, 0.08, 2.5, 1700, 0.025},
		[]float64{200, 300, 10, 10, 45, 1, 0.18, 6, 2500, 0.08}, 0), func(x []complex128) []complex128 {
		c := cmplx.Cos(x[3] * math.Pi / 180)
		return []complex128{0.036*cmplx.Pow(x[0], 0.758)*cmplx.Pow(x[1], 0.0035)*cmplx.Pow(x[2]/(c*c), 0.6)*
			cmplx.Pow(x[4], 0.006)*cmplx.Pow(x[5], 0.04)*cmplx.Pow(100*x[6]/c, -0.3)*cmplx.Pow(x[7]*x[8], 0.49) + x[0]*x[9]}
	}, []float64{150, 220, 6, 0, 16, 0.5, 0.18, 2.5, 1700, 0.025}, 123.25367170091783}
}

// The welded beam of Coello, Comput. Ind. 41 (2000) 113: stresses, geometry, cost,
// deflection and buckling load, each relative to its limit.
func weldedBeam() testCase {
	return testCase{problem("welded beam", fill(4, 0.1), []float64{2, 10, 10, 2}, 7), func(x []complex128) []complex128 {
		h, l, t, b := x[0], x[1], x[2], x[3]
		const load, length, e, g = 6000, 14, 30e6, 12e6
		tau1 := load / (math.Sqrt2 * h * l)
		m := load * (length + l/2)
		r := cmplx.Sqrt(l*l/4 + (h+t)*(h+t)/4)
		j := 2 * math.Sqrt2 * h * l * (l*l/12 + (h+t)*(h+t)/4)
		tau2 := m * r / j
		tau := cmplx.Sqrt(tau1*tau1 + tau1*tau2*l/r + tau2*tau2)
		buckling := 4.013 * e / 6 * t * b * b * b / (length * length) * (1 - t/(2*length)*complex(math.Sqrt(e/(4*g)), 0))
		f := 1.10471*h*h*l + 0.04811*t*b*(length+l)
		return []complex128{
			f,
			tau/13600 - 1,
			6*load*length/(b*t*t)/30000 - 1,
			h - b,
			(0.10471*h*h+0.04811*t*b*(length+l))/5 - 1,
			0.125 - h,
			4*load*length*length*length/(e*t*t*t*b)/0.25 - 1,
			1 - buckling/load,
		}
	}, []float64{0.20572963978607778, 3.4704886653641407, 9.036623910357683, 0.2057296397860777}, 1.7248523085614198}
}

// The pressure vessel of Sandgren, ASME J. Mech. Des. 112 (1990) 223, continuous.
func pressureVessel() testCase {
	return testCase{problem("pressure vessel", []float64{0.0625, 0.0625, 10, 10}, []float64{6.1875, 6.1875, 200, 200}, 3), func(x []complex128) []complex128 {
		return []complex128{
			0.6224*x[0]*x[2]*x[3] + 1.7781*x[1]*x[2]*x[2] + 3.1661*x[0]*x[0]*x[3] + 19.84*x[0]*x[0]*x[2],
			0.0193*x[2] - x[0], 0.00954*x[2] - x[1],
			1 - (math.Pi*x[2]*x[2]*x[3]+4*math.Pi/3*x[2]*x[2]*x[2])/1296000,
		}
	}, []float64{0.7781686413751023, 0.38464916262790033, 40.31961872409857, 200}, 5885.332773616407}
}

// The speed reducer of Golinski, J. Mech. 5 (1970) 287, in the form of Mezura-Montes.
func speedReducer() testCase {
	return testCase{problem("speed reducer", []float64{2.6, 0.7, 17, 7.3, 7.3, 2.9, 5}, []float64{3.6, 0.8, 28, 8.3, 8.3, 3.9, 5.5}, 11), func(x []complex128) []complex128 {
		a, b, c, d, e, p, q := x[0], x[1], x[2], x[3], x[4], x[5], x[6]
		return []complex128{
			0.7854*a*b*b*(3.3333*c*c+14.9334*c-43.0934) - 1.508*a*(p*p+q*q) + 7.4777*(p*p*p+q*q*q) + 0.7854*(d*p*p+e*q*q),
			27/(a*b*b*c) - 1, 397.5/(a*b*b*c*c) - 1,
			1.93*d*d*d/(b*c*p*p*p*p) - 1, 1.93*e*e*e/(b*c*q*q*q*q) - 1,
			cmplx.Sqrt(745*745*d*d/(b*b*c*c)+16.9e6)/(110*p*p*p) - 1,
			cmplx.Sqrt(745*745*e*e/(b*b*c*c)+157.5e6)/(85*q*q*q) - 1,
			b*c/40 - 1, 5*b/a - 1, a/(12*b) - 1,
			(1.5*p+1.9)/d - 1, (1.1*q+1.9)/e - 1,
		}
	}, []float64{3.5, 0.7, 17, 7.3, 7.715319911478214, 3.350214665870282, 5.286654464980215}, 2994.471066089195}
}

// The tension spring of Arora, Introduction to Optimum Design (1989).
func spring() testCase {
	return testCase{problem("spring", []float64{0.05, 0.25, 2}, []float64{2, 1.3, 15}, 4), func(x []complex128) []complex128 {
		d, c, n := x[0], x[1], x[2]
		return []complex128{
			(n + 2) * c * d * d,
			1 - c*c*c*n/(71785*d*d*d*d),
			(4*c*c-c*d)/(12566*(c*d*d*d-d*d*d*d)) + 1/(5108*d*d) - 1,
			1 - 140.45*d/(c*c*n),
			(c+d)/1.5 - 1,
		}
	}, []float64{0.05168906071827999, 0.3567177310313319, 11.288966265599912}, 0.012665232788253643}
}

// Problem g04 of Liang et al., CEC 2006, with its two-sided constraints as such.
func g04() testCase {
	p := problem("g04", []float64{78, 33, 27, 27, 27}, []float64{102, 45, 45, 45, 45}, 0)
	p.Responses = append(p.Responses, sbo.Between("u", 0, 92), sbo.Between("v", 90, 110), sbo.Between("w", 20, 25))
	return testCase{p, func(x []complex128) []complex128 {
		return []complex128{
			5.3578547*x[2]*x[2] + 0.8356891*x[0]*x[4] + 37.293239*x[0] - 40792.141,
			85.334407 + 0.0056858*x[1]*x[4] + 0.0006262*x[0]*x[3] - 0.0022053*x[2]*x[4],
			80.51249 + 0.0071317*x[1]*x[4] + 0.0029955*x[0]*x[1] + 0.0021813*x[2]*x[2],
			9.300961 + 0.0047026*x[2]*x[4] + 0.0012547*x[0]*x[2] + 0.0019085*x[2]*x[3],
		}
	}, []float64{78, 33, 29.995256025674337, 45, 36.775812905791604}, -30665.538671785434}
}

// Problem g07 of CEC 2006 (Hock, Schittkowski 113).
func g07() testCase {
	return testCase{problem("g07", fill(10, -10), fill(10, 10), 8), func(x []complex128) []complex128 {
		sq := func(v complex128) complex128 { return v * v }
		return []complex128{
			sq(x[0]) + sq(x[1]) + x[0]*x[1] - 14*x[0] - 16*x[1] + sq(x[2]-10) + 4*sq(x[3]-5) + sq(x[4]-3) +
				2*sq(x[5]-1) + 5*sq(x[6]) + 7*sq(x[7]-11) + 2*sq(x[8]-10) + sq(x[9]-7) + 45,
			-105 + 4*x[0] + 5*x[1] - 3*x[6] + 9*x[7],
			10*x[0] - 8*x[1] - 17*x[6] + 2*x[7],
			-8*x[0] + 2*x[1] + 5*x[8] - 2*x[9] - 12,
			3*sq(x[0]-2) + 4*sq(x[1]-3) + 2*sq(x[2]) - 7*x[3] - 120,
			5*sq(x[0]) + 8*x[1] + sq(x[2]-6) - 2*x[3] - 40,
			sq(x[0]) + 2*sq(x[1]-2) - 2*x[0]*x[1] + 14*x[4] - 6*x[5],
			0.5*sq(x[0]-8) + 2*sq(x[1]-4) + 3*sq(x[4]) - x[5] - 30,
			-3*x[0] + 6*x[1] + 12*sq(x[8]-8) - 7*x[9],
		}
	}, []float64{
		2.171996371439147, 2.363682973080827, 8.7739257380544, 5.095984486305511, 0.9906547574310484,
		1.4305739616446849, 1.3216442086080427, 9.828725808295935, 8.28009167081523, 8.37592666436231,
	}, 24.306209068179317}
}

// Problem g24 of CEC 2006: two feasible islands.
func g24() testCase {
	return testCase{problem("g24", []float64{0, 0}, []float64{3, 4}, 2), func(x []complex128) []complex128 {
		a, b := x[0], x[1]
		return []complex128{
			-a - b,
			-2*a*a*a*a + 8*a*a*a - 8*a*a + b - 2,
			-4*a*a*a*a + 32*a*a*a - 88*a*a + 96*a + b - 36,
		}
	}, []float64{2.3295201974807953, 3.178493074146829}, -5.508013271627624}
}

// The stepped cantilever of Vanderplaats, Numerical Optimization Techniques
// (1984), with n segments: widths and heights, least volume; stresses, slenderness, tip deflection.
func cantilever(n int) testCase {
	lower, upper := append(fill(n, 1), fill(n, 5)...), append(fill(n, 20), fill(n, 100)...)
	c := testCase{Problem: problem(fmt.Sprintf("cantilever%d", n), lower, upper, 2*n+1)}
	c.formula = func(x []complex128) []complex128 {
		const load, modulus, length = 50000, 200e5, 500
		l := length / float64(n)
		b, h := x[:n], x[n:]
		y := make([]complex128, 2*n+2)
		var slope, tip complex128
		for i := range n {
			arm := length - l*float64(i) // from the inner end of the segment to the tip
			inertia := b[i] * h[i] * h[i] * h[i] / 12
			y[0] += complex(l, 0) * b[i] * h[i] / 1e4
			y[1+i] = complex(load*arm, 0)*h[i]/(2*inertia)/14000 - 1
			y[1+n+i] = h[i]/(20*b[i]) - 1
			tip += complex(load*l*l/2*(arm-l/3)/modulus, 0)/inertia + slope*complex(l, 0)
			slope += complex(load*l*(arm-l/2)/modulus, 0) / inertia
		}
		y[2*n+1] = tip/2.5 - 1
		return y
	}
	if n == 5 {
		c.x = []float64{
			3.1336207366878868, 2.883091433018413, 2.5799842915334663, 2.2045556915418425, 1.7497570119380028,
			62.67241473375781, 57.661828660368336, 51.59968583066942, 44.09111383083695, 34.995140238760065,
		}
		c.cost = 6.541965895007945
	}
	return c
}

// Gomez #3 and the mystery function of Sasena, thesis, University of Michigan (2002).
func gomez3() testCase {
	return testCase{problem("gomez3", fill(2, -1), fill(2, 1), 1), func(x []complex128) []complex128 {
		a, b := x[0]*x[0], x[1]*x[1]
		s := cmplx.Sin(2 * math.Pi * x[1])
		return []complex128{(4-2.1*a+a*a/3)*a + x[0]*x[1] + (-4+4*b)*b, -cmplx.Sin(4*math.Pi*x[0]) + 2*s*s}
	}, []float64{0.10926013899988812, -0.623448353371476}, -0.9711040673507358}
}

func mystery() testCase {
	return testCase{problem("mystery", fill(2, 0), fill(2, 5), 1), func(x []complex128) []complex128 {
		a, b := x[1]-x[0]*x[0], 2-x[1]
		return []complex128{
			2 + 0.01*a*a + (1-x[0])*(1-x[0]) + 2*b*b + 7*cmplx.Sin(0.5*x[0])*cmplx.Sin(0.7*x[0]*x[1]),
			-cmplx.Sin(x[0] - x[1] - math.Pi/8),
		}
	}, []float64{2.7449510461387496, 2.352251964440027}, -1.1742743288663515}
}

// knownCases returns the problems above.
func knownCases() []testCase {
	return []testCase{
		rosenbrock(2), rosenbrock(5), rosenbrock(10), rosenbrock(20), wingWeight(), weldedBeam(), pressureVessel(),
		speedReducer(), spring(), g04(), g07(), g24(), cantilever(5), gomez3(), mystery(),
	}
}
