package surrogate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

// A pass without t, g' and g” finds the same gradient as one with them.
func TestLeanPassAgreesWithFull(t *testing.T) {
	for _, sizes := range [][]int{{3, 5, 2}, {2, 6, 4, 3}, {2, 7, 13, 5, 1}} {
		for _, forward := range []bool{false, true} {
			const m = 21
			rng := sbo.Rand(1, "lean")
			net := randomNetwork(rng, Tanh, sizes...)
			set := unevenSet(rng, net.nx(), net.ny(), m)
			o := newObjectiveMode(net, set, 0.1, forward)
			want, got := make([]float64, len(net.Parameters)), make([]float64, len(net.Parameters))
			lean := o.evaluate(net.Parameters, got)
			require.True(t, o.full == nil || o.full.lean)
			o.full, o.tail = newFullPass(net, o.columns, forward), newFullPass(net, m%o.columns, forward)
			full := o.evaluate(net.Parameters, want)
			require.InEpsilon(t, full.Total(), lean.Total(), 1e-13)
			requireNear(t, want, got, 1e-13, "gradient")
		}
	}
}
