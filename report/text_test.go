package report_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/report"
	"github.com/sbo-go/sbo/study"
	"github.com/stretchr/testify/require"
)

func text(t *testing.T, r *study.Result) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.Text(&out, r))
	return out.String()
}

func TestTextSaysWhatCounts(t *testing.T) {
	got := text(t, fence(t))
	for _, want := range []string{
		"fence converged: 8 evaluations, 0 rounds\n",
		"Best point (evaluation 7, feasible)\n",
		"  a        1    m   0.5 to 4\n",
		"  weight   4    kg  minimize\n",
		"  load     2    kN  >= 2       active\n",
		"  share   -0.4      <= 0       margin 0.4\n",
		"  sum      3        monitored\n",
		"1 % less load (2 -> 1.98 kN): weight -0.5 % (-0.02 kg)",
		"KKT residual 1e-9 from measured partials",
		"All is well.",
		"8 in 0 rounds: 7 done (7 with partials), 1 failed",
		"failed once: exit status 3 (first: evaluation 3)",
		"evaluations 2.0 h, training 1.7 min, optimizing < 0.1 s; seed 7, sbo v1.2.3",
	} {
		require.Contains(t, got, want)
	}
	for line := range strings.SplitSeq(got, "\n") {
		require.LessOrEqual(t, len(line), 100)
		require.Equal(t, strings.TrimRight(line, " "), line)
	}
}

// What a multiplier means, against the optimum computed by hand: of the fence, the
// least weight with the load L is 2 sqrt(2 L), so its slope at L = 2 is 1.
func TestPricesPredictTheOptimum(t *testing.T) {
	require.InDelta(t, -0.02, 2*math.Sqrt(2*1.98)-4, 1e-4)
	require.Contains(t, text(t, fence(t)), "(-0.02 kg)")
}

func TestPricesOfEveryKind(t *testing.T) {
	tests := []struct {
		name string
		set  func(r *study.Result)
		want string
	}{
		{"upper", func(r *study.Result) {
			r.Problem.Responses[1].Lower, r.Problem.Responses[1].Upper = math.Inf(-1), 2
			r.Certificate.Multipliers[1] = -1
		}, "1 % more load (2 -> 2.02 kN): weight -0.5 % (-0.02 kg)"},
		{"maximized", func(r *study.Result) { r.Problem.Responses[0].Maximize = true }, "1 % less load (2 -> 1.98 kN): weight +0.5 % (+0.02 kg)"},
		{"equality", func(r *study.Result) {
			r.Problem.Responses[1].Upper = 2
		}, "1 % more load (2 -> 2.02 kN): weight +0.5 % (+0.02 kg)"},
		{"negative limit", func(r *study.Result) {
			r.Problem.Responses[1].Lower = -2
		}, "1 % less load (-2 -> -2.02 kN): weight -0.5 % (-0.02 kg)"},
		{"zero limit", func(r *study.Result) {
			r.Certificate.Multipliers[2] = -3
		}, "0.001 more share: weight -0.075 % (-0.003 kg)"}, // shares range over 0.29
		{"objective zero", func(r *study.Result) { r.Best.Y[0] = 0 }, "1 % less load (2 -> 1.98 kN): weight -0.02 kg"},
		{"lower bound", func(r *study.Result) {
			r.Best.X[0] = 0.5
			r.Certificate.Bounds[0] = 2
		}, "lower bound of a moved out by 1 % of the range (0.5 -> 0.465 m): weight -1.75 % (-0.07 kg)"},
		{"upper bound", func(r *study.Result) {
			r.Best.X[1] = 4
			r.Certificate.Bounds[1] = -2
		}, "upper bound of b moved out by 1 % of the range (4 -> 4.035): weight -1.75 % (-0.07 kg)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := fence(t)
			tt.set(r)
			require.Contains(t, strings.Join(strings.Fields(text(t, r)), " "), tt.want)
		})
	}
}

func TestTextOfEveryEnd(t *testing.T) {
	tests := []struct {
		name  string
		set   func(r *study.Result)
		wants []string
	}{
		{"budget", func(r *study.Result) { r.Stopped = study.Budget }, []string{"sbo run --budget 16", "Every answer is kept"}},
		{"stalled", func(r *study.Result) { r.Stopped = study.Stalled }, []string{"sbo check --partials"}},
		{"interrupted", func(r *study.Result) { r.Stopped = study.Interrupted }, []string{"goes on from here"}},
		{"error", func(r *study.Result) { r.Stopped = study.Broken }, []string{"Mend what is wrong"}},
		{"infeasible", func(r *study.Result) {
			r.Best.Feasible, r.Best.Violation, r.Best.Y[1] = false, 0.25, 1.5
		}, []string{"NOT feasible, violation 0.25", "violated by 0.5 kN", "misses load (1.5 kN, wanted >= 2)", "None: the best point violates its limits"}},
		{"no certificate", func(r *study.Result) { r.Certificate = optimize.KKT{Residual: math.NaN()} }, []string{"Not known: the conditions of optimality need measured partials"}},
		{"no partials", func(r *study.Result) { r.Evaluations.WithPartials, r.Best.Partials = 0, nil }, []string{"No partials came"}},
		{"nothing yet", func(r *study.Result) {
			*r = study.Result{Problem: r.Problem, Stopped: study.Interrupted, Why: "Interrupted."}
		}, []string{"0 evaluations", "None: no evaluation has an answer."}},
		{"running", func(r *study.Result) {
			r.Stopped, r.Evaluations.Running, r.Evaluations.Waiting = study.Unanswered, 2, 1
		}, []string{"2 running, 1 waiting"}},
		{"basins", func(r *study.Result) {
			r.Rounds = append(r.Rounds, polish.Round{Basins: 3, Unseen: 0.086}, polish.Round{Unseen: math.NaN()})
		}, []string{"3 basins are known; the estimated chance that there is another, which may be better or not, is 9 %."}},
		{"half failed", func(r *study.Result) { r.Evaluations.Failed = 4 }, []string{"4 of 8 evaluations failed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := fence(t)
			tt.set(r)
			got := strings.Join(strings.Fields(text(t, r)), " ")
			for _, want := range tt.wants {
				require.Contains(t, got, want)
			}
		})
	}
}

func TestTextOfAFailure(t *testing.T) {
	got := text(t, failed(t))
	require.Contains(t, got, "fence failed: 8 evaluations, 0 rounds")
	require.Contains(t, got, "failed 7 times: no license (first: evaluation 1)\n  failed once: exit status 3 (first: evaluation 3)")
	require.Contains(t, strings.Join(strings.Fields(got), " "), "sbo check --evaluate. What the first one printed is in evals/3-1.")
	require.NotContains(t, got, "Best point")
}

// broken is a writer that fails.
type broken struct{}

var errFull = errors.New("disk full")

func (broken) Write([]byte) (int, error) { return 0, errFull }

func TestWritersThatFail(t *testing.T) {
	r := fence(t)
	require.ErrorIs(t, report.Text(broken{}, r), errFull)
	require.ErrorIs(t, report.JSON(broken{}, r), errFull)
	require.ErrorIs(t, report.HTML(t.Context(), broken{}, r, report.Options{}), errFull)
	require.ErrorIs(t, report.Picture(broken{}, r, report.Options{}), errFull)
}
