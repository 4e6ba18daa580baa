package problems_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems"
)

// A reference is one problem of an independent implementation in Python, with
// constraints as g <= 0 and f, g and all partials at one point.
type reference struct {
	Name         string
	Lower, Upper []float64
	Fstar        float64
	Xstar        []float64
	Check        struct {
		X, Grad, G []float64
		F          float64
		Jac        [][]float64
	}
}

// scales are what the reference divided its constraints by, where it did.
var scales = map[string][]float64{
	"weldedbeam":     {13600, 30000, 1, 5, 1, 0.25, 6000},
	"pressurevessel": {1, 1, 1296000},
	"spring":         {1, 1, 1, 1.5},
	"cantilever":     {14000, 14000, 14000, 14000, 14000, 20, 20, 20, 20, 20, 2.5},
}

func TestReference(t *testing.T) {
	file, err := os.ReadFile(filepath.Join("testdata", "reference.json"))
	require.NoError(t, err)
	var references []reference
	require.NoError(t, json.Unmarshal(file, &references))
	require.Len(t, references, 26)
	for _, r := range references {
		t.Run(r.Name, func(t *testing.T) {
			p, err := problems.Lookup(r.Name)
			require.NoError(t, err)
			p = p.WithBox(r.Lower, r.Upper)
			require.NotEmpty(t, p.Minimizers)
			// The reference's optima come from SLSQP, which leaves constraints
			// violated by its tolerance.
			require.InDelta(t, r.Fstar, p.Minimum, 1e-9*max(100, math.Abs(p.Minimum)))
			require.InDeltaSlice(t, r.Xstar, p.Minimizers[0], 1e-6)

			y, dydx := evaluate(t, p, r.Check.X)
			nx := p.NX()
			require.InEpsilon(t, r.Check.F, y[0], 1e-11)
			requireClose(t, r.Check.Grad, dydx[:nx])
			g, jac := inequalities(p, y, dydx)
			require.Len(t, g, len(r.Check.G))
			for i := range g {
				if s, ok := scales[p.Name]; ok {
					g[i] /= s[i]
					for j := range jac[i] {
						jac[i][j] /= s[i]
					}
				}
				requireClose(t, r.Check.Jac[i], jac[i])
			}
			requireClose(t, r.Check.G, g)
		})
	}
}

// inequalities turns every limit of a constraint into g <= 0, the upper one first.
func inequalities(p problems.Problem, y, dydx []float64) (g []float64, jac [][]float64) {
	nx := p.NX()
	add := func(k int, value, sign float64) {
		row := make([]float64, nx)
		for j := range row {
			row[j] = sign * dydx[k*nx+j]
		}
		g, jac = append(g, value), append(jac, row)
	}
	for _, k := range p.Constraints() {
		if r := p.Responses[k]; !math.IsInf(r.Upper, 1) {
			add(k, y[k]-r.Upper, 1)
		}
		if r := p.Responses[k]; !math.IsInf(r.Lower, -1) {
			add(k, r.Lower-y[k], -1)
		}
	}
	return g, jac
}

// requireClose compares vectors to 1e-11 of their largest entry.
func requireClose(t *testing.T, want, got []float64) {
	t.Helper()
	size := 0.0
	for _, v := range want {
		size = max(size, math.Abs(v))
	}
	require.InDeltaSlice(t, want, got, 1e-11*max(size, 1e-300))
}
