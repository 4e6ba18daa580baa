package surrogate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/sbo-go/sbo"
)

// Accuracy compares predictions p with what is known, y, over the N samples where
// the latter is known, in the unit of the response or partial. With no sample all
// but N are NaN.
type Accuracy struct {
	// R2 is the coefficient of determination, 1 - sum (y-p)^2 / sum (y-mean y)^2:
	// 1 is perfect, 0 no better than the mean. Where y does not vary it is 1 for a
	// perfect prediction and -Inf for any other.
	R2 float64
	// RMSE is the root mean square error, sqrt(sum (y-p)^2 / N).
	RMSE float64
	// NRMSE is RMSE over the population standard deviation of y, so that
	// NRMSE^2 = 1 - R2. Where y does not vary it is 0 or +Inf.
	NRMSE float64
	// MaxError is the largest |y-p|.
	MaxError float64
	// N is the number of samples compared.
	N int
}

// Assessment is the accuracy of a model on samples.
type Assessment struct {
	Values   []Accuracy   // of each response
	Partials [][]Accuracy // of the partial of each response by each variable; N = 0 where none is known
}

// Assess compares the model with samples, which should not have been used to
// train it. What is NaN in the data is skipped; a prediction that is NaN makes
// the accuracy NaN. It panics if the data have other numbers of variables and
// responses than the model.
func Assess(m Model, d sbo.Data) Assessment {
	nx, ny := m.Dims()
	if d.NX != nx || d.NY != ny {
		panic(fmt.Sprintf("surrogate: a model of %d inputs and %d outputs assessed on data of %d and %d", nx, ny, d.NX, d.NY))
	}
	y, dydx := make([]float64, ny), make([]float64, ny*nx)
	return compare(d, func(i int) ([]float64, []float64) {
		m.Predict(y, d.Point(i))
		if d.Partials != nil {
			m.PredictPartials(dydx, d.Point(i))
		}
		return y, dydx
	})
}

// Compare is [Assess] for predictions that are at hand, whoever made them: of the
// same shape as the data, and with partials if those have any.
func Compare(d, predicted sbo.Data) Assessment {
	return compare(d, func(i int) (y, dydx []float64) { return predicted.Responses(i), predicted.PartialsOf(i) })
}

// compare asks for the predictions at each sample once.
func compare(d sbo.Data, predicted func(i int) (y, dydx []float64)) Assessment {
	values, partials := make([]tally, d.NY), make([]tally, d.NY*d.NX)
	for i := range d.Len() {
		y, dydx := predicted(i)
		for k, known := range d.Responses(i) {
			values[k].add(known, y[k])
		}
		for c, known := range d.PartialsOf(i) {
			partials[c].add(known, dydx[c])
		}
	}
	for i := range d.Len() { // by now the means are known
		for k, known := range d.Responses(i) {
			values[k].spreads(known)
		}
		for c, known := range d.PartialsOf(i) {
			partials[c].spreads(known)
		}
	}
	a := Assessment{Values: make([]Accuracy, d.NY), Partials: make([][]Accuracy, d.NY)}
	for k := range d.NY {
		a.Values[k] = values[k].accuracy()
		for j := range d.NX {
			a.Partials[k] = append(a.Partials[k], partials[k*d.NX+j].accuracy())
		}
	}
	return a
}

// tally compares predictions with one column of what is known.
type tally struct {
	n                     int
	mean, squares, spread float64
	largest               float64
}

func (t *tally) add(known, predicted float64) {
	if math.IsNaN(known) {
		return
	}
	t.n++
	t.mean += (known - t.mean) / float64(t.n)
	e := predicted - known
	t.squares += e * e
	t.largest = max(t.largest, math.Abs(e))
}

// spreads comes after all were added.
func (t *tally) spreads(known float64) {
	if e := known - t.mean; !math.IsNaN(e) {
		t.spread += e * e
	}
}

func (t *tally) accuracy() Accuracy {
	if t.n == 0 {
		return Accuracy{R2: math.NaN(), RMSE: math.NaN(), NRMSE: math.NaN(), MaxError: math.NaN()}
	}
	a := Accuracy{R2: 1, RMSE: math.Sqrt(t.squares / float64(t.n)), MaxError: t.largest, N: t.n}
	if t.squares != 0 {
		a.R2, a.NRMSE = 1-t.squares/t.spread, math.Sqrt(t.squares/t.spread)
	}
	return a
}

// CrossValidate tells how well models trained like this predict samples they have
// not seen: it deals the samples into folds at random and predicts each fold with
// a model trained on the others. It returns the accuracy over all samples and the
// predictions, NaN for failed samples, in the order of the data. Partials are
// predicted even where none are known.
//
// The folds are between 2 and the number of samples that did not fail; as many
// as these is leave-one-out. Task.Start is not used, as it may have seen the
// samples. Other errors are those of [Fit].
func CrossValidate(ctx context.Context, task Task, folds int, rng *rand.Rand, o Options) (Assessment, sbo.Data, error) {
	d := task.Data
	task.Start = nil
	if err := errors.Join(o.Validate(), task.validate()); err != nil {
		return Assessment{}, sbo.Data{}, fmt.Errorf("surrogate: %w", err)
	}
	samples := answered(d)
	if folds < 2 || folds > len(samples) {
		return Assessment{}, sbo.Data{}, fmt.Errorf("surrogate: %d folds of %d samples; want at least 2 and at most as many as samples", folds, len(samples))
	}
	rng.Shuffle(len(samples), func(a, b int) { samples[a], samples[b] = samples[b], samples[a] })
	predicted := sbo.NewData(d.NX, d.NY, d.Len())
	copy(predicted.X, d.X)
	for f := range folds {
		var train, held []int
		for n, i := range samples {
			if n%folds == f {
				held = append(held, i)
			} else {
				train = append(train, i)
			}
		}
		part := task
		part.Data, part.Weights = d.Subset(train), task.Weights.subset(d, train)
		m, _, err := Fit(ctx, part, rng, o)
		if err != nil {
			return Assessment{}, sbo.Data{}, fmt.Errorf("fold %d of %d: %w", f+1, folds, err)
		}
		for _, i := range held {
			m.Predict(predicted.Responses(i), d.Point(i))
			m.PredictPartials(predicted.PartialsOf(i), d.Point(i))
		}
	}
	return Compare(d, predicted), predicted, nil
}
