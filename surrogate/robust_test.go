package surrogate

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/sbo-go/sbo"
)

func waves(dydx, x []float64) float64 {
	dydx[0], dydx[1] = 2*math.Cos(2*x[0])+x[1], x[0]-0.6*x[1]
	return math.Sin(2*x[0]) + x[0]*x[1] - 0.3*x[1]*x[1]
}

// wrong is a number that a test has spoiled.
type wrong struct {
	sample, variable int // -1: the value
	by               float64
}

func spoiled(d sbo.Data, all []wrong) sbo.Data {
	for _, w := range all {
		if w.variable < 0 {
			d.Y[w.sample] += w.by
		} else {
			d.PartialsOf(w.sample)[w.variable] += w.by
		}
	}
	return d
}

// With 5 to 10 percent of gross outliers, a robust fit is as good as one without
// them, and names every one.
func TestRobustLetsGoOfOutliers(t *testing.T) {
	values := []wrong{{3, -1, 40}, {17, -1, -8}, {28, -1, 6}}
	partials := []wrong{{1, 0, 30}, {9, 0, -12}, {20, 0, 9}, {4, 1, -25}, {9, 1, 15}, {33, 1, 10}}
	for name, c := range map[string]struct {
		wrong    []wrong
		partials bool
		limit    float64
	}{
		"values":              {values, true, 1e-3},
		"values alone":        {values, false, 0.05},
		"partials":            {partials, true, 1e-3},
		"values and partials": {slices.Concat(values, partials), true, 1e-3},
	} {
		t.Run(name, func(t *testing.T) {
			d := spoiled(sampled(sbo.Rand(1, "data"), 2, 40, waves), c.wrong)
			if !c.partials {
				d = withoutPartials(d)
			}
			std := math.NaN()
			fit := func(robust bool) (float64, Summary) {
				o := Options{Robust: robust, Activation: Tanh, Restarts: 2, Iterations: 150}
				m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), o)
				require.NoError(t, err)
				std = m.PredictStd(nil, []float64{0.5, -0.5})[0]
				return Assess(m, sampled(sbo.Rand(2, "test"), 2, 200, waves)).Values[0].NRMSE, s
			}
			plain, s := fit(false)
			require.Empty(t, s.Outliers)
			robust, s := fit(true)
			require.Less(t, robust, c.limit)
			require.Less(t, robust, plain/2)
			require.Less(t, std, 10*c.limit, "what was let go of is not noise")
			require.Len(t, s.Outliers, len(c.wrong), "%+v", s.Outliers)
			for _, w := range c.wrong {
				at := slices.IndexFunc(s.Outliers, func(o Outlier) bool { return o.Sample == w.sample && o.Variable == w.variable })
				require.GreaterOrEqual(t, at, 0, "%+v", w)
				require.InEpsilon(t, w.by, s.Outliers[at].Residual, 0.1)
				require.Less(t, s.Outliers[at].Weight, outlierWeight)
			}
			require.IsNonDecreasing(t, weightsOf(s.Outliers))
		})
	}
}

func weightsOf(all []Outlier) []float64 {
	var weights []float64
	for _, o := range all {
		weights = append(weights, o.Weight)
	}
	return weights
}

// Where there are no outliers, the fit is the plain one.
func TestRobustWithoutOutliers(t *testing.T) {
	for _, noise := range []float64{0, 0.05} {
		d := sampled(sbo.Rand(3, "data"), 2, 40, waves)
		rng := sbo.Rand(3, "noise")
		for i := range d.Y {
			d.Y[i] += noise * rng.NormFloat64()
		}
		for i := range d.Partials {
			d.Partials[i] += noise * rng.NormFloat64()
		}
		fit := func(robust bool) []Network {
			o := Options{Robust: robust, Activation: Tanh, Restarts: 4, Iterations: 200}
			m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), o)
			require.NoError(t, err)
			require.Empty(t, s.Outliers)
			return m.Networks()
		}
		require.Equal(t, fit(false), fit(true), "noise %v", noise)
	}
}

// Samples and responses of outliers are numbered as in the data, also where samples
// have failed; another response of the same sample is not affected; the result does
// not depend on the workers; a warm start finds the same outliers.
func TestOutliersAreNumberedAsTheData(t *testing.T) {
	d := twoResponses(24)
	d.Forget(2)
	d.Responses(9)[1] += 5e4
	d.PartialsOf(15)[2] -= 3e4
	fit := func(workers int, start *JENN) (*JENN, Summary) {
		o := Options{Robust: true, Activation: Tanh, Iterations: 100, Restarts: 2, Workers: workers}
		m, s, err := Fit(t.Context(), Task{Data: d, Start: start}, sbo.Rand(1, "fit"), o)
		require.NoError(t, err)
		for k, a := range Assess(m, twoResponses(60)).Values {
			require.Less(t, a.NRMSE, 1e-2, "response %d", k)
		}
		return m, s
	}
	first, s := fit(1, nil)
	check := func(s Summary) {
		require.Len(t, s.Outliers, 2, "%+v", s.Outliers)
		all := slices.Clone(s.Outliers)
		slices.SortFunc(all, func(a, b Outlier) int { return a.Sample - b.Sample })
		require.Equal(t, []int{9, 1, -1}, []int{all[0].Sample, all[0].Response, all[0].Variable})
		require.InEpsilon(t, 5e4, all[0].Residual, 0.01)
		require.Equal(t, []int{15, 1, 0}, []int{all[1].Sample, all[1].Response, all[1].Variable})
		require.InEpsilon(t, -3e4, all[1].Residual, 0.01)
	}
	check(s)
	second, _ := fit(3, nil)
	x := []float64{0.3, -0.2}
	require.Equal(t, first.Predict(nil, x), second.Predict(nil, x))
	_, s = fit(1, first)
	check(s)
}

func TestRobustNeedsTheEvidence(t *testing.T) {
	for want, o := range map[string]Options{
		"robust: only the trainer lm lets go of outliers, not lbfgs":                                                         {Trainer: LBFGS},
		"robust: only the trainer lm lets go of outliers, not adam":                                                          {Trainer: ADAM},
		"robust: samples held out by validation may be outliers; leave it out":                                               {Validation: 0.2},
		"robust: what an outlier is follows from the noise, which is not estimated with a given lambda; give one of the two": {Responses: []ResponseOptions{{Lambda: new(0.1)}}},
	} {
		require.NoError(t, o.Validate())
		o.Robust = true
		require.EqualError(t, o.Validate(), want)
	}
	require.Equal(t, LM, Options{Robust: true}.withDefaults(unevenSet(sbo.Rand(1, "set"), 2, 1, 9000)).Trainer)
}

// What a robust loss adds to the evidence is the ratio of the densities.
func TestTailsAreStudents(t *testing.T) {
	set := unevenSet(sbo.Rand(1, "set"), 2, 2, 12)
	for i := range set.beta {
		set.beta[i] = unit(set.beta[i] > 0)
	}
	for i := range set.gamma {
		set.gamma[i] = unit(set.gamma[i] > 0)
	}
	tails := newTails(set)
	const noise = 7.
	sigma := 1 / math.Sqrt(noise)
	rng := sbo.Rand(1, "residuals")
	r, want := make([]float64, len(tails.places)), 0.0
	for i := range r {
		e := rng.NormFloat64()
		tails.credit[i] = 0.1 + rng.Float64()
		r[i] = e * math.Sqrt(tails.credit[i])
		want += distuv.StudentsT{Mu: 0, Sigma: sigma, Nu: freedom}.LogProb(e)
		want -= distuv.Normal{Mu: 0, Sigma: sigma}.LogProb(0) - noise*r[i]*r[i]/2
	}
	require.InEpsilon(t, want, tails.log(r, noise), 1e-12)

	before := slices.Clone(tails.credit)
	tails.update(r, noise)
	for i, e := range r {
		s := noise * e * e / before[i]
		require.InEpsilon(t, (freedom+1)/(freedom+s), tails.credit[i], 1e-12)
	}
}

// A sample that is to be fitted well is not taken for an outlier because of it, and
// one that need not be is not either.
func TestTailsHeedWeights(t *testing.T) {
	set := trainingSet{m: 4, nx: 1, ny: 1, x: make([]float64, 4), y: make([]float64, 4), beta: []float64{1, 1, 97, 1}}
	tails := newTails(set)
	require.Equal(t, []float64{1, 1, 25. / 97, 1}, tails.share)
	r := []float64{1, 1, math.Sqrt(97), 1} // errors of 1
	tails.update(r, 1./25)
	require.InEpsilon(t, 5/(4+1.), tails.credit[2], 1e-12, "noise/25 is that of a mean weight")
	require.InEpsilon(t, 5/(4+1./25), tails.credit[0], 1e-12)
}

// Residuals are numbered as the model computes them.
func TestPlacesOfResiduals(t *testing.T) {
	set := unevenSet(sbo.Rand(1, "set"), 3, 2, 9)
	m := newResidualModel(randomNetwork(sbo.Rand(1, "net"), Tanh, 3, 4, 2), set)
	r := make([]float64, m.n)
	m.at(m.z.net.Parameters, r, nil)
	places := set.places()
	require.Len(t, places, m.n)
	pass := newPass(randomNetwork(sbo.Rand(1, "net"), Tanh, 3, 4, 2), set.m)
	for j := range set.nx {
		copy(pass.input(j), set.x[j*set.m:])
	}
	pass.values(true)
	pass.jacobian()
	for i, p := range places {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			require.Equal(t, m.column[i], p.column(set.nx))
			want := 0.0
			if p.variable < 0 {
				want = pass.output(p.response)[p.sample] - set.y[p.response*set.m+p.sample]
			} else {
				want = pass.partial(p.response, p.variable)[p.sample] - set.dydx[m.column[i]*set.m+p.sample]
			}
			require.InDelta(t, math.Sqrt(p.weight)*want, r[i], 1e-12)
		})
	}
}

// The scaling looks past what is far out, and only past that.
func TestScalingWithoutWhatIsFarOut(t *testing.T) {
	d := sampled(sbo.Rand(1, "data"), 2, 30, waves)
	require.Equal(t, newScaling(d), newScaling(withoutFarOut(d)))
	clean := newScaling(d)
	d.Y[3], d.Partials[7] = 1e9, -1e9
	require.InEpsilon(t, clean.StdY[0], newScaling(withoutFarOut(d)).StdY[0], 0.1)
	require.InDelta(t, 1e9, d.Y[3], 0, "the data stay as they are")
	require.Nil(t, withoutFarOut(withoutPartials(d)).Partials)
	d.Y[5] = math.NaN()
	require.True(t, math.IsNaN(withoutFarOut(d).Y[5]))
}

// Residual stages learn what a robust fit left, not what it let go of.
func TestStagesWithoutOutliers(t *testing.T) {
	d := spoiled(sampled(sbo.Rand(1, "data"), 1, 40, sine), []wrong{{7, -1, 2}, {22, 0, -9}})
	m, s, err := Fit(t.Context(), Task{Data: d}, sbo.Rand(1, "fit"), Options{Robust: true, Workers: 2})
	require.NoError(t, err)
	require.Len(t, s.Outliers, 2)
	require.Positive(t, s.Stages)
	require.Less(t, Assess(m, sampled(sbo.Rand(2, "test"), 1, 200, sine)).Values[0].NRMSE, 1e-7)
}
