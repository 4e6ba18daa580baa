package study

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/surrogate"
)

func loadText(t *testing.T, text string) *Plan {
	t.Helper()
	plan, err := parsePlan([]byte(text), filepath.Join(t.TempDir(), "wing", FileName))
	require.NoError(t, err)
	return plan
}

func TestLoadPlanFull(t *testing.T) {
	plan, err := LoadPlan("testdata/good/full.yaml")
	require.NoError(t, err)
	require.Equal(t, "testdata/good", plan.Dir())
	require.Equal(t, "testdata/good/full.yaml", plan.File())
	inf := math.Inf(1)
	require.Equal(t, sbo.Problem{
		Name: "wing",
		Variables: []sbo.Variable{
			{Name: "alpha", Unit: "deg", Lower: 0, Upper: 6},
			{Name: "n_ribs", Lower: 8, Upper: 20},
		},
		Responses: []sbo.Response{
			{Name: "cd", Unit: "counts", Role: sbo.Objective, Lower: -inf, Upper: inf},
			{Name: "cl", Role: sbo.Constraint, Lower: 0.5, Upper: 0.5},
			{Name: "cm", Role: sbo.Constraint, Lower: -0.1, Upper: inf},
			{Name: "mass", Role: sbo.Monitor, Lower: -inf, Upper: inf},
		},
	}, plan.Problem())
	require.Equal(t, []bool{true, true, true, false, false, false, false, false}, plan.PartialMask())
	require.Equal(t, EvaluatorPlan{
		Command: []string{"./drive.sh", "--level", "2"}, Protocol: ProtocolJSON,
		Workers: 2, Timeout: Duration(10 * time.Minute), Retries: 1, FailuresInARow: 10,
		Env: map[string]string{"OMP_NUM_THREADS": "1", "LICENSE": "port@host", "VERBOSE": "true"},
	}, plan.Evaluator)
	require.Equal(t, DesignPlan{Sampler: "lhs", Samples: 40}, plan.Design)
	options := plan.SurrogateOptions()
	require.Equal(t, surrogate.Options{
		Hidden: []int{12, 12}, Activation: surrogate.Tanh, Trainer: surrogate.LBFGS, Lambda: new(1e-4), Ensemble: 3, Restarts: 2,
		Iterations: 500, Validation: 0.2, Patience: 20, LearningRate: 0.01, Batch: 16,
		Responses: []surrogate.ResponseOptions{
			{Beta: new(2.)}, {Beta: new(2.), Gamma: []float64{0.5, 1}}, {Beta: new(2.), Gamma: []float64{0, 0}}, {Beta: new(2.)},
		},
	}, options)
	require.NoError(t, options.Validate())
	require.Equal(t, optimize.Options{Method: optimize.BFGS}, plan.OptimizeOptions())
	require.Equal(t, OptimizePlan{Method: "bfgs", Starts: 20}, plan.Optimize)
	require.Equal(t, PolishPlan{Weighting: NearFlat, Unseen: 0.05, Batch: 2}, plan.Polish)
	require.Equal(t, polish.Network, plan.Loop().Model)
	require.Equal(t, 0.05, plan.Loop().Unseen)
	require.Equal(t, BudgetPlan{Evaluations: 100, Walltime: Duration(24 * time.Hour)}, plan.Budget)
}

func TestLoadPlanDefaults(t *testing.T) {
	plan := loadText(t, `
variables: [{name: x, lower: 0, upper: 1}]
responses: [{name: f, maximize: true}, {name: g, lower: 0, upper: 2}]
evaluator: {command: [sh]}
`)
	require.Equal(t, "wing", plan.Study, "the name of the folder")
	require.Zero(t, plan.Seed)
	require.Equal(t, Continuous, plan.Variables[0].Type)
	require.Equal(t, []bool{false, false}, plan.PartialMask())
	require.Equal(t, EvaluatorPlan{Command: []string{"sh"}, Protocol: ProtocolJSON, Workers: 1, FailuresInARow: 10}, plan.Evaluator)
	require.Equal(t, DesignPlan{Sampler: "lhs", Samples: 4}, plan.Design)
	require.Equal(t, SurrogatePlan{}, plan.Surrogate)
	require.Equal(t, surrogate.Options{}, plan.SurrogateOptions(), "chosen from the data")
	require.Equal(t, OptimizePlan{Method: "lbfgs"}, plan.Optimize)
	require.Equal(t, PolishPlan{Weighting: NearOptimum, Batch: 1}, plan.Polish)
	require.Equal(t, BudgetPlan{Evaluations: 100}, plan.Budget)
	require.Equal(t, []sbo.Response{sbo.Maximize("f"), sbo.Between("g", 0, 2)}, plan.Problem().Responses)
}

func TestDefaultSamplesAndBudget(t *testing.T) {
	for _, c := range []struct {
		variables             int
		partials, extra       string
		wantSamples, wantSize int
	}{
		{1, "true", "", 3, 100},
		{2, "true", "", 3, 100},
		{2, "false", "", 6, 100},
		{10, "true", "", 4, 100},
		{10, "false", "", 22, 100},
		{4, "[x0, x1]", "", 7, 100}, // half the way from 3 to 10
		{3, "[x0]", "", 7, 100},     // two thirds of the way from 3 to 8
		{10, "false", "budget: {evaluations: 30}", 15, 30},
		{10, "false", "budget: {evaluations: 1}", 1, 1},
		{2, "false", "design: {samples: 80}", 80, 160},
		{2, "false", "design: {samples: 30}\nbudget: {evaluations: 30}", 30, 30},
	} {
		t.Run(fmt.Sprint(c.variables, c.partials, c.extra), func(t *testing.T) {
			var text strings.Builder
			text.WriteString("variables:\n")
			for j := range c.variables {
				fmt.Fprintf(&text, "- {name: x%d, lower: 0, upper: 1}\n", j)
			}
			// A monitored response does not count: its partials help nobody to the optimum.
			fmt.Fprintf(&text, "responses: [{name: f, minimize: true, partials: %s}, {name: m}]\n", c.partials)
			text.WriteString("evaluator: {command: [sh]}\n")
			text.WriteString(c.extra)
			plan := loadText(t, text.String())
			require.Equal(t, c.wantSamples, plan.Design.Samples)
			require.Equal(t, c.wantSize, plan.Budget.Evaluations)
		})
	}
}

// A built-in problem knows its partials, unless some are declined.
func TestPartialsOfProblems(t *testing.T) {
	plan, err := LoadPlan("testdata/good/problem.yaml")
	require.NoError(t, err)
	require.Equal(t, []bool{true, false}, plan.PartialMask())
	require.Empty(t, plan.Evaluator.Protocol, "is for commands")
	plan = loadText(t, "variables: [{name: a, lower: 0, upper: 1}, {name: b, lower: 0, upper: 010}]\nresponses: [{name: f, minimize: true}]\nevaluator: {problem: Rosenbrock}\n")
	require.Equal(t, []bool{true, true}, plan.PartialMask())
	require.Equal(t, 10.0, plan.Variables[1].Upper, "decimal, as YAML 1.2 has it")
}

// The completed plan, printed, is a study file that means the same.
func TestPlanPrints(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		plan, err := LoadPlan(file)
		require.NoError(t, err)
		text, err := plan.YAML()
		require.NoError(t, err)
		again, err := parsePlan(text, file)
		require.NoError(t, err, "%s", text)
		require.Equal(t, plan, again)

		text, err = json.Marshal(plan)
		require.NoError(t, err)
		var decoded Plan
		require.NoError(t, json.Unmarshal(text, &decoded))
		decoded.dir, decoded.file = plan.dir, plan.file
		require.Equal(t, *plan, decoded, "%s", text)
	}
}

func TestAliases(t *testing.T) {
	plan := loadText(t, "variables: [{name: x, lower: &low -1, upper: &high 2}, {name: y, lower: *low, upper: *high}]\nresponses: [{name: f, minimize: true}]\nevaluator: {command: [sh]}\n")
	require.Equal(t, VariablePlan{Name: "y", Lower: -1, Upper: 2, Type: Continuous}, plan.Variables[1])
}

func TestLoadPlanElsewhere(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, FileName)} {
		_, err := LoadPlan(path)
		require.EqualError(t, err, fmt.Sprintf("%[1]s/study.yaml: there is no such file; write a study that runs as it is with `sbo init %[1]s`", dir))
		var config *ConfigError
		require.ErrorAs(t, err, &config)
	}
	_, err := LoadPlan(filepath.Join(dir, "no", "such"))
	require.ErrorContains(t, err, "no/such/study.yaml: there is no such file; write a study that runs as it is with `sbo init "+dir+"/no/such`")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "study.yml"), nil, 0o600))
	_, err = LoadPlan(dir)
	require.ErrorContains(t, err, "but there is study.yml; rename it")

	require.NoError(t, os.Mkdir(filepath.Join(dir, FileName), 0o700))
	_, err = LoadPlan(dir)
	require.ErrorContains(t, err, "this is not a file")
}

func TestSobolHasADimension(t *testing.T) {
	var text strings.Builder
	text.WriteString("design: {sampler: sobol-scrambled}\nvariables:\n")
	for j := range doe.SobolDimensions + 1 {
		fmt.Fprintf(&text, "- {name: x%d, lower: 0, upper: 1}\n", j)
	}
	text.WriteString("responses: [{name: f, minimize: true}]\nevaluator: {command: [sh]}\n")
	_, err := parsePlan([]byte(text.String()), FileName)
	require.ErrorContains(t, err, "study.yaml:1:19: the Sobol sequence has at most")
	loadText(t, strings.Replace(text.String(), "sobol-scrambled", "halton", 1))
}

// Whoever has many faults sees the first hundred.
func TestManyFaults(t *testing.T) {
	var text strings.Builder
	for i := range 250 {
		fmt.Fprintf(&text, "key%d: 1\n", i)
	}
	_, err := parsePlan([]byte(text.String()), FileName)
	var config *ConfigError
	require.ErrorAs(t, err, &config)
	require.Len(t, config.Faults, maxFaults+1)
	require.Equal(t, "study.yaml: and 153 faults more", config.Faults[maxFaults].String()) // three sections are missing, too
}
