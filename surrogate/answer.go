package surrogate

import (
	"math"
	"sync"
)

// answer is what a model says of one response, or of all that share networks: the
// weighted mean of an ensemble of networks, plus the stages that correct it.
type answer struct {
	members []*fitted // the best first; their weights sum to 1
	stages  []*fitted // networks of the residuals that members and earlier stages left; weight 1
	first   int       // the first response it answers

	// What its standard deviations come from, see uncertainty.go.
	samples     trainingSet // none: they are not known
	calibration struct {
		once  sync.Once
		known calibration
	}
	spacing struct {
		once   sync.Once
		median float64
	}
}

// fitted is a network with its scaling.
type fitted struct {
	network  Network
	scaling  Scaling
	weight   float64
	evidence *evidence // of a training that asked it, for a warm start; nil if not known
	points   sync.Pool // of *point
	blocks   sync.Pool // of *pass, of batchColumns

	posterior struct {
		once  sync.Once
		known *posterior // nil: it is not
	}
}

// newFitted returns a network with its scaling and a weight of 1.
func newFitted(n Network, s Scaling, e *evidence) *fitted {
	f := &fitted{network: n, scaling: s, weight: 1, evidence: e}
	f.points.New = func() any { return newPoint(n, s) }
	f.blocks.New = func() any { return newPass(n, batchColumns) }
	return f
}

// alone returns the answer of a single network.
func alone(f *fitted) *answer { return &answer{members: []*fitted{f}} }

// ny returns how many responses are answered.
func (a *answer) ny() int { return a.members[0].network.ny() }

// terms calls f for every network whose weighted predictions sum up to the answer.
func (a *answer) terms(f func(*fitted)) {
	for _, m := range a.members {
		f(m)
	}
	for _, s := range a.stages {
		f(s)
	}
}

// predict writes the responses and partials at x into y and dydx, unless they are nil.
func (a *answer) predict(y, dydx, x []float64) {
	clear(y)
	clear(dydx)
	a.terms(func(f *fitted) { f.add(y, dydx, x) })
}

// add adds the weighted predictions of the network at x to y and dydx, unless nil.
func (f *fitted) add(y, dydx, x []float64) {
	p := f.points.Get().(*point)
	p.input(x)
	p.values(dydx != nil)
	for k, v := range p.output()[:len(y)] {
		y[k] += f.weight * v
	}
	if dydx != nil {
		nx := len(x)
		for k := range f.network.ny() {
			row := dydx[k*nx : (k+1)*nx]
			for j, v := range p.partials(k)[:nx] {
				row[j] += f.weight * v
			}
		}
	}
	f.points.Put(p)
}

// addHessian adds the weighted second derivatives of output k at x to h.
func (f *fitted) addHessian(h, x []float64, k int) {
	n, nx, ny := f.network, f.network.nx(), f.network.ny()
	// With t = dy_k/da and z' = dz/dx at each layer: H = sum_l z_l' diag(g'' t) z_l''.
	s := newSensitivities(n)
	s.at(f.scaling.input(nil, x))
	own := make([]float64, nx*nx)
	for l := 1; l < n.layers(); l++ {
		for i := range n.Sizes[l] {
			c := s.d2[l][i] * s.t[l][i*ny+k]
			z := s.dz[l][i*nx : (i+1)*nx]
			for a := range nx {
				axpy(own[a*nx:a*nx+a+1], c*z[a], z)
			}
		}
	}
	for a := range nx {
		for b := range a + 1 {
			v := f.weight * own[a*nx+b] * f.scaling.StdY[k] / (f.scaling.StdX[a] * f.scaling.StdX[b])
			h[a*nx+b] += v
			if a != b {
				h[b*nx+a] += v
			}
		}
	}
}

// weigh sets the weights of an ensemble by the evidence of its members, best first,
// and returns those that count: exp(log evidence / temperature), normalized. The
// temperature is a share of the numbers fitted, because log evidence grows with them
// while the approximations in it don't get better, and a few units at least, which is
// as well as Laplace's approximation knows it.
func weigh(members []*fitted, results []trained, numbers int) []*fitted {
	const share, coldest, least = 0.03, 3.0, 1e-3
	temperature := max(share*float64(numbers), coldest)
	total := 0.0
	keep := members[:0]
	for i, m := range members {
		m.weight = 1
		if best := results[0].misfit; best > 0 {
			m.weight = best / results[i].misfit
		} else if best := results[0].logEvidence; !math.IsNaN(best) {
			m.weight = math.Exp(min(results[i].logEvidence-best, 0) / temperature)
		}
		if m.weight >= least && results[i].wild == results[0].wild {
			total += m.weight
			keep = append(keep, m)
		}
	}
	for _, m := range keep {
		m.weight /= total
	}
	return keep
}
