package polish

import (
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// Kind names a way to weight samples.
type Kind string

// The kinds of weighting. Both are 1 + eta exp(-(eps r)^2), after Berguin,
// arXiv 2406.09132; they differ in what r is.
const (
	// NearOptimum raises values and partials of samples close to the best point:
	// r is the distance to it in the unit box.
	NearOptimum Kind = "near-optimum"
	// NearFlat raises small partials, wherever they are: r is the partial itself,
	// relative to the root mean square of its kind. It is the paper's weighting.
	NearFlat Kind = "near-flat"
	// Uniform raises nothing.
	Uniform Kind = "none"
)

// Kinds returns the kinds of weighting, the default first.
func Kinds() []Kind { return []Kind{NearOptimum, NearFlat, Uniform} }

// Weighting says which samples count more when the surrogate is fitted again.
type Weighting struct {
	// Kind of weighting. Empty: [NearOptimum].
	Kind Kind
	// Eta is the weight, less 1, at r = 0. 0: 1000, the paper's.
	Eta float64
	// Radius is 1/eps. 0: for NearOptimum the distance within which lie 2 nx + 2
	// answered samples besides the best, so that enough of them count to pin the optimum down; for NearFlat
	// 0.01, which is what the paper's 10 is relative to the partials of its demo.
	Radius float64
}

func (w Weighting) validate() error {
	if w.Kind != "" && !slices.Contains(Kinds(), w.Kind) {
		return fmt.Errorf("polish: there is no weighting %q; choose one of %v", string(w.Kind), Kinds())
	}
	if !(w.Eta >= 0) || math.IsInf(w.Eta, 1) || !(w.Radius >= 0) || math.IsInf(w.Radius, 1) {
		return fmt.Errorf("polish: weighting with eta %v and radius %v; both must be finite and at least 0", w.Eta, w.Radius)
	}
	return nil
}

// Weights returns beta and gamma of the samples for an optimum at x.
func (w Weighting) Weights(p sbo.Problem, d sbo.Data, x []float64) surrogate.Weights {
	if w.Eta == 0 {
		w.Eta = 1000
	}
	switch w.Kind {
	case Uniform:
		return surrogate.Weights{}
	case NearFlat:
		return w.nearFlat(d)
	default:
		return w.nearOptimum(p, d, x)
	}
}

func (w Weighting) at(r float64) float64 {
	r /= w.Radius
	return 1 + w.Eta*math.Exp(-r*r)
}

func (w Weighting) nearOptimum(p sbo.Problem, d sbo.Data, x []float64) surrogate.Weights {
	box := p.Box()
	center := box.Unit(nil, x)
	distances := make([]float64, d.Len())
	var sorted []float64 // of the samples that have something to say
	for i := range distances {
		distances[i] = euclidean(box.Unit(nil, d.Point(i)), center)
		if !d.Failed(i) {
			sorted = append(sorted, distances[i])
		}
	}
	if w.Radius == 0 {
		w.Radius = 1e-3
		if slices.Sort(sorted); len(sorted) > 0 {
			w.Radius = max(w.Radius, sorted[min(2*d.NX+2, len(sorted)-1)])
		}
	}
	out := surrogate.Weights{Beta: make([]float64, len(d.Y))}
	if d.Partials != nil {
		out.Gamma = make([]float64, len(d.Partials))
	}
	for i, r := range distances {
		weight := w.at(r)
		for k := range d.NY {
			out.Beta[i*d.NY+k] = weight
			for j := range d.NX {
				if d.Partials != nil {
					out.Gamma[d.Partial(i, k, j)] = weight
				}
			}
		}
	}
	return out
}

func (w Weighting) nearFlat(d sbo.Data) surrogate.Weights {
	if w.Radius == 0 {
		w.Radius = 0.01
	}
	if d.Partials == nil {
		return surrogate.Weights{}
	}
	out := surrogate.Weights{Gamma: make([]float64, len(d.Partials))}
	kinds := d.NY * d.NX
	for c := range kinds {
		squares, count := 0.0, 0.0
		for n := c; n < len(d.Partials); n += kinds {
			if v := d.Partials[n]; !math.IsNaN(v) {
				squares += v * v
				count++
			}
		}
		rms := math.Sqrt(squares / max(count, 1))
		for n := c; n < len(d.Partials); n += kinds {
			out.Gamma[n] = 1
			if v := d.Partials[n]; !math.IsNaN(v) && rms > 0 {
				out.Gamma[n] = w.at(v / rms)
			}
		}
	}
	return out
}

func euclidean(a, b []float64) float64 {
	total := 0.0
	for j, v := range a {
		total += (v - b[j]) * (v - b[j])
	}
	return math.Sqrt(total)
}
