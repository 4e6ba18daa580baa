package airfoil_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// golden is a case that an independent program of the same equations computed,
// with the derivatives by the complex step.
type golden struct {
	Name       string    `json:"name"`
	X          []float64 `json:"x"` // T0..T6, K0..K6, Mach, alpha
	CL, CD, CM float64
	DCL        []float64 `json:"dCL"`
	DCD        []float64 `json:"dCD"`
	DCM        []float64 `json:"dCM"`
}

func goldenCases(tb testing.TB) []golden {
	tb.Helper()
	text, err := os.ReadFile("testdata/golden.json")
	require.NoError(tb, err)
	var file struct{ Cases []golden }
	require.NoError(tb, json.Unmarshal(text, &file))
	require.Len(tb, file.Cases, 10)
	return file.Cases
}

// section is the section of the first 14 numbers.
func section(x []float64) airfoil.CST {
	return airfoil.CST{Thickness: x[:7], Camber: x[7:14], TrailingEdge: 0.0025}
}

func TestGoldenCases(t *testing.T) {
	var solver airfoil.Solver // the same one for all, as its room is used again
	for i, c := range goldenCases(t) {
		t.Run(fmt.Sprint(c.Name, " ", i), func(t *testing.T) {
			const nd = 16
			require.NoError(t, solver.Load(section(c.X).Section(airfoil.Panels)))
			partials := make([]float64, 3*nd)
			flow := airfoil.Flow{Mach: c.X[14], Reynolds: 3e6}
			r, err := solver.Analyze(flow, c.X[15], partials)
			require.NoError(t, err)
			require.InDelta(t, c.CL, r.CL, 1e-10)
			require.InDelta(t, c.CD, r.CD, 1e-12)
			require.InDelta(t, c.CM, r.CM, 1e-10)
			for k, want := range [][]float64{c.DCL, c.DCD, c.DCM} {
				row := partials[k*nd : (k+1)*nd]
				for j := range 14 {
					require.InDelta(t, want[j], row[2+j], 1e-8, "response %d by variable %d", k, j)
				}
				require.InDelta(t, want[14], row[1], 1e-8, "response %d by Mach", k)
				require.InDelta(t, want[15], row[0], 1e-8, "response %d by angle", k)
			}
		})
	}
}

func BenchmarkValue(b *testing.B) { benchmark(b, nil) }

func BenchmarkPartials(b *testing.B) { benchmark(b, make([]float64, 3*16)) }

func benchmark(b *testing.B, partials []float64) {
	b.Helper()
	c := goldenCases(b)[4]
	s := section(c.X).Section(airfoil.Panels)
	var solver airfoil.Solver
	for b.Loop() {
		require.NoError(b, solver.Load(s))
		_, err := solver.Analyze(airfoil.Flow{Mach: 0.15, Reynolds: 3e6}, 2, partials)
		require.NoError(b, err)
	}
}
