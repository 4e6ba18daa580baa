package polish

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

func square(responses ...sbo.Response) sbo.Problem {
	return sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 10}, {Name: "b", Lower: -1, Upper: 1}},
		Responses: responses,
	}
}

// testdata/polish_gamma.json is what the Python package of the paper's author
// computes for the weights of partials.
func TestNearFlatIsThePapers(t *testing.T) {
	raw, err := os.ReadFile("testdata/polish_gamma.json")
	require.NoError(t, err)
	var golden struct {
		Eta, Epsilon float64
		Dydx, Gamma  []float64
	}
	require.NoError(t, json.Unmarshal(raw, &golden))
	n := len(golden.Dydx)
	require.Equal(t, 7, n)
	squares := 0.0
	for _, v := range golden.Dydx {
		squares += v * v
	}
	rms := math.Sqrt(squares / float64(n))
	d := sbo.Data{NX: 1, NY: 1, X: make([]float64, n), Y: make([]float64, n), Partials: golden.Dydx}
	w := Weighting{Kind: NearFlat, Eta: golden.Eta, Radius: 1 / (golden.Epsilon * rms)}.Weights(sbo.Problem{}, d, nil)
	require.Nil(t, w.Beta)
	require.InDeltaSlice(t, golden.Gamma, w.Gamma, 1e-9)
}

func TestNearFlat(t *testing.T) {
	nan := math.NaN()
	// Two responses of one variable: the first has slopes of rms 5, the second none but 0.
	d := sbo.Data{NX: 1, NY: 2, X: make([]float64, 3), Y: make([]float64, 6), Partials: []float64{1, 0, -7, 0, nan, nan}}
	w := Weighting{Kind: NearFlat, Eta: 10, Radius: 0.2}.Weights(sbo.Problem{}, d, nil)
	// r = 1/5, so r/radius = 1; and 7/5/0.2 = 7.
	require.InDeltaSlice(t, []float64{1 + 10/math.E, 1, 1 + 10*math.Exp(-49), 1, 1, 1}, w.Gamma, 1e-12)
	d.Partials = nil
	require.Equal(t, surrogate.Weights{}, Weighting{Kind: NearFlat}.Weights(sbo.Problem{}, d, nil))
}

func TestNearOptimum(t *testing.T) {
	p := square(sbo.Minimize("f"))
	// In the unit box 0, 0.3 along a, 0.4 along b, and 0.5 along the diagonal from the optimum.
	d := sbo.Data{NX: 2, NY: 1, X: []float64{2, 0, 5, 0, 2, 0.8, 5, 0.8}, Y: make([]float64, 4), Partials: make([]float64, 8)}
	w := Weighting{Eta: 3, Radius: 0.5}.Weights(p, d, []float64{2, 0})
	want := []float64{4, 1 + 3*math.Exp(-0.36), 1 + 3*math.Exp(-0.64), 1 + 3/math.E}
	require.InDeltaSlice(t, want, w.Beta, 1e-12)
	for i, v := range want {
		require.InDeltaSlice(t, []float64{v, v}, w.Gamma[2*i:2*i+2], 1e-12)
	}
	d.Partials = nil
	require.Nil(t, Weighting{}.Weights(p, d, []float64{2, 0}).Gamma)
	require.Equal(t, surrogate.Weights{}, Weighting{Kind: Uniform}.Weights(p, d, []float64{2, 0}))
}

// The default radius reaches 2 nx + 2 answered samples besides the best.
func TestRadiusSkipsFailures(t *testing.T) {
	p := sbo.Problem{Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 1}}, Responses: []sbo.Response{sbo.Minimize("f")}}
	d := sbo.NewData(1, 1, 10)
	for i := range 10 {
		d.X[i] = float64(i) / 10
		if i%2 == 0 { // 0, 0.2, 0.4, 0.6, 0.8 are answered
			d.Y[i] = 1
		}
	}
	w := Weighting{}.Weights(p, d, []float64{0})
	require.InDelta(t, 1001, w.Beta[0], 1e-9)
	require.InDelta(t, 1+1000/math.E, w.Beta[8], 1e-9)
	for i := range 10 { // nothing is known at all: still weights, for the fit to refuse
		d.Forget(i)
	}
	require.InDelta(t, 1001, Weighting{}.Weights(p, d, []float64{0}).Beta[0], 1e-9)
}

func TestKinds(t *testing.T) {
	for _, k := range Kinds() {
		require.NoError(t, Weighting{Kind: k}.validate())
	}
	require.Equal(t, NearOptimum, Kinds()[0])
	require.ErrorContains(t, Weighting{Kind: "near"}.validate(), "near-flat")
}
