package polish

import (
	"context"
	"math"
	"slices"

	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/surrogate"
)

// Model names a kind of surrogate.
type Model string

// The kinds of surrogates. Networks get more out of many samples and of curved
// valleys, kriging out of the fewest samples and of local bumps.
const (
	// Foretelling takes for each response the kind that has foretold the last
	// candidates better, kriging until there are any.
	Foretelling Model = "auto"
	Network     Model = "jenn"    // of package surrogate
	Kriging     Model = "kriging" // of package kriging
)

// Models returns the kinds of surrogates, the default first.
func Models() []Model { return []Model{Foretelling, Network, Kriging} }

// stack is a surrogate whose responses are answered by a network or by kriging. It is
// a surrogate.Model.
type stack struct {
	nx, ny  int
	network *surrogate.JENN // nil: no response is answered by it
	kriging *kriging.Model  // nil: no response is answered by it
	byNet   []bool          // which responses the network answers
}

// Dims returns the numbers of design variables and responses.
func (s *stack) Dims() (nx, ny int) { return s.nx, s.ny }

// Evaluate answers x as any sbo.Evaluator does.
func (s *stack) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	switch {
	case s.kriging == nil:
		return s.network.Evaluate(ctx, y, dydx, x)
	case s.network == nil:
		return s.kriging.Evaluate(ctx, y, dydx, x)
	}
	if err := s.kriging.Evaluate(ctx, y, dydx, x); err != nil {
		return err
	}
	other := make([]float64, s.ny*(1+s.nx))
	otherPartials := other[s.ny:]
	if dydx == nil {
		otherPartials = nil
	}
	if err := s.network.Evaluate(ctx, other[:s.ny], otherPartials, x); err != nil {
		return err
	}
	for k, net := range s.byNet {
		if !net {
			continue
		}
		y[k] = other[k]
		if dydx != nil {
			copy(dydx[k*s.nx:(k+1)*s.nx], otherPartials[k*s.nx:])
		}
	}
	return nil
}

// Predict returns the ny responses at x.
func (s *stack) Predict(y, x []float64) []float64 {
	if y == nil {
		y = make([]float64, s.ny)
	}
	_ = s.Evaluate(context.Background(), y, nil, x) // a model fails for its context only
	return y
}

// PredictPartials returns the ny*nx partials at x.
func (s *stack) PredictPartials(dydx, x []float64) []float64 {
	if dydx == nil {
		dydx = make([]float64, s.ny*s.nx)
	}
	_ = s.Evaluate(context.Background(), make([]float64, s.ny), dydx, x)
	return dydx
}

// record is how far off the kinds of surrogates were, by response: the logarithms of
// the errors at the last candidates.
type record struct{ network, kriging [][]float64 }

// remembered is how many candidates are looked back on: the surrogate that is better
// far from the optimum may not be the better one close to it.
const remembered = 3

// note adds what the two kinds foretold for a candidate of which the truth is known.
func (r *record) note(network, krige, truth []float64) {
	for len(r.network) < len(truth) {
		r.network, r.kriging = append(r.network, nil), append(r.kriging, nil)
	}
	for k, y := range truth {
		if math.IsNaN(y) {
			continue
		}
		tiny := 1e-14 * math.Abs(y)
		r.network[k] = append(r.network[k], math.Log(math.Abs(network[k]-y)+tiny+1e-300))
		r.kriging[k] = append(r.kriging[k], math.Log(math.Abs(krige[k]-y)+tiny+1e-300))
	}
}

// prefers reports for which responses the network has been the better one of late.
func (r *record) prefers(ny int) []bool {
	better := make([]bool, ny)
	for k := range r.network {
		better[k] = len(r.network[k]) > 0 && mean(last(r.network[k], remembered)) < mean(last(r.kriging[k], remembered))
	}
	return better
}

func last(v []float64, n int) []float64 { return v[max(len(v)-n, 0):] }

func mean(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x
	}
	return total / float64(len(v))
}

// newStack returns the surrogate in which the network answers the given responses.
func newStack(network *surrogate.JENN, krige *kriging.Model, byNet []bool, nx int) *stack {
	s := &stack{nx: nx, ny: len(byNet), byNet: byNet, network: network, kriging: krige}
	if !slices.Contains(byNet, true) {
		s.network = nil
	}
	if !slices.Contains(byNet, false) {
		s.kriging = nil
	}
	return s
}
