package problems

import "github.com/sbo-go/sbo"

// Goldstein is the Goldstein-Price function in two variables, a product of two
// polynomials,
//
//	f = [1 + (x1 + x2 + 1)^2 (19 - 14 x1 + 3 x1^2 - 14 x2 + 6 x1 x2 + 3 x2^2)]
//	    [30 + (2 x1 - 3 x2)^2 (18 - 32 x1 + 12 x1^2 + 48 x2 - 36 x1 x2 + 27 x2^2)].
//
// It spans six orders of magnitude in the box [-2, 2]^2. Of its four minima that
// at (0, -1), where f is 3, is the global one.
//
// Source: A. A. Goldstein, J. F. Price, On descent from local minima,
// Mathematics of Computation 25 (1971) 569-574.
func Goldstein() Problem {
	return Problem{
		Problem:    sbo.Problem{Name: "goldstein", Variables: cube(2, -2, 2), Responses: objective()},
		Source:     "Goldstein, Price, Mathematics of Computation 25 (1971) 569-574",
		Minimizers: [][]float64{{0, -1}},
		Minimum:    3,
		answer:     goldstein,
	}
}

// Each polynomial depends on one linear combination of the variables only:
// 19 - 14 (x1+x2) + 3 (x1+x2)^2, and 18 - 16 (2 x1 - 3 x2) + 3 (2 x1 - 3 x2)^2.
func goldstein(y, dydx, x []float64) {
	s, t := x[0]+x[1], 2*x[0]-3*x[1]
	p, q := 19-14*s+3*s*s, 18-16*t+3*t*t
	a, b := 1+(s+1)*(s+1)*p, 30+t*t*q
	y[0] = a * b
	if dydx == nil {
		return
	}
	das := (s + 1) * (2*p + (s+1)*(6*s-14))
	dbt := t * (2*q + t*(6*t-16))
	row(dydx, 0, das*b+2*a*dbt, das*b-3*a*dbt)
}
