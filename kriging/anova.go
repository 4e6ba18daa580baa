package kriging

import "math"

// anova is the kernel of responses that are sums of functions of few variables. With h the
// offset of two points,
//
//	k = (prod_j (1 + theta E_j) - 1) / ((1 + theta)^d - 1),   E_j = exp(-c h_j^2/2)
//
// is a sum of products of E over all sets of variables, of which one with p variables
// weighs theta^p: for small theta the response is a sum of functions of one variable
// each, for large ones k is the squared exponential (Duvenaud, Nickisch and Rasmussen,
// Additive Gaussian processes, NeurIPS 2011; Durrande et al., ANOVA kernels and RKHS of zero
// mean functions, Journal of Multivariate Analysis 115, 2013). Constants are for the
// trend. c makes the variance of slopes 1.
type anova struct {
	theta float64
	c     float64
	omega float64 // 1/((1+theta)^d - 1)
	share float64 // theta/(1 + theta)
	// Derivatives by log(theta): of log c and of omega.
	gamma, domega float64
}

func newAnova(theta float64, d int) anova {
	n := float64(d)
	omega := 1 / math.Expm1(n*math.Log1p(theta))
	share := theta / (1 + theta)
	return anova{
		theta: theta, omega: omega, share: share, c: 1 / ((1 + omega) * share),
		gamma: n*share*(1+omega) - 1 - (n-1)*share, domega: -n * share * omega * (1 + omega),
	}
}

// factor is what one variable contributes, with f = 1 + theta E, and ' d/dh.
type factor struct {
	share  float64 // theta E/f
	slope  float64 // -f'/f
	fall   float64 // f less what it is at h = 0, over that
	tilt   float64 // slope over what it is at h = 0 per offset, less 1
	bend   float64 // slope' and slope^2 - f''/f
	second float64 // f''/f
}

func (k anova) at(h float64) factor {
	t := k.c * h * h
	var e float64 // E - 1
	if t < 0.02 { // where most variables are, five terms of the series have 13 digits
		e = -t / 2 * (1 - t/4*(1-t/6*(1-t/8*(1-t/10))))
	} else {
		e = math.Expm1(-t / 2)
	}
	inverse := 1 / (1 + k.theta*(1+e))
	f := factor{share: k.theta * (1 + e) * inverse, fall: k.share * e, tilt: e * inverse}
	f.slope = k.c * h * f.share
	f.second = k.c * (t - 1) * f.share
	f.bend = k.c * f.share * (1 - t*(1-f.share))
	return f
}

// third returns the third derivative of f over f.
func (k anova) third(f factor, h float64) float64 {
	return k.c * k.c * h * (3 - k.c*h*h) * f.share
}

// pair writes what the covariances of two samples' numbers consist of.
func (k anova) pair(p *pair, h []float64) {
	p.w, p.d = resized(p.w, len(h)), resized(p.d, len(h))
	fall := 0.0 // of the product over what it is at 0
	for j, x := range h {
		f := k.at(x)
		fall += f.fall + fall*f.fall
		p.w[j], p.d[j] = f.slope, f.bend
	}
	product := (1 + k.omega) * (1 + fall)
	for j := range p.d {
		p.d[j] *= product
	}
	p.s0, p.s1, p.e = 1+(1+k.omega)*fall, product, product
}

// sum is what a sample with the weights alpha and beta adds to a prediction besides
// the plane: h is its offset and f memory for as many factors.
func (k anova) sum(dydx, h []float64, f []factor, alpha float64, beta []float64) float64 {
	fall, slope := 0.0, 0.0
	for j, x := range h {
		f[j] = k.at(x)
		fall += f[j].fall + fall*f[j].fall
		slope += f[j].slope * beta[j]
	}
	product := (1 + k.omega) * (1 + fall)
	sum := (1 + k.omega) * fall * alpha
	for j, x := range h {
		tilt := fall + f[j].tilt + fall*f[j].tilt
		sum += tilt * x * beta[j]
		if dydx != nil {
			bent := product * k.c * x * f[j].slope * (1 - f[j].share)
			dydx[j] += (tilt-bent)*beta[j] - tilt*x*alpha - product*f[j].slope*slope
		}
	}
	return sum
}

// hessian adds what a sample adds to the second derivatives.
func (k anova) hessian(dst, h []float64, alpha float64, beta []float64) {
	nx := len(h)
	f := make([]factor, nx)
	product, slope := 1+k.omega, 0.0
	for j, x := range h {
		f[j] = k.at(x)
		product *= 1 + f[j].fall
		slope += f[j].slope * beta[j]
	}
	for a, fa := range f {
		for b, fb := range f {
			others := slope - fa.slope*beta[a]
			if a == b {
				dst[a*nx+a] += product * (fa.second*(alpha+others) - k.third(fa, h[a])*beta[a])
				continue
			}
			others -= fb.slope * beta[b]
			dst[a*nx+b] += product * (fa.slope*fb.slope*(alpha+others) + fa.second*fb.slope*beta[a] + fb.second*fa.slope*beta[b])
		}
	}
}

// traces is covariance.traces, and half the trace of W dK/dlog(theta), for length scales
// that stay.
func (k anova) traces(c *covariance, w []float64, stride int) (lengths []float64, theta float64) {
	r := c.r
	nx := r.nx
	lengths = make([]float64, nx)
	h, f := make([]float64, nx), make([]factor, nx)
	linear, square := make([]float64, nx), make([]float64, nx) // derivatives of x below by slopes and second derivatives
	for i := range r.n {
		for m := i + 1; m < r.n; m++ {
			c.offset(h, i, m)
			fall, change := 0.0, 0.0 // of the product over what it is at 0, and of the logarithm of that by log(theta)
			for j, x := range h {
				f[j] = k.at(x)
				fall += f[j].fall + fall*f[j].fall
				change += k.share*f[j].tilt - f[j].share*k.gamma*k.c*x*x/2
			}
			product := (1 + k.omega) * (1 + fall)
			value, x := c.weighed(w, stride, i, m, f, linear, square)
			theta += value*(k.domega*fall+product*change) + product*(x-value)*(change+k.domega/(1+k.omega))
			for j, u := range h {
				fj := f[j]
				grown := 1 - k.gamma*k.c*u*u/2 // derivative of log(theta E) by log(theta)
				dslope := fj.slope * (k.gamma + (1-fj.share)*grown)
				dsecond := k.c*(2*k.c*u*u-1)*k.gamma*fj.share + fj.second*(1-fj.share)*grown
				theta += product * (linear[j]*dslope + square[j]*dsecond)
				dthird := k.third(fj, u) + fj.second*fj.slope // of second by h
				lengths[j] += product * u * (x*fj.slope - linear[j]*(fj.slope*fj.slope-fj.second) - square[j]*dthird)
			}
		}
	}
	return lengths, theta
}

// weighed returns the weight of the values of samples i and m, and the sum of the
// weights times the covariances of their numbers over the product of the factors,
//
//	x = value + sum_b l_b slope_b - sum_a w_aa second_a - sum_ab w_ab slope_a slope_b
//
// with its derivatives by the slopes and the second derivatives.
func (c *covariance) weighed(w []float64, stride, i, m int, f []factor, linear, square []float64) (value, x float64) {
	r := c.r
	clear(linear)
	clear(square)
	from, to := r.first[m], r.first[m+1]
	columns := r.column[from:to]
	for p := r.first[i]; p < r.first[i+1]; p++ {
		row := w[p*stride+from : p*stride+to]
		a := r.column[p]
		for q, b := range columns {
			v := row[q]
			switch {
			case a < 0 && b < 0:
				value = v
				x += v
			case a < 0:
				linear[b] += v
				x += v * f[b].slope
			case b < 0:
				linear[a] -= v
				x -= v * f[a].slope
			case a == b:
				square[a] -= v
				x -= v * f[a].second
			default:
				linear[a] -= v * f[b].slope
				linear[b] -= v * f[a].slope
				x -= v * f[a].slope * f[b].slope
			}
		}
	}
	return value, x
}

// resized returns a slice of length n, the same if it is long enough.
func resized(v []float64, n int) []float64 {
	if cap(v) < n {
		return make([]float64, n)
	}
	return v[:n]
}
