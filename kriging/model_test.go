package kriging

import (
	"context"
	"math"
	"sync"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

// fitted returns the model of data at given hyperparameters.
func fitted(t *testing.T, d sbo.Data, h hyper) *Model {
	t.Helper()
	m := &Model{nx: d.NX, ny: d.NY, samples: d.Len()}
	for k := range d.NY {
		s := Task{Data: d}.scaling(k, warp{})
		p, err := newProcess(newRows(d, Weights{}, k, s), h, 1.7, s)
		require.NoError(t, err)
		m.processes = append(m.processes, p)
	}
	return m
}

const someTheta = 0.4

func someHyper(kernel Kernel) hyper {
	return hyper{
		kernel: kernel, length: []float64{0.4, 0.9, 0.6}, noise: []float64{1e-3, 1e-2, 2e-2, 1e-3}, trend: 1.5,
		additive: newAnova(someTheta, 3),
	}
}

// The correlation of two points and, by complex steps and differences of it, those with
// partials: independent of the formulas of the package.
func correlation(kernel Kernel, length []float64, a, b []complex128) complex128 {
	t, product := complex128(0), complex128(1)
	const full = (1 + someTheta) * (1 + someTheta) * (1 + someTheta)
	for j, l := range length {
		h := (a[j] - b[j]) / complex(l, 0)
		t += h * h
		product *= 1 + someTheta*exp(-h*h/2*(full-1)/(someTheta*full/(1+someTheta)))
	}
	if kernel == Additive {
		return (product - 1) / (full - 1)
	}
	if kernel == Matern52 {
		s := sqrt(3 * t)
		return (1 + s + s*s/3) * exp(-s)
	}
	return exp(-t / 2)
}

func sqrt(z complex128) complex128 {
	r := math.Sqrt(real(z))
	if !(r > 0) {
		return 0
	}
	return complex(r, imag(z)/(2*r)) // to first order in the imaginary part
}

func exp(z complex128) complex128 {
	return complex(math.Exp(real(z)), math.Exp(real(z))*imag(z))
}

// dense returns the covariance of two numbers: column -1 is a value, else a partial.
func dense(h hyper, x []float64, a int, y []float64, b int) float64 {
	const tiny, step = 1e-40, 1e-5
	at := func(shift float64) float64 {
		u, v := make([]complex128, len(x)), make([]complex128, len(x))
		for j := range x {
			u[j], v[j] = complex(x[j], 0), complex(y[j], 0)
		}
		if b >= 0 {
			v[b] += complex(shift, 0)
		}
		if a < 0 {
			return real(correlation(h.kernel, h.length, u, v)) + h.trend
		}
		u[a] += complex(0, tiny)
		return imag(correlation(h.kernel, h.length, u, v)) / tiny
	}
	if b < 0 {
		return at(0)
	}
	// A difference of fourth order, of numbers that are exact.
	return (8*(at(step*10)-at(-step*10)) - at(step*20) + at(-step*20)) / (12 * step * 10)
}

func TestPredictionAgreesWithDenseFormula(t *testing.T) {
	values := bumps(6)
	values.Partials = nil
	for _, kernel := range Kernels() {
		for name, d := range map[string]sbo.Data{"values": values, "partials": bumps(6), "missing": holes(bumps(7))} {
			t.Run(string(kernel)+" "+name, func(t *testing.T) {
				h := someHyper(kernel)
				m := fitted(t, d, h)
				p := m.processes[0]
				p.calibration = calibration{1, 1}
				r := p.c.r
				n := r.len()
				point := func(q int) []float64 {
					for i := range r.n {
						if q < r.first[i+1] {
							return r.z[i*r.nx : (i+1)*r.nx]
						}
					}
					return nil
				}
				k := mat.NewDense(n, n, nil)
				for q := range n {
					for s := range n {
						// Of a partial with itself the difference is not exact where r = 0.
						if v := dense(h, point(q), r.column[q], point(s), r.column[s]); q != s {
							k.Set(q, s, v)
						}
					}
					own, noise := 1+h.trend, h.noise[0]
					if j := r.column[q]; j >= 0 {
						own = 1 / (h.length[j] * h.length[j])
						noise = h.noise[1+j] * own
					}
					k.Set(q, q, own+noise)
				}
				x := []float64{0.31, 0.62, 0.45}
				z := make([]float64, 3)
				for j := range z {
					z[j] = (x[j] - p.scaling.lower[j]) / p.scaling.width[j]
				}
				for column := -1; column < 3; column++ {
					cross := mat.NewVecDense(n, nil)
					for q := range n {
						cross.SetVec(q, dense(h, z, column, point(q), r.column[q]))
					}
					var weights mat.VecDense
					require.NoError(t, weights.SolveVec(k, cross))
					mean, variance := mat.Dot(&weights, mat.NewVecDense(n, r.y)), -mat.Dot(&weights, cross)
					got, std, unit := 0.0, 0.0, p.scaling.std
					if column < 0 {
						variance += 1 + h.trend + h.noise[0]
						got, std = (m.Predict(nil, x)[0]-p.scaling.mean)/unit, m.PredictStd(nil, x)[0]/unit
					} else {
						unit /= p.scaling.width[column]
						variance += (1 + h.noise[1+column]) / (h.length[column] * h.length[column])
						got, std = m.PredictPartials(nil, x)[column]/unit, m.PredictPartialsStd(nil, x)[column]/unit
					}
					require.InDelta(t, mean, got, 1e-6)
					require.InDelta(t, math.Sqrt(p.variance*variance), std, 1e-6)
				}
			})
		}
	}
}

func TestPartialsAreThoseOfThePrediction(t *testing.T) {
	d := holes(bumps(12))
	for i := range d.X { // units that differ
		d.X[i] = 3 + d.X[i]*[]float64{1, 200, 0.01}[i%3]
	}
	for i := range d.Partials {
		d.Partials[i] /= []float64{1, 200, 0.01}[i%3]
	}
	for _, kernel := range Kernels() {
		m := fitted(t, d, someHyper(kernel))
		for _, u := range [][]float64{{0.2, 0.7, 0.4}, {0.9, 0.1, 1.3}} {
			x := []float64{3 + u[0], 3 + 200*u[1], 3 + 0.01*u[2]}
			y, got := make([]float64, 1), make([]float64, 3)
			require.NoError(t, m.Evaluate(context.Background(), y, got, x))
			require.Equal(t, m.Predict(nil, x), y)
			require.Equal(t, m.PredictPartials(nil, x), got)
			for j, width := range []float64{1, 200, 0.01} {
				want := fd.Derivative(func(v float64) float64 {
					at := append([]float64(nil), x...)
					at[j] = v
					return m.Predict(nil, at)[0]
				}, x[j], &fd.Settings{Formula: fd.Central, Step: 1e-5 * width})
				require.InEpsilon(t, want, got[j], 1e-6)
			}
		}
	}
}

// Without noise, the samples are met.
func TestInterpolation(t *testing.T) {
	d := holes(bumps(12))
	m, _, err := Fit(context.Background(), Task{Data: d}, sbo.Rand(1, "fit"), Options{})
	require.NoError(t, err)
	for i := range d.Len() {
		require.InDelta(t, d.Y[i], m.Predict(nil, d.Point(i))[0], 1e-4)
		got := m.PredictPartials(nil, d.Point(i))
		for j, known := range d.PartialsOf(i) {
			if !math.IsNaN(known) {
				require.InDelta(t, known, got[j], 1e-2)
			}
		}
		require.Less(t, m.PredictStd(nil, d.Point(i))[0], 1e-3)
	}
}

func TestPredictionsAreForSeveralGoroutines(t *testing.T) {
	m := fitted(t, bumps(6), someHyper(SquaredExponential))
	m.processes[0].factor.once = sync.Once{}
	x := []float64{0.3, 0.4, 0.5}
	var wait sync.WaitGroup
	stds := make([]float64, 8)
	for i := range stds {
		wait.Go(func() {
			m.Predict(nil, x)
			stds[i] = m.PredictStd(nil, x)[0]
		})
	}
	wait.Wait()
	for _, s := range stds {
		require.Equal(t, stds[0], s)
	}
}

func TestPredictionDoesNotAllocate(t *testing.T) {
	m := fitted(t, bumps(6), someHyper(SquaredExponential))
	x, y, g := []float64{0.3, 0.4, 0.5}, make([]float64, 1), make([]float64, 3)
	ctx := context.Background()
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = m.Evaluate(ctx, y, g, x) }))
	require.ErrorIs(t, m.Evaluate(canceled(ctx), y, g, x), context.Canceled)
}

func canceled(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

func TestWrongLengthsPanic(t *testing.T) {
	m := fitted(t, bumps(4), someHyper(SquaredExponential))
	x := make([]float64, 3)
	require.PanicsWithValue(t, "kriging: point of length 2 for 3 variables", func() { m.Predict(nil, x[:2]) })
	require.PanicsWithValue(t, "kriging: destination of length 2, want 3", func() { m.PredictPartials(x[:2], x) })
	require.PanicsWithValue(t, "kriging: an interval of probability 1", func() { m.PredictInterval(nil, nil, x, 1) })
}

func TestTrustAndExtrapolation(t *testing.T) {
	d := bumps(12)
	m, _ := fit(t, Task{Data: d}, Options{})
	at, far := m.Trust(d.Point(4)), m.Trust([]float64{9, 9, 9})
	require.Equal(t, 4, at.Nearest)
	require.InDelta(t, 0, at.Distance, 1e-9)
	require.Greater(t, at.Score[0], 0.99)
	require.Greater(t, far.Distance, 5.0)
	require.Zero(t, far.Score[0])
	require.Empty(t, m.Extrapolates(d.Point(4)))
	out := m.Extrapolates([]float64{0.5, 3, 0.5})
	require.Len(t, out, 1)
	require.Equal(t, 1, out[0].Input)
	require.InDelta(t, (3-m.Facts.Upper[1])/(m.Facts.Upper[1]-m.Facts.Lower[1]), out[0].Overshoot, 1e-12)
	m.Facts.Lower = nil
	require.Empty(t, m.Extrapolates([]float64{0.5, 3, 0.5}))
}

// Where samples coincide within rounding, the diagonal grows until the matrix is definite.
func TestJitter(t *testing.T) {
	d := bumps(3)
	for range 4 {
		d = d.Append(d)
	}
	h := someHyper(SquaredExponential)
	h.length = []float64{300, 300, 300}
	clear(h.noise)
	c := newCovariance(newRows(d, Weights{}, 0, Task{Data: d}.scaling(0, warp{})), h)
	f, ok := c.factorize(make([]float64, c.r.len()*c.r.len()))
	require.True(t, ok)
	require.Positive(t, f.jitter)
	require.LessOrEqual(t, f.jitter, 1e-10)
	h.trend = math.NaN()
	_, ok = newCovariance(c.r, h).factorize(make([]float64, c.r.len()*c.r.len()))
	require.False(t, ok)
	_, err := newProcess(c.r, h, 1, unit(3))
	require.ErrorIs(t, err, errSingular)
}
