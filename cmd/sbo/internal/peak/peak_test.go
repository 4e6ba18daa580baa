package peak

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/surrogate"
)

func TestRun(t *testing.T) {
	width := map[string]float64{"avx512": 16 * 8, "avx2": 12 * 4, "go": plainSums}
	set := surrogate.InstructionSet()
	for _, s := range []string{"go", set} {
		require.Zero(t, Run(s, 0))
		require.Equal(t, 2*1000*width[s], Run(s, 1000))
	}
	rate := func(s string) float64 { // the best of some runs
		best := 0.0
		for range 50 {
			began := time.Now()
			flops := Run(s, 20_000)
			best = max(best, flops/time.Since(began).Seconds())
		}
		return best
	}
	if set != "go" {
		require.Greater(t, rate(set), 2*rate("go"))
	}
}
