package surrogate

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// golden is a case computed with version 2.0.1 of the Python package jenn, the
// reference implementation of arXiv 2406.09132. Its arrays have features first
// and samples last.
type golden struct {
	Name       string         `json:"name"`
	Sizes      []int          `json:"layer_sizes"`
	Hidden     Activation     `json:"hidden_activation"`
	Lambda     float64        `json:"lambda_"`
	Normalized bool           `json:"is_normalize"`
	M          int            `json:"m"`
	W          [][][]float64  `json:"W"`
	B          [][]float64    `json:"b"`
	X          [][]float64    `json:"x"`
	Y          [][]float64    `json:"y"`
	Partials   [][][]float64  `json:"dydx"`
	Beta       [][]float64    `json:"beta"`
	Gamma      [][][]float64  `json:"gamma"`
	MeanX      []float64      `json:"mu_x"`
	StdX       []float64      `json:"sigma_x"`
	MeanY      []float64      `json:"mu_y"`
	StdY       []float64      `json:"sigma_y"`
	Outputs    [][]float64    `json:"train_A_norm"`
	Jacobians  [][][]float64  `json:"train_Aprime_norm"`
	Cost       goldenCost     `json:"cost"`
	Gradient   goldenGradient `json:"grad"`
	Query      goldenQuery    `json:"query"`
	Traces     struct {
		ADAM      goldenTrace `json:"adam_default"`
		ADAMSmall goldenTrace `json:"adam_small"`
		Descent   goldenTrace `json:"gd"`
	} `json:"traces"`
}

type goldenCost struct {
	Total          float64 `json:"total"`
	Values         float64 `json:"values"`
	Partials       float64 `json:"partials"`
	Regularization float64 `json:"regularization"`
	Reported       float64 `json:"jenn_reported_2_0_1"`
	ReportedBefore float64 `json:"jenn_reported_upto_2_0_0"`
	Identity       float64 `json:"constant_from_input_identity"`
}

type goldenGradient struct {
	DW [][][]float64 `json:"dW"`
	DB [][]float64   `json:"db"`
}

type goldenQuery struct {
	X        [][]float64   `json:"x"`
	Y        [][]float64   `json:"y"`
	Partials [][][]float64 `json:"dydx"`
}

type goldenTrace struct {
	Alpha float64   `json:"alpha"`
	Beta1 float64   `json:"beta1"`
	Beta2 float64   `json:"beta2"`
	Costs []float64 `json:"costs"`
	End   struct {
		W [][][]float64 `json:"W"`
		B [][]float64   `json:"b"`
	} `json:"params"`
}

func goldens(t *testing.T) []golden {
	t.Helper()
	paths, err := filepath.Glob("testdata/golden/g*.json")
	require.NoError(t, err)
	require.Len(t, paths, 6)
	var all []golden
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		var g golden
		require.NoError(t, json.Unmarshal(raw, &g), path)
		all = append(all, g)
	}
	return all
}

// vector lays weights and biases out like Network.Parameters.
func vector(w [][][]float64, b [][]float64) []float64 {
	var v []float64
	for l := range w {
		v = append(v, slices.Concat(w[l]...)...)
		v = append(v, b[l]...)
	}
	return v
}

func (g golden) network() Network {
	return Network{Sizes: g.Sizes, Hidden: g.Hidden, Parameters: vector(g.W, g.B)}
}

func (g golden) scaling() Scaling {
	return Scaling{MeanX: g.MeanX, StdX: g.StdX, MeanY: g.MeanY, StdY: g.StdY}
}

// data turns the case's samples into rows.
func (g golden) data() (sbo.Data, Weights) {
	d := sbo.NewData(len(g.X), len(g.Y), g.M)
	w := Weights{Beta: make([]float64, len(d.Y)), Gamma: make([]float64, len(d.Partials))}
	for i := range g.M {
		for j := range d.NX {
			d.Point(i)[j] = g.X[j][i]
		}
		for k := range d.NY {
			d.Responses(i)[k] = g.Y[k][i]
			w.Beta[i*d.NY+k] = g.Beta[k][i]
			for j := range d.NX {
				if g.Partials != nil {
					d.Partials[d.Partial(i, k, j)] = g.Partials[k][j][i]
				}
				w.Gamma[d.Partial(i, k, j)] = g.Gamma[k][j][i]
			}
		}
	}
	return d, w
}

func (g golden) set() trainingSet {
	d, w := g.data()
	return newTrainingSet(d, w, g.scaling())
}

// requireNear requires every number to agree within tolerance, relative to the
// largest of them.
func requireNear(t *testing.T, want, got []float64, tolerance float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	largest := 0.0
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(want[i]-got[i]) <= tolerance*largest) {
			require.Failf(t, what, "entry %d is %v, not %v: off by %.1e of the largest, %v", i, got[i], want[i], math.Abs(want[i]-got[i])/largest, largest)
		}
	}
}

const goldenTolerance = 1e-12

func TestGoldenScaling(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			if !g.Normalized {
				require.Equal(t, slices.Repeat([]float64{1}, len(g.X)), g.StdX, "the reference scales nothing here")
				return
			}
			d, w := g.data()
			s := newScaling(d)
			requireNear(t, g.MeanX, s.MeanX, goldenTolerance, "mean of inputs")
			requireNear(t, g.StdX, s.StdX, goldenTolerance, "spread of inputs")
			requireNear(t, g.MeanY, s.MeanY, goldenTolerance, "mean of outputs")
			requireNear(t, g.StdY, s.StdY, goldenTolerance, "spread of outputs")
			require.Equal(t, partialsCount(d, w), newTrainingSet(d, w, s).gamma != nil)
		})
	}
}

// Both modes, blocks shorter than the sample and longer: the same numbers.
func TestGoldenOutputsAndPartials(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			set := g.set()
			for _, forward := range []bool{false, true} {
				p := newPassMode(g.network(), g.M, forward)
				for j := range set.nx {
					copy(p.input(j), set.x[j*set.m:])
				}
				p.values(true)
				p.jacobian()
				for k := range set.ny {
					requireNear(t, g.Outputs[k], p.output(k), goldenTolerance, "output")
					for j := range set.nx {
						requireNear(t, g.Jacobians[k][j], p.partial(k, j), goldenTolerance, "partial")
					}
				}
			}
		})
	}
}

func TestGoldenCostAndGradient(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			for _, forward := range []bool{false, true} {
				o := newObjectiveMode(g.network(), g.set(), g.Lambda, forward)
				grad := make([]float64, len(g.network().Parameters))
				c := o.evaluate(g.network().Parameters, grad)
				requireNear(t, []float64{g.Cost.Values}, []float64{c.Values}, goldenTolerance, "values")
				requireNear(t, []float64{g.Cost.Partials}, []float64{c.Partials}, goldenTolerance, "partials")
				requireNear(t, []float64{g.Cost.Regularization}, []float64{c.Regularization}, goldenTolerance, "regularization")
				requireNear(t, []float64{g.Cost.Total}, []float64{c.Total()}, goldenTolerance, "total")
				requireNear(t, vector(g.Gradient.DW, g.Gradient.DB), grad, goldenTolerance, "gradient")
				require.Equal(t, c, o.evaluate(g.network().Parameters, nil), "the same cost without the gradient")
			}
		})
	}
}

// What the reference prints as its cost differs from the loss of the paper, which
// is ours: it adds the weights of an identity layer below the first, a constant;
// and up to version 2.0.0 it raised gamma to the third power, but not so in the
// gradient. We follow the paper and the gradient.
func TestGoldenCostThatTheReferencePrints(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			parameters := g.network().Parameters
			set := g.set()
			identity := g.Lambda * float64(set.nx) / (2 * float64(set.m))
			require.InDelta(t, g.Cost.Identity, identity, 1e-15)
			now := newObjective(g.network(), set, g.Lambda).evaluate(parameters, nil).Total() + identity
			requireNear(t, []float64{g.Cost.Reported}, []float64{now}, goldenTolerance, "2.0.1")
			for n, v := range set.gamma {
				set.gamma[n] = v * v * v
			}
			before := newObjective(g.network(), set, g.Lambda).evaluate(parameters, nil).Total() + identity
			requireNear(t, []float64{g.Cost.ReportedBefore}, []float64{before}, goldenTolerance, "2.0.0")
		})
	}
}

// A missing partial is the same as one with weight 0 and any value.
func TestGoldenMissingPartials(t *testing.T) {
	masked := 0
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			d, w := g.data()
			for n, gamma := range w.Gamma {
				if gamma == 0 && !math.IsNaN(d.Partials[n]) {
					d.Partials[n] = math.NaN()
					w.Gamma[n] = 7
					masked++
				}
			}
			o := newObjective(g.network(), newTrainingSet(d, w, g.scaling()), g.Lambda)
			grad := make([]float64, len(g.network().Parameters))
			c := o.evaluate(g.network().Parameters, grad)
			requireNear(t, []float64{g.Cost.Total}, []float64{c.Total()}, goldenTolerance, "total")
			requireNear(t, vector(g.Gradient.DW, g.Gradient.DB), grad, goldenTolerance, "gradient")
		})
	}
	require.Greater(t, masked, 20, "some cases have partials with weight 0")
}

func TestGoldenQuery(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			m := newJENN(Facts{}, alone(newFitted(g.network(), g.scaling(), nil)))
			nx, ny := m.Dims()
			var want, got, wantPartials, gotPartials []float64
			for i := range g.Query.X[0] {
				x := make([]float64, nx)
				for j := range nx {
					x[j] = g.Query.X[j][i]
				}
				for k := range ny {
					want = append(want, g.Query.Y[k][i])
					for j := range nx {
						wantPartials = append(wantPartials, g.Query.Partials[k][j][i])
					}
				}
				got = append(got, m.Predict(nil, x)...)
				gotPartials = append(gotPartials, m.PredictPartials(nil, x)...)
			}
			requireNear(t, want, got, goldenTolerance, "responses")
			requireNear(t, wantPartials, gotPartials, goldenTolerance, "partials")
		})
	}
}

func TestGoldenTraces(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			for name, trace := range map[string]goldenTrace{"adam": g.Traces.ADAM, "adam small": g.Traces.ADAMSmall, "descent": g.Traces.Descent} {
				o := newObjective(g.network(), g.set(), g.Lambda)
				x := g.network().Parameters
				grad := make([]float64, len(x))
				adam := newADAM(trace.Alpha, trace.Beta1, trace.Beta2, len(x))
				var costs []float64
				for range trace.Costs {
					o.evaluate(x, grad)
					if strings.HasPrefix(name, "adam") {
						adam.step(x, grad)
					} else {
						axpy(x, -trace.Alpha, grad)
					}
					costs = append(costs, o.evaluate(x, nil).Total()+g.Cost.Identity)
				}
				require.Contains(t, []int{10, 25}, len(costs), name)
				requireNear(t, trace.Costs, costs, goldenTolerance, name+" costs")
				requireNear(t, vector(trace.End.W, trace.End.B), x, goldenTolerance, name+" parameters")
			}
		})
	}
}
