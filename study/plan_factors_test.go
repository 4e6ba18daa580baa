package study

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/surrogate"
)

func TestSettingsOfResponses(t *testing.T) {
	plan, err := LoadPlan("testdata/good/own.yaml")
	require.NoError(t, err)
	o := plan.SurrogateOptions()
	require.Nil(t, o.Lambda, "sfc is left to the evidence")
	require.Equal(t, 2, o.Ensemble)
	require.Equal(t, []surrogate.ResponseOptions{
		{Beta: new(2.0), Gamma: []float64{0.1, 0.1}},
		{Hidden: []int{8, 8}, Lambda: new(1e-3), Gamma: []float64{0.5, 3}},
	}, o.Responses)
	require.NoError(t, o.Validate())

	robust := loadText(t, `
variables: [{name: x, lower: 0, upper: 1}]
responses: [{name: f, minimize: true}]
evaluator: {command: [sh]}
surrogate: {robust: true}
`)
	require.Equal(t, surrogate.Options{Robust: true}, robust.SurrogateOptions())
}

// What is named holds, then what holds for all.
func TestFactors(t *testing.T) {
	f := &Factors{All: new(7.0), By: map[string]float64{"thrust": 2, "sfc/mach": 3}}
	require.Equal(t, new(2.0), f.Of("thrust"))
	require.Equal(t, new(7.0), f.Of("sfc"))
	require.Equal(t, new(3.0), f.OfPartial("sfc", "mach"))
	require.Equal(t, new(7.0), f.OfPartial("sfc", "altitude"))
	require.Equal(t, new(2.0), f.OfPartial("thrust", "mach"))
	var none *Factors
	require.Nil(t, none.Of("thrust"))
	require.Nil(t, none.OfPartial("thrust", "mach"))
	require.Nil(t, ResponseSettings([]string{"thrust"}, []string{"mach"}, &Layers{All: []int{3}}, &Factors{All: new(1.0)}, nil, nil), "that is for all")

	for _, text := range []string{"0", "2.5", `{"a":1}`} {
		var read Factors
		require.NoError(t, json.Unmarshal([]byte(text), &read))
		written, err := json.Marshal(read)
		require.NoError(t, err)
		require.JSONEq(t, text, string(written))
	}
	require.ErrorContains(t, json.Unmarshal([]byte(`"much"`), &Factors{}), "a number, or a mapping")
	require.ErrorContains(t, json.Unmarshal([]byte(`3`), &Layers{}), "a list of widths, or a mapping")
}
