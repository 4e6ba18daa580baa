package polish

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// wrong is a surrogate of two responses of two variables that is off everywhere.
type wrong struct{ err error }

func (w wrong) Evaluate(_ context.Context, y, dydx, x []float64) error {
	copy(y, w.Predict(nil, x))
	if dydx != nil {
		copy(dydx, w.PredictPartials(nil, x))
	}
	return w.err
}
func (wrong) Dims() (nx, ny int) { return 2, 2 }
func (wrong) Predict(_, x []float64) []float64 {
	return []float64{x[0] * x[0] * x[1], 3 * x[0]}
}

func (wrong) PredictPartials(_, x []float64) []float64 {
	return []float64{2 * x[0] * x[1], x[0] * x[0], 3, 0}
}

func TestAnchored(t *testing.T) {
	d := sbo.Data{
		NX: 2, NY: 2, X: []float64{9, 9, 2, 5}, Y: []float64{0, 0, 11, nan},
		Partials: []float64{0, 0, 0, 0, 7, nan, nan, -1},
	}
	a := anchor(wrong{}, d, 1, nil)
	y, dydx := make([]float64, 2), make([]float64, 4)
	require.NoError(t, a.Evaluate(t.Context(), y, dydx, []float64{2, 5}))
	require.Equal(t, []float64{11, 6}, y)          // measured; not measured: the model's
	require.Equal(t, []float64{7, 4, 3, -1}, dydx) // likewise

	// Elsewhere by hand: x0^2 x1 + (11 - 20) + (7 - 20) (x0 - 2), 3 x0 - (x1 - 5).
	require.NoError(t, a.Evaluate(t.Context(), y, dydx, []float64{3, 7}))
	require.Equal(t, []float64{63 - 9 - 13, 9 - 2}, y)
	require.Equal(t, []float64{42 - 13, 9, 3, -1}, dydx)
	require.NoError(t, a.Evaluate(t.Context(), y, nil, []float64{3, 7})) // values alone
	require.Equal(t, []float64{41, 7}, y)

	d.Partials = nil // then the values alone are corrected
	require.NoError(t, anchor(wrong{}, d, 1, nil).Evaluate(t.Context(), y, dydx, []float64{3, 7}))
	require.Equal(t, []float64{63 - 9, 9}, y)
	require.Equal(t, []float64{42, 9, 3, 0}, dydx)
}

func TestAnchoredFails(t *testing.T) {
	broken := errors.New("broken")
	a := anchor(wrong{broken}, sbo.Data{NX: 2, NY: 2, X: []float64{2, 5}, Y: []float64{11, 1}}, 0, nil)
	require.ErrorIs(t, a.Evaluate(t.Context(), make([]float64, 2), nil, []float64{0, 0}), broken)
}

// What a noisy partial and the model differ by within the noise is left as the model
// has it.
func TestAnchoredByNoisyPartials(t *testing.T) {
	d := sbo.Data{
		NX: 2, NY: 2, X: []float64{9, 9, 2, 5}, Y: []float64{0, 0, 11, 1},
		Partials: []float64{9, 30, 0, 4, 21, -20, 6, nan},
	}
	slope := anchor(wrong{}, d, 1, []float64{0.1, 0}).slope // the model has 20, 4, 3, 0
	off := func(a, b float64) float64 { return 2 * 0.1 * math.Sqrt((a*a+b*b)/2) }
	require.Zero(t, slope[0], "off by 1, within %.2f", off(9, 21))
	require.InDelta(t, -24+off(30, 20), slope[1], 1e-12)
	require.Equal(t, []float64{3, 0}, slope[2:], "nothing is said of these")
}
