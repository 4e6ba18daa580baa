// Package examples_test runs every example, and compares where it ends with what
// is known to be the truth.
package examples_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study"
)

// solve runs a copy of the study in the folder.
func solve(t *testing.T, folder string) *study.Result {
	t.Helper()
	dir := filepath.Join(t.TempDir(), folder)
	require.NoError(t, os.CopyFS(dir, os.DirFS(folder)))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, ".sbo"))) // somebody may have run it here
	s, err := study.Open(t.Context(), dir, study.Options{})
	require.NoError(t, err)
	r, err := s.Run(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.Equal(t, study.Converged, r.Stopped, "%s", r.Why)
	require.True(t, r.Best.Feasible)
	return r
}

func TestRosenbrock(t *testing.T) {
	r := solve(t, "rosenbrock")
	require.Less(t, r.Best.Y[0], 1e-6)
	require.InDeltaSlice(t, []float64{1, 1}, r.Best.X, 1e-3)
}

// The optimum follows from the conditions of optimality: with the weight w sum x_i
// and the bend sum c_i/x_i^3 = 1, x_i^4 is proportional to c_i.
func TestExternalEndsAtTheTrueOptimum(t *testing.T) {
	c := []float64{19, 7, 1}
	sum := 0.0
	for _, v := range c {
		sum += math.Pow(v, 0.25)
	}
	truth := make([]float64, len(c))
	for i, v := range c {
		truth[i] = math.Pow(v, 0.25) * math.Cbrt(sum)
	}
	r := solve(t, "external")
	require.InDeltaSlice(t, truth, r.Best.X, 1e-3)
	require.InEpsilon(t, 0.0624*sum*math.Cbrt(sum), r.Best.Y[0], 1e-6)
	require.InDelta(t, 1, r.Best.Y[1], 1e-5)
	require.InEpsilon(t, 1, -r.Certificate.Multipliers[1]*3/r.Best.Y[0], 1e-2, "the weight goes with the limit to the power of -1/3")
	require.Positive(t, r.Evaluations.Failed, "it fails now and then")
	require.Equal(t, r.Evaluations.Done, r.Evaluations.WithPartials)
}

func TestConstrained(t *testing.T) {
	r := solve(t, "constrained")
	require.InEpsilon(t, 5885.332773616458, r.Best.Y[0], 1e-5) // problems.PressureVessel
}

// The lightest cantilever on the limit of its deflection: for every width, the
// thickness on the limit by bisection, and the best width by trying many.
func TestDakotaInPython(t *testing.T) {
	deflection := func(w, t float64) float64 {
		return 4e6 / (2.9e7 * w * t) * math.Hypot(1000/(t*t), 500/(w*w)) / 2.2535
	}
	truth := math.Inf(1)
	for w := 2.0; w < 3; w += 1e-4 {
		lower, upper := 1.0, 10.0
		for upper-lower > 1e-13 {
			if middle := (lower + upper) / 2; deflection(w, middle) > 1 {
				lower = middle
			} else {
				upper = middle
			}
		}
		truth = min(truth, w*lower)
	}
	r := solve(t, "dakota/python")
	require.InEpsilon(t, truth, r.Best.Y[0], 1e-6)
	require.InDelta(t, 0, r.Best.Y[2], 1e-6)
	require.Equal(t, r.Evaluations.Done, r.Evaluations.WithPartials)
}

func TestDakotaInShell(t *testing.T) {
	r := solve(t, "dakota/shell")
	require.InDeltaSlice(t, []float64{0.5, 0.5}, r.Best.X, 1e-6)
	require.InDelta(t, 0.125, r.Best.Y[0], 1e-6)
}

// The cheapest bundle of tubes, by trying many: the limit gives the length.
func TestTemplate(t *testing.T) {
	truth := math.Inf(1)
	for d := 15.0; d <= 50; d += 0.25 { // mm
		for v := 1.0; v <= 8; v += 1e-3 {
			h := 55 * math.Pow(v, 0.8) * math.Pow(d/25, -0.2)
			area := 600 * 50 / h
			length := area / (math.Pi * d / 1000 * 200)
			if length >= 2 && length <= 12 {
				truth = min(truth, 30*area+40*v*v*v*length/d)
			}
		}
	}
	r := solve(t, "template")
	require.InEpsilon(t, truth, r.Best.Y[0], 1e-5)
	require.InEpsilon(t, 600, r.Best.Y[1], 1e-5)
	require.Equal(t, r.Evaluations.Done, r.Evaluations.WithPartials)
}

// The profile of least drag: along the limit of the thickness, by trying many.
func TestPersistent(t *testing.T) {
	drag := func(a, b float64) (value float64) {
		for i := range 51 {
			s := float64(i) / 50
			shape := a*math.Sin(math.Pi*s) + b*s*(1-s) - 0.2
			value += (math.Exp(shape) - shape) / 51
		}
		return value
	}
	truth := math.Inf(1)
	for b := -1.0; b <= 1; b += 1e-4 {
		truth = min(truth, drag(0.4-b/4, b))
	}
	r := solve(t, "persistent")
	require.InEpsilon(t, truth, r.Best.Y[0], 1e-6)
	require.InDelta(t, 0.4, r.Best.Y[1], 1e-5)
}

// The can of 330 ml, evaluated by a run, and by jobs of a batch system; both come to
// the same.
func TestAskTell(t *testing.T) {
	radius := math.Cbrt(330 / (2 * math.Pi))
	r := solve(t, "ask-tell")
	require.InEpsilon(t, 6*math.Pi*radius*radius, r.Best.Y[0], 1e-7)

	bin := t.TempDir()
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "sbo"), "../cmd/sbo").CombinedOutput()
	require.NoError(t, err, "%s", output)
	dir := filepath.Join(t.TempDir(), "can")
	require.NoError(t, os.CopyFS(dir, os.DirFS("ask-tell")))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, ".sbo")))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "jobs")))
	farm := exec.CommandContext(t.Context(), "./cluster.sh", ".")
	farm.Dir = dir
	farm.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "PAUSE=0.1")
	output, err = farm.CombinedOutput()
	require.NoError(t, err, "%s", output)
	s, err := study.Open(t.Context(), dir, study.Options{})
	require.NoError(t, err)
	told, err := s.Replay(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.Equal(t, r.Data, told.Data)
	require.Equal(t, r.Best, told.Best)
}

// The programs print what they find.
func TestPrograms(t *testing.T) {
	for folder, ends := range map[string][]string{
		"quickstart":     {"best [1 7.93", "The optimality conditions hold"}, // height: the cube root of 500
		"surrogate-only": {"height 0.750 m, diameter 0.0297 m, mass 3.886 kg, stress 200.0 MPa", "predicts the same: true"},
	} {
		t.Run(folder, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), "go", "run", "./"+folder)
			var stderr strings.Builder
			command.Stderr = &stderr
			out, err := command.Output()
			require.NoError(t, err, "%s", &stderr)
			for _, text := range ends {
				require.Contains(t, string(out), text)
			}
		})
	}
}
