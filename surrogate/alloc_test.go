package surrogate

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo"
)

// TestStepsAllocateNothing is about what runs thousands of times in a training, and
// in a search of the surrogate.
func TestStepsAllocateNothing(t *testing.T) {
	rng := sbo.Rand(1, "allocations")
	net := randomNetwork(rng, Tanh, 3, 9, 9, 2)
	set := unevenSet(rng, 3, 2, 150)
	o := newObjective(net, set, 0.1)
	grad := make([]float64, len(net.Parameters))
	require.Zero(t, testing.AllocsPerRun(10, func() { o.evaluate(net.Parameters, grad) }), "a step")

	m := newResidualModel(net, set)
	r := make([]float64, m.n)
	jacobian := blas64.General{Rows: m.n, Cols: len(grad), Stride: len(grad), Data: make([]float64, m.n*len(grad))}
	require.Zero(t, testing.AllocsPerRun(10, func() { m.at(net.Parameters, r, &jacobian) }), "the Jacobian of the residuals")

	product, v := newImplicit(net, set), slices.Clone(grad)
	product.at(net.Parameters)
	require.Zero(t, testing.AllocsPerRun(10, func() { product.product(grad, v) }), "a product with the Jacobian and its transpose")

	p := newPoint(net, randomModel(rng, Tanh, net.Sizes...).Scalings()[0])
	require.Zero(t, testing.AllocsPerRun(10, func() { p.values(true) }), "a point")
}
