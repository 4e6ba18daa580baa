package kriging

import (
	"math"
	"strings"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/diff/fd"
)

var beamBounds = [][2]float64{{1e3, 2e4}, {0.5, 3}, {0.01, 0.1}, {0.02, 0.3}}

// beam is a task to learn of samples of beams.
func beam(d sbo.Data) Task {
	t := Task{Data: d}
	for _, b := range beamBounds {
		t.Problem.Variables = append(t.Problem.Variables, sbo.Variable{Lower: b[0], Upper: b[1]})
	}
	return t
}

// beams are the deflection of a beam, 4 P L^3 / (E b h^3), less limit, the same of the
// other sign and more than a limit, and its width, which is no product. The inputs are
// P, L, b and h.
func beams(m int, seed uint64) sbo.Data {
	rng := sbo.Rand(seed, "beams")
	d := sbo.NewData(4, 3, m)
	powers := []float64{1, 3, -1, -3}
	for i := range m {
		x := d.Point(i)
		deflection := 4 / 70e9
		for j, bounds := range beamBounds {
			x[j] = bounds[0] + (bounds[1]-bounds[0])*rng.Float64()
			deflection *= math.Pow(x[j], powers[j])
		}
		d.Responses(i)[0], d.Responses(i)[1], d.Responses(i)[2] = deflection, 1-deflection/0.1, x[2]
		for j, p := range powers {
			d.Partials[d.Partial(i, 0, j)] = p * deflection / x[j]
			d.Partials[d.Partial(i, 1, j)] = -p * deflection / x[j] / 0.1
			d.Partials[d.Partial(i, 2, j)] = 0
		}
		d.Partials[d.Partial(i, 2, 2)] = 1
	}
	return d
}

// Products of powers are linear in logarithms, and found to be, limits included.
func TestProductsOfPowers(t *testing.T) {
	m, s := fit(t, beam(beams(5, 1)), Options{})
	all := []bool{true, true, true, true}
	require.Equal(t, all, s.Responses[0].LogInputs)
	require.True(t, s.Responses[0].LogResponse)
	require.Zero(t, s.Responses[0].Shift)
	require.Equal(t, all, s.Responses[1].LogInputs)
	require.Equal(t, 1.0, s.Responses[1].Shift)
	require.False(t, s.Responses[2].LogResponse)
	require.Nil(t, s.Responses[2].LogInputs)
	test := beams(200, 2)
	for i := range test.Len() {
		for k, y := range test.Responses(i)[:2] {
			y, p := y-s.Responses[k].Shift, m.Predict(nil, test.Point(i))[k]-s.Responses[k].Shift
			require.InDelta(t, 1, p/y, 1e-3)
			require.Equal(t, y > 0, p > 0)
		}
	}
}

// Without logarithms to take, or where numbers could not be transformed, there are none.
func TestNoTransformation(t *testing.T) {
	for name, c := range map[string]struct {
		change func(sbo.Data)
		inputs bool
	}{
		"a sign that changes":  {func(d sbo.Data) { d.Y[0], d.Y[3] = 3, -3 }, true},
		"a value missing":      {func(d sbo.Data) { d.Y[0] = math.NaN() }, true},
		"an input that is not": {func(d sbo.Data) { d.X[0], d.X[1], d.X[2], d.X[3] = 0, 0, -1, -1 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := beams(6, 1)
			c.change(d)
			task := Task{Data: d}
			for _, w := range task.warps(0) {
				require.True(t, w.output.side == 0 || !c.inputs)
				require.True(t, w.logs == nil || c.inputs)
			}
		})
	}
}

// warped returns a model that has learned logarithms.
func warped(t *testing.T) *Model {
	t.Helper()
	d := beams(7, 3)
	m := &Model{nx: d.NX, ny: 2, samples: d.Len()}
	logs := []bool{true, false, true, true}
	h := hyper{kernel: Matern52, length: []float64{0.8, 0.9, 0.6, 0.7}, noise: []float64{1e-8, 1e-6, 1e-6, 1e-6, 1e-6}, trend: 1.5}
	for k, w := range []warp{{logs: logs, output: output{side: 1, most: 100}}, {logs: logs, output: output{side: -1, shift: 1, most: 100}}} {
		s := Task{Data: d}.scaling(k, w)
		p, err := newProcess(newRows(d, Weights{}, k, s), h, 1.7, s)
		require.NoError(t, err)
		m.processes = append(m.processes, p)
	}
	return m
}

func TestPartialsOfTheTransformed(t *testing.T) {
	m := warped(t)
	test := beams(5, 4)
	for i := range test.Len() {
		x := test.Point(i)
		dydx := m.PredictPartials(nil, x)
		for k := range 2 {
			unit := make([]float64, m.nx) // steps relative to x, whose entries differ by orders of magnitude
			for j := range unit {
				unit[j] = 1
			}
			at := func(u []float64) []float64 {
				v := make([]float64, m.nx)
				for j := range v {
					v[j] = u[j] * x[j]
				}
				return v
			}
			want := fd.Gradient(nil, func(u []float64) float64 { return m.Predict(nil, at(u))[k] }, unit, &fd.Settings{Formula: fd.Central})
			h := m.Hessian(nil, x, k)
			for j, w := range want {
				require.InDelta(t, w, dydx[k*m.nx+j]*x[j], 1e-6*(1+math.Abs(w)))
				row := fd.Gradient(nil, func(u []float64) float64 { return m.PredictPartials(nil, at(u))[k*m.nx+j] * x[j] }, unit, &fd.Settings{Formula: fd.Central})
				for l, w := range row {
					require.InDelta(t, w, h[j*m.nx+l]*x[j]*x[l], 1e-5*(1+math.Abs(w)))
				}
			}
		}
	}
}

// The evidence is that of the response itself: for a logarithm that was learned it is
// that of a model of the logarithm, given as data, less the logarithms of how much the
// transformation stretches each number.
func TestEvidenceOfTheTransformed(t *testing.T) {
	plain := bumps(8)
	curved := bumps(8)
	stretch := 0.0
	for i, y := range plain.Y {
		curved.Y[i] = math.Exp(2*y) - 1
		stretch += 4 * math.Log(2*math.Exp(2*y)) // of the value and three partials
		for j := range curved.NX {
			curved.Partials[i*curved.NX+j] *= 2 * math.Exp(2*y)
		}
	}
	h := someHyper(SquaredExponential)
	evidence := func(d sbo.Data, w warp) (*process, float64) {
		s := Task{Data: d}.scaling(0, w)
		r := newRows(d, Weights{}, 0, s)
		p, err := newProcess(r, h, 1.7, s)
		require.NoError(t, err)
		return p, p.logEvidence + perDeviation(d, 0, s, r)
	}
	p, of := evidence(plain, warp{})
	q, got := evidence(curved, warp{output: output{side: 1, shift: -1, most: 10}})
	// Both are told per deviation of their responses.
	require.InDelta(t, of-32*math.Log(p.scaling.std)-stretch, got-32*math.Log(q.scaling.plain), 1e-8)
}

// Far beyond the samples a logarithm is a straight line, without a kink, and there and
// back is where it began.
func TestLogarithmsEnd(t *testing.T) {
	for _, o := range []output{{side: 1, most: 2}, {side: -1, shift: 3, most: -1}} {
		for _, beyond := range []float64{1e-3, 0.3, math.Exp(o.most), 20, 1e300} {
			y := o.shift + o.side*beyond
			z, slope := o.of(y)
			again, back, curve := o.back(z)
			require.InEpsilon(t, y, again, 1e-9)
			require.InEpsilon(t, 1, slope*back, 1e-9)
			require.False(t, math.IsInf(curve, 0))
		}
		at := o.side * o.most
		_, before, _ := o.back(at - 1e-9)
		_, after, _ := o.back(at + 1e-9)
		require.InEpsilon(t, before, after, 1e-6)
	}
}

// The intervals of a logarithm stay on its side, and hold what they should.
func TestIntervalsOfTheTransformed(t *testing.T) {
	m := warped(t)
	lower, upper := m.PredictInterval(nil, nil, []float64{2e4, 3, 0.01, 0.02}, 0.9999)
	y := m.Predict(nil, []float64{2e4, 3, 0.01, 0.02})
	require.Positive(t, lower[0])
	require.Less(t, upper[1], 1.0)
	require.InDelta(t, 1, y[0]/math.Sqrt(lower[0]*upper[0]), 1e-9) // the middle of the logarithms
	predicted, std := m.LeaveOneOut()
	for i := range predicted.Len() {
		require.Positive(t, predicted.Responses(i)[0])
		require.InDelta(t, 1, beams(7, 3).Point(i)[0]/predicted.Point(i)[0], 1e-12)
		require.Positive(t, std.Partials[predicted.Partial(i, 0, 0)])
	}
}

func TestTransformedModelsAreKept(t *testing.T) {
	d := beams(6, 1)
	m, _ := fit(t, beam(d), Options{})
	again, err := Load(strings.NewReader(saved(t, m)))
	require.NoError(t, err)
	x := beams(1, 9).Point(0)
	require.Equal(t, m.Predict(nil, x), again.Predict(nil, x))
	require.Equal(t, m.Hessian(nil, x, 1), again.Hessian(nil, x, 1))

	more := d.Append(beams(1, 5))
	other, err := again.Condition(more, Weights{})
	require.NoError(t, err)
	require.Greater(t, other.LogEvidence(0), m.LogEvidence(0))
	missing := d.Append(beams(1, 5))
	missing.Responses(6)[1] = math.NaN()
	_, err = again.Condition(missing, Weights{})
	require.ErrorContains(t, err, "sample 7 has response 2 = NaN", "its partials cannot be transformed")
	for j := range missing.NX {
		missing.Partials[missing.Partial(6, 1, j)] = math.NaN()
	}
	_, err = again.Condition(missing, Weights{})
	require.NoError(t, err, "what is missing altogether need not be transformed")
	more.Responses(6)[1] = 1.5
	_, err = again.Condition(more, Weights{})
	require.EqualError(t, err, "kriging: sample 7 has response 2 = 1.5, and the model has learned the logarithm of its distance from 1")
	more.Responses(6)[1], more.Point(6)[0] = 0.5, -1
	_, err = again.Condition(more, Weights{})
	require.ErrorContains(t, err, "sample 7 has input 1 = -1, and the model has learned its logarithm")
	task := beam(more)
	task.Start = m
	warm, s := fit(t, task, Options{}) // what cannot be transformed any more is not
	require.False(t, math.IsNaN(warm.Predict(nil, x)[1]))
	require.Equal(t, []bool{false, true, true, true}, s.Responses[0].LogInputs)
}
