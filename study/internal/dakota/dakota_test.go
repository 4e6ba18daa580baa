package dakota_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study/internal/dakota"
)

// fixture is the request that the files of testdata answer.
func fixture(activeSet int) dakota.Parameters {
	return dakota.Parameters{
		Variables:   []dakota.Variable{{"x1", 1.5}, {"x2", -2.25}, {"n_spar", int64(3)}, {"alloy", "AL 7075"}},
		Functions:   []dakota.Function{{"drag", activeSet}, {"g1", activeSet}},
		Derivatives: []int{1, 2},
		EvalID:      "7",
	}
}

func request(activeSet int) dakota.Request {
	return dakota.Request{Functions: fixture(activeSet).Functions, Derivatives: 2}
}

// The files are what Dakota 6.21 wrote for this request.
func TestParametersAreDakotasToTheByte(t *testing.T) {
	p := fixture(3)
	values := fixture(1)
	values.Variables, values.EvalID = values.Variables[:2], "8"
	extended := fixture(3)
	extended.Components = []dakota.Component{{"solve.sh", "mesh.cgns"}}
	extended.Metadata, extended.EvalID = []string{"seconds"}, "1:7"
	for name, c := range map[string]struct {
		p dakota.Parameters
		f dakota.Format
	}{
		"params.std.in": {p, dakota.Standard}, "params.aprepro.in": {p, dakota.Aprepro}, "params.json": {p, dakota.JSON},
		"params.values_only.in": {values, dakota.Standard}, "params.std.md_ac.in": {extended, dakota.Standard},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join("testdata", name))
			require.NoError(t, err)
			got, err := c.p.Write(c.f)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		})
	}
}

func TestParametersRefused(t *testing.T) {
	for _, v := range []any{math.NaN(), math.Inf(1), 3, nil} {
		_, err := dakota.Parameters{Variables: []dakota.Variable{{"x", v}}}.Write(dakota.Standard)
		require.ErrorContains(t, err, "the variable x is")
	}
	_, err := dakota.Parameters{}.Write("yaml")
	require.ErrorContains(t, err, "there is no format")
	text, err := dakota.Parameters{}.Write(dakota.JSON)
	require.NoError(t, err)
	require.NotContains(t, string(text), "null")
}

// expected.json has for every file the numbers, or says what is wrong with it.
func TestResults(t *testing.T) {
	text, err := os.ReadFile("testdata/expected.json")
	require.NoError(t, err)
	var expected map[string]any
	require.NoError(t, json.Unmarshal(text, &expected))
	words := map[string]string{ // of the error, or of the note
		"r06_fail.out": "mesh negative volume", "r08_no_gradients.out": "the results have no gradients, which were asked for",
		"r09_surplus_gradient.out": "it has 3 gradients, where 2 were asked for", "r10_short_gradient.out": "gradient 1 has 1 of 2 entries",
		"r11_missing_value.out": "it has 1 of 2 values and ends", "r12_unclosed.out": "the bracket of line 3 is not closed",
		"r13_hessians.out": "the results have Hessians", "r15_empty.out": "it is empty",
		"r17_fail.json": "the driver gives no reason", "r18_failstr.json": "the driver gives no reason",
		"r20_swapped_labels.out": "value 1 is labeled g1, but the order asked for has drag there",
	}
	require.Len(t, expected, 20)
	for name, want := range expected {
		t.Run(name, func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join("testdata", name))
			require.NoError(t, err)
			r, err := dakota.Parse(file, request(3))
			verdict, isText := want.(string)
			switch {
			case !isText:
				require.NoError(t, err)
				requireNumbers(t, want.(map[string]any), r)
				require.Empty(t, r.Notes)
			case strings.Contains(verdict, "non-finite"): // which is for the study to judge
				require.NoError(t, err)
				require.True(t, math.IsNaN(r.Values[0]))
				require.Equal(t, -0.5, r.Values[1])
			case strings.HasPrefix(verdict, "failed"):
				var failed *dakota.FailedError
				require.ErrorAs(t, err, &failed)
				require.EqualError(t, err, words[name])
			case strings.HasPrefix(verdict, "values ok"), strings.HasPrefix(verdict, "Hessian"):
				require.NoError(t, err)
				require.Equal(t, []float64{0.0123, -0.5}, r.Values)
				require.Len(t, r.Notes, 1)
				require.Contains(t, r.Notes[0], words[name])
			default: // an error
				require.ErrorContains(t, err, words[name])
			}
		})
	}
}

func requireNumbers(t *testing.T, want map[string]any, r dakota.Results) {
	t.Helper()
	for i, name := range []string{"drag", "g1"} {
		pair := want[name].([]any)
		require.Equal(t, pair[0], r.Values[i])
		require.Len(t, r.Gradients[i], 2)
		for j, v := range pair[1].([]any) {
			require.Equal(t, v, r.Gradients[i][j])
		}
	}
	if metadata, ok := want["metadata"].(map[string]any); ok {
		require.Equal(t, []dakota.Datum{{"seconds", metadata["seconds"].(float64)}}, r.Metadata)
	}
}

func TestParse(t *testing.T) {
	nan := math.NaN()
	announced := request(3)
	announced.Metadata = []string{"seconds"}
	mixed := request(1)
	mixed.Functions[1].ActiveSet = 3
	labeled := request(1)
	labeled.Labeled = true
	for _, c := range []struct {
		name, file string
		r          dakota.Request
		values     []float64
		drag, g1   []float64
		data       []dakota.Datum
		err        string
	}{
		{name: "gradient of the one that was asked", file: "1 2 [3 4]", r: mixed, values: []float64{1, 2}, g1: []float64{3, 4}},
		{name: "gradients of all though one was asked", file: "1 2 [3 4][5 6]", r: mixed, values: []float64{1, 2}, drag: []float64{3, 4}, g1: []float64{5, 6}},
		{name: "gradients though none was asked", file: "1 2 [3 4] [5 nan]", r: request(1), values: []float64{1, 2}, drag: []float64{3, 4}, g1: []float64{5, nan}},
		{name: "announced metadata", file: "1 2 [3 4][5 6] 7", r: announced, values: []float64{1, 2}, drag: []float64{3, 4}, g1: []float64{5, 6}, data: []dakota.Datum{{"seconds", 7}}},
		{name: "exponents without a letter", file: "1.5-103 2D0", r: request(1), values: []float64{1.5e-103, 2}},
		{name: "own labels in another case", file: "1 DRAG 2 G1", r: request(1), values: []float64{1, 2}},
		{name: "byte order mark", file: "\ufeff1 2", r: request(1), values: []float64{1, 2}},
		{name: "JSON with Inf", file: `{"functions": {"drag": "-Inf", "g1": 2}}`, r: request(1), values: []float64{math.Inf(-1), 2}},
		{name: "JSON that does not fail", file: `{"functions": {"drag": 1, "g1": 2}, "fail": false}`, r: request(1), values: []float64{1, 2}},
		{name: "JSON with metadata", file: `{"functions": {"drag": 1, "g1": 2}, "metadata": {"t": 3}}`, r: request(1), values: []float64{1, 2}, data: []dakota.Datum{{"t", 3}}},

		{name: "too many values", file: "1 2 3", r: request(1), err: "it has more numbers than were asked for, the first too many in line 1"},
		{name: "too many labeled values", file: "1 a\n2 b\n3 c", r: request(1), err: "the first too many in line 3"},
		{name: "label in front", file: "drag 1 g1 2", r: request(1), err: `it has 0 of 2 values before "drag" in line 1`},
		{name: "a missing label", file: "1 drag 2", r: labeled, err: "value 2 has no label, which has to be g1"},
		{name: "a foreign label", file: "1 drag 2 c1", r: labeled, err: "value 2 is labeled c1, not g1"},
		{name: "commas", file: "1 2 [3, 4] [5, 6]", r: request(3), err: `gradient 1 has "3," in line 1, which is no number`},
		{name: "one gradient for two", file: "1 2 [3 4]", r: request(3), err: "it has 1 gradients, where 2 were asked for"},
		{name: "closed before it is open", file: "1 2 ] 3", r: request(1), err: `nothing can be made of it before "]" in line 1`},
		{name: "gradients first", file: "[1 2] [3 4] 1 2", r: request(3), err: `it has 0 of 2 values before "[" in line 1`},
		{name: "failed in words", file: "Failed to converge", r: request(1), err: "to converge"},
		{name: "JSON without a value", file: `{"functions": {"Drag": 1, "g1": 2}}`, r: request(1), err: "it has no value of drag (it has Drag)"},
		{name: "JSON with a value twice", file: `{"functions": {"drag": 1, "drag": 3, "g1": 2}}`, r: request(1), err: `it has "drag" twice`},
		{name: "JSON with text for a number", file: `{"functions": {"drag": "1", "g1": 2}}`, r: request(1), err: `"1" is no number`},
		{name: "JSON with null", file: `{"functions": {"drag": null, "g1": 2}}`, r: request(1), err: "null is no number"},
		{name: "JSON with a short gradient", file: `{"functions": {"drag": 1, "g1": 2}, "gradients": {"g1": [1]}}`, r: request(1), err: "the gradient of g1 has 1 of 2 entries"},
		{name: "JSON that fails in words", file: `{"fail": "no mesh"}`, r: request(1), err: "no mesh"},
		{name: "JSON that breaks off", file: `{"functions": {"drag": 1`, r: request(1), err: "it is no JSON"},
		{name: "JSON and more", file: `{"functions": {"drag": 1, "g1": 2}} {}`, r: request(1), err: "it is no JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := dakota.Parse([]byte(c.file), c.r)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.values, got.Values)
			require.Equal(t, c.data, got.Metadata)
			for i, want := range [][]float64{c.drag, c.g1} {
				require.InDeltaSlice(t, append([]float64{0}, want...), append([]float64{0}, got.Gradients[i]...), 0)
			}
		})
	}
}

// FuzzParse: whatever the file, no panic, and what is accepted has the shape that
// was asked for.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/r*")
	require.NoError(f, err)
	require.Len(f, files, 20)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text, 3)
	}
	f.Add([]byte("1 2 [[ 1 ]] 3 x ]]][[["), 1)
	f.Add([]byte(`{"functions": [], "fail": {}}`), 1)
	f.Fuzz(func(t *testing.T, file []byte, activeSet int) {
		r := request(1 | activeSet)
		out, err := dakota.Parse(file, r)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.Len(t, out.Values, 2)
		require.Len(t, out.Gradients, 2)
		for _, g := range out.Gradients {
			require.True(t, g == nil || len(g) == 2)
		}
	})
}
