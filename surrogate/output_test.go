package surrogate

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// The output layer is the solution of [J; sqrt(ridge) I] w = [target; 0] by a dense QR
// factorization, with J from what the network predicts with single weights of 1; so are
// its evidence and what it leaves.
func TestOutputLayerIsLeastSquares(t *testing.T) {
	for _, c := range []struct {
		name     string
		activate Activation
		layers   []int
		samples  int
	}{
		{"more numbers than neurons", Softplus, []int{2, 5, 1}, 12},
		{"fewer", Tanh, []int{2, 40, 1}, 5},
		{"two responses", Sine, []int{3, 6, 2}, 9},
		{"two layers", Tanh, []int{2, 6, 5, 1}, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := sbo.Rand(1, c.name)
			set := unevenSet(rng, c.layers[0], c.layers[len(c.layers)-1], c.samples)
			n := randomNetwork(rng, c.activate, c.layers...)
			s := &outputSolver{set: set}
			got, ok := s.solve(n)
			require.True(t, ok)
			evidence, left, numbers, squares := 0.0, 0.0, 0, 0.0
			for k := range n.ny() {
				j, target := outputRows(n, set, k)
				rows, cols := j.Dims()
				best := math.Inf(-1)
				var solution *mat.VecDense
				rest := 0.0
				trace := 0.0
				for i := range rows {
					trace += mat.Dot(j.RowView(i), j.RowView(i)) / float64(cols)
				}
				for power := leastRidge; power <= mostRidge; power += ridgeStep {
					x, e, l := ridgeByQR(j, target, math.Pow(10, float64(power))*trace)
					if e > best {
						best, solution, rest = e, x, l
					}
				}
				w, b := n.layer(n.Parameters, n.layers())
				for i, v := range row(w, k) {
					require.InDelta(t, solution.AtVec(i), v, 1e-5*(1+math.Abs(v)), "weight %d of response %d", i, k)
				}
				require.InDelta(t, solution.AtVec(cols-1), b[k], 1e-5*(1+math.Abs(b[k])))
				evidence += best
				left += rest
				numbers += rows
				squares += mat.Dot(solution, solution)
			}
			require.InDelta(t, evidence, got.logEvidence, 1e-5*float64(numbers))
			require.Equal(t, set.residuals(), numbers)
			require.InEpsilon(t, precision(numbers, 0, left, 1, numbers), got.noise, 1e-4)
			cost := newObjective(n, set, 0).evaluate(n.Parameters, nil)
			require.InEpsilon(t, cost.Values, got.cost.Values, 1e-8)
			require.InEpsilon(t, cost.Partials, got.cost.Partials, 1e-8)
		})
	}
}

// outputRows returns the weighted derivatives of the residuals of one output by its
// weights and bias, and what they should come to, values first. The residuals are linear
// in these, so that unit steps are exact.
func outputRows(n Network, set trainingSet, k int) (*mat.Dense, *mat.VecDense) {
	n = n.clone()
	w, b := n.layer(n.Parameters, n.layers())
	clear(w.Data)
	clear(b)
	residuals := func() (values, partials []float64) {
		m := newResidualModel(n, set)
		r := make([]float64, m.n)
		m.at(n.Parameters, r, nil)
		next := 0
		for i := range set.m {
			for o := range set.ny {
				if set.beta[o*set.m+i] > 0 {
					if o == k {
						values = append(values, r[next])
					}
					next++
				}
				for j := range set.nx {
					if set.gamma[(o*set.nx+j)*set.m+i] > 0 {
						if o == k {
							partials = append(partials, r[next])
						}
						next++
					}
				}
			}
		}
		return values, partials
	}
	all := func() []float64 { v, p := residuals(); return append(v, p...) }
	nothing := all()
	j := mat.NewDense(len(nothing), w.Cols+1, nil)
	for c := range w.Cols + 1 {
		at := &b[k]
		if c < w.Cols {
			at = &row(w, k)[c]
		}
		*at = 1
		for i, v := range all() {
			j.Set(i, c, v-nothing[i])
		}
		*at = 0
	}
	target := mat.NewVecDense(len(nothing), nil)
	target.ScaleVec(-1, mat.NewVecDense(len(nothing), nothing))
	return j, target
}

// ridgeByQR returns the solution with a ridge, its log evidence with the noise that is
// most probable, and what it leaves, penalty included.
func ridgeByQR(j *mat.Dense, target *mat.VecDense, ridge float64) (x *mat.VecDense, logEvidence, left float64) {
	rows, cols := j.Dims()
	a := mat.NewDense(rows+cols, cols, nil)
	a.Copy(j)
	for i := range cols {
		a.Set(rows+i, i, math.Sqrt(ridge))
	}
	right := mat.NewVecDense(rows+cols, nil)
	for i := range rows {
		right.SetVec(i, target.AtVec(i))
	}
	var qr mat.QR
	qr.Factorize(a)
	x = mat.NewVecDense(cols, nil)
	if err := qr.SolveVecTo(x, false, right); err != nil {
		panic(err)
	}
	var rest mat.VecDense
	rest.MulVec(a, x)
	rest.SubVec(right, &rest)
	left = mat.Dot(&rest, &rest)
	var r mat.Dense
	qr.RTo(&r)
	logDet := 0.0
	for i := range cols {
		logDet += 2 * math.Log(math.Abs(r.At(i, i)))
	}
	n := float64(rows)
	return x, n/2*(math.Log(n/(2*math.Pi*left))-1) + float64(cols)/2*math.Log(ridge) - logDet/2, left
}
