package polish

import (
	"context"
	"math"
	"slices"

	"github.com/sbo-go/sbo/surrogate"
)

// Model names a kind of surrogate.
type Model string

// The kinds of surrogates. Networks get more out of many samples and of curved
// valleys, kriging out of the fewest samples and of local bumps.
const (
	// Foretelling takes for each response the kind that has foretold the last
	// candidates better, kriging until there are any. Where only values are known, and no
	// more than 500 samples, it is kriging.
	Foretelling Model = "auto"
	Network     Model = "jenn"    // of package surrogate
	Kriging     Model = "kriging" // of package kriging
)

// Models returns the kinds of surrogates, the default first.
func Models() []Model { return []Model{Foretelling, Network, Kriging} }

// The surrogates of a round, as indices. The vicinity is kriging on the samples nearest
// to the best one of the present descent only.
const (
	onNetwork = iota
	onKriging
	onVicinity
	surrogates
)

// stack is a surrogate whose responses are each answered by one of several. It is a
// surrogate.Model.
type stack struct {
	nx, ny int
	models [surrogates]surrogate.Model // nil: there is none
	by     []int                       // which answers each response
}

// Dims returns the numbers of design variables and responses.
func (s *stack) Dims() (nx, ny int) { return s.nx, s.ny }

// Evaluate answers x as any sbo.Evaluator does.
func (s *stack) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	if !slices.ContainsFunc(s.by, func(kind int) bool { return kind != s.by[0] }) {
		return s.models[s.by[0]].Evaluate(ctx, y, dydx, x)
	}
	all := make([]float64, s.ny*(1+s.nx))
	partials := all[s.ny:]
	if dydx == nil {
		partials = nil
	}
	for kind, m := range s.models {
		if !slices.Contains(s.by, kind) {
			continue
		}
		if err := m.Evaluate(ctx, all[:s.ny], partials, x); err != nil {
			return err
		}
		for k, by := range s.by {
			if by != kind {
				continue
			}
			y[k] = all[k]
			if dydx != nil {
				copy(dydx[k*s.nx:(k+1)*s.nx], partials[k*s.nx:])
			}
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

// record is how far off the surrogates were, by surrogate and response: the logarithms
// of the errors at the last candidates.
type record [surrogates][][]float64

// remembered is how many candidates are looked back on: the surrogate that is better
// far from the optimum may not be the better one close to it.
const remembered = 3

// note adds what a surrogate foretold for a candidate of which the truth is known.
func (r *record) note(kind int, foretold, truth []float64) {
	for len(r[kind]) < len(truth) {
		r[kind] = append(r[kind], nil)
	}
	for k, y := range truth {
		if !math.IsNaN(y) {
			r[kind][k] = append(r[kind][k], math.Log(math.Abs(foretold[k]-y)+1e-14*math.Abs(y)+1e-300))
		}
	}
}

// prefers reports whether the first of two surrogates has foretold response k better of
// late.
func (r *record) prefers(one, other, k int) bool {
	if k >= len(r[one]) || k >= len(r[other]) {
		return false
	}
	a, b := last(r[one][k], remembered), last(r[other][k], remembered)
	return len(a) > 0 && len(b) > 0 && mean(a) < mean(b)
}

func last(v []float64, n int) []float64 { return v[max(len(v)-n, 0):] }

func mean(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x
	}
	return total / float64(len(v))
}
