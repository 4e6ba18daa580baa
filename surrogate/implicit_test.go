package surrogate

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/internal/kernel"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// implicitCases are networks in reverse and in forward mode, and numbers of samples
// that make whole blocks and a rest.
var implicitCases = []struct {
	sizes   []int
	samples int
}{
	{[]int{3, 5, 4, 2}, 10},
	{[]int{4, 6, 1}, 300},
	{[]int{2, 3, 3, 5, 1}, 128},
	{[]int{2, 4, 3}, 150},
	{[]int{1, 3, 5, 2}, 40},
	{[]int{3, 2}, 7},
}

// J v and J'J v agree with those of the dense Jacobian of residualModel, of which
// another test shows that it is the derivative of the residuals.
func TestImplicitProductsAgreeWithTheJacobian(t *testing.T) {
	for _, c := range implicitCases {
		for _, partials := range []bool{true, false} {
			t.Run(fmt.Sprint(c.sizes, c.samples, partials), func(t *testing.T) {
				rng := sbo.Rand(1, "case")
				net := randomNetwork(rng, Swish, c.sizes...)
				set := unevenSet(rng, net.nx(), net.ny(), c.samples)
				if !partials {
					set.gamma, set.dydx = nil, nil
				}
				trust := make([]float64, net.ny()*net.nx())
				for i := range trust {
					trust[i] = rng.Float64()
				}
				dense, implied := newResidualModel(net, set), newImplicit(net, set)
				dense.trust = trust
				implied.trust(trust)
				p := len(net.Parameters)
				jacobian := blas64.General{Rows: dense.n, Cols: p, Stride: p, Data: make([]float64, dense.n*p)}
				dense.at(net.Parameters, make([]float64, dense.n), &jacobian)
				implied.at(net.Parameters)

				v := make([]float64, p)
				for i := range v {
					v[i] = rng.NormFloat64()
				}
				jv, want, got := make([]float64, dense.n), make([]float64, p), make([]float64, p)
				kernel.Gemv(blas.NoTrans, 1, jacobian, v, 0, jv)
				kernel.Gemv(blas.Trans, 1, jacobian, jv, 0, want)
				implied.product(got, v)
				requireNear(t, want, got, 1e-12, "J'J v")
				again := slices.Clone(got)
				implied.product(again, v) // adds, and leaves the linearization as it is
				for i, g := range got {
					require.InEpsilon(t, 2*g, again[i], 1e-12)
				}
			})
		}
	}
}
