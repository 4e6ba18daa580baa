package kriging

import "math"

// Kernel names how the correlation of a response at two points falls with their
// distance r, each input measured by its length scale.
type Kernel string

// The kernels, scaled so that the slope by an input over its length scale has
// variance 1, as the response itself.
const (
	// SquaredExponential is exp(-r^2/2): responses without corners of any order
	// (Rasmussen and Williams 2006, equation 4.9).
	SquaredExponential Kernel = "squared-exponential"
	// Matern52 is (1+s+s^2/3) exp(-s) with s = sqrt(3) r: responses that have two
	// derivatives, and may bend anew everywhere (equation 4.17, whose length scale is
	// sqrt(5/3) of this one).
	Matern52 Kernel = "matern52"
	// Additive is a sum of squared exponentials of one variable, of two, and so on, whose
	// weights follow from one number, see [Model.Interaction]: responses to which the
	// variables contribute each by itself, or few at a time.
	Additive Kernel = "additive"
)

// Kernels returns the kernels.
func Kernels() []Kernel { return []Kernel{SquaredExponential, Matern52, Additive} }

// slopes are a radial kernel k(t), either of the first two, of t = r^2 and what its derivatives by the
// coordinates consist of: s0 = k, s1 = -2 ds0/dt, s2 = -2 ds1/dt, s3 = -2 ds2/dt. With
// h the offset of two points,
//
//	d k/dh_a               = -s1 h_a
//	d2k/dh_a dh_b          = -s1 delta_ab + s2 h_a h_b
//	d3k/dh_a dh_b dh_c     =  s2 (delta_ab h_c + delta_ac h_b + delta_bc h_a) - s3 h_a h_b h_c
type slopes struct{ s0, s1, s2, s3 float64 }

// pair is what the covariances of the numbers of two samples consist of, whatever the
// kernel k:
//
//	s0 = k,   s1 w_a = -dk/dh_a,   d_a delta_ab - e w_a w_b = -d2k/dh_a dh_b
type pair struct {
	s0, s1, e float64
	w, d      []float64
}

// pair writes that of two points with the offset h.
func (h hyper) pair(p *pair, offset []float64) {
	if h.kernel == Additive {
		h.additive.pair(p, offset)
		return
	}
	t := 0.0
	for _, v := range offset {
		t += v * v
	}
	s := h.kernel.at(t)
	p.s0, p.s1, p.e, p.w = s.s0, s.s1, s.s2, offset
	p.d = resized(p.d, len(offset))
	for j := range p.d {
		p.d[j] = s.s1
	}
}

// at returns the slopes of a radial kernel at the squared distance t.
func (k Kernel) at(t float64) slopes {
	if k == Matern52 {
		s := math.Sqrt(3 * t)
		e := math.Exp(-s)
		// s3 is infinite at 0, where only its product with three offsets matters.
		return slopes{(1 + s + s*s/3) * e, (1 + s) * e, 3 * e, 9 * e / max(s, 1e-100)}
	}
	e := math.Exp(-t / 2)
	return slopes{e, e, e, e}
}

// fall returns s0 - 1, s1 - 1 and s2 at the squared distance t: for small ones, where s0 and
// s1 are nearly 1, to more digits than the differences would have.
func (k Kernel) fall(t float64) (d0, d1, s2 float64) {
	if k == Matern52 {
		s := math.Sqrt(3 * t)
		e := math.Expm1(-s)
		return s + s*s/3 + (1+s+s*s/3)*e, s + (1+s)*e, 3 * (1 + e)
	}
	e := math.Expm1(-t / 2)
	return e, e, 1 + e
}
