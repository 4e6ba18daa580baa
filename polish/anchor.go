package polish

import (
	"context"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// anchored is a surrogate corrected to agree with the truth at one sample, in
// values and in the partials that are known there:
//
//	y(x) = m(x) + (y_i - m(x_i)) + (y'_i - m'(x_i)) (x - x_i)
//
// Steps taken on it within a trust region lead to a true optimum from anywhere,
// however poor the surrogate (Alexandrov, Dennis, Lewis and Torczon, A trust
// region framework for managing the use of approximation models in optimization,
// Structural Optimization 15, 1998).
type anchored struct {
	model  surrogate.Model
	x      []float64
	offset []float64 // ny
	slope  []float64 // ny*nx
}

// anchor corrects the model at sample i of the data. What is not known there is
// left as the model has it, and so are partials as far as they and the model differ
// by no more than the noise they are said to have, of each response; nil: none.
func anchor(model surrogate.Model, d sbo.Data, i int, noise []float64) *anchored {
	a := &anchored{model: model, x: d.Point(i)}
	a.offset = model.Predict(nil, a.x)
	a.slope = model.PredictPartials(nil, a.x)
	partials := d.PartialsOf(i)
	for k, y := range d.Responses(i) {
		a.offset[k] = known(y - a.offset[k])
	}
	for n := range a.slope {
		if partials == nil {
			a.slope[n] = 0
		} else {
			a.slope[n] = known(partials[n] - a.slope[n])
		}
	}
	if partials != nil && noise != nil {
		a.shrink(d, noise)
	}
	return a
}

// shrink takes from the corrections of the slopes what may be noise: two of its
// standard deviations.
func (a *anchored) shrink(d sbo.Data, noise []float64) {
	for k, share := range noise {
		for j := range d.NX {
			count, squares := 0.0, 0.0
			for i := range d.Len() {
				if v := d.Partials[d.Partial(i, k, j)]; !math.IsNaN(v) {
					count++
					squares += v * v
				}
			}
			n := k*d.NX + j
			off := 2 * share * math.Sqrt(squares/max(count, 1))
			a.slope[n] = math.Copysign(max(math.Abs(a.slope[n])-off, 0), a.slope[n])
		}
	}
}

func known(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// Evaluate answers x as any sbo.Evaluator does.
func (a *anchored) Evaluate(ctx context.Context, y, dydx, x []float64) error {
	if err := a.model.Evaluate(ctx, y, dydx, x); err != nil {
		return err
	}
	nx := len(x)
	for k := range y {
		correction := a.offset[k]
		for j := range x {
			correction += a.slope[k*nx+j] * (x[j] - a.x[j])
		}
		y[k] += correction
	}
	for n := range dydx {
		dydx[n] += a.slope[n]
	}
	return nil
}
