package study

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/problems"
)

// sampled evaluates a problem on a Latin hypercube.
func sampled(t *testing.T, p problems.Problem, n int, seed uint64) sbo.Data {
	t.Helper()
	d := sbo.NewData(p.NX(), p.NY(), n)
	u := doe.LatinHypercube{}.Sample(n, p.NX(), sbo.Rand(seed, "audit"))
	for i := range n {
		p.Box().Place(d.Point(i), u[i*p.NX():(i+1)*p.NX()])
		require.NoError(t, p.Evaluate(t.Context(), d.Responses(i), d.PartialsOf(i), d.Point(i)))
	}
	return d
}

// Exact partials are never doubted, however wild the function; a wrong sign, if it is
// found, is found where it is, and in functions like those of engineering always.
func TestDoubts(t *testing.T) {
	tame := []string{"trid", "sphere", "wingweight", "borehole", "otl", "weldedbeam", "pressurevessel", "speedreducer", "spring", "g07", "g24", "cantilever"}
	for _, name := range problems.Names() {
		if strings.HasPrefix(name, "airfoil") { // takes its time
			continue
		}
		p, err := problems.Lookup(name)
		require.NoError(t, err)
		mask := make([]bool, p.NX()*p.NY())
		for i := range mask {
			mask[i] = true
		}
		for seed := range uint64(3) {
			for _, n := range []int{2*p.NX() + 2, 5*p.NX() + 2, 20 * p.NX()} {
				d := sampled(t, p, n, seed)
				require.Empty(t, doubts(d, p.Problem, mask), "%s with %d samples", name, n)
				for i := range n {
					d.Partials[d.Partial(i, 0, 0)] *= -1
				}
				wrong := doubts(d, p.Problem, mask)
				for _, w := range wrong {
					require.Equal(t, [2]int{0, 0}, [2]int{w.k, w.j}, "%s with %d samples: %v", name, n, wrong)
					require.InDelta(t, -1, w.factor, 0.3)
				}
				for _, other := range tame {
					require.False(t, other == name && len(wrong) == 0, "%s with %d samples", name, n)
				}
			}
		}
	}
}

// A program whose partials by one variable are in another unit ends at the optimum
// all the same, and says that they were left out.
func TestRunWithoutWrongPartials(t *testing.T) {
	t.Parallel()
	dir := external(t, `
awk -v request="$(cat "$SBO_REQUEST")" 'function number(key) { match(request, "\"" key "\": *[-+0-9.eE]+"); s = substr(request, RSTART, RLENGTH); sub(/.*: */, "", s); return s + 0 }
BEGIN { a = number("a") - 0.3; b = number("b") - 0.8
	printf "{\"values\": {\"f\": %.17g, \"g\": 0}, \"partials\": {\"f\": {\"a\": %.17g, \"b\": %.17g}}}\n", exp(a) - a + b * b, 57.29578 * (exp(a) - 1), 2 * b }'`)
	text, err := os.ReadFile(filepath.Join(dir, FileName))
	require.NoError(t, err)
	write(t, dir, FileName, string(text)+`
surrogate: {hidden: [5], activation: tanh, ensemble: 1, restarts: 1, iterations: 60}
budget: {evaluations: 16}
`)
	var told []string
	s, err := Open(t.Context(), dir, Options{Progress: func(e Event) {
		if e.Kind == EventDoubt {
			told = append(told, e.Text)
		}
	}})
	require.NoError(t, err)
	r, err := s.Run(t.Context())
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{0.3, 0.8}, r.Best.X, 1e-2, "%s", r.Why)
	require.Equal(t, r.Doubts, told)
	require.Len(t, told, 1)
	require.Contains(t, told[0], "the partials of f by a seem about 58 times what they ought to be")

	again, err := s.Replay(t.Context())
	require.NoError(t, err)
	require.Equal(t, r.Doubts, again.Doubts)
	require.Equal(t, r.Best.X, again.Best.X)
}

// A few samples of a strongly curved response, half of them closing in on a point as those of a
// search do, must not cast doubt on partials that are right: what a pair lacks then is the same
// for all pairs of a sample, and looks like a factor.
func TestNoDoubtsByFewCurvedSamples(t *testing.T) {
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Lower: 1, Upper: 6}, {Name: "b", Lower: 1, Upper: 6}, {Name: "c", Lower: 1, Upper: 6}},
		Responses: []sbo.Response{sbo.AtMost("bend", 1)},
	}
	for seed := range uint64(600) {
		n := 6 + int(seed%6)
		rng := sbo.Rand(seed, "curved")
		u := doe.LatinHypercube{}.Sample(n, 3, rng)
		d := sbo.Data{NX: 3, NY: 1}
		center := []float64{0.1 + 0.8*rng.Float64(), 0.1 + 0.8*rng.Float64(), 0.1 + 0.8*rng.Float64()}
		for i := range n {
			x := u[3*i : 3*i+3]
			if i >= n/2 {
				for j := range x {
					x[j] = min(max(center[j]+0.3*math.Pow(0.6, float64(i-n/2))*(x[j]-0.5), 0), 1)
				}
			}
			p.Box().Place(x, x)
			y := 0.0
			for j, c := range []float64{19, 7, 1} {
				y += c / (x[j] * x[j] * x[j])
				d.Partials = append(d.Partials, -3*c/math.Pow(x[j], 4))
			}
			d.X, d.Y = append(d.X, x...), append(d.Y, y)
		}
		require.Empty(t, doubts(d, p, []bool{true, true, true}), "%d samples, seed %d", n, seed)
	}
}
