package optimize

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	gonum "gonum.org/v1/gonum/optimize"
)

// Gonum's line search panics unless the first step is above zero: so it is, also where
// the gradient has no length that is a number.
func TestFirstStep(t *testing.T) {
	for _, gradient := range [][]float64{{3, 4}, {1.7e308, -1.7e308}, {math.Inf(1), math.Inf(-1)}} {
		for _, method := range []Method{BFGS, LBFGS} {
			loc := &gonum.Location{X: []float64{0.5, 0.5}, Gradient: gradient}
			step := firstStep{method.directions(), 1e-3}.InitDirection(loc, make([]float64, 2))
			require.Positive(t, step, "%v", gradient)
		}
	}
}
