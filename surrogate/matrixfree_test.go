package surrogate

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/mat"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/internal/kernel"
)

// matrixFreePair returns a training without matrices and one with them in the same
// state, linearized.
func matrixFreePair(t *testing.T, trust []float64, samples int, sizes ...int) (*matrixFree, *levenberg) {
	t.Helper()
	rng := sbo.Rand(1, "pair")
	net := randomNetwork(rng, Tanh, sizes...)
	start := newEvidence(net, nil)
	for g := range start.Precisions {
		start.Precisions[g] = math.Exp(rng.NormFloat64())
	}
	start.Noise, start.Trust = 30, trust
	r := &runs{ctx: t.Context(), train: unevenSet(rng, net.nx(), net.ny(), samples), o: Options{Trainer: GaussNewtonCG}}
	m, lm := newMatrixFree(newTraining(r, 0, net), start), newLevenberg(newTraining(r, 0, net), start)
	m.value = m.evaluate(m.x, m.gradient)
	m.estimateDiagonal()
	m.linearize()
	lm.linearize()
	return m, lm
}

// Conjugate gradients find the step that Levenberg and Marquardt's factorization does.
func TestConjugateGradientsSolve(t *testing.T) {
	m, lm := matrixFreePair(t, []float64{0.5, 0.2, 1, 0.7}, 150, 2, 6, 5, 2)
	require.InEpsilon(t, lm.objective(lm.r, lm.x), 2*m.value, 1e-12)
	kernel.Gemv(blas.Trans, 1, lm.jacobian, lm.r, 0, lm.gradient)
	for i, w := range lm.x {
		lm.gradient[i] += lm.evidence.prior(i) * w
	}
	requireNear(t, lm.gradient, m.gradient, 1e-10, "gradient")
	for i := range m.diagonal { // of all samples, as there are few
		require.InEpsilon(t, lm.normal.Data[i*lm.normal.Stride+i], m.diagonal[i], 0.5)
	}
	damping := 1e-3 * lm.scale()
	u, ok := lm.factorize(damping)
	require.True(t, ok)
	want := slices.Clone(m.gradient)
	kernel.Solve(u, want)
	got := make([]float64, len(want))
	m.solver.solve(got, m.gradient, m.hessianDiagonal(), m.product(damping), 1000, func(int) bool { return m.solver.reduction() < 1e-24 })
	requireNear(t, want, got, 1e-8, "solution")
}

// The log determinant by quadrature is exact for a matrix with few eigenvalues, and
// right in the mean otherwise.
func TestLogarithmByQuadrature(t *testing.T) {
	const n = 6
	a := mat.NewSymDense(n, nil)
	rng := sbo.Rand(1, "matrix")
	for range 2 * n {
		v := make([]float64, n)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		a.SymRankOne(a, 1, mat.NewVecDense(n, v))
	}
	var eigen mat.EigenSym
	require.True(t, eigen.Factorize(a, true))
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	one := slices.Repeat([]float64{1}, n)
	c := newConjugate(n)
	z, x := make([]float64, n), make([]float64, n)
	for i := range z {
		z[i] = float64(2*(i%2) - 1)
	}
	product := func(dst, v []float64) {
		mat.NewVecDense(n, dst).MulVec(a, mat.NewVecDense(n, v))
	}
	c.solve(x, z, one, product, n, func(int) bool { return false })
	want := 0.0
	for i, value := range eigen.Values(nil) {
		along := mat.Dot(vectors.ColView(i), mat.NewVecDense(n, z))
		want += along * along * math.Log(value)
	}
	require.InEpsilon(t, want, c.logarithm(), 1e-9)
}

// Many random vectors agree with the dense evidence: its value, and what it makes of the
// hyperparameters.
func TestTracesAgreeWithTheFactorization(t *testing.T) {
	for name, trust := range map[string][]float64{"one noise": nil, "a noise for each column": {0.5, 0.2}} {
		t.Run(name, func(t *testing.T) {
			m, lm := matrixFreePair(t, trust, 100, 2, 7, 1)
			s, logEvidence := m.estimate(1000, 100)

			u, ok := lm.factorize(leastDamping * lm.scale())
			require.True(t, ok)
			require.True(t, kernel.Invert(u))
			dense := lm.spread(u)
			groups, want := make([]float64, len(m.evidence.size)), make([]float64, len(m.evidence.size))
			for i, g := range m.evidence.group {
				groups[g] += s.diagonal[i]
				for _, v := range u.Data[i*u.Stride+i : i*u.Stride+u.N] {
					want[g] += v * v
				}
			}
			for g := range groups {
				require.InEpsilon(t, want[g], groups[g], 0.1, "trace of group %d", g)
			}
			require.Equal(t, dense.count, s.count)
			requireNear(t, dense.square, s.square, 1e-10, "squares")
			if trust != nil {
				for c := range dense.well {
					require.InEpsilon(t, dense.well[c], s.well[c], 0.1, "column %d", c)
				}
			}
			_, exact := lm.reestimate()
			require.InEpsilon(t, exact, logEvidence, 0.005)
		})
	}
}

// The survey learns what the ladder does and says how sure it is.
func TestSurvey(t *testing.T) {
	d, test := rosenbrockData(sbo.Rand(1, "data"), 100), rosenbrockData(sbo.Rand(2, "test"), 200)
	for _, trainer := range []Trainer{GaussNewtonCG, LBFGS} {
		m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Trainer: trainer, FitTime: time.Second / 5, Ensemble: 2})
		require.NoError(t, err)
		a := Assess(m, test)
		require.Less(t, a.Values[0].NRMSE, 1e-2, "%s: %+v", trainer, s)
		require.Equal(t, trainer, s.Trainer)
		inside := 0
		for i := range test.Len() {
			lower, upper := m.PredictInterval(nil, nil, test.Point(i), 0.9)
			if y := test.Responses(i)[0]; lower[0] <= y && y <= upper[0] {
				inside++
			}
		}
		t.Log(s.Hidden, a.Values[0].NRMSE, inside)
		require.Greater(t, inside, 140)
	}
}

// The survey is preferred to a ladder that can't predict, not to one that can.
func TestSecondOpinion(t *testing.T) {
	rng := sbo.Rand(1, "opinion")
	d := rosenbrockData(rng, 60)
	set := newTrainingSet(d, Weights{}, newScaling(d))
	second := Options{Trainer: LBFGS, FitTime: time.Second / 20}.withDefaults(set)
	learned := newLevenberg(newTraining(&runs{ctx: t.Context(), train: set}, 0, randomNetwork(rng, Softplus, 2, 12, 1)), nil)
	learned.run(200)
	constant := newLevenberg(newTraining(learned.t.runs, 0, randomNetwork(rng, Linear, 2, 1, 1)), nil)
	constant.run(10)
	for name, c := range map[string]struct {
		ladder *levenberg
		want   Trainer
	}{"learned": {learned, LM}, "not learned": {constant, LBFGS}} {
		r := &runs{ctx: t.Context(), train: set, o: Options{Trainer: LM, Ensemble: 1}, second: second}
		outcome := []trained{c.ladder.t.best}
		got := r.secondOpinion(outcome, []start{{network: c.ladder.t.network}}, sbo.Rand(2, "split"))
		require.Equal(t, c.want, r.o.Trainer, name)
		require.Equal(t, c.want == LM, &got[0] == &outcome[0], name)
	}
}

// A survey is asked only where the trainer is left open and there are samples enough to
// hold some out.
func TestSecondOpinionIsForManySamples(t *testing.T) {
	set := func(m int) trainingSet { return unevenSet(sbo.Rand(1, "set"), 10, 1, m) }
	require.Empty(t, Options{}.second(set(80)).Trainer)
	require.Equal(t, LBFGS, Options{}.second(set(150)).Trainer)
	require.Empty(t, Options{Robust: true}.second(set(150)).Trainer)
	require.Empty(t, Options{Lambda: new(1e-3)}.second(set(150)).Trainer)
}
