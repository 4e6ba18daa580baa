package surrogate

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// sameModel requires two models to predict the same, bit for bit.
func sameModel(t *testing.T, want, got *JENN) {
	t.Helper()
	nx, ny := want.Dims()
	gotX, gotY := got.Dims()
	require.Equal(t, []int{nx, ny}, []int{gotX, gotY})
	rng := sbo.Rand(1, "sameModel")
	x := make([]float64, nx)
	for range 20 {
		for j := range x {
			x[j] = 3 * rng.NormFloat64()
		}
		require.Equal(t, want.Predict(nil, x), got.Predict(nil, x))
		require.Equal(t, want.PredictPartials(nil, x), got.PredictPartials(nil, x))
		require.Equal(t, want.Hessian(nil, x, ny-1), got.Hessian(nil, x, ny-1))
	}
}

func TestSavedModelPredictsTheSame(t *testing.T) {
	for _, a := range Activations() {
		m := randomModel(sbo.Rand(2, string(a)), a, 3, 5, 4, 2)
		m.Facts = Facts{
			Inputs: []string{"a", "b", "c"}, InUnits: []string{"m", "", "kg"}, Outputs: []string{"f", "g"}, OutUnits: []string{"N", ""},
			Lower: []float64{-1, 0, 0.1}, Upper: []float64{1, 0, math.Pi}, Samples: 7, Partials: 40, Trainer: LBFGS, Lambda: 1e-6, Loss: 0.1, Iterations: 12,
		}
		m.answers[0].members[0].network.Parameters[0] = math.Copysign(0, -1)
		m.answers[0].members[0].network.Parameters[1] = math.SmallestNonzeroFloat64
		var file, again bytes.Buffer
		require.NoError(t, m.Save(&file))
		text := file.String()
		loaded, err := Load(&file)
		require.NoError(t, err)
		sameModel(t, m, loaded)
		require.Equal(t, m.Facts, loaded.Facts)
		require.Equal(t, m.Scalings()[0], loaded.Scalings()[0])
		require.Equal(t, m.Networks()[0], loaded.Networks()[0])
		require.NoError(t, loaded.Save(&again))
		require.Equal(t, text, again.String())
	}
}

// Files held a calibration before it followed from the samples.
func TestLoadEarlierFiles(t *testing.T) {
	m := randomModel(sbo.Rand(2, "model"), Tanh, 2, 3, 1)
	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	require.Contains(t, file.String(), `"members"`)
	earlier := strings.Replace(file.String(), `"members"`, `"calibration": {"values": 2, "partials": 3}, "members"`, 1)
	got, err := Load(strings.NewReader(earlier))
	require.NoError(t, err)
	sameModel(t, m, got)
}

func TestSavedModelGoesOnWhereItWas(t *testing.T) {
	task := Task{Data: rosenbrockData(sbo.Rand(1, "data"), 9)}
	m, _, err := Fit(t.Context(), task, sbo.Rand(1, "fit"), Options{Hidden: []int{6}, Restarts: 1, Iterations: 30})
	require.NoError(t, err)
	require.NotNil(t, m.answers[0].members[0].evidence)
	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	loaded, err := Load(&file)
	require.NoError(t, err)
	require.Equal(t, m.answers[0].members[0].evidence, loaded.answers[0].members[0].evidence)
	task.Start = m
	want, _, err := Fit(t.Context(), task, nil, Options{Iterations: 10})
	require.NoError(t, err)
	task.Start = loaded
	got, _, err := Fit(t.Context(), task, nil, Options{Iterations: 10})
	require.NoError(t, err)
	sameModel(t, want, got)
}

// What the reference's own network of its Rastrigin demo was measured to achieve
// on held-out points, by the reference.
func TestLoadTheReferencesNetwork(t *testing.T) {
	m := loadFile(t, "testdata/demos/rastrigin_jenn_seed123.json")
	a := Assess(m, readData(t, "testdata/demos/rastrigin_test.csv"))
	require.InEpsilon(t, 0.9809624034378471, a.Values[0].R2, 1e-12)
	require.InEpsilon(t, 1.472674388297682, a.Values[0].RMSE, 1e-12)
	require.InEpsilon(t, 7.71861975461449, a.Values[0].MaxError, 1e-12)
	require.InEpsilon(t, 0.8978615355767032, a.Partials[0][0].R2, 1e-12)
	require.InEpsilon(t, 0.9417316087126143, a.Partials[0][1].R2, 1e-12)
	require.InEpsilon(t, 13.374338394731367, a.Partials[0][0].RMSE, 1e-9)

	// Written back, it has the same numbers in the same places.
	var file bytes.Buffer
	require.NoError(t, m.SaveJENN(&file))
	original, err := os.ReadFile("testdata/demos/rastrigin_jenn_seed123.json")
	require.NoError(t, err)
	require.JSONEq(t, string(original), file.String())
}

func loadFile(t *testing.T, path string) *JENN {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	m, err := Load(f)
	require.NoError(t, err)
	return m
}

func readData(t *testing.T, path string) sbo.Data {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	d, _, err := sbo.ReadCSV(f, path, nil, nil)
	require.NoError(t, err)
	require.True(t, d.HasPartials())
	return d
}

func TestFilesOfJENN(t *testing.T) {
	for _, a := range []Activation{Tanh, ReLU, Linear} {
		m := randomModel(sbo.Rand(2, string(a)), a, 3, 5, 4, 2)
		m.Facts = Facts{Inputs: []string{"a", "b", "c"}, Lower: []float64{-1, 0, 0.1}, Upper: []float64{1, 0, 2}}
		var file bytes.Buffer
		require.NoError(t, m.SaveJENN(&file))
		text := file.String()
		for _, load := range []func(string) (*JENN, error){
			func(s string) (*JENN, error) { return Load(strings.NewReader(s)) },
			func(s string) (*JENN, error) { return LoadJENN(strings.NewReader(s)) },
		} {
			loaded, err := load(text)
			require.NoError(t, err)
			sameModel(t, m, loaded)
			require.Equal(t, m.Facts, loaded.Facts)
		}
		// x_min as a column, without the activations of the layers.
		variant := strings.Replace(text, `"x_min":[-1,0,0.1]`, `"x_min":[[-1],[0],[0.1]]`, 1)
		variant = strings.Replace(variant, `"a":`, `"ignored":`, 1)
		loaded, err := Load(strings.NewReader(variant))
		require.NoError(t, err)
		require.Equal(t, m.Facts, loaded.Facts)
	}
	err := randomModel(sbo.Rand(2, "swish"), Swish, 1, 2, 1).SaveJENN(&bytes.Buffer{})
	require.EqualError(t, err, "surrogate: the Python package jenn knows the activations tanh, relu and linear, not swish; fit with one of them")
}

// edited returns a saved model with one key of its JSON changed.
func edited(t *testing.T, text, key string, value any) string {
	t.Helper()
	var doc map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &doc))
	at := doc
	for {
		outer, inner, nested := strings.Cut(key, ".")
		if !nested {
			at[key] = value
			break
		}
		key = inner
		if list, ok := at[outer].([]any); ok {
			at = list[0].(map[string]any) // of several, the first
		} else {
			at = at[outer].(map[string]any)
		}
	}
	raw, err := json.Marshal(doc)
	require.NoError(t, err)
	return string(raw)
}

func TestLoadRefusesDamagedFiles(t *testing.T) {
	m := randomModel(sbo.Rand(2, "own"), Tanh, 2, 3, 1)
	m.answers[0].members[0].evidence = newEvidence(m.answers[0].members[0].network, nil)
	m.Facts = Facts{Inputs: []string{"a", "b"}, Lower: []float64{0, 0}, Upper: []float64{1, 1}}
	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	own := file.String()
	for _, c := range []struct {
		key   string
		value any
		want  string
	}{
		{"version", 3, "the model file has version 3, this program reads up to 2; use a newer sbo"},
		{"version", 1, "the model file has version 1, this program reads 2; fit the model again"},
		{"format", "onnx", `a file of format "onnx" is not a model`},
		{"answers.members.layers", []int{2, 4, 1}, "a network of layers [2 4 1] has 17 parameters, not 13"},
		{"answers.members.layers", []int{2}, "a network needs at least an input and an output layer, not 1 layers"},
		{"answers.members.layers", []int{2, -3, 1}, "layer 1 has -3 neurons; it needs 1 to 65536"},
		{"answers.members.layers", []int{1 << 40, 1 << 40}, "layer 0 has 1099511627776 neurons"},
		{"answers.members.layers", []float64{2.5, 1}, "cannot unmarshal"},
		{"answers.members.activation", "sinus", `unknown activation "sinus"; choose one of tanh, sigmoid`},
		{"answers.members.parameters", []float64{1}, "not 1"},
		{"answers.members.scaling.mean_x", []float64{1}, "the scaling of 1, 2 inputs and 1, 1 outputs does not fit a network of 2 and 1"},
		{"answers.members.scaling.std_x", []float64{1, 0}, "a standard deviation of 0, which is not positive"},
		{"answers.members.scaling.std_y", []float64{-1}, "a standard deviation of -1, which is not positive"},
		{"facts.inputs", []string{"a"}, "facts: 1 names of inputs for 2"},
		{"facts.lower", []float64{0, 3}, "facts: input 2 ranges from 3 down to 1"},
		{"answers.members.evidence.noise", -1, "a noise precision of -1, which is not positive"},
		{"answers.members.evidence.precisions", []float64{1}, "1 precisions for the 5 groups"},
		{"answers.members.evidence.precisions", []float64{1, 1, 1, 0, 1}, "a precision of 0, which is not positive"},
		{"answers.members.weight", 0, "a weight of 0, which is not above 0"},
		{"answers.members.weight", 0.5, "the weights of the members sum up to 0.5 instead of 1"},
		{"answers.members", []any{}, "answer 1: it has no networks"},
		{"answers", []any{}, "the model file has no networks"},
		{"extra", 1, `unknown field "extra"`},
	} {
		_, err := Load(strings.NewReader(edited(t, own, c.key, c.value)))
		require.ErrorContains(t, err, c.want, c.key)
		require.ErrorContains(t, err, "surrogate: ", c.key)
	}
	for text, want := range map[string]string{
		"":                                     "it ends too early",
		own[:len(own)/2]:                       "it ends too early",
		own + "{}":                             "something follows the model",
		"PK\x03\x04":                           "JSON breaks at byte 1",
		"[1]":                                  "cannot unmarshal array",
		"{}":                                   "the file is not a model",
		`{"format": "sbo-jenn", "version": 2}`: "the model file has no networks",
		strings.Replace(own, "0.", "1e999", 1): "cannot unmarshal number",
	} {
		_, err := Load(strings.NewReader(text))
		require.ErrorContains(t, err, want, text)
	}
	_, err := Load(broken{})
	require.ErrorIs(t, err, errBroken)
	_, err = LoadJENN(broken{})
	require.ErrorIs(t, err, errBroken)
	require.ErrorIs(t, m.Save(broken{}), errBroken)
	m.Facts.Loss = math.NaN()
	require.ErrorContains(t, m.Save(&file), "unsupported value: NaN")
}

func TestLoadRefusesDamagedFilesOfJENN(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, randomModel(sbo.Rand(2, "jenn"), Tanh, 2, 3, 1).SaveJENN(&file))
	for _, c := range []struct {
		key   string
		value any
		want  string
	}{
		{"layer_sizes", []int{2, 1}, "2 layer_sizes, but 3 W, 3 b and 3 a"},
		{"layer_sizes", []int{2, 4, 1}, "layer 1 has 4 neurons, but 3 rows of W and 3 of b"},
		{"W", [][][]float64{{{1, 0}, {0, 1}}, {{1, 2}, {3, 4}, {5}}, {{1, 2, 3}}}, "row 3 of W of layer 1 has 1 weights for 2 inputs"},
		{"b", [][][]float64{{{0}, {0}}, {{1}, {2}, {3, 4}}, {{1}}}, "row 3 has 2 entries"},
		{"b", []any{"none", "none", "none"}, "a column of numbers"},
		{"a", []string{"linear", "relu", "linear"}, `layer 1 has activation "relu" instead of "tanh"`},
		{"hidden_activation", "selu", `unknown activation "selu"`},
		{"output_activation", "tanh", `output_activation "tanh"; only linear outputs are supported`},
		{"sigma_x", [][]float64{{1}, {0}}, "a standard deviation of 0, which is not positive"},
		{"mu_y", []float64{1, 2}, "does not fit a network of 2 and 1"},
		{"x_min", []float64{1}, "1 lower bounds for 2"},
		{"layer_sizes", []int{}, "0 layer_sizes, but 3 W"},
	} {
		text := edited(t, file.String(), c.key, c.value)
		if c.key == "hidden_activation" {
			text = edited(t, text, "a", []string{"linear", "selu", "linear"})
		}
		_, err := Load(strings.NewReader(text))
		require.ErrorContains(t, err, c.want, c.key)
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Read([]byte) (int, error)  { return 0, errBroken }
func (broken) Write([]byte) (int, error) { return 0, errBroken }

// Whatever Load accepts can be used and saved again.
func FuzzLoad(f *testing.F) {
	var own, foreign bytes.Buffer
	m := randomModel(sbo.Rand(2, "fuzz"), Tanh, 2, 2, 1)
	m.answers[0].members[0].evidence = newEvidence(m.answers[0].members[0].network, nil)
	require.NoError(f, m.Save(&own))
	require.NoError(f, m.SaveJENN(&foreign))
	paths, err := filepath.Glob("testdata/demos/*.json")
	require.NoError(f, err)
	require.NotEmpty(f, paths)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Add(own.Bytes())
	f.Add(foreign.Bytes())
	f.Add([]byte(`{"layer_sizes":[],"output_activation":"linear"}`))
	f.Add([]byte(`{"format":"sbo-jenn","version":2,"answers":[{"members":[{"weight":1,"layers":[1,1],"activation":"tanh","parameters":[1,2]}]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Load(bytes.NewReader(raw))
		if err != nil {
			require.Nil(t, m)
			return
		}
		nx, ny := m.Dims()
		require.Len(t, m.Predict(nil, make([]float64, nx)), ny)
		m.Extrapolates(make([]float64, nx))
		var file bytes.Buffer
		require.NoError(t, m.Save(&file))
		again, err := Load(&file)
		require.NoError(t, err)
		require.Equal(t, m.Networks(), again.Networks())
		require.Equal(t, m.Scalings(), again.Scalings())
		for i, a := range m.answers {
			for k, net := range a.members {
				require.Equal(t, net.evidence, again.answers[i].members[k].evidence)
			}
		}
	})
}
