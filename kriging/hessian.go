package kriging

import "fmt"

// Hessian returns the second derivatives of response k at x: entry i*nx+j is that by
// variables i and j, in the units of the problem.
func (m *Model) Hessian(h, x []float64, k int) []float64 {
	h = m.destination(h, m.nx*m.nx, x)
	if k < 0 || k >= m.ny {
		panic(fmt.Sprintf("kriging: Hessian of response %d of %d", k, m.ny))
	}
	p := m.processes[k]
	w := p.scaling.warp
	if w.none() {
		p.hessian(h, x)
		return h
	}
	u, slopes := w.point(x), make([]float64, m.nx)
	_, slope, curve := w.output.back(p.mean(slopes, u))
	p.hessian(h, u)
	for a, ya := range slopes {
		rate := w.rate(a, x[a])
		for b, yb := range slopes {
			h[a*m.nx+b] = (slope*h[a*m.nx+b] + curve*ya*yb) * rate * w.rate(b, x[b])
		}
		if rate != 1 { // of a logarithm, whose second derivative is that squared
			h[a*m.nx+a] -= slope * ya * rate * rate
		}
	}
	return h
}

// hessian writes the transformed second derivatives at a transformed point. It adds up, over the samples with their weights alpha and beta as in predict,
//
//	(s2 h_a h_b - s1 delta_ab) alpha + (s3 h_a h_b - s2 delta_ab) h'beta - s2 (h_a beta_b + h_b beta_a)
func (p *process) hessian(dst, x []float64) {
	nx := len(x)
	clear(dst)
	h := make([]float64, nx)
	for i, alpha := range p.weightValue {
		beta := p.weightSlope[i*nx : (i+1)*nx]
		t, slope := 0.0, 0.0
		for j, v := range x {
			h[j] = (v-p.scaling.lower[j])*p.inverseScale[j] - p.c.u[i*nx+j]
			t += h[j] * h[j]
			slope += h[j] * beta[j]
		}
		if p.c.h.kernel == Additive {
			p.c.h.additive.hessian(dst, h, alpha, beta)
			continue
		}
		s := p.c.h.kernel.at(t)
		both, same := s.s2*alpha+s.s3*slope, s.s1*alpha+s.s2*slope
		for a := range h {
			row := dst[a*nx : (a+1)*nx]
			for b := range h {
				row[b] += both*h[a]*h[b] - s.s2*(h[a]*beta[b]+h[b]*beta[a])
			}
			row[a] -= same
		}
	}
	for a := range x {
		for b := range x {
			dst[a*nx+b] *= p.scaling.std * p.inverseScale[a] * p.inverseScale[b]
		}
	}
}
