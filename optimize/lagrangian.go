package optimize

import (
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// lagrangian is the augmented Lagrangian of Powell, Hestenes and Rockafellar,
// for constraints with two limits (Nocedal, Wright, 2nd ed., section 17.4;
// Conn, Gould, Toint: LANCELOT, 1992):
//
//	L(u) = c/scale + Σ_k rho_k/2 d_k²,  d_k = t_k - clip(t_k, lower_k, upper_k),  t_k = y_k + lambda_k/rho_k
//
// At its minimum the gradient of the cost is balanced by the forces rho_k d_k,
// which are the better multipliers of the next round. One formula serves
// upper, lower and equal limits.
type lagrangian struct {
	g      *gate
	scale  float64   // of the cost
	ks     []int     // the constraints among the responses
	lambda []float64 // multipliers, in scaled cost per unit of the response; positive at an upper limit
	sizes  []float64 // the change of a response across the box, which makes constraints comparable
	weight []float64 // penalties of the constraints so scaled: rho_k = weight_k/size_k²
	ignore bool      // the cost does not count: look for a feasible point
}

// newLagrangian returns one that is scaled by the derivatives at the sample. The
// weight is the first penalty: a light one takes short cuts through the
// infeasible, a heavy one stays where it starts.
func newLagrangian(g *gate, s *sample, weight float64) *lagrangian {
	l := &lagrangian{g: g, scale: costScale(g, s), ks: g.p.Constraints()}
	l.lambda = make([]float64, len(l.ks))
	l.sizes = make([]float64, len(l.ks))
	l.weight = make([]float64, len(l.ks))
	for i := range l.weight {
		l.weight[i] = weight
	}
	l.rescale(s, true)
	return l
}

// costScale is the change of the cost across the box, by its steepest partial.
func costScale(g *gate, s *sample) float64 {
	if scale := s.steepest(g.goal); scale > 0 {
		return scale
	}
	return max(1, math.Abs(s.cost))
}

// rescale sets the sizes of the constraints from the derivatives at the sample,
// or only makes them smaller, by which the penalties never become lighter.
// A limit that is more than a thousand boxes away says that they are not typical.
func (l *lagrangian) rescale(s *sample, freely bool) {
	for i, k := range l.ks {
		r := l.g.p.Responses[k]
		away := min(math.Abs(s.y[k]-r.Lower), math.Abs(s.y[k]-r.Upper))
		size := max(s.steepest(k), 1e-3*away)
		if size == 0 {
			size = r.Scale()
		}
		if freely || size < l.sizes[i] {
			l.sizes[i] = size
		}
	}
}

// value returns L at u and its gradient, or +Inf where the evaluation failed.
func (l *lagrangian) value(gradient, u []float64) float64 {
	s := l.g.at(u)
	if s.failed {
		return math.Inf(1)
	}
	nx := len(u)
	value := 0.0
	clear(gradient)
	if !l.ignore {
		value = s.cost / l.scale
		for j := range gradient {
			gradient[j] = l.g.sign * s.jac[l.g.goal*nx+j] / l.scale
		}
	}
	for i, k := range l.ks {
		d, _ := l.overshoot(i, s.y[k])
		if d == 0 {
			continue
		}
		rho := l.rho(i)
		value += rho / 2 * d * d
		for j := range gradient {
			gradient[j] += rho * d * s.jac[k*nx+j]
		}
	}
	if math.IsNaN(value) {
		return math.Inf(1)
	}
	return value
}

func (l *lagrangian) rho(i int) float64 { return l.weight[i] / (l.sizes[i] * l.sizes[i]) }

// overshoot returns d of constraint i, and the distance of the response from
// where the multiplier would have it: what complementarity and feasibility lack together.
func (l *lagrangian) overshoot(i int, y float64) (d, gap float64) {
	r := l.g.p.Responses[l.ks[i]]
	t := y + l.lambda[i]/l.rho(i)
	target := min(max(t, r.Lower), r.Upper)
	return t - target, y - target
}

// update takes the forces as the new multipliers, and raises the penalties of
// the constraints whose gaps did not shrink well. It returns the largest gap,
// relative to the sizes.
func (l *lagrangian) update(s *sample, gaps []float64) float64 {
	worst := 0.0
	for i, k := range l.ks {
		d, gap := l.overshoot(i, s.y[k])
		gap = math.Abs(gap) / l.sizes[i]
		l.lambda[i] = l.rho(i) * d
		if gap > 0.25*gaps[i] && l.weight[i] < heaviest {
			l.weight[i] *= 10
		}
		gaps[i] = gap
		worst = max(worst, gap)
	}
	return worst
}

const (
	heaviest = 1e10 // the largest penalty: beyond it, rounding hides the cost
	rounds   = 60   // of the augmented Lagrangian
	// Rounds without progress, towards the limits or the optimality conditions, before it is
	// given up: within the limits it is rounding that keeps the conditions from holding.
	hopes, feasibleHopes = 12, 4
	// The first descent is only to find the basin: to this projected gradient, or after so many
	// evaluations.
	rough, enough = 0.1, 30
)

// constrained moves u to a local optimum under the constraints. The augmented Lagrangian, whose
// first penalties are light, leads through the infeasible to a good basin, and out of where the
// linear constraints contradict each other; steps of sequential quadratic programming take from
// there a fifth of its evaluations.
func (r *run) constrained() {
	s := r.g.at(r.u)
	l := newLagrangian(r.g, s, r.weight)
	gaps := make([]float64, len(l.ks))
	for i := range gaps {
		gaps[i] = math.Inf(1)
	}
	accuracy, tried, first := rough, math.Inf(1), r.g.count
	worst, least, stuck := math.Inf(1), math.Inf(1), 0
	for round := range rounds {
		from := slices.Clone(r.u)
		r.descend(l.value, func() float64 {
			if round == 0 && r.g.count-first > enough {
				return math.Inf(1)
			}
			return accuracy
		})
		s = r.g.at(r.u)
		if r.g.stopped() {
			return
		}
		gap, merit := l.update(s, gaps), r.merit(s)
		l.rescale(s, round < 3)
		if merit < 0.01*tried {
			if tried = merit; r.shortened() || r.g.stopped() {
				return
			}
		}
		feasible := s.lack <= r.g.o.Feasibility
		stuck++
		if !feasible && gap < 0.9*worst || merit < 0.9*least {
			stuck = 0
		}
		worst, least = min(worst, gap), min(least, merit)
		same := gap == 0 && slices.Equal(from, r.u) // and so would be the next round
		if same || stuck >= hopes || feasible && stuck >= feasibleHopes {
			break
		}
		accuracy = max(0.1*accuracy, 1e-6)
	}
	if s := r.g.at(r.u); s.lack > r.g.o.Feasibility {
		r.restore()
	}
}

// shortened reports whether sequential quadratic programming comes to an optimum, or as near as
// rounding lets it. If not, the point is as before.
func (r *run) shortened() bool {
	from := slices.Clone(r.u)
	if r.quadratics() {
		return true
	}
	if s := r.g.at(r.u); s.lack <= sbo.FeasibilityTolerance && r.merit(s) < refinable {
		return true
	}
	copy(r.u, from)
	r.g.at(r.u)
	return false
}
