package surrogate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/diff/fd"
)

// difference returns the central difference of f by every entry of x, improved
// by Richardson's extrapolation: an error of O(h^4).
func difference(f func(x []float64) float64, x []float64) []float64 {
	d := make([]float64, len(x))
	x = slices.Clone(x)
	for i, at := range x {
		central := func(h float64) float64 {
			x[i] = at + h
			up := f(x)
			x[i] = at - h
			down := f(x)
			x[i] = at
			return (up - down) / (2 * h)
		}
		const h = 1e-3
		d[i] = (4*central(h/2) - central(h)) / 3
	}
	return d
}

// randomNetwork has biases that are not zero, unlike a fresh one.
func randomNetwork(rng *rand.Rand, hidden Activation, sizes ...int) Network {
	n := NewNetwork(sizes, hidden)
	n.Initialize(rng)
	for l := 1; l <= n.layers(); l++ {
		_, b := n.layer(n.Parameters, l)
		for i := range b {
			b[i] = 0.3 * rng.NormFloat64()
		}
	}
	return n
}

// unevenSet has uneven weights, and misses some responses and partials.
func unevenSet(rng *rand.Rand, nx, ny, m int) trainingSet {
	d := sbo.NewData(nx, ny, m)
	w := Weights{Beta: make([]float64, len(d.Y)), Gamma: make([]float64, len(d.Partials))}
	draw := func(dst []float64) {
		for i := range dst {
			dst[i] = rng.NormFloat64()
		}
	}
	draw(d.X)
	draw(d.Y)
	draw(d.Partials)
	for i := range w.Beta {
		w.Beta[i] = 3 * rng.Float64()
	}
	for i := range w.Gamma {
		w.Gamma[i] = 3 * rng.Float64()
	}
	for i := range m {
		if i%5 == 3 {
			d.Responses(i)[i%ny] = math.NaN()
		}
		d.Partials[d.Partial(i, i%ny, i%nx)] = math.NaN()
	}
	return newTrainingSet(d, w, newScaling(d))
}

func TestActivationDerivatives(t *testing.T) {
	z := []float64{-40, -3.1, -0.7, -1e-3, 2e-3, 0.6, 2.9, 35}
	for _, a := range Activations() {
		t.Run(string(a), func(t *testing.T) {
			g, d1, d2 := make([]float64, len(z)), make([]float64, len(z)), make([]float64, len(z))
			a.apply(g, d1, d2, z)
			for i, v := range z {
				value := func(v float64) float64 { g, _, _ := a.at(v); return g }
				slope := func(v float64) float64 { _, d1, _ := a.at(v); return d1 }
				central := &fd.Settings{Formula: fd.Central, Step: 1e-5 * min(1, math.Abs(v)+1e-2)}
				require.InDelta(t, fd.Derivative(value, v, central), d1[i], 1e-9*(1+math.Abs(v)), "g' at %v", v)
				require.InDelta(t, fd.Derivative(slope, v, central), d2[i], 1e-9*(1+math.Abs(v)), "g'' at %v", v)
				require.InDelta(t, value(v), g[i], 1e-15*(1+math.Abs(v)))
			}
			only := slices.Clone(z)
			a.apply(only, nil, nil, only)
			require.Equal(t, g, only, "in place, without derivatives: the same values")
		})
	}
}

// Known values: DLMF for the functions behind them, and each function's limits.
func TestActivationValues(t *testing.T) {
	for _, c := range []struct {
		a       Activation
		z, want float64
	}{
		{Tanh, 1, 0.7615941559557649},
		{Sigmoid, 1, 0.7310585786300049},
		{Swish, 1, 0.7310585786300049},
		{GELU, 1, 0.8413447460685429}, // the normal distribution at 1
		{Softplus, 1, 1.3132616875182228},
		{Softplus, 0, math.Ln2},
		{Softplus, 800, 800},
		{Softplus, -800, 0},
		{Sigmoid, -800, 0},
		{Sigmoid, 800, 1},
		{Swish, -800, 0},
		{GELU, -800, 0},
		{ReLU, -2, 0},
		{ReLU, 2, 2},
		{Linear, -2, -2},
	} {
		g, d1, d2 := c.a.at(c.z)
		require.InDelta(t, c.want, g, 1e-14, "%s at %v", c.a, c.z)
		require.False(t, math.IsNaN(d1+d2) || math.IsInf(d1+d2, 0), "%s at %v has slope %v and curvature %v", c.a, c.z, d1, d2)
	}
}

// The gradient of the loss against differences of the loss: every activation,
// both modes, more and fewer inputs than outputs, uneven weights, and blocks that
// are full, left over and both.
func TestGradientOfTheLoss(t *testing.T) {
	shapes := [][]int{{1, 3, 1}, {3, 4, 2}, {2, 3, 3, 4}, {2, 4, 3, 2, 1}, {2, 2}}
	for _, a := range Activations() {
		for s, sizes := range shapes {
			for _, m := range []int{1, 7, 128, 128 + 5} {
				t.Run(fmt.Sprintf("%s/%v/%d", a, sizes, m), func(t *testing.T) {
					rng := sbo.Rand(uint64(s), t.Name())
					net := randomNetwork(rng, a, sizes...)
					set := unevenSet(rng, net.nx(), net.ny(), m)
					grads := map[bool][]float64{}
					for _, forward := range []bool{false, true} {
						o := newObjectiveMode(net, set, 0.3, forward)
						grads[forward] = make([]float64, len(net.Parameters))
						c := o.evaluate(net.Parameters, grads[forward])
						require.Positive(t, c.Partials+c.Values)
					}
					requireNear(t, grads[false], grads[true], 1e-13, "reverse and forward mode")
					if a == ReLU { // a step may cross a kink
						return
					}
					o := newObjective(net, set, 0.3)
					want := difference(func(x []float64) float64 { return o.evaluate(x, nil).Total() }, net.Parameters)
					requireNear(t, want, grads[false], 1e-8, "gradient")
				})
			}
		}
	}
}

// Splitting samples into blocks does not change the loss beyond rounding.
func TestBlocksAddUp(t *testing.T) {
	rng := sbo.Rand(1, t.Name())
	net := randomNetwork(rng, Swish, 3, 5, 2)
	all := unevenSet(rng, 3, 2, 2*blockColumns+9)
	whole := make([]float64, len(net.Parameters))
	cost := newObjective(net, all, 0).evaluate(net.Parameters, whole)
	parts, values, partials := make([]float64, len(whole)), 0.0, 0.0
	for i := range all.m {
		grad := make([]float64, len(whole))
		c := newObjective(net, all.batch([]int{i}), 0).evaluate(net.Parameters, grad)
		axpy(parts, 1/float64(all.m), grad)
		values += c.Values / float64(all.m)
		partials += c.Partials / float64(all.m)
	}
	requireNear(t, parts, whole, 1e-12, "gradient")
	require.InEpsilon(t, values, cost.Values, 1e-12)
	require.InEpsilon(t, partials, cost.Partials, 1e-12)
}

// The residuals squared are the loss, their Jacobian J gives its gradient J'r,
// and J agrees with differences.
func TestResidualsAgreeWithTheLoss(t *testing.T) {
	for _, a := range Activations() {
		for _, sizes := range [][]int{{1, 3, 1}, {3, 4, 2}, {2, 3, 3, 4}, {2, 2}} {
			t.Run(fmt.Sprintf("%s/%v", a, sizes), func(t *testing.T) {
				rng := sbo.Rand(3, t.Name())
				net := randomNetwork(rng, a, sizes...)
				set := unevenSet(rng, net.nx(), net.ny(), 9)
				model := newResidualModel(net, set)
				require.Equal(t, set.residuals(), model.n)
				r, p := make([]float64, model.n), len(net.Parameters)
				jacobian := blas64.General{Rows: model.n, Cols: p, Stride: p, Data: make([]float64, model.n*p)}
				model.at(net.Parameters, r, &jacobian)

				grad := make([]float64, p)
				cost := newObjective(net, set, 0).evaluate(net.Parameters, grad)
				requireNear(t, []float64{cost.Total()}, []float64{dot(r, r) / float64(2*set.m)}, 1e-13, "loss")
				requireNear(t, []float64{cost.Values, cost.Partials}, []float64{model.cost(r).Values, model.cost(r).Partials}, 1e-13, "its parts")
				product := make([]float64, p)
				for n, e := range r {
					axpy(product, e/float64(set.m), row(jacobian, n))
				}
				requireNear(t, grad, product, 1e-12, "gradient")

				alone := make([]float64, model.n)
				model.at(net.Parameters, alone, nil)
				requireNear(t, r, alone, 1e-13, "residuals without their Jacobian")
				if a == ReLU {
					return
				}
				for _, n := range []int{0, model.n / 2, model.n - 1} {
					want := difference(func(x []float64) float64 { model.at(x, alone, nil); return alone[n] }, net.Parameters)
					requireNear(t, want, row(jacobian, n), 1e-8, fmt.Sprintf("row %d", n))
				}
			})
		}
	}
}

// A model's partials against differences of its responses, its Hessian against
// differences of its partials, in units of a problem.
func TestDerivativesOfTheModel(t *testing.T) {
	for _, a := range Activations() {
		if a == ReLU {
			continue // kinks; its derivatives are exact between them, see TestReLUHasNoCurvature
		}
		for _, sizes := range [][]int{{1, 3, 1}, {3, 4, 2}, {2, 3, 3, 4}, {2, 2}} {
			rng := sbo.Rand(4, string(a))
			m := randomModel(rng, a, sizes...)
			nx, ny := m.Dims()
			x := []float64{0.3, -0.2, 0.9}[:nx]
			dydx := m.PredictPartials(nil, x)
			for k := range ny {
				want := difference(func(x []float64) float64 { return m.Predict(nil, x)[k] }, x)
				requireNear(t, want, dydx[k*nx:(k+1)*nx], 1e-8, "partials")
				h := m.Hessian(nil, x, k)
				for j := range nx {
					want := difference(func(x []float64) float64 { return m.PredictPartials(nil, x)[k*nx+j] }, x)
					for i := range nx {
						require.InDelta(t, want[i], h[j*nx+i], 1e-7*(1+math.Abs(want[i])), "%s %v: second derivative %d %d", a, sizes, j, i)
						require.Equal(t, h[i*nx+j], h[j*nx+i], "symmetry")
					}
				}
			}
		}
	}
}

func TestReLUHasNoCurvature(t *testing.T) {
	m := randomModel(sbo.Rand(5, "relu"), ReLU, 2, 6, 1)
	require.Equal(t, make([]float64, 4), m.Hessian(nil, []float64{0.1, 0.7}, 0))
}

// randomModel has a scaling that is not trivial.
func randomModel(rng *rand.Rand, a Activation, sizes ...int) *JENN {
	net := randomNetwork(rng, a, sizes...)
	s := Scaling{}
	for range net.nx() {
		s.MeanX, s.StdX = append(s.MeanX, rng.NormFloat64()), append(s.StdX, 0.5+rng.Float64())
	}
	for range net.ny() {
		s.MeanY, s.StdY = append(s.MeanY, 10*rng.NormFloat64()), append(s.StdY, 0.5+3*rng.Float64())
	}
	return newJENN(Facts{}, alone(newFitted(net, s, nil)))
}
