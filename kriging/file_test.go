package kriging

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

func saved(tb testing.TB, m *Model) string {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, m.Save(&b))
	return b.String()
}

func small(tb testing.TB) *Model {
	tb.Helper()
	d := sbo.Data{NX: 1, NY: 2, X: []float64{0, 1, 2}, Y: []float64{0, 1, 1, 2, 4, 0}, Partials: []float64{0, 1, 2, 1, 4, 1}}
	p := sbo.Problem{
		Variables: []sbo.Variable{{Name: "a", Unit: "m", Lower: 0, Upper: 2}},
		Responses: []sbo.Response{sbo.Monitored("f"), sbo.Monitored("g")},
	}
	m, _, err := Fit(context.Background(), Task{Data: d, Problem: p}, sbo.Rand(1, "fit"), Options{})
	require.NoError(tb, err)
	return m
}

func TestFileKeepsEveryBit(t *testing.T) {
	m := small(t)
	text := saved(t, m)
	require.True(t, IsModel([]byte(text)))
	again, err := Load(strings.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, text, saved(t, again))
	require.Equal(t, m.Facts, again.Facts)
	for _, x := range [][]float64{{0.3}, {2.5}} {
		require.Equal(t, m.Predict(nil, x), again.Predict(nil, x))
		require.Equal(t, m.PredictPartials(nil, x), again.PredictPartials(nil, x))
		require.Equal(t, m.PredictStd(nil, x), again.PredictStd(nil, x))
		require.Equal(t, m.PredictPartialsStd(nil, x), again.PredictPartialsStd(nil, x))
		require.Equal(t, m.Trust(x), again.Trust(x))
	}
	predicted, _ := m.LeaveOneOut()
	same, _ := again.LeaveOneOut()
	require.Equal(t, predicted, same)
}

func TestFaultyFiles(t *testing.T) {
	text := saved(t, small(t))
	for name, c := range map[string]struct{ from, to, want string }{
		"format":    {`"sbo-kriging"`, `"sbo-jenn"`, `a file of format "sbo-jenn" is not a model`},
		"version":   {`"version": 3`, `"version": 4`, "use a newer sbo"},
		"field":     {`"trend"`, `"trends"`, "unknown field"},
		"more":      {"\n}\n", "\n}\n{}", "after top-level value"},
		"inputs":    {`"inputs": 1`, `"inputs": 0`, "there must be some of each"},
		"shape":     {`"inputs": 1`, `"inputs": 2`, "length_scales: 1 numbers instead of 2"},
		"kernel":    {`"squared-exponential"`, `"linear"`, `there is no "linear"`},
		"logs":      {`"side": 0`, `"log_inputs": [true, true], "side": 0`, "log_inputs: 2 instead of 1 or none"},
		"side":      {`"side": 0`, `"side": 2`, "side: 2 is none of"},
		"variance":  {`"variance": `, `"variance": -`, "variance, std and calibration: -"},
		"range":     {`"samples": 3`, `"samples": 2`, "samples: 2 after 1 of 2"},
		"cut":       {"}", "", "not JSON"},
		"no object": {text, "[]", "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, text, c.from)
			_, err := Load(strings.NewReader(strings.Replace(text, c.from, c.to, 1)))
			require.ErrorContains(t, err, c.want)
		})
	}
	broken := errors.New("broken")
	_, err := Load(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
}

func TestOrderOfFiles(t *testing.T) {
	r := responseFile{Samples: []int{0, 2}, First: []int{0, 2, 3}, Columns: []int{-1, 1, 0}}
	require.NoError(t, r.checkOrder(2, 3))
	for want, change := range map[string]func(*responseFile){
		"samples: 2 after 2 of 3": func(r *responseFile) { r.Samples = []int{2, 2} },
		"first: 0 after 0":        func(r *responseFile) { r.First = []int{0, 0, 3} },
		"first: 9 after 0":        func(r *responseFile) { r.First = []int{0, 9, 3} },
		"first: from 1 to 3":      func(r *responseFile) { r.First = []int{1, 2, 3} },
		"columns: 2 after -1":     func(r *responseFile) { r.Columns = []int{-1, 2, 0} },
		"columns: -1 after -1":    func(r *responseFile) { r.Columns = []int{-1, -1, 0} },
	} {
		faulty := r
		change(&faulty)
		require.ErrorContains(t, faulty.checkOrder(2, 3), want)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(saved(f, small(f))))
	f.Add([]byte(`{"format":"sbo-kriging","version":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Load(bytes.NewReader(raw))
		if err != nil {
			return
		}
		nx, _ := m.Dims()
		x := make([]float64, nx)
		m.Predict(nil, x)
		m.PredictPartialsStd(nil, x)
		m.Trust(x)
		_, err = Load(strings.NewReader(saved(t, m)))
		require.NoError(t, err)
	})
}
