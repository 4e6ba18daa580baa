package study

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

var drag = sbo.Problem{
	Variables: []sbo.Variable{{Name: "x1", Lower: -1, Upper: 2}, {Name: "x2", Lower: 0, Upper: 1}},
	Responses: []sbo.Response{sbo.Minimize("drag"), sbo.AtMost("g", 1)},
}

// same compares answers with NaN equal to NaN.
func same(t *testing.T, expected, got []Answer) {
	t.Helper()
	require.Len(t, got, len(expected))
	for i, e := range expected {
		g := got[i]
		require.Equal(t, keyOf(e.X), keyOf(g.X), "point of %d", i)
		require.Equal(t, keyOf(e.Y), keyOf(g.Y), "values of %d", i)
		require.Equal(t, keyOf(e.Partials), keyOf(g.Partials), "partials of %d", i)
		require.Equal(t, []any{e.ID, e.Failed, e.Note, e.Seconds, e.Where}, []any{g.ID, g.Failed, g.Note, g.Seconds, g.Where})
	}
}

func TestReadAnswers(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name, text string
		rename     map[string]string
		expect     []Answer
	}{
		{name: "csv", text: "id,x2,x1,g,drag,ddrag_dx2,color,failed\n7,0.5,1,2,3,-1,red,\n8,0,0,,,,,no mesh\n9,1,1,,,,,\n", expect: []Answer{
			{ID: 7, X: []float64{1, 0.5}, Y: []float64{3, 2}, Partials: []float64{nan, -1, nan, nan}, Where: "f:2"},
			{ID: 8, X: []float64{0, 0}, Failed: "no mesh", Where: "f:3"},
		}},
		{name: "ids alone, semicolons", text: "\ufeffid;drag;g;seconds;note\n7;1.5D+03;2;60;slow\n", expect: []Answer{
			{ID: 7, Y: []float64{1500, 2}, Seconds: 60, Note: "slow", Where: "f:2"},
		}},
		{
			name: "annotated table of Dakota", text: "%eval_id interface             x1             x2         obj_fn nln_ineq_con_1\n" +
				"1                 NO_ID            0.9            0.1  0.0002       0.26\n2 NO_ID 0.5 1e-3 nan nan\n",
			rename: map[string]string{"obj_fn": "drag", "nln_ineq_con_1": "g"},
			expect: []Answer{{X: []float64{0.9, 0.1}, Y: []float64{0.0002, 0.26}, Where: "f:2"}},
		},
		{name: "free form", text: "0.9 0.1 3 4\n1.1 0.2 5 6\n", expect: []Answer{
			{X: []float64{0.9, 0.1}, Y: []float64{3, 4}, Where: "f:1"}, {X: []float64{1.1, 0.2}, Y: []float64{5, 6}, Where: "f:2"},
		}},
		{name: "json", text: `{"id": 7, "values": {"drag": 1, "g": 2}, "partials": {"drag": {"x2": 3, "x1": NaN}}, "host": "n1"}` + "\n\n" +
			`{"x": {"x1": 1, "x2": 0}, "failed": "no mesh"}` + "\n" + `{"id":9,"state":"waiting","x":{"x1":1,"x2":1}}`, expect: []Answer{
			{ID: 7, Y: []float64{1, 2}, Partials: []float64{nan, 3, nan, nan}, Where: "f:1"},
			{X: []float64{1, 0}, Failed: "no mesh", Where: "f:3"},
		}},
		{name: "restart file", rename: map[string]string{"obj_fn": "drag", "nln_ineq_con_1": "g"}, text: `Reading restart file 'dakota.rst'.

------------------------------------------
Restart record    1  (evaluation id    1):
------------------------------------------
Parameters:
                      1.8000000000000000e+00 x1
                      1.0000000000000000e+00 x2

Active response data:
Active set vector = { 3 2 }
                     -2.4355973813420619e+00 obj_fn
 [ -4.3644298963447897e-01  1.4999999999999999e-01 ] obj_fn gradient
 [  1.3855136437818300e-01
    0.0000000000000000e+00 ] nln_ineq_con_1 gradient
[[  1.0  0.0
    0.0  1.0 ]] obj_fn Hessian

------------------------------------------
Restart record    2  (evaluation id    2):
------------------------------------------
Parameters:
                      1.0000000000000000e+00 x1
                      0.5000000000000000e+00 x2

Active response data:
Active set vector = { 3 1 } Deriv vars vector = { 2 }
Active set derivative vars = { 2 }
                      7.0000000000000000e+00 obj_fn
                      8.0000000000000000e+00 nln_ineq_con_1
 [ 9.0000000000000000e+00 ] obj_fn gradient

Restart file processing completed: 2 evaluations retrieved.
`, expect: []Answer{
			{X: []float64{1.8, 1}, Y: []float64{-2.4355973813420619, nan}, Partials: []float64{-0.43644298963447897, 0.15, 0.138551364378183, 0}, Where: "f:6"},
			{X: []float64{1, 0.5}, Y: []float64{7, 8}, Partials: []float64{nan, 9, nan, nan}, Where: "f:22"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Reader{Problem: drag, Rename: c.rename}.Read(strings.NewReader(c.text), "f")
			require.NoError(t, err)
			same(t, c.expect, got)
		})
	}
}

func TestReadAnswersTellsWhatIsWrong(t *testing.T) {
	for text, expect := range map[string]string{
		"":                                  "f is empty",
		"x1,x2\n1,2\n":                      "f:1: no column for a response (drag, g)",
		"x1,drag,g\n1,2,3\n":                "f:1: no column for the variable x2",
		"x1,x2,drag,drag\n1,2,3,4\n":        `f:1: two columns are called "drag"`,
		"x1,x2,drag,g\n1,,3,4\n":            "f:2: column x2: every sample needs all of its variables",
		"x1,x2,drag,g\n1,2,3\n":             "f:2: 3 cells, but the line of names has 4",
		"x1,x2,drag,g\n1,2,three,4\n":       `f:2: column drag: "three" is no number`,
		"x1,x2,drag,g\n":                    "f:1: there are no answers",
		"id,drag,g\n0,1,2\n":                `f:2: column id: "0" is not the number of an evaluation`,
		"x1,x2,drag,g\n1,\"2,3,4\n":         "f:2: ",
		"1 2 3\n":                           "f:1: there is no line of names, and 3 columns",
		`{"id": 1, "values": {"drga": 1}}`:  `f:1: there is no response "drga"; did you mean "drag"?`,
		`{"id": 1, "values": {"drag": "x"}`: `f:1: "drag" in "values" is the text "x", not a number`,
		`{"id": 1} {"id": 2}`:               "f:1: there is more text behind the object",
		`{"id": 1, "x": {"x1": 1}}`:         "f:1: there is no number for the variable x2",
		"Restart\nParameters:\n 1 x1\nActive response data:\n 1 drag\n": "f:2: the record has no variable x2",
	} {
		_, err := Reader{Problem: drag}.Read(strings.NewReader(text), "f")
		require.ErrorContains(t, err, expect)
	}
}

func FuzzReadAnswers(f *testing.F) {
	f.Add("id,x1,x2,drag,g\n1,2,3,4,5\n")
	f.Add(`{"id": 7, "values": {"drag": 1, "g": 2}, "partials": {"drag": {"x1": 3}}}`)
	f.Add("a\nParameters:\n 1 x1\n 2 x2\nActive response data:\n 1 drag\n [ 1 2 ] drag gradient\n")
	f.Add("%eval_id x1 x2 drag g\n1 2 3 4 5")
	f.Fuzz(func(t *testing.T, text string) {
		answers, err := Reader{Problem: drag}.Read(strings.NewReader(text), "f")
		if err != nil {
			return
		}
		for _, a := range answers { // whatever is read can be judged
			require.Contains(t, []int{0, 2}, len(a.X))
			require.Contains(t, []int{0, 2}, len(a.Y))
			require.Contains(t, []int{0, 4}, len(a.Partials))
		}
	})
}

// What is exported comes back to the bit, in every form, failures and undeclared
// partials included.
func TestExportAndImport(t *testing.T) {
	from := elsewhere(t)
	asked := ask(t, from, 2, AskOptions{})
	answer := bowlAt(asked.Questions[0])
	answer.Y[0], answer.Partials[3], answer.Seconds, answer.Note = 1.0/3, 5e-324, 2.5, "first, \"quoted\""
	_, err := from.Tell(t.Context(), []Answer{
		answer,
		{ID: asked.Questions[1].ID, Failed: "no mesh"},
		{X: []float64{0.1, 7}, Y: []float64{math.Pi, math.NaN()}}, // outside, and not whole
	})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "copy.db")
	require.NoError(t, from.ExportDatabase(t.Context(), file))
	require.ErrorContains(t, from.ExportDatabase(t.Context(), file), "is there already")
	r := Reader{Problem: from.Plan().Problem()}
	stored, err := r.ReadDatabase(t.Context(), file)
	require.NoError(t, err)
	require.Len(t, stored, 3)
	for _, format := range []Format{CSV, JSONLines} {
		var text strings.Builder
		require.NoError(t, from.Export(t.Context(), &text, format))
		answers, err := r.Read(strings.NewReader(text.String()), "f")
		require.NoError(t, err)
		expect := append([]Answer{}, stored...)
		for i := range expect {
			expect[i].Where = answers[i].Where
			if format == CSV && i == 2 || format == JSONLines && expect[i].Y == nil {
				expect[i].Partials = answers[i].Partials // none, or none that is known
			}
		}
		same(t, expect, answers)

		to := elsewhere(t)
		told, err := to.Import(t.Context(), answers, true)
		require.NoError(t, err)
		require.Equal(t, Told{IDs: []int{1, 2, 3}, Added: 3, Outside: 1, Failed: 1}, told)
		history, err := to.History(t.Context())
		require.NoError(t, err)
		require.Empty(t, history, "that was a trial")
		_, err = to.Import(t.Context(), answers, false)
		require.NoError(t, err)
		again, err := to.Import(t.Context(), answers, false)
		require.NoError(t, err)
		require.Equal(t, Told{IDs: []int{1, 2, 3}, Known: 3}, again)
		copied := filepath.Join(t.TempDir(), "copy.db")
		require.NoError(t, to.ExportDatabase(t.Context(), copied))
		back, err := r.ReadDatabase(t.Context(), copied)
		require.NoError(t, err)
		for i := range back {
			back[i].Where, back[i].ID = stored[i].Where, stored[i].ID
		}
		same(t, stored, back)
	}
	require.ErrorContains(t, from.Export(t.Context(), nil, "xml"), `there is no format "xml"`)
}
