package problems_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

func TestAirfoilsAreOptimal(t *testing.T) {
	for _, p := range []problems.Problem{problems.AirfoilAF1(), problems.AirfoilAF2(), problems.AirfoilAF3()} {
		t.Run(p.Name, func(t *testing.T) {
			require.NoError(t, p.Validate())
			require.Len(t, p.Constraints(), p.NY()-1)
			for _, x := range p.Minimizers {
				y, _ := evaluate(t, p, x)
				require.LessOrEqual(t, p.Violation(y), 1e-10)
				require.InDelta(t, p.Minimum, y[0], 1e-13)
				residual, multipliers := kkt(t, p, x)
				require.Less(t, residual, 1e-7)
				for _, m := range multipliers {
					require.GreaterOrEqual(t, m, -1e-9)
				}
			}
		})
	}
}

func TestAirfoilsThatAreNoneFail(t *testing.T) {
	p := problems.AirfoilAF1()
	require.ErrorIs(t, p.Evaluate(t.Context(), make([]float64, p.NY()), nil, make([]float64, p.NX())), sbo.ErrFailed)
}
