package surrogate

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo"
)

// TestResidualJacobian compares every row with central differences of the residuals.
func TestResidualJacobian(t *testing.T) {
	const h = 1e-5
	for _, sizes := range [][]int{{2, 2}, {3, 4, 1}, {2, 9, 3, 2}, {4, 7, 6, 5, 1}, {1, 17, 3}} {
		for _, hidden := range []Activation{Tanh, Swish} {
			for _, partials := range []bool{true, false} {
				t.Run(fmt.Sprint(sizes, hidden, partials), func(t *testing.T) {
					rng := sbo.Rand(1, fmt.Sprint(sizes))
					net := randomNetwork(rng, hidden, sizes...)
					set := unevenSet(rng, net.nx(), net.ny(), 70)
					if !partials {
						set.dydx, set.gamma = nil, nil
					}
					m := newResidualModel(net, set)
					if partials { // some columns count less
						m.trust = make([]float64, net.nx()*net.ny())
						for i := range m.trust {
							m.trust[i] = 0.5 + rng.Float64()
						}
					}
					p := net.Parameters
					r, ahead, behind := make([]float64, m.n), make([]float64, m.n), make([]float64, m.n)
					jacobian := blas64.General{Rows: m.n, Cols: len(p), Stride: len(p), Data: make([]float64, m.n*len(p))}
					m.at(p, r, &jacobian)
					for c := range p {
						was := p[c]
						p[c] = was + h
						m.at(p, ahead, nil)
						p[c] = was - h
						m.at(p, behind, nil)
						p[c] = was
						for i := range r {
							want := (ahead[i] - behind[i]) / (2 * h)
							require.InDelta(t, want, jacobian.Data[i*len(p)+c], 2e-7, "residual %d by parameter %d", i, c)
						}
					}
					again := make([]float64, m.n)
					m.at(p, again, nil)
					require.Equal(t, r, again, "with and without the Jacobian")
				})
			}
		}
	}
}
