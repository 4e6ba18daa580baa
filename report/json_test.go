package report_test

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/report"
	"github.com/sbo-go/sbo/study"
	"github.com/stretchr/testify/require"
)

// document is what scripts rely on.
type document struct {
	Best *struct {
		X, Y      map[string]*float64
		Feasible  bool
		Violation *float64
		ID        int
		Partials  map[string]map[string]*float64
	}
	Evaluations struct {
		Total, Failed int
		WithPartials  int `json:"with_partials"`
		Failures      map[string]int
	}
	Rounds      *int
	Stopped     string
	Certificate struct {
		Known               bool
		Residual            *float64
		Bounds, Multipliers map[string]*float64
	}
	Seconds map[string]*float64
	Seed    *uint64
	Version string
}

func parsed(t *testing.T, r *study.Result) (document, string) {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.JSON(&out, r))
	decoder := json.NewDecoder(bytes.NewReader(out.Bytes()))
	var d document
	require.NoError(t, decoder.Decode(&d))
	require.False(t, decoder.More(), "one document")
	return d, out.String()
}

func TestJSONHoldsTheContract(t *testing.T) {
	r := trained(t, fence(t))
	d, source := parsed(t, r)
	require.Equal(t, 7, d.Best.ID)
	require.True(t, d.Best.Feasible)
	require.InDelta(t, 1, *d.Best.X["a"], 0)
	require.InDelta(t, 4, *d.Best.Y["weight"], 0)
	require.InDelta(t, 2, *d.Best.Partials["load"]["a"], 0)
	require.InDelta(t, 0, *d.Best.Violation, 0)
	require.Equal(t, 8, d.Evaluations.Total)
	require.Equal(t, 1, d.Evaluations.Failed)
	require.Equal(t, 7, d.Evaluations.WithPartials)
	require.Equal(t, map[string]int{"exit status 3\nmore": 1}, d.Evaluations.Failures)
	require.Equal(t, 2, *d.Rounds)
	require.Equal(t, "converged", d.Stopped)
	require.True(t, d.Certificate.Known)
	require.InDelta(t, 1e-9, *d.Certificate.Residual, 0)
	require.InDelta(t, 1, *d.Certificate.Multipliers["load"], 0)
	require.Len(t, d.Seconds, 3)
	require.InDelta(t, 7300, *d.Seconds["evaluate"], 0)
	require.EqualValues(t, 7, *d.Seed)
	require.Equal(t, "v1.2.3", d.Version)
	require.Regexp(t, `(?s)"y": \{\s*"weight".*"load".*"share".*"sum"`, source, "in the order of the study")
}

func TestJSONHasNoNaN(t *testing.T) {
	r := fence(t)
	r.Best.Violation = math.Inf(1)
	r.Best.Y[3], r.Best.Partials[1] = math.NaN(), math.NaN()
	r.Certificate = optimize.KKT{Residual: math.NaN()}
	r.Seconds.Fit = math.NaN()
	d, _ := parsed(t, r)
	require.Nil(t, d.Best.Violation)
	require.Contains(t, d.Best.Y, "sum")
	require.Nil(t, d.Best.Y["sum"])
	require.Nil(t, d.Best.Partials["weight"]["b"])
	require.Nil(t, d.Certificate.Residual)
	require.Contains(t, d.Certificate.Bounds, "a")
	require.Nil(t, d.Certificate.Bounds["a"])
	require.Nil(t, d.Seconds["fit"])
}

func TestJSONWithoutABest(t *testing.T) {
	d, source := parsed(t, failed(t))
	require.Nil(t, d.Best)
	require.Contains(t, source, `"best": null`)
	require.Equal(t, map[string]int{"no license": 7, "exit status 3": 1}, d.Evaluations.Failures)
	require.Equal(t, "failed", d.Stopped)

	empty, _ := parsed(t, &study.Result{})
	require.Nil(t, empty.Best)
	require.Equal(t, 0, *empty.Rounds)
}
