package optimize_test

import (
	"context"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/stretchr/testify/require"
)

// network is a random two-layer perceptron of tanh neurons: what a fitted
// surrogate looks like, wiggles included.
type network struct {
	nx, nh, ny int
	v, b, w    []float64 // nh by nx, nh, ny by nh
}

func randomNetwork(name string, nx, nh, ny int) network {
	rng := sbo.Rand(11, name)
	normal := func(n int) []float64 {
		s := make([]float64, n)
		for i := range s {
			s[i] = 2 * rng.NormFloat64()
		}
		return s
	}
	return network{nx, nh, ny, normal(nh * nx), normal(nh), normal(ny * nh)}
}

func (n network) Evaluate(_ context.Context, y, dydx, x []float64) error {
	clear(y)
	clear(dydx)
	for i := range n.nh {
		z := n.b[i]
		for j, v := range x {
			z += n.v[i*n.nx+j] * v
		}
		a := math.Tanh(z)
		for k := range y {
			y[k] += n.w[k*n.nh+i] * a
			for j := range len(dydx) / n.ny {
				dydx[k*n.nx+j] += n.w[k*n.nh+i] * (1 - a*a) * n.v[i*n.nx+j]
			}
		}
	}
	return nil
}

// On random networks with two constraints, a fifth of which leave no feasible
// point, every start ends with a certificate or at a least violation, and soon.
func TestNetworks(t *testing.T) {
	infeasible, evaluations, runs := 0, 0, 0
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		for _, nx := range []int{2, 5} {
			n := randomNetwork(name, nx, 12, 3)
			p := problem("network", fill(nx, -1), fill(nx, 1), 2)
			for _, method := range methods {
				rows := starts(testCase{Problem: p}, 20)
				results, err := optimize.Multistart(t.Context(), p, n, rows, optimize.Options{Method: method})
				require.NoError(t, err)
				ended := map[optimize.Status]int{}
				for _, r := range results {
					ended[r.Status]++
					require.Less(t, r.Evaluations, 3000)
					evaluations += r.Evaluations
					runs++
				}
				require.Equal(t, 20, ended[optimize.Converged]+ended[optimize.Infeasible], "%v", ended)
				if ended[optimize.Converged] == 0 {
					infeasible++
				} else {
					require.GreaterOrEqual(t, ended[optimize.Converged], 18)
				}
			}
		}
	}
	require.Equal(t, 8, infeasible, "four networks with both methods")
	require.Less(t, evaluations/runs, 500)
}
